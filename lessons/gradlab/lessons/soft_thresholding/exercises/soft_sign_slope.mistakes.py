# %% mistake: quotient-rule-cut-short
# This is 1/B, the first half of the quotient rule: B depends on x too.
def soft_sign_slope(x, lam): return 1 / torch.sqrt(x**2 + lam)

# %% mistake: square-for-cube
# This is λ/B², which is 1 − S². One more division by B is missing.
def soft_sign_slope(x, lam): return lam / (x**2 + lam)

# %% mistake: lam-squared
# This is the slope for λ² in place of λ: λ stands beside x² as it is.
def soft_sign_slope(x, lam): return slope(x, lam**2)

# %% mistake: sign-not-slope
# This is the soft sign itself. You were asked for its slope dS/dx = λ/B³.
def soft_sign_slope(x, lam): return x / torch.sqrt(x**2 + lam)

# %% mistake: lam-forgotten
# This is 1/B³: the numerator λ is missing.
def soft_sign_slope(x, lam): return 1 / torch.sqrt(x**2 + lam) ** 3

# %% mistake: sign-flipped
# This is −λ/B³. The soft sign only ever rises.
def soft_sign_slope(x, lam): return -slope(x, lam)

# %% mistake: hard-slope
# This is 0 everywhere, the slope that autograd reports for the hard sign. The soft sign rises.
def soft_sign_slope(x, lam): return torch.zeros_like(x)
