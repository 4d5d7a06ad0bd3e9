from gradlab.lessons.lasso_path.exercises._iteration import step_length
from gradlab.lessons.lasso_path.exercises.lasso_slope import active_slope
from gradlab.maths.ista import ista
from gradlab.maths.lasso import lasso_solution

# %% mistake: all-zero
# These are zeros. Either lam was turned into a plain number on the way into the iteration, which cuts the graph, or a
# None of autograd was taken for 0.
def unrolled_slope(D, b, lam, steps): return torch.zeros_like(D[0])

# %% mistake: implicit-slope
# This is the slope of the *solution*, which no finite number of steps reaches. You were asked for the slope of x_steps:
# differentiate the iteration itself.
def unrolled_slope(D, b, lam, steps): return active_slope(D, lasso_solution(D, b, lam))

# %% mistake: implicit-at-iterate
# This is the formula for a solution, put to use at x_steps, which is none yet. Differentiate the iteration itself.
def unrolled_slope(D, b, lam, steps): return active_slope(D, ista(D, b, lam, steps))

# %% mistake: last-step-only
# This is the slope of the last step alone: the iterate was detached on the way, or its own slope was forgotten.
def unrolled_slope(D, b, lam, steps): return -step_length(D) * ista(D, b, lam, steps).sign()

# %% mistake: no-mask
# The sensitivities run on through the dead zone. Where the threshold puts out 0, the slope becomes 0 as well.
def unrolled_slope(D, b, lam, steps): return slope(D, b, lam, steps, dead=lambda before, after: after)
def unrolled_slope(D, b, lam, steps): return slope(D, b, lam, steps, dead=lambda before, after: before)

# %% mistake: shift-not-scaled
# At the threshold the slope loses sign(u). The threshold t·lam moves by t for each unit of lam: subtract t·sign(u).
def unrolled_slope(D, b, lam, steps): return slope(D, b, lam, steps, lost=lambda u, t: u.sign())

# %% mistake: signs-lost
# At the threshold the slope loses t for every entry. It moves towards 0 from both sides: subtract t·sign(u).
def unrolled_slope(D, b, lam, steps): return slope(D, b, lam, steps, lost=lambda u, t: t)

# %% mistake: gradient-step-skipped
# The slope is carried past the gradient step unchanged. That step multiplies it by I − tDᵀD.
def unrolled_slope(D, b, lam, steps): return slope(D, b, lam, steps, moved=lambda slope, pull: slope)

# %% mistake: summed
# This is the slope of the *sum* of the entries: autograd.grad of x.sum(), or one .grad that all entries were added into.
# You were asked for the slope of each entry: one forward-mode pass (torch.func.jvp), or one backward pass an entry.
def unrolled_slope(D, b, lam, steps): return slope(D, b, lam, steps).sum()
def unrolled_slope(D, b, lam, steps): return slope(D, b, lam, steps).sum().expand(D.shape[1])

# %% mistake: accumulated
# The first entry is right, each later one holds the sum of all up to it: `backward` adds to .grad. Clear it between the
# calls, or use torch.autograd.grad.
def unrolled_slope(D, b, lam, steps): return slope(D, b, lam, steps).cumsum(0)

# %% mistake: value-not-slope
# This is x_steps itself. You were asked how it moves with lam.
def unrolled_slope(D, b, lam, steps): return ista(D, b, lam, steps)

# %% mistake: sign
# This is minus the slope.
def unrolled_slope(D, b, lam, steps): return -slope(D, b, lam, steps)

# %% mistake: log-slope
# This is the slope in log lam, larger by the factor lam.
def unrolled_slope(D, b, lam, steps): return lam * slope(D, b, lam, steps)
