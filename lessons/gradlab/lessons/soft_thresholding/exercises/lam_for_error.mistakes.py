# %% mistake: not-squared
# This is ε itself. The error at x = 0 is √λ, so λ = ε leaves an error of √ε, which is larger for ε < 1: the unit of λ
# is that of x².
def lam_for_error(eps): return eps

# %% mistake: root-for-square
# This is √ε. The error at x = 0 is √λ; solve √λ = ε for λ.
def lam_for_error(eps): return eps**0.5

# %% mistake: bound-away-from-zero
# This comes from λ/(2|x|) ≤ ε, a bound that holds far from 0 only. The error is largest at x = 0.
def lam_for_error(eps): return 2 * eps
