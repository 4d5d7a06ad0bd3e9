# %% mistake: mask
# This is a mask of True and False. A slope is a number of y's dtype: .to(y.dtype).
def soft_threshold_slope(y, T): return y.abs() > T

# %% mistake: value-not-slope
# This is the soft-thresholded y itself. You were asked for its derivative, 0 in the dead zone and 1 outside.
def soft_threshold_slope(y, T): return prox.soft_threshold(y, T)

# %% mistake: definition-typo
# The slope is 1 in the dead zone too: this differentiates the published definition, whose third case reads y < T in
# place of y < −T; or the dead zone was left out.
# look: “7 · Shrink: the soft threshold”
def soft_threshold_slope(y, T): return torch.ones_like(y)

# %% mistake: dead-everywhere
# This is 0 everywhere, also outside the dead zone. There the function rises like y: its slope is 1.
def soft_threshold_slope(y, T): return torch.zeros_like(y)

# %% mistake: mean-not-sum
# This is the slope divided by the number of entries: a mean was differentiated. Take the sum.
def soft_threshold_slope(y, T): return slope(y, T) / y.numel()

# %% mistake: odd-slope
# The slope is −1 for y < −T here. The function rises there as well: y + T has slope +1.
def soft_threshold_slope(y, T): return slope(y, T) * torch.sign(y)

# %% mistake: inside-out
# This is 1 in the dead zone and 0 outside, the slope of what soft-thresholding takes away.
def soft_threshold_slope(y, T): return 1 - slope(y, T)

# %% mistake: one-sided
# This is right for positive y only: for y < −T the slope is 1 as well.
def soft_threshold_slope(y, T): return (y > T).to(y.dtype)

# %% mistake: slope-in-T
# This is the derivative with respect to T, −sign(y) outside the dead zone. You were asked for the one with respect to
# y.
def soft_threshold_slope(y, T): return -slope(y, T) * torch.sign(y)

# %% mistake: whole-jacobian
# This is a whole Jacobian, one row for each entry. Every entry depends on its own y alone: the slopes are its diagonal.
def soft_threshold_slope(y, T): return torch.autograd.functional.jacobian(lambda y: prox.soft_threshold(y, T), y)
