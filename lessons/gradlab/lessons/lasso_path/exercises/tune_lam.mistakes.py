from gradlab.lessons.lasso_path.exercises._iteration import carried_slope

# %% mistake: step-in-lam
# The step was taken in lam. You were asked for one in log lam: it multiplies lam, which cannot become negative.
tune_lam = descent(step=lambda lam, slope, lr: lam - lr * slope)

# %% mistake: missing-chain-factor
# The slope in log lam is lam times the slope in lam: the factor lam of the chain rule is missing.
tune_lam = descent(step=lambda lam, slope, lr: lam * math.exp(-lr * slope))

# %% mistake: log-slope-on-lam
# The slope is the one in log lam, but the step was taken in lam itself. Take it in log lam: lam ← lam·exp(−lr·slope).
tune_lam = descent(step=lambda lam, slope, lr: lam - lr * lam * slope)

# %% mistake: training-loss
# This goes down the loss on D, b, which always prefers a smaller lam. Choose lam by the held-out data.
tune_lam = descent(lambda D, b, D_val, b_val, lam: held_out_slope(D, b, D, b, lam))

# %% mistake: fits-held-out
# x* was fitted to the held-out data. It is fitted to D, b, and only judged on D_val, b_val.
tune_lam = descent(lambda D, b, D_val, b_val, lam: held_out_slope(D_val, b_val, D_val, b_val, lam))

# %% mistake: ascent
# This goes uphill: the sign of the step, of the slope of x*, or of the residual is turned.
tune_lam = descent(lambda *at: -held_out_slope(*at))

# %% mistake: no-half
# The steps are twice as long: the loss has a ½ in front, and its gradient no 2.
tune_lam = descent(lambda *at: 2 * held_out_slope(*at))

# %% mistake: mean-loss
# The held-out loss was divided by the number of rows. Here it is ½‖D_val x − b_val‖², a sum.
tune_lam = descent(lambda D, b, D_val, b_val, lam: held_out_slope(D, b, D_val, b_val, lam) / len(b_val))

# %% mistake: mean-squared-loss
# The held-out loss is the mean of squares (F.mse_loss). Here it is ½‖D_val x − b_val‖².
tune_lam = descent(lambda D, b, D_val, b_val, lam: 2 * held_out_slope(D, b, D_val, b_val, lam) / len(b_val))

# %% mistake: scikit-learn-scale
# The Lasso was solved with alpha = lam. scikit-learn divides the squares by the number of rows: its alpha is lam/len(b).
tune_lam = descent(lambda D, b, D_val, b_val, lam: held_out_slope(D, b, D_val, b_val, lam * len(b)))

# %% mistake: first-gradient-only
# Every step used the slope at lam0. Solve again at each new lam.
def tune_lam(D, b, D_val, b_val, lam0, steps, lr): return reference(D, b, D_val, b_val, lam0, 1, lr * steps)

# %% mistake: first-solution-only
# The slope of x* and x* itself were found once, at lam0. Solve again at each new lam.
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    return descent(lambda *at: held_out_slope(D, b, D_val, b_val, lam0))(D, b, D_val, b_val, lam0, steps, lr)

# %% mistake: exponential-cut-short
# lam was multiplied by 1 − lr·slope, the beginning of exp(−lr·slope) only. A step in log lam multiplies by all of it.
tune_lam = descent(step=lambda lam, slope, lr: lam * (1 - lr * lam * slope))

# %% mistake: one-step-short
# This is one step short of `steps`.
def tune_lam(D, b, D_val, b_val, lam0, steps, lr): return reference(D, b, D_val, b_val, lam0, steps - 1, lr)

# %% mistake: one-step-more
# This is one step more than `steps`.
def tune_lam(D, b, D_val, b_val, lam0, steps, lr): return reference(D, b, D_val, b_val, lam0, steps + 1, lr)

# %% mistake: return-in-loop
# This is lam after one step, whatever `steps` is: does the `return` stand inside the loop?
def tune_lam(D, b, D_val, b_val, lam0, steps, lr): return reference(D, b, D_val, b_val, lam0, 1, lr)

# %% mistake: returns-log
# This is log lam. Return lam.
def tune_lam(*arguments): return math.log(reference(*arguments))

# %% mistake: nothing-moved
# This is lam0: no step was taken.
def tune_lam(D, b, D_val, b_val, lam0, steps, lr): return lam0

# %% mistake: unfinished -- the formula for a solution after ten steps
# Close, but not what an accurate solution gives: the hypergradient was taken at an unfinished iterate, or unrolled
# through too few steps. Solve until x* is accurate to 1e-10: more steps, or one linear solve on the active set.
tune_lam = descent(held_out(lambda D, b, lam: ista(D, b, lam, 10)))
tune_lam = descent(held_out(lambda D, b, lam: ista(D, b, lam, 10), lambda D, b, lam, x: carried_slope(D, b, lam, 10)))
