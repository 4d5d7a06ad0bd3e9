# %% mistake: lam-squared
# This is √(x² + λ²): λ was squared. It stands under the root as it is, in the unit of x²; the value at x = 0 must be
# √λ.
def soft_abs(x, lam): return soft.soft_abs(x, lam**2)

# %% mistake: root-outside
# Here λ (or √λ) is added to |x|. It belongs under the same root as x²; outside it the corner of |x| stays.
def soft_abs(x, lam): return x.abs() + lam**0.5
def soft_abs(x, lam): return x.abs() + lam

# %% mistake: no-root
# This is x² + λ, the square of what you were asked for: the root is missing.
def soft_abs(x, lam): return x**2 + lam

# %% mistake: no-lam
# This is |x| itself, corner and all: λ is not used.
def soft_abs(x, lam): return x.abs()

# %% mistake: lam-subtracted
# √λ (or λ) is taken away from √(x² + λ) again, so that it comes closer to 0 at x = 0: a different way to round |x|. You
# were asked for √(x² + λ) itself.
def soft_abs(x, lam): return soft.soft_abs(x, lam) - lam**0.5
def soft_abs(x, lam): return soft.soft_abs(x, lam) - lam

# %% mistake: minus-for-plus
# This is √(x² − λ), which is nan near 0. λ is added: x and √λ are the legs of the triangle, and the root its
# hypotenuse.
def soft_abs(x, lam): return torch.sqrt(x**2 - lam)

# %% mistake: x-not-squared
# This is √(x + λ): x must be squared under the root, or a negative x leaves nothing to take a root of.
def soft_abs(x, lam): return torch.sqrt(x + lam)

# %% mistake: sign-not-abs
# This is the soft sign, the exercise after this one. You were asked for √(x² + λ) itself.
def soft_abs(x, lam): return x / soft.soft_abs(x, lam)
