# %% [markdown]
# # Implicit gradients: differentiate an answer, not the search for it
#
# **90 minutes · 20 points**
#
# *You will* differentiate the place of a minimum, repair a forum thread whose code had several faults, and build a layer that minimises.
# *You will learn* to ask whether a minimum exists before you differentiate it, to replace one solve per parameter by one
# solve in all, and to audit printed numbers without a reference.
# *You need* lesson 0, gradients, Hessians, and linear systems.

# %%
import math
import timeit

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from gradlab import check
from gradlab.maths import implicit, networks
from gradlab.lessons.implicit_argmin import explorers
from gradlab.lessons.implicit_argmin.outer_loss import outer_loss
from gradlab.explore.figures import show
from gradlab.maths.finite_differences import central_gradient
from gradlab.maths.torchopt_argmin import torchopt_vjp

torch.set_num_threads(1)  # for problems as small as these one thread is faster, and times can be compared

# %% [markdown]
# ## 1 · Ask how a minimum moves
#
# A forum asked: let $x^*(\theta) = \operatorname{argmin}_x f(x, \theta)$, with a small network for $f$. What is $dx^*/d\theta$? Everywhere in
# this lesson $f$ is called as `f(x, theta)`, `x` of shape $(d,)$. The weights below are the thread's, stored: the same
# seed draws another network in another dtype.

# %%
f, theta = networks.tanh_network(), networks.stored_theta(2023)  # theta = (W1, b1, w2), laid flat
start = torch.zeros(1, dtype=torch.float64)
x_star = implicit.minimise(f, start, theta)
x_star, f(x_star, theta)

# %% [markdown]
# The plain way: change one weight, minimise again, divide. **Predict** how many minimisations all nine weights need.

# %%
solves = []
move = lambda weights: solves.append(1) or implicit.minimise(f, x_star, weights)[0]
by_differences = central_gradient(move, theta)
len(solves), by_differences

# %% [markdown]
# Eighteen: two a weight. Keep these nine numbers; a formula will have to reproduce them.
#
# ### Stop when the step is small, not the gradient
#
# The forum ran Adam for 350 steps. Its script, as it survives, forgets to clear gradients, and then walks to $x = 175$. Repaired, it behaves
# like this. **Predict**: at step 20 the gradient is $0.004$. How far away is the minimum?

# %%
x = start.clone().requires_grad_(True)
adam = torch.optim.Adam([x], lr=0.5)
for step in range(1, 351):
    x.grad = torch.autograd.grad(f(x, theta), x)[0]
    adam.step()
    if step in (20, 100, 200, 350):
        H = torch.autograd.functional.hessian(lambda p: f(p, theta), x.detach())
        error = (x - x_star).item()
        print(f"step {step:3}  gradient {x.grad.item():8.1e}  error {error:8.1e}  H {H.item():.4f}")

# %% [markdown]
# It is 1.1 away. Curvature near the minimum is $0.007$, so a tiny gradient still leaves a long way to go. Divide one by the other and
# you have the **Newton step** $\lVert H^{-1} f_x\rVert$, with $H = f_{xx}$: the distance that is left, near the minimum.
# Stop when *that* is small. Flat bowls also want float64:

# %%
for dtype in (torch.float32, torch.float64):
    beside = f(x_star.to(dtype) + 1e-3, theta.to(dtype)) - f(x_star.to(dtype), theta.to(dtype))
    print(dtype, beside.item())

# %% [markdown]
# Move 0.001 away, and float32 takes the smallest step that it has here, seventeen times too large. It cannot see the bottom.

# %% [markdown]
# ### Exercise 1 — Find the minimum
#
# ●●○ · 12 minutes · 3 points
#
# Write `minimise(f, x0, theta, tol=1e-10)`: from the start `x0`, of shape $(d,)$, the strict local minimum in its valley.
#
# - The result is a detached tensor like `x0`; its Newton step is at most `tol`, and $H$ is positive definite:
#   $\lambda_{\min} > 10^{-12} \lambda_{\max}$.
# - `ValueError` where you find no such point; tried on networks without one.
# - `x0` and `theta` stay as they are. Any method: tried from starts in the right valley, and beside a summit.
#
# <details><summary>Hint 1</summary>
#
# Two phases: something robust to come near (`torch.optim.LBFGS` with `line_search_fn="strong_wolfe"`), then a few Newton steps.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Before each Newton step look at `torch.linalg.eigvalsh(H)`. Where $H$ is not positive definite, the step may lead to a summit. And nan is never
# `<=` anything: write `if not … <= …`.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `torch.func.grad(f)(x, theta)` is $f_x$, `torch.autograd.functional.hessian(lambda p: f(p, theta), x)` is $H$.
#
# </details>

# %% grade_id="minimise" points=3
def minimise(f, x0, theta, tol=1e-10):
    """Detached strict minimum in the valley of x0 with Newton step ≤ tol; ValueError where there is none."""
    ### BEGIN SOLUTION
    fixed, point = theta.detach(), x0.detach().clone().requires_grad_(True)
    search = torch.optim.LBFGS([point], max_iter=200, tolerance_grad=1e-9, line_search_fn="strong_wolfe")

    def value_with_gradient():
        value = f(point, fixed)
        (point.grad,) = torch.autograd.grad(value, point)
        return value

    search.step(value_with_gradient)
    at = point.detach()
    for _ in range(10):
        slope_here = torch.func.grad(f)(at, fixed)
        curvature = torch.autograd.functional.hessian(lambda p: f(p, fixed), at)
        eigenvalues = torch.linalg.eigvalsh(torch.nan_to_num(curvature))
        if not eigenvalues[0] > 1e-12 * eigenvalues[-1].abs():
            raise ValueError(f"no strict minimum: eigenvalues {eigenvalues.tolist()}")
        newton = torch.linalg.solve(curvature, slope_here)
        if newton.norm() <= tol:
            return at
        at = at - newton
    raise ValueError(f"no minimum: the Newton step is still {newton.norm():.2g} long")
    ### END SOLUTION

# %% [markdown]
# ## 2 · Meet a function without a minimum
#
# The thread's second seed is 456. Its script ended at $x = -12.2$, printed gradient $0.0004$ and curvature $0.0003$, and went on to
# differentiate. **Predict** what you see further out.

# %%
theta_456 = networks.stored_theta(456)
for x in (-12.2, -16.0, -20.0, -30.0):
    p = torch.tensor([x], dtype=torch.float64)
    g = torch.func.grad(f)(p, theta_456).item()
    H = torch.autograd.functional.hessian(lambda p: f(p, theta_456), p).item()
    print(f"x {x:6}  f {f(p, theta_456):.6f}  gradient {g:.1e}  curvature {H:.1e}  step {g / H:.2f}")

# %% [markdown]
# $f$ falls for ever towards $-0.74$. The gradient shrinks, the curvature stays positive, and the Newton step stays at 1.4. There is no
# minimum, so there is nothing to differentiate.
#
# Finite differences can show that too. The explorer plots their error against $\delta$. **Predict** what happens to the U when you
# switch to the network without a minimum.

# %%
explorers.finite_difference(delta=1e-4)

# %% [markdown]
# The forum's difference for 456 was $-6002$ at $\delta = 10^{-4}$. It is a drift of $-0.6$, which also happens at $\delta = 0$, divided by
# $\delta$. *A difference that grows like $1/\delta$ measures drift.*
#
# ## 3 · Meet a minimum that is not one point
#
# Third example, $x \in \mathbb R^3$: $f = w_2^\top \tanh(W_1 x + b_1)$ with a $2 \times 3$ matrix $W_1$. **Predict** the rank of the Hessian before you
# compute anything.

# %%
theta_123, W1 = networks.stored_theta(123), networks.stored_weights(123).W1
lost = torch.tensor([-10.278391460465638, 9.144972085336095, -8.950106669835773], dtype=torch.float64)
H = torch.autograd.functional.hessian(lambda p: f(p, theta_123), lost)
n = torch.linalg.svd(W1)[2][2]
torch.linalg.eigvalsh(H), W1 @ n

# %% [markdown]
# Two. Along $n$, with $W_1 n = 0$, $f$ does not change at all. And there is a second fault: $u = W_1 x + b_1$ can be anything in
# $\mathbb R^2$, so $f$ only creeps towards $-\sum |w_2|$ and never gets there. The thread inverted $H$ anyway and found $10^{16}$.
#
# A **stabiliser** $s\lVert x\rVert^2$ mends both: $f$ now grows in every direction, and the curvature along $n$ is $2s$. It also
# *chooses*: of all the points along the valley it takes the one nearest to 0. Compare $s = 0$ with the smallest $s$ above it.

# %%
explorers.stabiliser(strength=1 / 16)

# %% [markdown]
# ### Exercise 2 — Recognise a strict minimum
#
# ●●○ · 10 minutes · 3 points
#
# Write `is_strict_minimum(f, x, theta, tol=1e-6)`: True if $H$ is positive definite ($\lambda_{\min} > 10^{-12}\lambda_{\max}$) *and* the Newton step is
# at most `tol`, else False; never an error. Tried on 456, on valley floors, maxima, saddles, and on $f$ in other units: $10^{-20} f$ has the
# minima of $f$.
#
# <details><summary>Hint 1</summary>
#
# Eigenvalues first: with a singular $H$ there is nothing to solve.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Never compare an eigenvalue with a fixed number. $\lambda_{\min}$ against $\lambda_{\max}$ does not depend on units.
#
# </details>

# %% grade_id="is_strict_minimum" points=3
def is_strict_minimum(f, x, theta, tol=1e-6):
    """Is H positive definite and the Newton step at most tol?"""
    ### BEGIN SOLUTION
    bend = torch.autograd.functional.hessian(lambda point: f(point, theta), x)
    lowest, highest = torch.linalg.eigvalsh(bend)[[0, -1]]
    if not lowest > 1e-12 * highest.abs():
        return False
    return bool(torch.linalg.solve(bend, torch.func.grad(f)(x, theta)).norm() <= tol)
    ### END SOLUTION

# %% [markdown]
# ## 4 · Push against resistance
#
# At a minimum $f_x(x^*, \theta) = 0$. Change $\theta$ by $\delta\theta$; the condition must go on holding:
# $$f_{xx}\,\delta x + f_{x\theta}\,\delta\theta = 0 \quad\Rightarrow\quad \frac{dx^*}{d\theta} = -\frac{f_{x\theta}}{f_{xx}} \qquad (d = 1).$$
# $f_{x\theta}\,\delta\theta$ is a **push** on the bottom of the bowl, $f_{xx}$ the **resistance**. Half the resistance, twice the way. **Predict**: when δ doubles, what
# happens to the gap between the arrow and the true minimum? Then switch to the stiff bowl.

# %%
explorers.bowl(delta=0.1)

# %% [markdown]
# ### Exercise 3 — Divide push by resistance
#
# ●○○ · 6 minutes · 2 points
#
# Write `implicit_gradient(f, x, theta)` for `x` of shape $(1,)$ at a minimum: $-f_{x\theta}/f_{xx}$, shaped like `theta` (which may have no axes). Nothing is minimised
# again; `x` and `theta` stay as they are.
#
# <details><summary>Hint 1</summary>
#
# Differentiate $f$ in a detached copy of `x` with `create_graph=True`. The result can be differentiated again, in both.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `torch.func.grad(f)` is the function $f_x(x, \theta)$; `torch.func.jacrev(…, argnums=(0, 1))` gives both of its derivatives. Mind the axis of length 1.
#
# </details>

# %% grade_id="implicit_gradient" points=2
def implicit_gradient(f, x, theta):
    """dx*/dθ at a minimum x of shape (1,), shaped like theta."""
    ### BEGIN SOLUTION
    resistance, push = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x, theta)
    return -push[0] / resistance[0, 0]
    ### END SOLUTION

# %% [markdown]
# No minimisation at all. The claim: these are the nine numbers that took eighteen solves.

# %%
v = torch.ones(1, dtype=torch.float64)
by_formula = implicit.argmin_vjp(f, x_star, theta, v)
(by_formula - by_differences).abs().max()

# %% [markdown]
# The formula wants a minimum. Taken too early, it is wrong by $C \cdot$ (error of $x$), here with $C = -4.8$. **Predict** where the
# two curves meet the dotted line with learning rate $0.01$.

# %%
explorers.solver_steps(steps=350, lr=0.5)

# %% [markdown]
# Not within a thousand steps: Adam has come to 3.65 by then, and the formula says $-5.98$ there. The thread printed $-5.9816$ as the
# library's answer.
#
# ## 5 · Solve, do not divide
#
# For $x \in \mathbb R^d$ the same line of algebra reads $H\,\delta x = -f_{x\theta}\,\delta\theta$, a linear system:
# $$\frac{dx^*}{d\theta} = -H^{-1} f_{x\theta}, \qquad\text{of shape } (d, \text{shape of } \theta).$$

# %% [markdown]
# ### Exercise 4 — Write the Jacobian of a minimum
#
# ●●○ · 10 minutes · 3 points
#
# Write `implicit_jacobian(f, x, theta)` $= -H^{-1} f_{x\theta}$ of shape `(d, *theta.shape)`, for a `theta` of any shape. `ValueError` if $H$ is
# singular to working precision: smallest over largest eigenvalue, in size, below $d \cdot$ `eps` of the dtype.
#
# <details><summary>Hint 1</summary>
#
# Lay $f_{x\theta}$ out as a matrix with $d$ rows, solve once, give `theta` its axes back.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `torch.finfo(x.dtype).eps`. Do not wait for `inv` to raise: on the 3-D network it returned $10^{16}$.
#
# </details>

# %% grade_id="implicit_jacobian" points=3
def implicit_jacobian(f, x, theta):
    """−H⁻¹ f_xθ, shape (d, *theta.shape); ValueError if H is singular to working precision."""
    ### BEGIN SOLUTION
    hessian, mixed = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x, theta)
    sizes = torch.linalg.eigvalsh(hessian).abs()
    if not sizes.min() >= len(x) * torch.finfo(x.dtype).eps * sizes.max():
        raise ValueError("The Hessian is singular: x* is not one point, and has no derivative.")
    return -torch.linalg.solve(hessian, mixed.reshape(len(x), -1)).reshape(mixed.shape)
    ### END SOLUTION

# %% [markdown]
# ## 6 · Audit the printed rows
#
# The thread prints many numbers, and nobody noticed that most are wrong. You can convict them without computing the right ones.
#
# **A symmetry.** $f$ sees $x$ only through $W_1 x + b_1$. Replace $W_1$ by $\alpha W_1$, and $x^*$ becomes $x^*/\alpha$; add $cW_1$ to $b_1$, and $x^*$ moves by $-c$; scale
# $w_2$, and nothing happens. Differentiate each:
# $$\sum W_1 \frac{\partial x^*}{\partial W_1} = -x^*, \qquad \sum W_1 \frac{\partial x^*}{\partial b_1} = -1, \qquad \sum w_2 \frac{\partial x^*}{\partial w_2} = 0 .$$

# %%
weights, slopes = networks.stored_weights(2023), networks.split(by_formula, 1)
pairs = (weights.W1, slopes.W1), (weights.W1, slopes.b1), (weights.w2, slopes.w2)
[torch.dot(a.flatten(), b.flatten()).item() for a, b in pairs], x_star.item()

# %% [markdown]
# Now the row that the thread printed for the library on this network. **Predict** what the first sum should be.

# %%
printed = torch.tensor([2.6780, -5.9816, -0.1180], dtype=torch.float64)
-(weights.W1.flatten() * printed).sum()

# %% [markdown]
# It should be $x^* = 4.386$, and is $3.119$: the run had not converged.
#
# **A sum too many.** For three inputs the library returned the shortest solution of a singular system. That one cannot point along $n$.
# Check the printed column $(-1.5724, -9.2159, -7.7948)$, then its successive differences.

# %%
column = torch.tensor([-1.5724, -9.2159, -7.7948], dtype=torch.float64)
apart = torch.diff(column, prepend=torch.zeros(1, dtype=torch.float64))
n @ column, n @ apart, apart

# %% [markdown]
# $-9.3$ against $0.0001$. The printed rows are *cumulative sums*: nobody cleared the gradient between three `backward`
# calls. The differences are what the library had computed.
#
# **The right answer to another question.** The thread's differences, $(0.9589, -12.7340, 15.6670)$, hold for $\delta = 10^{-6}$, $10^{-8}$ and $10^{-10}$: “quite stable”.
# But there is no minimum. **Predict** what they are stable *for*.

# %%
def adam_350(theta, x):
    m = v = torch.zeros_like(x)
    for k in range(1, 351):
        (g,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        x = x - 0.5 * (m / (1 - 0.9**k)) / ((v / (1 - 0.999**k)).sqrt() + 1e-8)
    return x

weight = theta_123.clone().requires_grad_(True)
end = adam_350(weight, torch.zeros(3, dtype=torch.float64, requires_grad=True))
[round(torch.autograd.grad(entry, weight, retain_graph=True)[0][0].item(), 4) for entry in end]

# %% [markdown]
# The derivative of 350 steps of Adam: of the program, not of the answer. Stable is not right.
#
# ## 7 · Pull one loss back with one solve
#
# Training needs less than a Jacobian. With a loss $L(x^*)$ and $v = \nabla L$ you want
# $$v^\top \frac{dx^*}{d\theta} = -\bigl(H^{-1} v\bigr)^\top f_{x\theta} .$$
# Read it from the left: solve $H u = v$ once ($d$ numbers), then pull $u$ back through $f_x$ with one call of autograd. That is the
# **adjoint** way, and the number of parameters has left the linear algebra.

# %% [markdown]
# ### Exercise 5 — Pull back with one solve
#
# ●●● · 10 minutes · 3 points
#
# Write `implicit_vjp(f, x, theta, v)` $= v^\top dx^*/d\theta$, shaped like `theta`, for a minimum `x` with a regular $H$. One solve, with $H$ itself or by conjugate
# gradients. No tensor of $d \cdot |\theta|$ numbers on the way: the operations are recorded.
#
# <details><summary>Hint 1</summary>
#
# Solve first, differentiate in $\theta$ last. What is the derivative of the number $u^\top f_x(x, \theta)$ in $\theta$?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `torch.autograd.grad(fx, theta, u)` is $u^\top f_{x\theta}$, if `fx` was made with `create_graph=True`.
#
# </details>

# %% grade_id="implicit_vjp" points=3
def implicit_vjp(f, x, theta, v):
    """vᵀ dx*/dθ, shaped like theta, with one linear solve."""
    ### BEGIN SOLUTION
    inner, outer = x.detach().requires_grad_(True), theta.detach().requires_grad_(True)
    (force,) = torch.autograd.grad(f(inner, outer), inner, create_graph=True)
    rows = [torch.autograd.grad(entry, inner, retain_graph=True)[0] for entry in force]
    return torch.autograd.grad(force, outer, -torch.linalg.solve(torch.stack(rows), v))[0]
    ### END SOLUTION

# %% [markdown]
# What does it cost? First against the number of parameters. **Predict** both columns.

# %%
def seconds(work, times=5):
    return min(timeit.repeat(work, number=1, repeat=times))

bowl, draw = networks.tanh_network(1 / 16), torch.Generator().manual_seed(0)
for hidden in (3, 9, 27):
    t = torch.randn(3 * hidden, generator=draw, dtype=torch.float64) / hidden**0.5
    x = implicit.minimise(bowl, start, t)
    slow = 1e3 * seconds(lambda: central_gradient(lambda t: implicit.minimise(bowl, x, t)[0], t), 1)
    fast = 1e3 * seconds(lambda: implicit.argmin_vjp(bowl, x, t, v))
    print(f"|θ| = {len(t):2}  differences {slow:6.1f} ms  adjoint {fast:.2f} ms  ratio {slow / fast:5.0f}")

# %% [markdown]
# Differences grow with the parameters, the adjoint does not. Now against $d$, up to 3000, where $H$ is too large to like: both sides only
# multiply by $H$ and use conjugate gradients, ours beside TorchOpt's implicit differentiation.

# %%
def chain(stiffness):
    return lambda x, t: torch.sqrt(1 + (x - t) ** 2).sum() + stiffness / 2 * (x.diff() ** 2).sum()

for d in (10, 100, 1000, 3000):
    t, w = torch.randn(2, d, generator=draw, dtype=torch.float64)
    x = implicit.minimise(chain(1.0), torch.zeros_like(t), t)
    ours = 1e3 * seconds(lambda: implicit.argmin_vjp(chain(1.0), x, t, w))
    theirs = 1e3 * seconds(lambda: torchopt_vjp(chain(1.0), x, t, w, solve="cg"))
    print(f"d = {d:4}  ours {ours:6.2f} ms  TorchOpt {theirs:6.2f} ms  ratio {ours / theirs:.2f}")

# %% [markdown]
# Neither grows like $d^2$. Up to $d = 200$ ours factorises $H$; beyond, it solves twice, because it makes sure of the minimum first. TorchOpt is general and
# convenient, and tests nothing. Stiffen the chain, and take its default solver; then the network without a minimum. **Predict** which of the two it
# will complain about.

# %%
t, w = torch.randn(2, 10, generator=draw, dtype=torch.float64)
x = implicit.minimise(chain(1e5), torch.zeros_like(t), t)
right = implicit.argmin_vjp(chain(1e5), x, t, w)
gap = (torchopt_vjp(chain(1e5), x, t, w) - right).norm() / right.norm()
print(f"stiff chain: TorchOpt's default is off by {gap:.0%}")
u = torch.ones(3, dtype=torch.float64)
print("no minimum: TorchOpt says", torchopt_vjp(f, lost, theta_123, u)[:3])
try:
    implicit.argmin_vjp(f, lost, theta_123, u)
except ValueError as error:
    print("gradlab says:", error)

# %% [markdown]
# About neither. Use the library, and make sure of the minimum yourself.
#
# ## 8 · Build the layer
#
# Forward: search, without a graph. Backward: one linear solve. `torch.autograd.Function` is made for this: autograd calls its `backward` and looks no further.

# %% [markdown]
# ### Exercise 6 — Make argmin a layer
#
# ●●● · 20 minutes · 4 points
#
# Write `argmin_layer(f, x0)`. It returns a *function of theta*, which returns $x^*(\theta)$, the minimum in the valley of `x0`:
#
# - differentiable once by autograd in `theta`, through one linear solve; `torch.autograd.gradcheck` passes;
# - no graph through the search, nothing kept from one call to the next; `x0` stays as it is;
# - `ValueError` when it is called with a `theta` for which there is no minimum.
#
# For the search you may use `implicit.minimise(f, x0, theta)`.
#
# <details><summary>Hint 1</summary>
#
# `ctx.save_for_backward(x, theta)` in `forward`; in `backward` you hold $v$, and you have written the rest in Exercise 5.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Grad mode is off inside `backward`: wrap what you differentiate in `with torch.enable_grad():`, or use `torch.func`.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# Without a Function: with a detached minimum $x$, return $x - H^{-1} f_x(x, \theta)$ with $H$ and $x$ detached. The value is $x$, the derivative in $\theta$ is right. Why?
#
# </details>

# %% grade_id="argmin_layer" points=4
def argmin_layer(f, x0):
    """A function of theta that returns x*(theta), differentiable once through one linear solve."""
    ### BEGIN SOLUTION
    class Argmin(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            found = implicit.minimise(f, x0, theta)
            ctx.save_for_backward(found, theta)
            return found

        @staticmethod
        def backward(ctx, v):
            found, theta = ctx.saved_tensors
            bend = torch.func.jacrev(torch.func.grad(f))(found, theta)
            adjoint = torch.linalg.solve(bend, v)
            _, pull_back = torch.func.vjp(lambda t: torch.func.grad(f)(found, t), theta)
            return -pull_back(adjoint)[0]

    return Argmin.apply
    ### END SOLUTION

# %% [markdown]
# The claim for the ready-made layer, on the stabilised 3-D network: gradcheck passes, and one node stands between $\theta$ and $x^*$.

# %%
layer = implicit.implicit_argmin(bowl, torch.zeros(3, dtype=torch.float64))
weight = theta_123.clone().requires_grad_(True)
torch.autograd.gradcheck(layer, weight), layer(weight).grad_fn.next_functions

# %% [markdown]
# ## 9 · Train through a minimum
#
# A small **bilevel** problem. Inside: smooth a noisy signal $y$ by minimising
# $$f(x, \theta) = \tfrac12\lVert x - y\rVert^2 + \sum_i e^{w_i} \sqrt{(x_{i+1} - x_i)^2 + 0.01}, \qquad \theta = (y, w).$$
# Outside: a convolution looks at the jumps of $y$ and chooses the weights $w$; it is trained so that the smoothed signals are close to clean ones. The
# square root is lesson 1's soft absolute value.

# %%
def smoothing(x, theta):
    y, w = theta
    return ((x - y) ** 2).sum() / 2 + (torch.exp(w[1:]) * torch.sqrt(x.diff() ** 2 + 0.01)).sum()

clean = torch.stack([torch.sign(torch.arange(20.0) - edge - 0.5) for edge in (5, 13, 9)]).double()
noisy = clean + 0.4 * torch.randn(clean.shape, generator=draw, dtype=torch.float64)

# %%
conv = nn.Conv1d(1, 1, 5, padding=2, dtype=torch.float64)
nn.init.zeros_(conv.weight)
nn.init.constant_(conv.bias, -2.0)

def smoothed(y):
    jumps = F.pad(y.diff().abs(), (1, 0))
    w = conv(jumps[None, None])[0, 0]
    return implicit.implicit_argmin(smoothing, y)(torch.stack([y, w]))

# %% [markdown]
# The convolution, the minimisation and the loss are one model. **Predict** which way the first step moves the bias: more smoothing, or less?

# %%
outer, losses = torch.optim.Adam(conv.parameters(), lr=0.25), []
for step in range(12):
    loss = sum(((smoothed(y) - c) ** 2).mean() for y, c in zip(noisy[:2], clean[:2])) / 2
    outer.zero_grad()
    loss.backward()
    outer.step()
    losses.append(loss.item())
losses[0], losses[-1], conv.bias.item()

# %%
figure = outer_loss(losses, noisy[2], clean[2], smoothed(noisy[2]).detach())
show(figure, alt="Left: the outer loss falls steeply within twelve outer steps. Right: a noisy step signal that was not trained on; "
     "the smoothed signal is nearly flat on both sides of the jump and follows the clean one.")

# %% [markdown]
# More smoothing. The gradient that taught it came through 24 minimisations, and not one of their iterations was recorded.
#
# ### Question — Check before you believe
#
# ●●○ · 8 minutes · 2 points, marked by a person
#
# Somebody shows you a $dx^*/d\theta$. Name three things that you check before you believe it, and for each a number in this lesson that failed.

# %% [markdown] grade_id="why-minimum" points=2
# ### BEGIN SOLUTION
# 1. *Is there a minimum, and is it strict?* $H$ must be positive definite, its smallest eigenvalue judged against the largest. The 3-D network has
#    eigenvalue $7\cdot10^{-22}$ along $n$; its “inverse” gave $10^{16}$.
# 2. *Are we there?* The Newton step, not the gradient, must be small. At 456 the gradient is $4\cdot10^{-4}$ and the step 1.4; on 2023 the unconverged run gave
#    $-5.98$ instead of $-8.89$, and $\sum W_1\,\partial x^*/\partial W_1$ gave it away.
# 3. *Is it the derivative of the answer?* Compare with finite differences of a converged solve for several $\delta$: $-6002$ grew like $1/\delta$ (drift),
#    and a stable difference was the derivative of 350 steps of Adam. Clear gradients between backward calls, or rows become running sums.
# ### END SOLUTION

# %% [markdown]
# ## What you have seen
#
# - $dx^*/d\theta = -H^{-1} f_{x\theta}$: push against resistance. With a loss behind it: one solve, whatever the number of parameters.
# - Existence, uniqueness, convergence come first. A small gradient shows none of the three.
# - An invariance audits numbers: a library's row, an accumulated gradient, an early stop.
# - The derivative of a search and the derivative of its result agree only after convergence.
#
# **Where this fails.** Kinks: at a corner $H$ does not exist (lesson 5). Constraints that switch on and off. Several valleys: $x^*(\theta)$ can jump to another, and no formula
# for one valley knows.
#
# **Further reading.** Gould et al., *On Differentiating Parameterized Argmin and Argmax Problems with Application to Bi-level Optimization* (2016). Lorraine, Vicol and
# Duvenaud, *Optimizing Millions of Hyperparameters by Implicit Differentiation* (2020). Blondel et al., *Efficient and Modular Implicit Differentiation* (2022). Griewank and Faure,
# *Reduced Functions, Gradients and Hessians from Fixed-Point Iterations for State Equations* (2002).
#
# Next: `05-lasso-path`, where the minimum has kinks.
