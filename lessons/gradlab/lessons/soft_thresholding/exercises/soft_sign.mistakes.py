# %% mistake: lam-squared
# This is x/√(x² + λ²): λ was squared. It stands under the root as it is, in the unit of x².
def soft_sign(x, lam): return soft.soft_sign(x, lam**2)

# %% mistake: softsign
# This is x/(|x| + √λ), or the same with λ or 1 for √λ: another soft sign (torch calls it softsign). You were asked
# for x over the soft absolute value √(x² + λ).
def soft_sign(x, lam): return x / (x.abs() + lam**0.5)
def soft_sign(x, lam): return x / (x.abs() + lam)
def soft_sign(x, lam): return F.softsign(x)

# %% mistake: tanh
# This is tanh(x/√λ), another soft sign. It goes to ±1 exponentially fast; you were asked for x/√(x² + λ).
def soft_sign(x, lam): return torch.tanh(x / lam**0.5)

# %% mistake: hard-sign
# This is the sign itself, jump and all: λ is not used.
def soft_sign(x, lam): return torch.sign(x)

# %% mistake: no-root
# This is x/(x² + λ): the root is missing. The soft sign must come close to 1 for large x; this goes back to 0.
def soft_sign(x, lam): return x / (x**2 + lam)

# %% mistake: soft-abs-again
# This is the soft absolute value. The soft sign is x divided by it, X ⊘ B.
def soft_sign(x, lam): return soft.soft_abs(x, lam)

# %% mistake: always-positive
# This is |x|/√(x² + λ): a sign must be negative for negative x.
def soft_sign(x, lam): return soft.soft_sign(x.abs(), lam)

# %% mistake: sign-flipped
# This is −x/√(x² + λ): the sign of a positive x is +1.
def soft_sign(x, lam): return -soft.soft_sign(x, lam)

# %% mistake: upside-down
# This is √(x² + λ)/x, the reciprocal of what you were asked for.
def soft_sign(x, lam): return soft.soft_abs(x, lam) / x

# %% mistake: slope-of-sign
# This is the slope λ/B³ of the soft sign, a later exercise. You were asked for x/B itself.
def soft_sign(x, lam): return soft.soft_sign_slope(x, lam)
