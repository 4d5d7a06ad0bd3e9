def from_all_columns(D, x):
    active_slope(D, x)  # raises where the active columns are dependent
    return -torch.linalg.pinv(D.mT @ D) @ torch.sign(x)

# %% mistake: sign
# This is minus the slope. A larger lam shrinks: x* moves against its own sign where it moves alone.
def lasso_slope(D, b, lam, x): return -active_slope(D, x)

# %% mistake: all-columns
# This solves with all columns of D. Where x* = 0 it stays 0 under a small change of lam: only the active columns belong
# in the system, and the slope is 0 off them.
def lasso_slope(D, b, lam, x): return from_all_columns(D, x)
def lasso_slope(D, b, lam, x): return from_all_columns(D, x) * (x != 0)
def lasso_slope(D, b, lam, x): return -from_all_columns(D, x)

# %% mistake: signs-lost
# The right-hand side is a vector of ones. It is the vector of signs of x on the active set.
def lasso_slope(D, b, lam, x): return active_slope(D, x.abs())

# %% mistake: diagonal-only
# This divides by the diagonal of D_AᵀD_A. The active entries push each other: solve with the whole matrix.
def lasso_slope(D, b, lam, x): return -torch.sign(x) / (D**2).sum(0)

# %% mistake: multiplied
# This multiplies by D_AᵀD_A. The optimality condition has to be *solved* for the slope.
def lasso_slope(D, b, lam, x): return -(D.mT @ D @ torch.sign(x)) * (x != 0)

# %% mistake: ridge
# The right-hand side is x, as for the penalty ½lam‖x‖². The derivative of lam·|x| with respect to x is a sign.
def lasso_slope(D, b, lam, x):
    active = D * (x != 0)
    return -torch.linalg.pinv(active.mT @ active) @ x

# %% mistake: mean-loss
# This is the slope of scikit-learn's problem, which divides the squares by the number of rows. Here they are a sum.
def lasso_slope(D, b, lam, x): return len(D) * active_slope(D, x)

# %% mistake: no-half
# This is the slope of another problem, ‖Dx − b‖² + lam‖x‖₁ without the ½. With it the gradient Dᵀ(Dx − b) has no 2.
def lasso_slope(D, b, lam, x): return active_slope(D, x) / 2

# %% mistake: positive-only
# Only the positive entries of x were taken as active. Negative ones move too: the active set is x != 0.
def lasso_slope(D, b, lam, x): return active_slope(D, x.clamp(min=0))

# %% mistake: log-slope
# This is the slope in log lam, larger by the factor lam. You were asked for dx*/dlam.
def lasso_slope(D, b, lam, x): return lam * active_slope(D, x)

# %% mistake: active-only
# This is the slope on the active set alone. The answer is shaped like x, with zeros in the other places.
def lasso_slope(D, b, lam, x): return active_slope(D, x)[x != 0]

# %% mistake: small-entries-dropped
# Small entries of x were taken for zeros. In other units every entry is small: the active set is x != 0.
def lasso_slope(D, b, lam, x): return active_slope(D, torch.where(x.abs() > 1e-3, x, 0))
