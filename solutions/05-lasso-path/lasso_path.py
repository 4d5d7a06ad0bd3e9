# %% [markdown]
# # The Lasso path: see four topics meet in one problem
#
# **Two sittings of 60 minutes · 20 points**
#
# *You will* meet the soft threshold as an argmin, as an inverse and as a step in time, solve a Lasso by its iteration, differentiate
# the solution in two ways, and choose $\lambda$ by the better one, on real data too.
# *You will learn* when to differentiate a program and when its answer, what a kink does to either, and which single idea stands behind
# the four lessons before this one.
# *You need* lessons [1](../01-soft-thresholding/soft_thresholding.ipynb), [2](../02-wasteful-module/wasteful_module.ipynb),
# [3](../03-clarke-homogeneity/clarke_homogeneity.ipynb) and [4](../04-implicit-argmin/implicit_argmin.ipynb), or their last pages. The first sitting solves and
# differentiates (sections 1 to 5), the second follows the path (6 to 9). Terms stand in the [glossary](../../assets/guides/glossary.md), letters in the table
# below and in that [of all lessons](../../assets/guides/notation.md).
#
# **Recall**, before you begin. Which three hypotheses does the implicit function theorem of lesson 4 need at a minimum? And what, if you have a $dx^*/d\theta$, do
# you solve a linear system with?
#
# <details><summary>Answer</summary>
#
# $f_x = 0$ at the point, $f$ twice continuously differentiable near it, and an invertible Hessian $H$. You solve with $H$: $H\,dx^*/d\theta = -f_{x\theta}$. This lesson is about
# functions that fail the second hypothesis, and about what is left.
#
# </details>
#
# | letter | means |
# |---|---|
# | $\lambda$ | in section 2 the smoothing of lesson 1; from section 3 on the weight of the penalty |
# | $T$ | a threshold |
# | $t$ | the length of a step |
# | $D$, $b$; $D_{\text{val}}$, $b_{\text{val}}$ | data to fit to; data held out |
# | $r$ | the residual $b - Dx^*$ |
# | $\mathcal A$, $D_{\mathcal A}$, $s$ | active set, its columns of $D$, the signs of $x^*$ on it |
# | $\sigma$ | the smallest eigenvalue of $D_{\mathcal A}^\top D_{\mathcal A}$ |
# | $L(\lambda)$ | the loss on the data held out |
# | $u$, $v$, $c$ | in section 8 two factors of $x$, and $u^2 - v^2$ |

# %%
import math
import timeit

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from gradlab import check, model_answer, predict, reveal
from gradlab.explore.figures import show
from gradlab.lessons.lasso_path import active_sets, course_map, diabetes, explorers, held_out_curve, ista_and_fista
from gradlab.maths import graph_cost, ista as ready, lasso, prox, soft

# %% [markdown]
# ## 1 · Meet the soft threshold three times
#
# **As an argmin** (lesson 4). Claim: $f_T(y) = \operatorname{argmin}_x \tfrac12 (x-y)^2 + T|x|$. Check it against a fine grid.

# %%
y, T = 1.7, 0.5
grid = torch.linspace(-3, 3, 60001, dtype=torch.float64)
objective = (grid - y) ** 2 / 2 + T * grid.abs()
print(f"on the grid {grid[objective.argmin()]:.4f}   f_T(y) {prox.soft_threshold(torch.tensor(y), T):.4f}")

# %% [markdown]
# In general $\operatorname{prox}_g(y) = \operatorname{argmin}_x \tfrac12\|x-y\|^2 + g(x)$ is called the **proximal operator** of $g$: go downhill on $g$, but not far from $y$. The
# soft threshold is the proximal operator of $T|x|$.
#
# The *place* of the minimum has a kink, and its slope jumps from 0 to 1. What about its *value*, $e(y) = \min_x \tfrac12(x-y)^2 + T|x|$? **Predict** whether it has a kink
# at $y = T$, "yes" or "no".

# %%
predict("kink_of_the_value", ...)

# %%
points = torch.tensor([-4.0, -1.0, 0.3, 0.5, 1.7, 5.0], dtype=torch.float64, requires_grad=True)
place = prox.soft_threshold(points, T)
value = (place - points) ** 2 / 2 + T * place.abs()
slope = torch.autograd.grad(value.sum(), points)[0]
print("y       ", *(f"{entry:6.2f}" for entry in points.tolist()))
print("e′(y)   ", *(f"{entry:6.2f}" for entry in slope.tolist()))
print("clamp   ", *(f"{entry:6.2f}" for entry in points.detach().clamp(-T, T).tolist()))
reveal("kink_of_the_value")

# %% [markdown]
# It has none: $e'(y) = y - f_T(y)$, which is $y$ clamped to $[-T, T]$ and continuous. $e$ is **Huber's function**, a parabola with straight ends, the *Moreau envelope* of $T|x|$.
#
# > **Envelope theorem**, in the form of Danskin: let $f$ and $f_y$ be continuous, let $x$ range over a compact set (or let $f$ grow beyond all bounds with $|x|$, uniformly
# > for $y$ close by), and let the minimiser $x^*(y)$ be unique. Then $\frac{d}{dy} \min_x f(x, y) = f_y(x^*(y), y)$.
#
# For the value you need no $dx^*/dy$ at all; it drops out because $x^*$ is a minimum. Uniqueness is needed: $\min_x xy$ over $x \in [-1, 1]$ is $-|y|$, which has a
# kink at 0, where every $x$ is a minimiser. This lesson needs the place, and the place has kinks.
#
# **As an inverse** (lesson 1). Claim: the soft threshold undoes $X \mapsto X + T \odot \operatorname{sign}(X)$. **Predict**: for how many of
# the four entries of the $X$ below does it fail?

# %%
predict("entries_not_undone", ...)

# %%
X = torch.tensor([[3.0, 0.0], [-3.0, 7.5]], dtype=torch.float64)
thresholds = torch.tensor([[0.5, 0.25], [1.0, 0.125]], dtype=torch.float64)
back = prox.soft_threshold(X + thresholds * torch.sign(X), thresholds)
print("X   ", X.tolist(), "\nback", back.tolist())
reveal("entries_not_undone")

# %% [markdown]
# For none, 0 included. Both claims are one line. A minimiser satisfies $0 \in x - y + T\,\partial|x|$, with the Clarke subdifferential of lesson 3; solved
# for $y$ it says $y \in x + T\,\partial|x|$, which is the map of lesson 1.
#
# **As a step in time** (lesson 3). The flow $\dot x \in -\partial|x|$ walks to 0 at speed 1 and stays. An explicit step of length $\eta$ uses the
# slope where it stands; an implicit one uses the slope where it arrives, $x^+ \in x - \eta\,\partial|x^+|$.
# **Predict** after how many steps of $\eta = 0.375$ from $x = 1$ each of the two stops: the explicit, the implicit. ("inf" is never.)

# %%
predict("steps_until_rest", ...)

# %%
eta = 0.375
explicit = implicit = torch.tensor(1.0)
print("step   explicit   implicit")
for step in range(7):
    print(f"{step:4}   {explicit.item():8.4f}   {implicit.item():8.4f}")
    explicit = explicit - eta * torch.sign(explicit)
    implicit = prox.soft_threshold(implicit, eta)
reveal("steps_until_rest")

# %% [markdown]
# The explicit step chatters around 0 for ever. The implicit step *is* the soft threshold, and it stops after three.
#
# ## 2 · Smooth the corner
#
# Replace $|x|$ by $B = \sqrt{x^2+\lambda}$, with a small $\lambda > 0$. The minimiser of $\tfrac12(x-y)^2 + T\sqrt{x^2+\lambda}$ solves
# $$ y = x + T\,\frac{x}{\sqrt{x^2+\lambda}}, $$
# the *soft* map of lesson 1. Everything is smooth now, and the second derivative $1 + \lambda T/B^3$ is positive, so the implicit function theorem of lesson 4
# applies: differentiate the equation, not the search that solves it,
# $$ \frac{dx^*}{dy} = \frac{1}{1 + \lambda T / B^3}, \qquad B = \sqrt{x^{*2}+\lambda}. $$

# %% [markdown]
# ### Exercise 1 — Differentiate the smoothed threshold
#
# ●●○ · 14 minutes · 3 points
#
# Write `smooth_prox_slope(y, T, lam)`: $dx^*/dy$ for the minimiser $x^*$ above, elementwise. `y` is a tensor of any shape, float64 or
# float32, and the result is like it. `T` $\ge 0$ is a number or a tensor that broadcasts against `y`; `lam` $> 0$ a number or a
# tensor without axes. Find $x^*$ in any way you like, but accurately: in float64 the slope is tested to five digits, for both signs of `y`, at $y = T$, and with $\lambda$
# down to $10^{-8}$.
#
# <details><summary>Hint 1</summary>
#
# The right-hand side of $y = x + Tx/B$ increases in $x$, and the root lies between 0 and $y$. Halving a bracket cannot fail.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Newton from $x = y$ overshoots in the dead zone and jumps back and forth. From $x = 0$ it cannot overshoot: on that side the function is concave.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# Work with `size = y.abs()`, keep two tensors `low` and `high`, and let `torch.where` move one of them, entry by entry, a hundred times.
#
# </details>

# %% grade_id="smooth_prox_slope" points=3
def smooth_prox_slope(y, T, lam):
    """dx*/dy of argmin ½(x−y)² + T√(x²+λ), elementwise."""
    ### BEGIN SOLUTION
    low, high = 0 * (y + 0 * T), y.abs() + 0 * T
    for _ in range(200):
        middle = (low + high) / 2
        too_far = middle + T * middle / torch.sqrt(middle**2 + lam) > y.abs()
        low, high = torch.where(too_far, low, middle), torch.where(too_far, middle, high)
    return 1 / (1 + lam * T / torch.sqrt(low**2 + lam) ** 3)
    ### END SOLUTION

# %% [markdown]
# Away from the kink, $\lambda \to 0$ gives the slopes 0 and 1 of the soft threshold. At the kink itself autograd says 0, ½ or 1, by spelling.
# **Predict** what the smoothed slope tends to at $y = T$. Move $\lambda$ down first, then $k$, where $y = T + k\lambda^{1/3}$.

# %%
predict("smoothed_slope_at_kink", ...)

# %%
explorers.smoothed_kink(k=0.0, lam=0.01)

# %%
reveal("smoothed_slope_at_kink")

# %% [markdown]
# It tends to **1/3**, which none of the nine spellings says: at $y = T$ the root is $x^* \approx (T\lambda/2)^{1/3}$, so $\lambda T/B^3 \to 2$. Along
# $y = T + k\lambda^{1/3}$ every number in $(0, 1)$ appears as the limit for some $k$. Smoothing does not choose a slope at the kink; it chooses one for each *way of
# arriving*. The closure of all of them, $[0, 1]$, is the Clarke interval.
#
# ## 3 · Walk to the solution
#
# Now many variables: the **Lasso**,
# $$ x^*(\lambda) = \operatorname{argmin}_x \tfrac12\|Dx-b\|^2 + \lambda\|x\|_1. $$
# From here on $\lambda$ is the weight of the penalty; no corner is smoothed any more. Alternate a gradient step on the square with the proximal operator of the rest, and
# you have a **proximal gradient** method (also called forward–backward), here known as **ISTA**: with $t = 1/\|D\|_2^2$,
# $$ x_{k+1} = f_{t\lambda}\bigl(x_k - t\,D^\top(Dx_k - b)\bigr), \qquad x_0 = 0. $$

# %%
D = torch.tensor([[2, 1, 0, 1], [0, 1, 2, -1], [1, 0, 1, 2], [1, -1, 1, 0], [0, 2, -1, 1]], dtype=torch.float64)
b = torch.tensor([3, -1, 2, 4, 1], dtype=torch.float64)

# %% [markdown]
# ### Exercise 2 — Write ISTA
#
# ●●○ · 10 minutes · 3 points
#
# Write `ista(D, b, lam, steps)`: `steps` steps as above, from $x_0 = 0$. `D` has shape $(m, n)$, `b` shape $(m,)$, the result shape
# $(n,)$ in the dtype of `D`. `lam` is a positive number or a tensor without axes. The graph is kept, to `lam` and to `b`. At the kinks of the threshold
# any choice is fine.
#
# <details><summary>Hint 1</summary>
#
# $\|D\|_2$ is the largest singular value: `torch.linalg.matrix_norm(D, 2)`. Mind the square.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# The threshold is $t\lambda$, not $\lambda$. `prox.soft_threshold(u, T)` from the package has a gradient in `T`; `F.softshrink` has none.
#
# </details>

# %% grade_id="ista" points=3
def ista(D, b, lam, steps):
    """x after so many steps of ISTA from 0; graph kept to lam and b."""
    ### BEGIN SOLUTION
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.relu(u - t * lam) - torch.relu(-u - t * lam)
    return x
    ### END SOLUTION

# %% [markdown]
# An outside check. scikit-learn divides the square by the number of rows, so its `alpha` is $\lambda/m$. On paper the solution at $\lambda = 2$
# is $(21/13, 0, 0, 1/13)$.

# %%
from sklearn.linear_model import Lasso

theirs = Lasso(alpha=2 / len(b), fit_intercept=False, tol=1e-12).fit(D.numpy(), b.numpy()).coef_
ours = ready.ista(D, b, 2.0, 200)
print("scikit-learn", (theirs + 0.0).round(6).tolist())
print("ISTA        ", (ours.numpy() + 0.0).round(6).tolist(), f"   21/13 = {21 / 13:.6f}, 1/13 = {1 / 13:.6f}")

# %% [markdown]
# ## 4 · Differentiate the answer
#
# How does $x^*$ move with $\lambda$? The penalty has kinks, so the theorem of lesson 4 does not apply as it stands. Look at the optimality condition: with the residual $r = b - Dx^*$,
# $$ D_j^\top r = \lambda s_j \ \text{ where } x^*_j \ne 0, \qquad |D_j^\top r| \le \lambda \ \text{ where } x^*_j = 0 .$$
# Let $\mathcal A = \{j : x^*_j \ne 0\}$ be the **active set**, $s$ its signs. If the inequality is *strict* off $\mathcal A$ (**strict complementarity**), then under a small change of
# $\lambda$ the signs stay, and the zeros stay zero. What remains is a smooth problem in $x_{\mathcal A}$, to which the theorem applies if the columns $D_{\mathcal A}$ are independent:
# $$ D_{\mathcal A}^\top (D_{\mathcal A} x_{\mathcal A} - b) + \lambda s = 0 \quad\Rightarrow\quad \frac{dx^*_{\mathcal A}}{d\lambda} = -\bigl(D_{\mathcal A}^\top D_{\mathcal A}\bigr)^{-1} s. $$
# One solve, as in lesson 4; no iteration is differentiated.

# %% [markdown]
# ### Exercise 3 — Differentiate the solution
#
# ●●○ · 14 minutes · 4 points
#
# Write `lasso_slope(D, b, lam, x)`: $dx^*/d\lambda$ at the solution `x`, shaped like it: one solve on the active set `x != 0`, zeros elsewhere,
# and all zeros if nothing is active. If the active columns are linearly dependent to working precision, raise `ValueError`: then the solution is not unique and
# has no slope.
#
# <details><summary>Hint 1</summary>
#
# `D[:, x != 0]` are the active columns. Start from `torch.zeros_like(x)` and fill in.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Do not wait for `solve` to fail: in floating point a singular matrix rarely is exactly singular. `torch.linalg.matrix_rank` of the
# active columns tells; more columns than rows are always dependent.
#
# </details>

# %% grade_id="lasso_slope" points=4
def lasso_slope(D, b, lam, x):
    """dx*/dlam by the active set; ValueError if its columns are dependent."""
    ### BEGIN SOLUTION
    active = x != 0
    columns, slope = D[:, active], torch.zeros_like(x)
    if torch.linalg.matrix_rank(columns) < columns.shape[1]:
        raise ValueError("The active columns are dependent: the solution is not unique.")
    slope[active] = -torch.linalg.solve(columns.T @ columns, torch.sign(x[active]))
    return slope
    ### END SOLUTION

# %% [markdown]
# A free test, from lesson 3. Double $\lambda$ and $b$, and $x^*$ doubles: it is homogeneous of degree 1 in the pair. So Euler's identity holds,
# $x^* = \lambda\,dx^*/d\lambda + (dx^*/db)\,b$, with $dx^*_{\mathcal A}/db = (D_{\mathcal A}^\top D_{\mathcal A})^{-1} D_{\mathcal A}^\top$.

# %%
x_2 = lasso.lasso_solution(D, b, 2.0)
on = x_2 != 0
gram = D[:, on].T @ D[:, on]
in_lam, in_b = -torch.linalg.solve(gram, x_2[on].sign()), torch.linalg.solve(gram, D[:, on].T)
print(f"{'active column':22}" + "".join(f"{j:10}" for j in on.nonzero().flatten().tolist()))
for name, row in {"dx*/dλ": in_lam, "λ dx*/dλ + (dx*/db) b": 2 * in_lam + in_b @ b, "x*": x_2[on]}.items():
    print(f"{name:22}", *(f"{entry:9.6f}" for entry in row.tolist()))

# %% [markdown]
# ## 5 · Differentiate the program
#
# The other way: let autograd run back through all the steps. That is the derivative of *the program*, of $x_n$, and lesson 2 would call it
# wasteful.

# %% [markdown]
# ### Exercise 4 — Differentiate the iteration
#
# ●●○ · 12 minutes · 3 points
#
# Write `unrolled_slope(D, b, lam, steps)`: $dx_k/d\lambda$ of your iteration after $k$ = `steps` steps, shaped like a row of `D`. Autograd, forward mode, or
# sensitivities carried along by hand: any of them counts. (A difference quotient does not: it is tested in float32 too, where hardly a digit of it is left.) `lam` is a number
# or a tensor without axes and stays unchanged.
#
# <details><summary>Hint 1</summary>
#
# One input, many outputs: forward mode needs one pass. `torch.func.jvp(f, (lam,), (one,))` returns the value and the derivative.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# By hand: carry $s_k = dx_k/d\lambda$ along. The gradient step multiplies it by $I - tD^\top D$; the threshold subtracts $t\operatorname{sign}(u)$ and
# sets it to 0 wherever it sets $x$ to 0.
#
# </details>

# %% grade_id="unrolled_slope" points=3
def unrolled_slope(D, b, lam, steps):
    """dx_steps/dlam of the iteration itself."""
    ### BEGIN SOLUTION
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = s = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u, du = x - t * D.T @ (D @ x - b), s - t * D.T @ (D @ s)
        x = torch.relu(u - t * lam) - torch.relu(-u - t * lam)
        s = torch.where(x != 0, du - t * torch.sign(u), torch.zeros_like(u))
    return s
    ### END SOLUTION

# %% [markdown]
# Compare. Once the active set is found, a step multiplies the error by at most $1 - \sigma t$, $\sigma$ being the smallest eigenvalue of
# $D_{\mathcal A}^\top D_{\mathcal A}$. **Predict** the rate from the eigenvalues and $1/t$ below (run their cell first), and what the slope with respect to the start, $\partial x_k/\partial x_0$,
# tends to: two numbers.

# %%
predict("rate_of_ista", ...)

# %%
print("eigenvalues of D_AᵀD_A:", *(f"{value:.4f}" for value in torch.linalg.eigvalsh(gram).tolist()))
print(f"1/t = {torch.linalg.matrix_norm(D, 2).item() ** 2:.4f}")

# %%
two, zero = torch.tensor(2.0, dtype=torch.float64), torch.zeros(4, dtype=torch.float64)
exact = torch.tensor([-3 / 26, 0, 0, -1 / 13], dtype=torch.float64)
jacobian = torch.autograd.functional.jacobian
print("steps   error of dx/dλ   |∂x/∂x₀|   bytes kept for backward")
for n in (5, 10, 20, 50, 100):
    in_lam = jacobian(lambda lam: ready.ista(D, b, lam, n), two)
    in_start = jacobian(lambda x0: ready.ista(D, b, two, n, x0), zero)
    tracked = two.clone().requires_grad_()
    kept = graph_cost.graph_cost(lambda: ready.ista(D, b, tracked, n)).saved_bytes
    print(f"{n:5}   {(in_lam - exact).norm():14.1e}   {in_start.norm():8.1e}   {kept:10}")
print(f"predicted rate {1 - torch.linalg.eigvalsh(gram)[0].item() / torch.linalg.matrix_norm(D, 2).item() ** 2:.6f}")
reveal("rate_of_ista")

# %% [markdown]
# The error falls by a *factor of* 0.786 a step, as predicted, and memory grows with every step. The implicit slope costs one $2 \times 2$ solve and
# stores nothing.
#
# Look at the middle column. The solution does not depend on where the walk began, so $\partial x^*/\partial x_0 = 0$. The program says “small”,
# and smaller the longer it runs. $x_0$ plays the part that $A$ played in lesson 2: a gradient that *should* vanish, and whose size measures what
# is unfinished.
#
# The same with more unknowns. FISTA is ISTA with momentum, and `lasso.lasso_solution` finds the active set exactly. What decides how long the walk is? **Predict** where
# momentum pays: for 50 unknowns, for 5000, for "both" or for "neither".

# %%
predict("where_momentum_pays", ...)

# %%
print("unknowns   active columns   condition number")
for size in ista_and_fista.SIZES:
    active, kappa = ista_and_fista.conditioning(size)
    print(f"{size:8}   {active:14}   {kappa:16.1f}")

# %%
show(ista_and_fista.figure(), alt=ista_and_fista.ALT)
reveal("where_momentum_pays")

# %% [markdown]
# The condition number, $1/(\sigma t)$, decides, and not the number of unknowns as such. Where it is near 1, plain ISTA is ahead: momentum overshoots and swings back, which you see as waves.
# Where it is large, FISTA is far ahead, and neither is done. The implicit solve does not care: it has as many unknowns as there are *active* columns.
#
# *This is a good place to stop. When you come back, run the cells above first (in the menu Run: Run All Above Selected Cell).*
#
# ## 6 · Follow the path and its kinks
#
# The solution as a function of $\lambda$ is called the **path**. For large $\lambda$ all four coefficients of the integer example are 0, for $\lambda$ near 0 none is. **Predict**:
# at how many $\lambda > 0$ do the slopes $dx^*/d\lambda$ jump? At which, and why there? Then run the figure and move $\lambda$.

# %%
predict("jumps_of_the_slopes", ...)

# %%
explorers.path(lam=2.0, steps=10)

# %%
reveal("jumps_of_the_slopes")

# %% [markdown]
# Between kinks the path is straight. (On the logarithmic axis it looks bent.) A kink is where a column enters or leaves the active set, that is, where strict complementarity
# fails. Each band of the next picture has an active set of its own. The bands end at the kinks, exactly 12, 3, 20/11 and 38/71:

# %%
show(active_sets.figure(), alt=active_sets.ALT)
print("kinks at", *(f"{lam:.6f}" for lam in lasso.lasso_path(D, b).lam.tolist() if lam > 0))
print(f"20/11 = {20 / 11:.6f}, 38/71 = {38 / 71:.6f}")

# %% [markdown]
# At $\lambda = 12$ everything is 0 on the right; on the left $x_0$ leaves with slope $-1/6$. The Clarke set of $x_0(\lambda)$ there is $[-1/6, 0]$.
# **Predict**: run 400 steps *at* the kink with three spellings of the threshold, and ask autograd. How many different slopes does it report?

# %%
predict("slopes_at_twelve", ...)

# %%
print("the threshold, spelled              dx₀/dλ at λ = 12")
for spelling in ("relu(y-T)-relu(-y-T)", "maximum(y-T, 0)+minimum(y+T, 0)", "sign(y)*clamp(abs(y)-T, min=0)"):
    threshold = prox.SOFT_THRESHOLD_SPELLINGS[spelling]
    lam, x = torch.tensor(12.0, dtype=torch.float64, requires_grad=True), zero
    for _ in range(400):
        x = threshold(x - D.T @ (D @ x - b) / 12, lam / 12)
    print(f"{spelling:35} {torch.autograd.grad(x[0], lam)[0].item():.6f}")
print(f"−1/18 = {-1 / 18:.6f}, −1/6 = {-1 / 6:.6f}")
reveal("slopes_at_twelve")

# %% [markdown]
# $0$, $-1/18$ and $-1/6$: three numbers from one function, all in the Clarke set. The choice that the spelling made at the kink of one threshold went through 400 steps and came out.
#
# ## 7 · Choose λ by its gradient
#
# Which $\lambda$ is best? Hold some data out, $D_{\text{val}}, b_{\text{val}}$, and go down
# $$ L(\lambda) = \tfrac12 \|D_{\text{val}}\,x^*(\lambda) - b_{\text{val}}\|^2. $$
# Since $\lambda$ must stay positive, take the steps in $\log\lambda$, where the slope is $\lambda \cdot dL/d\lambda$.

# %% [markdown]
# ### Exercise 5 — Tune λ
#
# ●●● · 20 minutes · 4 points
#
# Write `tune_lam(D, b, D_val, b_val, lam0, steps, lr)`: start at `lam0`, take `steps` steps of size `lr` down $L$ in $\log\lambda$, and return the last
# $\lambda$, a number or a tensor without axes. Each step needs the **hypergradient** $dL/d\log\lambda$ at a solution $x^*$ of the problem with `D`, `b` that is accurate to
# $10^{-10}$. The implicit slope of Exercise 3 is the short way to it; the test sees only the $\lambda$ that comes out, to $10^{-6}$. Where $x^* = 0$ the slope is 0 and
# $\lambda$ stays. `lam0` and `lr` are numbers; the columns are well-conditioned.
#
# <details><summary>Hint 1</summary>
#
# Chain rule: $dL/d\lambda = \langle D_{\text{val}}^\top(D_{\text{val}}x^*-b_{\text{val}}),\ dx^*/d\lambda\rangle$. What is the slope with respect to $\log\lambda$?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# For the solution: `lasso.lasso_solution(D, b, lam)`, or your ISTA with a thousand steps. For its slope: your `lasso_slope` of Exercise 3, or the same solve written out.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# A step of size $-lr\cdot g$ in $\log\lambda$ multiplies $\lambda$ by $e^{-lr\,g}$.
#
# </details>

# %% grade_id="tune_lam" points=4
def tune_lam(D, b, D_val, b_val, lam0, steps, lr):
    """lam after so many steps down the held-out loss in log lam."""
    ### BEGIN SOLUTION
    lam = lam0
    for _ in range(steps):
        x = lasso.lasso_solution(D, b, lam)
        columns, v = D[:, x != 0], D_val.T @ (D_val @ x - b_val)
        moves = -torch.linalg.solve(columns.T @ columns, x[x != 0].sign())
        lam = lam * math.exp(-lr * lam * (v[x != 0] @ moves).item())
    return lam
    ### END SOLUTION

# %% [markdown]
# Here is the descent, and the curve on which it goes down. **Predict** whether it ends at the same $\lambda$ from $\lambda_0 = 8$ and from $\lambda_0 = 1$,
# "yes" or "no". Then switch to the
# data whose minimum lies *at* the kink $\lambda = 3$.

# %%
predict("same_valley", ...)

# %%
explorers.descent(lam0=2.0, lr=0.15)

# %%
reveal("same_valley")

# %% [markdown]
# The curve has two valleys, with the kink at 20/11 as the ridge between them: where you start decides. At the kink with a
# minimum the steps never settle: from $\lambda_0 = 2$ they end by jumping to and fro across 3. Each side has its own slope, neither is small, and a step of fixed size
# jumps from one to the other: the chatter of section 1 again. Smaller steps chatter less.
#
# ### On real data, beside a grid
#
# scikit-learn's diabetes data: 442 patients, ten measurements each, and how far the disease has progressed a year later. `LassoCV` tries a hundred values of $\lambda$, fits each to
# four fifths of the patients, and looks at the mean square on the rest, in five turns: 500 Lasso problems. The hypergradient takes ten steps from a $\lambda$ that is far too
# large, and looks at the mean square at each of the eleven $\lambda$. **Predict** how many Lasso problems that is. Do both find the same $\lambda$?

# %%
predict("problems_of_ten_steps", ...)

# %%
seconds = lambda work: timeit.timeit(work, number=1)
grid, one = [], []
times = seconds(lambda: grid.extend(diabetes.grid())), seconds(lambda: one.extend(diabetes.descend(20.0, 10, 0.04)))
print("method          problems     λ/m   mean square   seconds")
print(f"LassoCV         {5 * len(grid[0]):8} {grid[2]:7.3f} {grid[1].min():13.1f} {times[0]:9.1f}")
print(f"hypergradient   {5 * len(one):8} {one[-1][0][0]:7.3f} {one[-1][1]:13.1f} {times[1]:9.1f}")
reveal("problems_of_ten_steps")

# %% [markdown]
# A tenth of the problems, and another valley, worse by one part in a thousand. (In seconds the grid may win: its solver is compiled and starts each fit where the last one ended.)
# For one hyperparameter a grid is hard to beat, and it sees both valleys. Now give every measurement a $\lambda_j$ of its own: ten hyperparameters. **Predict** how many
# Lasso problems a grid of a hundred values for each would solve, and how many a step of the hypergradient solves. (You may type `100**2`.)

# %%
predict("problems_with_ten", ...)

# %%
ten = diabetes.descend(one[-1][0][0].item(), 12, 0.05, one=False)
print(f"ten λ: {5 * len(ten)} problems, mean square {ten[-1][1]:.1f}")
print("λ_j/m:", *(f"{weight:.2f}" for weight in ten[-1][0].tolist()))
reveal("problems_with_ten")

# %%
show(held_out_curve.figure(tuple(grid), one, ten), alt=held_out_curve.ALT)

# %% [markdown]
# The grid would have to solve $5 \cdot 100^{10}$ problems. A step of the hypergradient still solves five: one adjoint solve for each fold gives the slopes with respect to all ten. The loss falls
# below anything that one $\lambda$ can reach. Do not celebrate too soon: the more hyperparameters are tuned on the held-out data, the less held out these are. A third set would have
# to say whether it helped.
#
# ## 8 · Meet the soft abs and the soft threshold once more
#
# Write one number as a product, $x = uv$, and train $u$ and $v$ on $\tfrac12(uv-y)^2$. Lesson 3: the flow keeps $u^2 - v^2 = c$. Then
# $$ \tfrac12(u^2+v^2) = \sqrt{x^2 + c^2/4}, $$
# which is **the soft absolute value** $B$ of lesson 1 with the smoothing $c^2/4$. Check it on the flow from $(2, \tfrac12)$, in small steps.

# %%
u, v = 2.0, 0.5
for _ in range(100_000):
    r = u * v - 3.0
    u, v = u - 1e-6 * r * v, v - 1e-6 * r * u
B = soft.soft_abs(torch.tensor(u * v, dtype=torch.float64), 3.75**2 / 4)
print(f"½(u² + v²) = {(u**2 + v**2) / 2:.6f}   B(uv) = {B:.6f}")

# %% [markdown]
# (The flow of $x$ itself is $\dot x = -2B(x)\,L'(x)$: a small product moves slowly. With $c = 0$ it would start at rest from 0.)
#
# Now add weight decay, $\tfrac{T}{2}(u^2+v^2)$. Its smallest value for a given product is $T|x|$, at $|u| = |v|$. **Predict** what $uv$ tends to for $y = 5$ and $T = 3.14$.

# %%
predict("product_with_decay", ...)

# %%
explorers.hyperbola(lr=0.01, decay=0.0)

# %%
print("   y         uv     f_T(y)")
for y in (5.0, 1.2, -4.0):
    u, v = 2.0, 0.5
    for _ in range(4000):
        r = u * v - y
        u, v = u - 0.01 * (r * v + 3.14 * u), v - 0.01 * (r * u + 3.14 * v)
    print(f"{y:4}  {u * v + 0:9.6f}  {prox.soft_threshold(torch.tensor(y), 3.14).item():9.6f}")
reveal("product_with_decay")

# %% [markdown]
# From almost every start it tends to the **soft threshold** of $y$, with $T$ the weight of the decay. (From $u = -v$ and $y > T$ the descent ends in the saddle 0.) A product of two numbers with weight
# decay solves a Lasso with one unknown.
#
# ## 9 · Find the one idea
#
# Four times a quantity had to vanish, or to stay: $\nabla_A = 0$ in lesson 2; $\partial x^*/\partial x_0 = 0$ in this one; the null direction
# of $H$ in lesson 4; $u^2 - v^2 = c$ in lesson 3. Each has the same cause.
#
# ### Question — Name the invariance
#
# ●●○ · 12 minutes · 3 points, marked by a person
#
# For $\nabla_A = 0$, for $\partial x^*/\partial x_0 = 0$ and for $u^2 - v^2 = c$: which change leaves the *function* as it is? How does that make a
# gradient vanish, or a number stay? And what, in a program, breaks each?

# %% [markdown] grade_id="why-one-idea" points=3
# ### BEGIN SOLUTION
# **∇A = 0.** $(A^{-1}A)^n$ is the identity for every invertible $A$: replacing $A$ by another one changes nothing, so the function is constant in $A$ and its
# gradient is zero. Round-off breaks it: in floating point the product is not quite the identity.
#
# **dx*/dx₀ = 0.** The argmin does not ask where the search began: any start gives the same $x^*$. The function is constant in $x_0$. Stopping
# after finitely many steps breaks it; what is left shrinks like $0.786^n$.
#
# **u² − v² = c.** The loss sees only $uv$, so $(u, v) \mapsto (\alpha u, v/\alpha)$ changes nothing. The derivative of the loss along that direction, $(u, -v)$, is zero:
# $\langle \nabla L, (u, -v)\rangle = 0$. The flow moves along $-\nabla L$, hence $\tfrac{d}{dt}\tfrac12(u^2 - v^2) = -\langle \nabla L, (u, -v) \rangle = 0$. Finite steps
# break it, at order $\eta$; weight decay, which sees more than $uv$, breaks it on purpose.
# ### END SOLUTION

# %% [markdown]
# <details><summary>Mark yourself, when yours is written</summary>
#
# - 1 point: $\nabla_A = 0$: which change leaves the function as it is, why the gradient vanishes, what breaks it.
# - 1 point: the same for $\partial x^*/\partial x_0 = 0$.
# - 1 point: the same for $u^2 - v^2 = c$, where the flow runs at right angles to the direction of the invariance.
#
# </details>

# %%
model_answer("why-one-idea")

# %% [markdown]
# ## What you have seen
#
# - The soft threshold is an argmin, the inverse of the noisy sign, an implicit step in time, and the limit of weight decay on a product.
# - The derivative of a program tends to the derivative of its answer, here by a factor of 0.786 a step; the implicit one needs no iterations.
# - At a kink there is a set of slopes. The spelling, the smoothing, or the way of arriving picks one. The value of a minimum has no kink where the minimiser is unique.
# - An invariance makes a gradient vanish; round-off, unfinished work and finite steps are what one sees instead.
#
# Here is the course on one page.

# %%
show(course_map.course_map(), alt=course_map.COURSE_MAP_ALT)

# %% [markdown]
# **Where this fails.** The implicit slope needs independent active columns and a $\lambda$ that is no kink. Near a kink the active set found by an
# unfinished solver is wrong, and so is the slope. The held-out loss may have several valleys, as on the diabetes data, and a gradient finds one of them.
#
# **Further reading.** Parikh and Boyd, [*Proximal Algorithms*](https://doi.org/10.1561/2400000003) (2014). Beck and Teboulle, [*A Fast Iterative Shrinkage-Thresholding
# Algorithm for Linear Inverse Problems*](https://doi.org/10.1137/080716542) (2009). Efron, Hastie, Johnstone and Tibshirani, [*Least Angle
# Regression*](https://doi.org/10.1214/009053604000000067) (2004). Bolte, Le, Pauwels and Silveti-Falls, [*Nonsmooth Implicit Differentiation for Machine Learning and
# Optimization*](https://arxiv.org/abs/2106.04350) (2021). Bolte, Pauwels and Vaiter, [*Automatic Differentiation of Nonsmooth Iterative
# Algorithms*](https://arxiv.org/abs/2206.00457) (2022). Bertrand and others, [*Implicit Differentiation for Fast Hyperparameter Selection in Non-Smooth Convex
# Learning*](https://arxiv.org/abs/2105.01637) (2022).
#
# If you take one sentence away: autograd differentiates the program you wrote, not the function you meant.
#
# Next: [lesson 6](../06-layers-that-solve/layers_that_solve.ipynb), beyond the sources.
# Before: [lesson 4](../04-implicit-argmin/implicit_argmin.ipynb).
