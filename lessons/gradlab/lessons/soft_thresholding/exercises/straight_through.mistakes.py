# %% mistake: x-left-in
# The value is x + sign(x): what you add for the sake of its slope must have the value 0. x − x.detach() has.
def straight_through(x): return x + x.detach().sign()

# %% mistake: identity
# This is x itself. The gradient is that of the identity; the value must be the sign.
def straight_through(x): return x + 0.0

# %% mistake: sign-flipped
# The value is right and the gradient is −1 everywhere: what carries the slope was subtracted.
def straight_through(x): return value_only(x, x.sign(), -torch.ones_like(x))

# %% mistake: doubled
# The value is right and the gradient is 2 everywhere: x was added twice.
def straight_through(x): return value_only(x, x.sign(), 2 * torch.ones_like(x))

# %% mistake: clipped
# The value is right, and the gradient is 1 only where |x| ≤ 1: a hard tanh, the clipped straight-through estimator. You
# were asked for a gradient of 1 everywhere.
def straight_through(x): return value_only(x, x.sign(), (x.abs() <= 1).to(x.dtype))

# %% mistake: tanh-slope
# The value is right, and the gradient is that of a tanh, not that of the identity.
def straight_through(x): return value_only(x, x.sign(), 1 - torch.tanh(x) ** 2)

# %% mistake: absolute-value-slope
# The value is right, and the gradient is sign(x), |x| or 1/|x|, not 1.
def straight_through(x): return value_only(x, x.sign(), x.sign())
def straight_through(x): return value_only(x, x.sign(), x.abs())
def straight_through(x): return value_only(x, x.sign(), 1 / x.abs().clamp(min=1e-300))

# %% mistake: two-values
# At 0 this is 1 or −1. sign(0) = 0, as torch.sign has it.
def straight_through(x): return value_only(x, torch.where(x >= 0, 1.0, -1.0).to(x.dtype), torch.ones_like(x))
def straight_through(x): return value_only(x, torch.where(x > 0, 1.0, -1.0).to(x.dtype), torch.ones_like(x))

# %% mistake: absolute
# The value is |x| or 1, whatever the sign. You were asked for −1, 0 or 1.
def straight_through(x): return value_only(x, x.abs(), torch.ones_like(x))
def straight_through(x): return value_only(x, torch.ones_like(x), torch.ones_like(x))
