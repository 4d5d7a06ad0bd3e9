# %% mistake: definition-typo
# This adds T wherever y < T, as a published definition of this function says: f(1.2) = 4.34 for T = 3.14. Its third
# case overlaps with the first; it must read y < −T.
def soft_threshold(y, T): return torch.where(y < T, y + T, torch.where(y > T, y - T, torch.zeros_like(y)))

# %% mistake: hard-threshold
# This is hard-thresholding: outside the dead zone y comes back as it was. Soft-thresholding also moves it towards 0 by
# T, which is what makes it continuous.
def soft_threshold(y, T): return y * (y.abs() > T)

# %% mistake: clipped
# This is y clipped to [−T, T], which is what soft-thresholding takes away: the answer is y minus this.
def soft_threshold(y, T): return y - prox.soft_threshold(y, T)

# %% mistake: one-sided
# This is max(y − T, 0), right for positive y only. The function is odd: f(−y) = −f(y).
def soft_threshold(y, T): return torch.relu(y - T)

# %% mistake: lost-sign
# This is max(|y| − T, 0): the sign of y was lost. The function is odd: f(−y) = −f(y).
def soft_threshold(y, T): return torch.relu(y.abs() - T)

# %% mistake: away-from-zero
# This moves y away from zero: T is added on the right and subtracted on the left. Shrinking is the other way round.
def soft_threshold(y, T): return (y + T * torch.sign(y)) * (y.abs() > T)
def soft_threshold(y, T): return y + T * torch.sign(y)

# %% mistake: no-dead-zone
# This is y − T·sign(y), also where |y| ≤ T, and there it jumps to the other side of 0. Between −T and T the answer is
# 0.
def soft_threshold(y, T): return y - T * torch.sign(y)
def soft_threshold(y, T): return torch.where(y > 0, y - T, y + T)
def soft_threshold(y, T): return torch.where(y >= 0, y - T, y + T)

# %% mistake: below-not-mirrored
# Below −T this takes T away once more, which moves y further from 0. There T is added: y + T. The function is odd.
def soft_threshold(y, T): return (y - T) * (y.abs() > T)

# %% mistake: dead-zone-kept
# Between −T and T this gives y back. There the answer is 0: what is small is taken for noise.
def soft_threshold(y, T): return torch.where(y.abs() > T, y - T * torch.sign(y), y)

# %% mistake: slope-not-value
# This is the slope, 0 or 1, the exercise after this one. You were asked for the shrunk y itself.
def soft_threshold(y, T): return (y.abs() > T).to(y.dtype)
