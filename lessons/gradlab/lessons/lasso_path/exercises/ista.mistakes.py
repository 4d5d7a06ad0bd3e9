from gradlab.lessons.lasso_path.exercises._iteration import step_length
from gradlab.maths.lasso import lasso_solution

# %% mistake: lam-in-float32
# lam was rounded to float32: torch.tensor(lam) and torch.as_tensor(lam) round a Python number. Give dtype=D.dtype.
def ista(D, b, lam, steps): return iterate(D, b, torch.as_tensor(lam, dtype=torch.float32).double(), steps)

# %% mistake: threshold-not-scaled
# The threshold is lam. It must be lam times the step: the prox of t·lam·|x| shrinks by t·lam.
def ista(D, b, lam, steps): return iterate(D, b, lam / step_length(D), steps)

# %% mistake: no-threshold
# This is gradient descent on ½‖Dx − b‖² alone: the threshold is missing, so lam plays no part.
def ista(D, b, lam, steps): return iterate(D, b, 0 * lam, steps)

# %% mistake: norm-not-squared
# The step is 1/‖D‖₂. The curvature of ½‖Dx − b‖² is ‖D‖₂², so the step is 1/‖D‖₂².
ista = steps_of(lambda D: step_length(D).sqrt())

# %% mistake: frobenius-step
# The step is 1/‖D‖²_F. It must be 1/‖D‖₂², with the largest singular value: torch.linalg.matrix_norm(D, 2);
# torch.linalg.norm(D) is the Frobenius norm.
ista = steps_of(lambda D: 1 / (D**2).sum())

# %% mistake: step-halved
# The step is half as long as it should be: the curvature of ½‖Dx − b‖² is ‖D‖₂², without a 2, so the step is 1/‖D‖₂².
ista = steps_of(lambda D: step_length(D) / 2)

# %% mistake: gradient-doubled
# The gradient is taken twice as large: with the ½ in front, the gradient of ½‖Dx − b‖² is Dᵀ(Dx − b).
ista = steps_of(step_length, gradient=2)

# %% mistake: no-half
# This solves another problem: ‖Dx − b‖² + lam‖x‖₁ without the ½, which halves lam.
def ista(D, b, lam, steps): return iterate(D, b, lam / 2, steps)

# %% mistake: mean-loss
# This divides the squares by the number of rows, as scikit-learn's Lasso does. Here the loss is ½‖Dx − b‖², a sum.
def ista(D, b, lam, steps): return iterate(D, b, lam * len(D), steps)

# %% mistake: mean-gradient
# The gradient is divided by the number of rows, as for a mean of squares. Here the loss is ½‖Dx − b‖², a sum.
def ista(D, b, lam, steps): return steps_of(step_length, gradient=1 / len(D))(D, b, lam, steps)

# %% mistake: momentum
# This is FISTA: it has momentum. You were asked for the plain iteration, whose every step the exercise can follow.
def ista(D, b, lam, steps): return iterate(D, b, lam, steps, momentum=True)

# %% mistake: hard-threshold
# This is the iteration with hard-thresholding, which keeps what it does not remove. The prox of |x| also shrinks.
ista = steps_of(step_length, prox=lambda u, T: torch.where(u.abs() > T, u, 0))

# %% mistake: one-sided
# This keeps positive entries only: relu(u − T) solves the Lasso with x ≥ 0. Negative entries shrink too.
ista = steps_of(step_length, prox=lambda u, T: torch.relu(u - T))

# %% mistake: ascent
# The gradient step goes uphill: it is x − t·Dᵀ(Dx − b), with a minus.
ista = steps_of(step_length, gradient=-1)

# %% mistake: wrong-start
# The start is Dᵀb. It must be x₀ = 0: after few steps one sees where an iteration began.
def ista(D, b, lam, steps): return iterate(D, b, lam, steps, D.mT @ b)

# %% mistake: start-at-ones
# The start is a vector of ones. It must be x₀ = 0.
def ista(D, b, lam, steps): return iterate(D, b, lam, steps, torch.ones_like(D[0]))

# %% mistake: subgradient-step
# This is an explicit step: it takes the sign of x where x stands, and chatters around 0. Take the gradient step on the
# square alone, then the soft threshold, which is the implicit step.
def ista(D, b, lam, steps):
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        x = x - step_length(D) * (D.mT @ (D @ x - b) + lam * torch.sign(x))
    return x

# %% mistake: order-exchanged
# The threshold comes before the gradient step. Take that step first; what the threshold puts out, with exact zeros, is x.
def ista(D, b, lam, steps):
    x = iterate(D, b, lam, steps - 1)
    return x - step_length(D) * (D.mT @ (D @ x - b))

# %% mistake: one-step-short
# This is one step short: `steps` gradient steps, each with its threshold, from x₀ = 0.
def ista(D, b, lam, steps): return iterate(D, b, lam, steps - 1)

# %% mistake: one-step-more
# This is one step too many: `steps` gradient steps, each with its threshold, from x₀ = 0.
def ista(D, b, lam, steps): return iterate(D, b, lam, steps + 1)

# %% mistake: return-in-loop
# This is x after one step, whatever `steps` is: does the `return` stand inside the loop?
def ista(D, b, lam, steps): return iterate(D, b, lam, 1)

# %% mistake: solution-not-iterate
# This is the solution of the Lasso. You were asked for the iterate after `steps` steps, however far from the solution.
def ista(D, b, lam, steps): return lasso_solution(D, b, lam)

# %% mistake: nan-at-zero
# There is nan in it: the threshold divides by |u|, and u is 0 in some entry. Use sign, relu, clamp or where.
ista = steps_of(step_length, prox=lambda u, T: u / u.abs() * torch.relu(u.abs() - T))
ista = steps_of(step_length, prox=lambda u, T: u * torch.relu(1 - T / u.abs()))

# %% mistake: last-step-graph
# The value is right and its gradient is that of the last step alone: the iterate was detached on the way.
def ista(D, b, lam, steps): return iterate(D, b, lam, 1, iterate(D, b, lam, steps - 1).detach())

# %% mistake: lam-cut
# The value is right, but no gradient flows back to lam: float(lam), lam.item() or a threshold that takes bare numbers
# (F.softshrink) cut the graph there.
def ista(D, b, lam, steps): return iterate(D, b, float(lam), steps)

# %% mistake: softshrink-takes-a-number
# F.softshrink takes the threshold as a bare number and refuses a tensor that wants a gradient. Use a threshold that
# knows its derivative with respect to T: yours of lesson 1, or gradlab.maths.prox.soft_threshold.
ista = steps_of(step_length, prox=F.softshrink)

# %% mistake: transpose-forgotten
# Dᵀ is missing, or something has the wrong length: the gradient of ½‖Dx − b‖² is Dᵀ(Dx − b), D.T @ (D @ x − b). Dx and b
# have an entry for every row of D; x, which starts as zeros, and its gradient have one for every column.
ista = steps_by(lambda D, residual: residual)
ista = steps_by(lambda D, residual: D @ residual)
