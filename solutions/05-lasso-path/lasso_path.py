# %% [markdown]
# # The Lasso path: see four topics meet in one problem
#
# **90 minutes · 20 points**
#
# *You will* meet the soft threshold as an argmin, as an inverse and as a step in time, solve a Lasso by its iteration, differentiate
# the solution in two ways, and choose $\lambda$ by the better one.
# *You will learn* when to differentiate a program and when its answer, what a kink does to either, and which single idea stands behind
# the four lessons before this one.
# *You need* lessons 1 to 4, or their last pages.

# %%
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from gradlab import check
from gradlab.maths import graph_cost, ista as ready, lasso, prox, soft
from gradlab.lessons.lasso_path import explorers
from gradlab.lessons.lasso_path.course_map import COURSE_MAP_ALT, course_map
from gradlab.explore.figures import show

# %% [markdown]
# ## 1 · Meet the soft threshold three times
#
# **As an argmin** (lesson 4). Claim: $f_T(y) = \operatorname{argmin}_x \tfrac12 (x-y)^2 + T|x|$. Check it against a fine grid.

# %%
y, T = 1.7, 0.5
grid = torch.linspace(-3, 3, 60001, dtype=torch.float64)
best = grid[((grid - y) ** 2 / 2 + T * grid.abs()).argmin()]
best, prox.soft_threshold(torch.tensor(y), T)

# %% [markdown]
# **As an inverse** (lesson 1). Claim: it undoes $X \mapsto X + A \odot \operatorname{sign}(X)$ with $T = A$. **Predict** what the next cell
# shows, then run it.

# %%
X = torch.tensor([[3.0, 0.0], [-3.0, 7.5]], dtype=torch.float64)
A = torch.tensor([[0.5, 0.25], [1.0, 0.125]], dtype=torch.float64)
prox.soft_threshold(X + A * torch.sign(X), A) - X

# %% [markdown]
# Both claims are one line. A minimiser satisfies $0 \in x - y + T\,\partial|x|$, with the Clarke differential of lesson 3; read from
# right to left it says $y \in x + T\,\partial|x|$, which is the map of lesson 1.
#
# **As a step in time** (lesson 3). The flow $\dot x \in -\partial|x|$ walks to 0 at speed 1 and stays. An explicit step of length $\eta$ uses the
# slope where it stands; an implicit one uses the slope where it arrives, $x^+ \in x - \eta\,\partial|x^+|$.
# **Predict** which of the two stops.

# %%
eta = 0.375
explicit = implicit = torch.tensor(1.0)
for _ in range(6):
    explicit = explicit - eta * torch.sign(explicit)
    implicit = prox.soft_threshold(implicit, eta)
    print(f"explicit {explicit.item():7.4f}   implicit {implicit.item():7.4f}")

# %% [markdown]
# The explicit step chatters around 0 for ever. The implicit step *is* the soft threshold, and it stops.
#
# ## 2 · Round the corner
#
# Replace $|x|$ by $B = \sqrt{x^2+\lambda}$. The minimiser of $\tfrac12(x-y)^2 + T\sqrt{x^2+\lambda}$ solves
# $$ y = x + T\,\frac{x}{\sqrt{x^2+\lambda}}, $$
# the *soft* map of lesson 1. Everything is smooth now, so the implicit step of lesson 4 applies: differentiate the equation, not the
# search that solves it,
# $$ \frac{dx^*}{dy} = \frac{1}{1 + \lambda T / B^3}, \qquad B = \sqrt{x^{*2}+\lambda}. $$

# %% [markdown]
# ### Exercise 1 — Differentiate the rounded threshold
#
# ●●○ · 12 minutes · 3 points
#
# Write `smooth_prox_slope(y, T, lam)`: $dx^*/dy$ for the minimiser $x^*$ above, elementwise. `y` is a tensor of any shape, float64 or
# float32, and the result is like it. `T` $\ge 0$ is a number or a tensor that broadcasts against `y`; `lam` $> 0$ a number or a
# tensor without axes. Find $x^*$ in any way you like. It is tested for both signs of `y`, at $y = T$, and with $\lambda$ down to $10^{-8}$.
#
# <details><summary>Hint 1</summary>
#
# The right-hand side of $y = x + Tx/B$ increases in $x$, and the root lies between 0 and $y$. Halving a bracket cannot fail.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Newton from $x = y$ overshoots in the dead zone and jumps to and fro. From $x = 0$ it cannot overshoot: on that side the function is concave.
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
# **Predict** what the rounded slope tends to at $y = T$. Move $\lambda$ down first, then $k$, where $y = T + k\lambda^{1/3}$.

# %%
explorers.smoothed_kink(k=0.0, lam=0.01)

# %% [markdown]
# It tends to **1/3**, which none of the nine spellings says: at $y = T$ the root is $x^* \approx (T\lambda/2)^{1/3}$, so $\lambda T/B^3 \to 2$. Along
# $y = T + k\lambda^{1/3}$ every number in $(0, 1)$ appears. Rounding does not choose a slope at the kink; it chooses one for each *way of
# arriving*. The set of all of them is the Clarke interval.
#
# ## 3 · Walk to the solution
#
# Now many variables: the **Lasso**,
# $$ x^*(\lambda) = \operatorname{argmin}_x \tfrac12\|Dx-b\|^2 + \lambda\|x\|_1. $$
# From here on $\lambda$ is the weight of the penalty; no corner is rounded any more. Alternate a gradient step on the square with a soft
# threshold for the rest, and you have **ISTA**: with $t = 1/\|D\|_2^2$,
# $$ x_{k+1} = f_{t\lambda}\bigl(x_k - t\,D^\top(Dx_k - b)\bigr), \qquad x_0 = 0. $$

# %%
D = torch.tensor([[2, 1, 0, 1], [0, 1, 2, -1], [1, 0, 1, 2], [1, -1, 1, 0], [0, 2, -1, 1]], dtype=torch.float64)
b = torch.tensor([3, -1, 2, 4, 1], dtype=torch.float64)

# %% [markdown]
# ### Exercise 2 — Write ISTA
#
# ●●○ · 8 minutes · 3 points
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
ours, abs(theirs - ours.numpy()).max(), 21 / 13, 1 / 13

# %% [markdown]
# ## 4 · Differentiate the answer
#
# How does $x^*$ move with $\lambda$? On the **active set** $A = \{j : x^*_j \ne 0\}$ the signs $s$ stay the same under a small change, and there
# $$ D_A^\top (D_A x_A - b) + \lambda s = 0 \quad\Rightarrow\quad \frac{dx^*_A}{d\lambda} = -\bigl(D_A^\top D_A\bigr)^{-1} s. $$
# Off $A$ the solution stays 0. One solve, as in lesson 4; no iteration is differentiated.

# %% [markdown]
# ### Exercise 3 — Differentiate the solution
#
# ●●○ · 12 minutes · 4 points
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
# ## 5 · Differentiate the program
#
# The other way: let autograd run back through all the steps. That is the derivative of *the program*, of $x_n$, and lesson 2 would call it
# wasteful.

# %% [markdown]
# ### Exercise 4 — Differentiate the iteration
#
# ●●○ · 8 minutes · 3 points
#
# Write `unrolled_slope(D, b, lam, steps)`: $dx_n/d\lambda$ of your iteration after $n$ = `steps` steps, shape $(n_{\text{columns}},)$. Autograd, forward mode, or
# sensitivities carried along by hand: any way counts. `lam` is a number or a tensor without axes and comes back unchanged.
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
# Compare. Once the active set is found, a step multiplies the error by at most $1 - \mu t$, $\mu$ being the smallest eigenvalue of
# $D_A^\top D_A$. **Predict** the rate from the two eigenvalues, and what the slope in the start, $\partial x_n/\partial x_0$, tends to.

# %%
active = ours != 0
eigenvalues = torch.linalg.eigvalsh(D[:, active].T @ D[:, active])
1 - (eigenvalues[0] / torch.linalg.matrix_norm(D, 2) ** 2).item()

# %%
two, zero = torch.tensor(2.0, dtype=torch.float64), torch.zeros(4, dtype=torch.float64)
exact = torch.tensor([-3 / 26, 0, 0, -1 / 13], dtype=torch.float64)
jacobian = torch.autograd.functional.jacobian
print("  n   error of dx/dλ   |∂x/∂x₀|   bytes kept for backward")
for n in (5, 10, 20, 50, 100):
    in_lam = jacobian(lambda lam: ready.ista(D, b, lam, n), two)
    in_start = jacobian(lambda x0: ready.ista(D, b, two, n, x0), zero)
    tracked = two.clone().requires_grad_()
    kept = graph_cost.graph_cost(lambda: ready.ista(D, b, tracked, n)).saved_bytes
    print(f"{n:3}   {(in_lam - exact).norm():.1e}          {in_start.norm():.1e}    {kept}")

# %% [markdown]
# The error falls by 0.786 a step, as predicted, and memory grows with every step. The implicit slope costs one $2 \times 2$ solve and
# keeps nothing.
#
# Look at the middle column. The solution does not depend on where the walk began, so $\partial x^*/\partial x_0 = 0$. The program says “small”,
# and smaller the longer it runs. $x_0$ plays the part that $A$ played in lesson 2: a gradient that *should* vanish, and whose size measures what
# is unfinished.
#
# The same with more unknowns: FISTA is ISTA with momentum, and `lasso.lasso_solution` finds the active set exactly.
# **Predict** which of the two iterations is nearer after 60 steps.

# %%
generator = torch.Generator().manual_seed(0)
for d in (50, 500, 5000):
    design = torch.randn(100, d, generator=generator, dtype=torch.float64) / 10
    data = design[:, :5].sum(1) + 0.1 * torch.randn(100, generator=generator, dtype=torch.float64)
    lam = 0.3 * (design.T @ data).abs().max().item()
    target = lasso.lasso_solution(design, data, lam)
    plain, fast = ((ready.ista(design, data, lam, 60, momentum=m) - target).norm() for m in (False, True))
    print(f"d = {d:4}: {int((target != 0).sum()):2} active   ISTA off by {plain:.1e}   FISTA {fast:.1e}")

# %% [markdown]
# With 50 unknowns plain ISTA is ahead: momentum overshoots where the problem is easy. With 5000 FISTA is ten times nearer, and neither is
# done. The larger the problem, the longer the walk. The implicit solve does not grow with $d$, only with the number of *active* columns.
#
# ## 6 · Follow the path and its kinks
#
# Move $\lambda$. **Predict** first: where do the slopes jump, and why there?

# %%
explorers.path(lam=2.0, steps=10)

# %% [markdown]
# Between kinks the path is straight. A kink is where a column enters or leaves the active set. Here they are, exactly 12, 3, 20/11 and 38/71:

# %%
lasso.lasso_path(D, b).lam, 20 / 11, 38 / 71

# %% [markdown]
# At $\lambda = 12$ everything is 0 on the right; on the left $x_0$ leaves with slope $-1/6$. The Clarke set of $x_0(\lambda)$ there is $[-1/6, 0]$.
# **Predict**: run 400 steps *at* the kink with three spellings of the threshold, and ask autograd.

# %%
for spelling in ("relu(y-T)-relu(-y-T)", "maximum(y-T, 0)+minimum(y+T, 0)", "sign(y)*clamp(abs(y)-T, min=0)"):
    threshold = prox.SOFT_THRESHOLD_SPELLINGS[spelling]
    lam, x = torch.tensor(12.0, dtype=torch.float64, requires_grad=True), zero
    for _ in range(400):
        x = threshold(x - D.T @ (D @ x - b) / 12, lam / 12)
    print(f"{spelling:35} {torch.autograd.grad(x[0], lam)[0].item():.6f}")

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
# ●●● · 18 minutes · 4 points
#
# Write `tune_lam(D, b, D_val, b_val, lam0, steps, lr)`: start at `lam0`, take `steps` steps of size `lr` down $L$ in $\log\lambda$, and return the last
# $\lambda$, a number or a tensor without axes. Each step uses the implicit slope at a solution $x^*$ of the problem with `D`, `b` that is accurate to
# $10^{-10}$. Where $x^* = 0$ the slope is 0 and $\lambda$ stays. `lam0` and `lr` are numbers; the columns are well-conditioned.
#
# <details><summary>Hint 1</summary>
#
# Chain rule: $dL/d\lambda = \langle D_{\text{val}}^\top(D_{\text{val}}x^*-b_{\text{val}}),\ dx^*/d\lambda\rangle$. What is the slope in $\log\lambda$?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# For the solution: `lasso.lasso_solution(D, b, lam)`, or your ISTA with a thousand steps. For the slope: Exercise 3.
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
        active = x != 0
        v = D_val[:, active].T @ (D_val @ x - b_val)
        A = D[:, active]
        slope = -v @ torch.linalg.solve(A.T @ A, x[active].sign())
        lam = lam * math.exp(-lr * lam * slope.item())
    return lam
    ### END SOLUTION

# %% [markdown]
# Here is the descent on the curve it goes down. **Predict** where it ends from $\lambda_0 = 8$ and from $\lambda_0 = 1.61$. Then switch to the
# data whose minimum lies *at* the kink $\lambda = 3$.

# %%
explorers.descent(lam0=8.0, lr=0.15)

# %% [markdown]
# The curve has two valleys, with the kink at 20/11 as the ridge between them: where you start decides. At the kink with a
# minimum the steps never settle. Each side has its own slope, neither is small, and a step of fixed size jumps from one to the other: the chatter
# of section 1 again. Smaller steps chatter less.
#
# ## 8 · Meet the soft abs and the soft threshold once more
#
# Write one number as a product, $x = uv$, and train $u$ and $v$ on $\tfrac12(uv-y)^2$. Lesson 3: the flow keeps $u^2 - v^2 = c$. Then
# $$ \tfrac12(u^2+v^2) = \sqrt{x^2 + c^2/4}, $$
# which is **the soft absolute value** of lesson 1 with $\lambda = c^2/4$. Check it on the flow from $(2, \tfrac12)$, in small steps.

# %%
u, v = 2.0, 0.5
for _ in range(100_000):
    r = u * v - 3.0
    u, v = u - 1e-6 * r * v, v - 1e-6 * r * u
(u**2 + v**2) / 2, soft.soft_abs(torch.tensor(u * v, dtype=torch.float64), 3.75**2 / 4).item()

# %% [markdown]
# Now add weight decay, $\tfrac{\lambda}{2}(u^2+v^2)$. Its smallest value for a given product is $\lambda|x|$, at $|u| = |v|$. **Predict** what $uv$ tends to.

# %%
explorers.hyperbola(lr=0.01, decay=0.0)

# %%
for y in (5.0, 1.2, -4.0):
    u, v = 2.0, 0.5
    for _ in range(4000):
        r = u * v - y
        u, v = u - 0.01 * (r * v + 3.14 * u), v - 0.01 * (r * u + 3.14 * v)
    print(f"y = {y:4}: uv = {u * v + 0:.6f}   f_T(y) = {prox.soft_threshold(torch.tensor(y), 3.14).item():.6f}")

# %% [markdown]
# It tends to the **soft threshold** of $y$. A product of two numbers and a bit of weight decay solve a Lasso with one unknown.
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
# ## What you have seen
#
# - The soft threshold is an argmin, the inverse of the noisy sign, an implicit step in time, and the limit of weight decay on a product.
# - The derivative of a program tends to the derivative of its answer, here by a factor 0.786 a step; the implicit one is there at once.
# - At a kink there is a set of slopes. The spelling, the rounding, or the way of arriving picks one.
# - An invariance makes a gradient vanish; round-off, unfinished work and finite steps are what one sees instead.
#
# Here is the course on one page.

# %%
show(course_map(), alt=COURSE_MAP_ALT)

# %% [markdown]
# **Where this fails.** The implicit slope needs independent active columns and a $\lambda$ that is no kink. Near a kink the active set found by an
# unfinished solver is wrong, and so is the slope. In many dimensions the held-out loss has many valleys, and a gradient finds one of them.
#
# **Further reading.** Bolte, Le, Pauwels and Silveti-Falls, *Nonsmooth Implicit Differentiation for Machine Learning and
# Optimization* (2021). Bolte, Pauwels and Vaiter, *Automatic Differentiation of Nonsmooth Iterative Algorithms* (2022). Bertrand and others, *Implicit
# Differentiation for Fast Hyperparameter Selection in Non-Smooth Convex Learning* (2022). Efron, Hastie, Johnstone and Tibshirani, *Least
# Angle Regression* (2004). Beck and Teboulle, *A Fast Iterative Shrinkage-Thresholding Algorithm* (2009).
#
# This was the last lesson. If you take one sentence along: autograd differentiates the program you wrote, not the function you meant.
