from gradlab.maths.prox import soft_threshold
from gradlab.maths.soft import soft_sign

# %% mistake: reciprocal
# This is dy/dx = 1 + λT/B³, how y moves with x. You were asked how x* moves with y: its reciprocal, in (0, 1].
def smooth_prox_slope(y, T, lam): return 1 / slope(y, T, lam)

# %% mistake: hard-slope
# This is the slope of the soft threshold itself, 0 or 1. For λ > 0 the corner is smooth and the slope lies between.
def smooth_prox_slope(y, T, lam): return (y.abs() > T) + 0 * (y + T)

# %% mistake: at-y
# This is the right formula at the wrong point: B must hold the minimiser x*, not y. Solve x + T·x/√(x² + λ) = y first.
def smooth_prox_slope(y, T, lam): return slope_at(y, T, lam)

# %% mistake: at-hard-threshold
# This is the right formula at the soft threshold of y. The smoothed problem has another minimiser: x + T·x/√(x² + λ) = y.
def smooth_prox_slope(y, T, lam): return slope_at(soft_threshold(y, T), T, lam)

# %% mistake: wrong-power
# This has B² in the place of B³. Differentiate x/B once more: the slope of the soft sign is λ/B³.
def smooth_prox_slope(y, T, lam): return 1 / (1 + lam * T / (smooth_prox(y, T, lam) ** 2 + lam))

# %% mistake: b-held-fixed
# This is 1/(1 + T/B): B was held fixed. It depends on x too, and the slope of x/B is λ/B³.
def smooth_prox_slope(y, T, lam): return 1 / (1 + T / torch.sqrt(smooth_prox(y, T, lam) ** 2 + lam))

# %% mistake: sign-not-slope
# This is 1/(1 + T·x/B), with the soft sign itself. Differentiate it: the slope of x/B is λ/B³.
def smooth_prox_slope(y, T, lam): return 1 / (1 + T * soft_sign(smooth_prox(y, T, lam), lam))
def smooth_prox_slope(y, T, lam): return 1 / (1 + T * soft_sign(smooth_prox(y, T, lam), lam).abs())

# %% mistake: sign
# This is 1/(1 − λT/B³): the sign turned when y = x + T·x/B was differentiated.
def smooth_prox_slope(y, T, lam): return slope_at(smooth_prox(y, T, lam), -T, lam)

# %% mistake: through-the-search
# Autograd ran through the halving of the bracket and gave x*/y, the slope of the bracket's ends: the program was
# differentiated and not its answer. Find x* without a graph, then use the formula.
def smooth_prox_slope(y, T, lam): return smooth_prox(y, T, lam) / y
def smooth_prox_slope(y, T, lam): return smooth_prox(y, T, lam) / y.abs()

# %% mistake: forgot-T
# This is 1/(1 + λ/B³): the factor T was lost.
def smooth_prox_slope(y, T, lam): return slope_at(smooth_prox(y, T, lam), 1, lam)

# %% mistake: forgot-lam
# This is 1/(1 + T/B³): the factor λ was lost.
def smooth_prox_slope(y, T, lam): return slope_at(smooth_prox(y, T, lam), T / lam, lam)

# %% mistake: lam-squared
# This is what λ² in the place of λ would give: here B² = x² + λ, so λ has the unit of x².
def smooth_prox_slope(y, T, lam): return slope(y, T, lam**2)

# %% mistake: value-not-slope
# This is the minimiser x* itself. You were asked how it moves with y.
def smooth_prox_slope(y, T, lam): return smooth_prox(y, T, lam)

# %% mistake: slope-in-T
# This is dx*/dT, the derivative with respect to the threshold. You were asked for the one with respect to y.
def smooth_prox_slope(y, T, lam): return -soft_sign(smooth_prox(y, T, lam), lam) * slope(y, T, lam)
