# %% [markdown]
# # Implicit gradients: differentiate an answer, not the search for it
#
# **Two sittings of 65 minutes · 20 points**
#
# *You will* differentiate the place of a minimum, audit a forum thread whose code had several faults, and build a layer that minimises.
# *You will learn* to ask whether a minimum exists before you differentiate it, the implicit function theorem with its hypotheses, how one linear solve
# replaces one search for each parameter, and how to audit printed numbers without a reference.
# *You need* lessons [0](../00-start-here/start_here.ipynb) and [3](../03-clarke-homogeneity/clarke_homogeneity.ipynb) (of the second, Euler's identity),
# gradients, Hessians, and linear systems. The first sitting asks when there is something to differentiate (sections 1 to 5), the second puts it to use
# (6 to 9). Terms stand in the [glossary](../../assets/guides/glossary.md), letters in the table below and in that
# [of all lessons](../../assets/guides/notation.md).
#
# **Recall**, before you begin. In lesson 3 you saw that Euler's identity $\langle s, x\rangle = Lf(x)$ holds for every correct gradient $s$ of a homogeneous $f$. Why could it not
# tell you that a gradient *is* correct? And what is it good for, then?
#
# <details><summary>Answer</summary>
#
# It is one equation for $d$ numbers: anything orthogonal to $x$ may be added to $s$. But a gradient that violates it is wrong for certain, and no
# reference is needed to see that. In section 6 such an identity convicts printed numbers.
#
# </details>
#
# | symbol | what it is here |
# |---|---|
# | $f(x, \theta)$, $d$ | what is minimised in $x$, with parameters $\theta$; how many entries $x$ has |
# | $x^*$ | the minimum, as a function of $\theta$ |
# | $f_x$, $H = f_{xx}$, $f_{x\theta}$ | gradient, Hessian, mixed second derivatives |
# | $W_1, b_1, w_2$ | the weights of the networks, laid flat in $\theta$ |
# | $n$ | a direction with $W_1 n = 0$ (in lesson 2 it was a number of rounds) |
# | $\delta$ | a small change of one weight |
# | $s$ | strength of a stabiliser |
# | $\mathcal L$, $v$, $u$ | a loss of $x^*$, its gradient, its adjoint |

# %%
import math
import timeit

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from gradlab import check, model_answer, predict, reveal
from gradlab.explore.figures import show
from gradlab.lessons.implicit_argmin import adam_run, bowl_and_push, explorers, falling_for_ever
from gradlab.lessons.implicit_argmin.outer_loss import OUTER_LOSS_ALT, outer_loss
from gradlab.maths import implicit, networks
from gradlab.maths.finite_differences import central_gradient
from gradlab.maths.torchopt_argmin import torchopt_vjp

torch.set_num_threads(1)  # for problems as small as these one thread is faster, and times can be compared

# %% [markdown]
# ## 1 · Ask how a minimum moves
#
# A user of a PyTorch forum asked: let $x^*(\theta) = \operatorname{argmin}_x f(x, \theta)$, with a small network for $f$. What is $dx^*/d\theta$? Everywhere in
# this lesson $f$ is called as `f(x, theta)`, `x` of shape $(d,)$. The weights below are the thread's, stored: the same seed draws another network in
# another dtype. (From torch 1.10 to 2.13 it draws the same one, as long as the dtype is the same.)

# %%
f, theta = networks.tanh_network(), networks.stored_theta(2023)  # theta = (W1, b1, w2), laid flat
start = torch.zeros(1, dtype=torch.float64)
x_star = implicit.minimise(f, start, theta)
print(f"x* = {x_star.item():.7f}   f(x*) = {f(x_star, theta).item():.7f}")

# %% [markdown]
# The plain way: change one weight, minimise again, divide. **Predict** how many minimisations all nine weights need, with central differences.

# %%
predict("minimisations_of_nine", ...)

# %%
solves = []
move = lambda weights: solves.append(1) or implicit.minimise(f, x_star, weights)[0]
by_differences = central_gradient(move, theta)
print(len(solves), "minimisations")
for name, row in zip(("W1", "b1", "w2"), by_differences.reshape(3, 3).tolist()):
    print(f"dx*/d{name}", *(f"{entry:10.4f}" for entry in row))
reveal("minimisations_of_nine")

# %% [markdown]
# Eighteen: two for each weight. Keep these nine numbers; a formula will have to reproduce them. For a network with millions of weights this way is closed.
#
# How good is a difference? Its error comes from the terms of the Taylor series that it leaves out. **Predict** how many times smaller the error of a
# forward and of a central difference gets when $\delta$ becomes ten times smaller.

# %%
predict("ten_times_smaller", ...)

# %%
unit = torch.eye(9, dtype=torch.float64)[1]  # the weight W1[1]
print("      δ   error forward   error central")
for delta in (1e-1, 1e-2, 1e-3):
    ahead, behind = move(theta + delta * unit).item(), move(theta - delta * unit).item()
    forward, central = (ahead - x_star.item()) / delta, (ahead - behind) / (2 * delta)
    print(f"{delta:7}   {forward - by_differences[1].item():13.2e}   {central - by_differences[1].item():13.2e}")
reveal("ten_times_smaller")

# %% [markdown]
# Ten times smaller, and a hundred times: the orders are $\delta$ and $\delta^2$.
#
# ### Stop when the step is small, not the gradient
#
# The thread ran Adam for 350 steps. Its script does not run as it survives: it never clears gradients, changes a weight without `torch.no_grad()`, and lacks the line
# for the mixed derivatives; with gradients adding up, $x$ walks to 175. Repaired, it behaves like this. **Predict**: at step 20 the gradient is $0.004$. How far
# away is the minimum?

# %%
predict("distance_left", ...)

# %%
x = start.clone().requires_grad_(True)
adam = torch.optim.Adam([x], lr=0.5)
print("step   gradient   distance   curvature H   Newton step")
for step in range(1, 351):
    x.grad = torch.autograd.grad(f(x, theta), x)[0]
    adam.step()
    if step in (20, 100, 200, 350):
        H = torch.autograd.functional.hessian(lambda p: f(p, theta), x.detach()).item()
        g, distance = torch.autograd.grad(f(x, theta), x)[0].item(), (x - x_star).item()
        print(f"{step:4}   {g:8.1e}   {distance:8.1e}   {H:11.4f}   {g / H:11.1e}")
reveal("distance_left")

# %%
show(adam_run.figure(), alt=adam_run.ALT)

# %% [markdown]
# It is 1.1 away. The curvature at the minimum is $0.007$, so a tiny gradient still leaves a long way to go. Divide one by the other and
# you have the **Newton step** $\lVert H^{-1} f_x\rVert$, with $H = f_{xx}$: near the minimum it is the distance that is left. (At step 20 it says 2.5 and not 1.1,
# because $H$ there, 0.0018, is not $H$ at the minimum. Further in the two columns agree.) Stop when *that* is small.
#
# Flat bowls also need float64:

# %%
print("dtype          f(x* + 0.001) − f(x*)")
for dtype in (torch.float32, torch.float64):
    beside = f(x_star.to(dtype) + 1e-3, theta.to(dtype)) - f(x_star.to(dtype), theta.to(dtype))
    print(f"{str(dtype):13}  {beside.item():.2e}")

# %% [markdown]
# Move 0.001 away, and float32 rises by the smallest step that it has here, seventeen times too much. It cannot see the bottom. The thread's printed $x^*$,
# 4.385826, is wrong from the sixth decimal on for this reason alone.

# %% [markdown]
# ### Exercise 1 — Find the minimum
#
# ●●○ · 15 minutes · 3 points
#
# Write `minimise(f, x0, theta, tol=1e-10)`: from the start `x0`, of shape $(d,)$, the strict local minimum in its valley.
#
# - The result is a detached tensor like `x0`; its Newton step is at most `tol`, and $H$ is positive definite:
#   $\lambda_{\min} > 10^{-12} \lambda_{\max}$.
# - `ValueError` where you find no such point. Your function will be tested on networks without one.
# - `x0` and `theta` stay as they are. Use any method. It will be tested from starts in the right valley, and from beside a summit; in float32 with `tol=1e-3`.
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
# The thread's second seed is 456. Its script ended at $x = -12.2$, printed a curvature of $0.0003$, positive as it should be, and went on to differentiate. Run
# again, it has a gradient of $0.0004$ there. **Predict** what the Newton step does further out: will it "shrink", "stay" or "grow"?

# %%
predict("newton_step_outside", ...)

# %%
theta_456 = networks.stored_theta(456)
print("     x          f   gradient   curvature   Newton step")
for x in (-12.2, -16.0, -20.0, -30.0):
    p = torch.tensor([x], dtype=torch.float64)
    g = torch.func.grad(f)(p, theta_456).item()
    H = torch.autograd.functional.hessian(lambda p: f(p, theta_456), p).item()
    print(f"{x:6}  {f(p, theta_456):.6f}   {g:8.1e}   {H:9.1e}   {g / H:11.2f}")
reveal("newton_step_outside")

# %%
show(falling_for_ever.figure(), alt=falling_for_ever.ALT)

# %% [markdown]
# $f$ falls for ever towards $-0.74$. The gradient shrinks, the curvature stays positive, and the Newton step stays at 1.4. There is no
# minimum, so there is nothing to differentiate. The thread's last post (by K. Frank, who had also derived the formula) saw this: no minimum, $x$ runs off to
# $-\infty$, the tanh saturates, and more steps will not help.
#
# Finite differences can show that too. The explorer plots their error against $\delta$. **Predict** what becomes of the U when you
# switch to the network without a minimum: will it still be a "U", be "flat", or be a line that "falls" or "rises" with $\delta$?

# %%
predict("u_without_minimum", ...)

# %%
explorers.finite_difference(delta=1e-4)

# %%
reveal("u_without_minimum")

# %% [markdown]
# The printout of the thread's difference for 456 is lost. Here is its procedure, run again: 350 steps of Adam, $\delta$ added to the weight, 125 steps more, divide.

# %%
from gradlab.lessons.implicit_argmin.explorers.adam_paths import adam as adam_points, network

fallen = network(456)
for delta in (1e-3, 1e-4, 0.0):
    points, _ = adam_points(fallen, 0.5, 350, then=(fallen.moved(delta), 125))
    moved = points[-1] - points[350]
    print(f"δ = {delta:6}   x moves by {moved:.4f}", f"  divided by δ: {moved / delta:.0f}" if delta else "")

# %% [markdown]
# It moves by the same $-0.6$ whatever $\delta$ is, 0 included. *A difference that grows like $1/\delta$ measures drift.*
#
# ## 3 · Meet a minimum that is not one point
#
# Third example, $x \in \mathbb R^3$: $f = w_2^\top \tanh(W_1 x + b_1)$ with a $2 \times 3$ matrix $W_1$. (Its script creates $x$ by `torch. Tensor(…, requires_grad=True)`, which
# raises a TypeError; `torch.tensor` was meant.) **Predict** the rank of the Hessian before you compute anything.

# %%
predict("rank_of_hessian", ...)

# %%
theta_123, W1 = networks.stored_theta(123), networks.stored_weights(123).W1
lost = torch.tensor([-10.278391460465638, 9.144972085336095, -8.950106669835773], dtype=torch.float64)
H = torch.autograd.functional.hessian(lambda p: f(p, theta_123), lost)
n = torch.linalg.svd(W1)[2][2]  # the unit vector with W1 n = 0
print("eigenvalues of H, where the search stopped:", *(f"{value:.1e}" for value in torch.linalg.eigvalsh(H)))
print("‖W1 n‖ =", f"{(W1 @ n).norm():.0e}")
reveal("rank_of_hessian")

# %% [markdown]
# Two; the first eigenvalue is rounding error. Along $n$, with $W_1 n = 0$, $f$ does not change at all. And there is a second fault: $W_1 x + b_1$ can be
# anything in $\mathbb R^2$, so $f$ only creeps towards $-\sum |w_2|$ and never gets there. The thread inverted $H$ anyway, found numbers from $10^{15}$ to
# $10^{18}$, and asked why.
#
# Even where there *are* minimisers, a flat direction leaves the question open: **which one?** Take $\min_x \tfrac12\lVert W_1x - c\rVert^2$, which has a whole line of
# them. Descent from 0 ends in the shortest one. Differentiate that point with respect to the first entry of $W_1$, and compare with $-H^+ f_{x\theta}$, the formula
# with a pseudo-inverse:

# %%
c, E = torch.tensor([1.0, -2.0]).double(), torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]).double()
shortest, of_descent = torch.func.jvp(lambda W: torch.linalg.pinv(W) @ c, (W1,), (E,))
mixed = E.T @ (W1 @ shortest - c) + W1.T @ E @ shortest
by_pinv = -torch.linalg.pinv(W1.T @ W1) @ mixed
rows = {"where descent from 0 ends": of_descent, "−H⁺ f_xθ": by_pinv, "difference": of_descent - by_pinv}
for name, slope in rows.items():
    print(f"{name:26}", *(f"{entry:8.4f}" for entry in slope), f"   along n {n @ slope:8.4f}")

# %% [markdown]
# They agree except along $n$, where the pseudo-inverse always says 0. Neither is wrong; “the” minimiser was not one point.
#
# A **stabiliser** $s\lVert x\rVert^2$ mends both faults; the thread's last post proposes it with $s = 1/16$. Now $f$ grows in every direction, so there is a minimum,
# and the curvature along $n$ is $2s$. (That there is only *one* minimum it does not promise.) It also
# *chooses*: of all the points along the valley it takes the one nearest to 0. Compare $s = 0$ with the smallest $s$ above it. The thicker a contour, the lower it lies.

# %%
explorers.stabiliser(strength=1 / 16)

# %% [markdown]
# ### Exercise 2 — Recognise a strict minimum
#
# ●●○ · 12 minutes · 3 points
#
# Write `is_strict_minimum(f, x, theta, tol=1e-6)`: True if $H$ is positive definite ($\lambda_{\min} > 10^{-12}\lambda_{\max}$) *and* the Newton step is
# at most `tol`, else False; never an error. Your function will be tested on 456, on valley floors, maxima, saddles, and on $f$ in other units:
# $10^{-20} f$ has the minima of $f$.
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
# The thread's derivation. Expand $f$ around a minimum $x^*$ to second order in $\delta x$ and $\delta\theta$, and keep the terms that depend on $\delta x$:
# $$f_x\,\delta x + \tfrac12 f_{xx}\,\delta x^2 + f_{x\theta}\,\delta x\,\delta\theta .$$
# At a minimum $f_x = 0$, so the first term drops out. (Remember this step: it is what 456 and the 3-D network fail.) The new bottom is where the rest is stationary:
# $$f_{xx}\,\delta x + f_{x\theta}\,\delta\theta = 0 \quad\Rightarrow\quad \frac{dx^*}{d\theta} = -\frac{f_{x\theta}}{f_{xx}} \qquad (d = 1).$$
# $f_{x\theta}\,\delta\theta$ is a **push** on the bottom of the bowl, $f_{xx}$ the **resistance**.

# %%
show(bowl_and_push.figure(), alt=bowl_and_push.ALT)

# %% [markdown]
# A third of the resistance, three times the distance. For a bowl that is no parabola the arrow is only the beginning. **Predict**: when a small $\delta$ doubles, by what factor does
# the gap between the arrow's tip and the true minimum grow? Then switch to the stiff bowl.

# %%
predict("gap_at_twice_delta", ...)

# %%
explorers.bowl(delta=0.1)

# %%
reveal("gap_at_twice_delta")

# %% [markdown]
# For small $\delta$ by 4, since the arrow is right to first order; from 0.1 to 0.2 the third order is already felt.
#
# The general statement behind it:
#
# > **Implicit function theorem**, for minima. Let (1) $f_x(x^*, \theta_0) = 0$, let (2) $f$ be twice continuously differentiable near $(x^*, \theta_0)$, and let
# > (3) $H = f_{xx}(x^*, \theta_0)$ be invertible. Then near $\theta_0$ there is exactly one stationary point $x^*(\theta)$ near $x^*$, it is a continuously differentiable
# > function of $\theta$, and $H\,\frac{dx^*}{d\theta} = -f_{x\theta}$. If $H$ is positive definite, $x^*(\theta)$ is a strict local minimum.
#
# Each hypothesis has met the number that violates it:
#
# | hypothesis | who fails | the number |
# |---|---|---|
# | (1) a stationary point | seed 456, and every search that stopped early | a Newton step of 1.4 |
# | (2) twice continuously differentiable | $\lvert x\rvert$ and the soft threshold at its kink | slopes 0 and 1: lesson 5 |
# | (3) $H$ invertible | the 3-D network | an eigenvalue of some $10^{-22}$ |
#
# The theorem knows nothing of minima: it holds for any system $F(x, \theta) = 0$, with $F_x$ in place of $H$. That form is lesson 6.

# %% [markdown]
# ### Exercise 3 — Divide push by resistance
#
# ●○○ · 8 minutes · 2 points
#
# Write `implicit_gradient(f, x, theta)` for `x` of shape $(1,)$ at a minimum: $-f_{x\theta}/f_{xx}$, shaped like `theta` (which may have no axes). Do not minimise
# again: the calls of $f$ are counted. `x` and `theta` stay as they are. Tested to $10^{-7}$.
#
# <details><summary>Hint 1</summary>
#
# Make detached copies of `x` and `theta` that require gradients. `torch.autograd.grad(f(x, theta), x, create_graph=True)` gives $f_x$ with a graph of its own, so
# it can be differentiated again, with respect to both.
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
resistance = torch.autograd.functional.hessian(lambda p: f(p, theta), x_star).item()
print(f"resistance {resistance:.6f}")
print("            push f_xθ   −push/resistance   by differences")
for k, name in enumerate(f"{part}[{k}]" for part in ("W1", "b1", "w2") for k in range(3)):
    print(f"{name:8} {-by_formula[k] * resistance:12.4f} {by_formula[k]:18.4f} {by_differences[k]:16.4f}")

# %% [markdown]
# The first two columns are the thread's, up to one unit in the last printed digit: its formula and its converged run were right.
#
# The formula needs the minimum. Taken too early, at $x$ instead of $x^*$, it is wrong by about $C \cdot (x - x^*)$, where $C$ is the derivative of
# $-f_{x\theta}/f_{xx}$ with respect to $x$. Measure $C$ along Adam's run:

# %%
net, (points, _) = network(2023), adam_points(network(2023), 0.5, 350)
print("step   error of x   error of dx*/dW1[1]   ratio")
for step in (100, 200, 350):
    at = net.at(points[step])
    errors = points[step] - x_star.item(), -at.push / at.curvature - by_formula[1].item()
    print(f"{step:4}   {errors[0]:10.1e}   {errors[1]:19.1e}   {errors[1] / errors[0]:.2f}")

# %% [markdown]
# $C = -4.8$. **Predict** whether the two curves of the explorer reach the dotted line within its thousand steps with learning rate $0.01$, "yes" or "no".

# %%
predict("curves_meet_the_line", ...)

# %%
explorers.solver_steps(steps=350, lr=0.5)

# %%
reveal("curves_meet_the_line")

# %% [markdown]
# Not within a thousand steps: Adam has only reached 3.65 by then, and the formula says $-5.98$ there. Remember this number.
#
# ## 5 · Solve, do not divide
#
# The thread warns that for more than one input “the division ... / d2_x will not work”, and that is right. For $x \in \mathbb R^d$ the same line of algebra reads
# $H\,\delta x = -f_{x\theta}\,\delta\theta$, a linear system:
# $$\frac{dx^*}{d\theta} = -H^{-1} f_{x\theta}, \qquad\text{of shape } (d, \text{shape of } \theta).$$

# %% [markdown]
# ### Exercise 4 — Write the Jacobian of a minimum
#
# ●●○ · 12 minutes · 3 points
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
# `torch.finfo(x.dtype).eps`. Do not wait for `inv` to raise: on the 3-D network it returned numbers of $10^{15}$ and more.
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
# *This is a good place to stop. When you come back, run the cells above first (in the menu Run: Run All Above Selected Cell).*
#
# ## 6 · Audit the printed rows
#
# The thread prints many numbers. Some are right, some are not, and the thread itself found only one of the faults: its last post, the missing minimum. You can convict the
# others without computing a single right one.
#
# **An invariance.** Let $d = 1$. $f$ sees $x$ only through $W_1 x + b_1$. Multiply $W_1$ by $\alpha > 0$, and $x^*$ becomes $x^*/\alpha$; add $cW_1$ to $b_1$,
# and $x^*$ moves by $-c$; multiply $w_2$ by $\alpha > 0$, and nothing moves. In the words of lesson 3, $x^*$ is homogeneous of degree $-1$ in $W_1$ and of degree 0 in
# $w_2$. Differentiate each with respect to $\alpha$ or $c$:
# $$\sum W_1 \frac{\partial x^*}{\partial W_1} = -x^*, \qquad \sum W_1 \frac{\partial x^*}{\partial b_1} = -1, \qquad \sum w_2 \frac{\partial x^*}{\partial w_2} = 0 .$$

# %%
weights, slopes = networks.stored_weights(2023), networks.split(by_formula, 1)
pairs = {"W1·∂W1": (weights.W1, slopes.W1), "W1·∂b1": (weights.W1, slopes.b1), "w2·∂w2": (weights.w2, slopes.w2)}
for name, (a, b) in pairs.items():
    print(f"Σ {name} = {torch.dot(a.flatten(), b.flatten()).item():9.6f}")
print(f"−x*      = {-x_star.item():9.6f}")

# %% [markdown]
# ### Exercise 5 — Write the auditor
#
# ●●○ · 10 minutes · 2 points
#
# Write `passes_audit(W1, dW1, x_star, tol=1e-3)`: does a printed row satisfy $\bigl|\sum W_1\,\partial x^*/\partial W_1 + x^*\bigr| \le$ `tol`$\,\cdot |x^*|$? `W1` and
# `dW1` have shape $(h, 1)$, `x_star` is a number or a tensor of one element. Return a Python bool, `True` or `False`. A row with a nan fails.
#
# <details><summary>Hint 1</summary>
#
# Multiply entry by entry, add everything up, and compare a *size* with a size: $x^*$ may be negative.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Every comparison with nan is False. Which way round must you ask?
#
# </details>

# %% grade_id="passes_audit" points=2
def passes_audit(W1, dW1, x_star, tol=1e-3):
    """Does a row ∂x*/∂W1 satisfy Σ W1 ∂x*/∂W1 = −x*, up to tol·|x*|?"""
    ### BEGIN SOLUTION
    defect = (W1 * dW1).sum().item() + float(x_star)
    return abs(defect) <= tol * abs(float(x_star))
    ### END SOLUTION

# %% [markdown]
# Four rows that the thread prints for $\partial x^*/\partial W_1$. The first two come from its own formula, the last two from TorchOpt, for which another participant had written the
# script. (Its points $x$ were not printed; they come from running it again, with Adam at learning rate 0.01 for 1000 steps.)

# %%
printed = {
    "2023, formula": (2023, [2.8206, -8.8939, -0.0791], 4.385826),
    "456, formula": (456, [30.9327, 0.0, -0.8667], -12.196704),
    "2023, TorchOpt": (2023, [2.6780, -5.9816, -0.1180], 3.650812),
    "456, TorchOpt": (456, [13.5392, -0.0203, -3.2621], -5.155958),
}
rows = {name: (networks.stored_weights(seed).W1, torch.tensor(row).double()[:, None], x)
        for name, (seed, row, x) in printed.items()}

# %% [markdown]
# **Audit them**: call your function in a cell of your own, `{name: passes_audit(*row) for name, row in rows.items()}`. **Predict** first how many of the four are
# convicted. The cell below shows by how much each misses, beside the Newton step at its $x$.

# %%
predict("rows_convicted", ...)

# %%
print("row              Σ W1·∂W1        −x     defect   Newton step")
for name, (W, dW, x) in rows.items():
    at = network(printed[name][0]).at(x)
    total = (W * dW).sum().item()
    print(f"{name:15} {total:9.4f} {-x:9.4f} {total + x:10.4f} {-at.gradient / at.curvature:13.4f}")
reveal("rows_convicted")

# %% [markdown]
# One of the four is right. And the defect *is* the Newton step: at a point that is no minimum the formula gives $\sum W_1\,\partial x^*/\partial W_1 = -x - f_x/f_{xx}$. So
# TorchOpt's row for 2023 tells everybody who multiplies three pairs of numbers that the search was not finished. For a scalar $x$, says the thread, “both the inverse Hessian,
# torchopt, and finite difference gives the same gradient estimation”. For the weight $W_1[1]$ of network 2023 it prints $-8.8939$ and $-5.9816$; for 456, $-0.0000$
# and $-0.0203$.
#
# **One sum too many.** For the 3-D network the thread compares three methods, and finds “totally different results”. Here are their three answers to $\partial x^*/\partial
# W_1[0, 0]$:
#
# | method | printed |
# |---|---|
# | inverse Hessian | $2.1 \cdot 10^{15}$, $8.8 \cdot 10^{15}$, $4.9 \cdot 10^{16}$ |
# | TorchOpt | $-1.5724$, $-9.2159$, $-7.7948$ |
# | finite differences | $0.1900$, $-4.9266$, $5.9873$ |
#
# The first is noise: it divides by a rounding error. Now the second. TorchOpt's default solver returns the *shortest* least-squares solution of the singular system, and
# that cannot have a component along $n$. (Why? A component along $n$ could be taken away, and the rest would fit as well, and be shorter.)

# %%
column = torch.tensor([-1.5724, -9.2159, -7.7948], dtype=torch.float64)
print(f"component of the printed column along n: {n @ column:.4f}")

# %% [markdown]
# It has one. The numbers for $x[0]$, $x[1]$ and $x[2]$ came from three calls of `backward`, one after the other. **Find the repair**: which simple operation on the three
# numbers makes the component vanish? Try it before you run the next cell.

# %%
apart = torch.diff(column, prepend=torch.zeros(1, dtype=torch.float64))
print("successive differences:", [round(entry, 4) for entry in apart.tolist()], f"  along n: {n @ apart:.6f}")

# %% [markdown]
# The component falls from $-9.3$ to $0.00002$, the rounding of four printed decimals. The printed rows are *cumulative sums*: nobody cleared the gradient between the calls. The
# differences are what the library had computed, the shortest least-squares solution of a system that has no meaning here.
#
# **The right answer to another question.** Now the third answer. For another search, of 350 steps, the thread prints $(0.9589, -12.7340, 15.6670)$ and says that $\delta = 10^{-6}$, $10^{-8}$ and $10^{-10}$
# give the same numbers, “so it is quite stable”. But there is no minimum. **Predict** what these differences are stable *for*: what is it that they
# measure, a "minimum" all the same, the "search", or "rounding"?

# %%
predict("stable_for", ...)

# %%
def adam(theta, lr, steps):
    x = m = v = torch.zeros(3, dtype=torch.float64)
    for k in range(1, steps + 1):
        g = torch.func.grad(f)(x, theta)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        x = x - lr * (m / (1 - 0.9**k)) / ((v / (1 - 0.999**k)).sqrt() + 1e-8)
    return x

first = torch.eye(10, dtype=torch.float64)[0]  # the direction of the weight W1[0, 0]
for lr, steps in ((0.5, 350), (0.01, 1000)):
    _, slope = torch.func.jvp(lambda weights: adam(weights, lr, steps), (theta_123,), (first,))
    print(f"through {steps:4} steps of Adam at {lr:4}:", [round(entry, 4) for entry in slope.tolist()])
reveal("stable_for")

# %% [markdown]
# Both printed vectors, up to the digits that so small a $\delta$ costs. They are the derivatives of 350 and of 1000 steps of Adam: of the program, not of the answer. Stable is not right. So the three methods gave three
# different results because they computed three different things: noise, the shortest least-squares solution of an inconsistent system (added up), and the derivative of a search.
#
# With the stabiliser of section 3 there is a minimum, and the quarrel is over:

# %%
bowl = networks.tanh_network(1 / 16)
x_3 = implicit.minimise(bowl, torch.zeros(3, dtype=torch.float64), theta_123)
again = lambda delta: implicit.minimise(bowl, x_3, theta_123 + delta * first)
units, methods = torch.eye(3, dtype=torch.float64), {"finite differences": (again(1e-5) - again(-1e-5)) / 2e-5}
methods["formula"] = torch.stack([implicit.argmin_vjp(bowl, x_3, theta_123, e)[0] for e in units])
methods["TorchOpt"] = torch.stack([torchopt_vjp(bowl, x_3, theta_123, e)[0] for e in units])
for name, slope in methods.items():
    print(f"{name:18}", *(f"{entry:10.6f}" for entry in slope))

# %% [markdown]
# The thread's last post shows the same for 456 with the stabiliser: $x^* = -1.1469$, curvature $0.2937$, and a difference that agrees “as well as can be expected”.
# **Predict**: how many digits are that? (In float64.)

# %%
predict("digits_as_expected", ...)

# %%
stable = network(456, 1 / 16)
x_456 = implicit.minimise(bowl, start, theta_456).item()
exact = -stable.at(x_456).push / stable.at(x_456).curvature
run, _ = adam_points(stable, 0.5, 350, then=(stable.moved(1e-4), 125))
print(f"x* = {x_456:.6f}   curvature {stable.at(x_456).curvature:.4f}   formula {exact:.6f}")
print(f"350 steps, δ = 1e-4, 125 steps more: {(run[-1] - run[350]) / 1e-4:.6f}")
reveal("digits_as_expected")

# %% [markdown]
# About three; in float32, in which the thread ran it, about two. The rest is the forward difference's error of order $\delta$ and a second search that had not quite finished.
#
# ## 7 · Pull one loss back with one solve
#
# Training needs less than a Jacobian. With a loss $\mathcal L(x^*)$ and $v = \nabla \mathcal L$ you want the **vector-Jacobian product** (vjp)
# $$v^\top \frac{dx^*}{d\theta} = -\bigl(H^{-1} v\bigr)^\top f_{x\theta} .$$
# Read it from the left, as in lesson 0: solve $H u = v$ once ($d$ numbers), then pull $u$ back through $f_x$ with one call of autograd. $u$ is the **adjoint**.
# The number of parameters has left the linear algebra; what remains of it is one backward pass.
#
# How does one take a vjp with $f_x$, itself a gradient? A worked example with $f = \tfrac12 x^\top x\,\theta_0 - \theta_1 \sum x$, where $f_x = \theta_0 x - \theta_1$:

# %%
at, t = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor([3.0, 4.0], requires_grad=True)
(fx,) = torch.autograd.grad(at @ at * t[0] / 2 - t[1] * at.sum(), at, create_graph=True)
u = torch.tensor([10.0, 1.0])
print("f_x     =", fx.tolist())
print("uᵀ f_xθ =", torch.autograd.grad(fx, t, u)[0].tolist(), "  by hand", [10 * 1 + 1 * 2, -10 - 1])

# %% [markdown]
# ### Exercise 6 — Pull back with one solve
#
# ●●● · 14 minutes · 2 points
#
# Write `implicit_vjp(f, x, theta, v)` $= v^\top dx^*/d\theta$, shaped like `theta`, for a minimum `x` with a positive definite $H$. One solve, with $H$ itself or by
# conjugate gradients (a method for positive definite $H$ that only multiplies by it). No tensor of $d \cdot |\theta|$ numbers on the way: the operations are recorded.
# Where $\theta$ does not move $x^*$ the result is zeros, not None.
#
# <details><summary>Hint 1</summary>
#
# Solve first, differentiate with respect to $\theta$ last. What is the derivative of the number $u^\top f_x(x, \theta)$ with respect to $\theta$?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `torch.autograd.grad(fx, theta, u)` is $u^\top f_{x\theta}$, if `fx` was made with `create_graph=True`.
#
# </details>

# %% grade_id="implicit_vjp" points=2
def implicit_vjp(f, x, theta, v):
    """vᵀ dx*/dθ, shaped like theta, with one linear solve."""
    ### BEGIN SOLUTION
    inner, outer = x.detach().requires_grad_(True), theta.detach().requires_grad_(True)
    (force,) = torch.autograd.grad(f(inner, outer), inner, create_graph=True)
    rows = [torch.autograd.grad(entry, inner, retain_graph=True)[0] for entry in force]
    adjoint = torch.linalg.solve(torch.stack(rows), v)
    return torch.autograd.grad(force, outer, -adjoint, materialize_grads=True)[0]
    ### END SOLUTION

# %% [markdown]
# What does it cost, against the number of parameters? **Predict** for 54 of them how many minimisations central differences need, and how many linear solves
# the adjoint.

# %%
predict("solves_of_54", ...)

# %%
def milliseconds(work, times=5):
    return 1e3 * min(timeit.repeat(work, number=1, repeat=times))

draw = torch.Generator().manual_seed(0)
print("parameters   differences     adjoint   ratio")
for hidden in (3, 9, 18):
    t = torch.randn(3 * hidden, generator=draw, dtype=torch.float64) / hidden**0.5
    x = implicit.minimise(bowl, start, t)
    slow = milliseconds(lambda: central_gradient(lambda t: implicit.minimise(bowl, x, t)[0], t), 1)
    fast = milliseconds(lambda: implicit.argmin_vjp(bowl, x, t, v))
    print(f"{len(t):10}   {slow:8.1f} ms   {fast:6.2f} ms   {slow / fast:5.0f}")
reveal("solves_of_54")

# %% [markdown]
# The number of solves grows with the parameters for differences, and stays at one for the adjoint.
#
# ### What a library does for you, and when it lies
#
# TorchOpt differentiates minima in this way, whatever search has found them. It is general and convenient, and it tests nothing. Try its default linear solver on a stiff chain
# of springs, then on the network without a minimum. **Predict** which of the two it will complain about: the "chain", the "network", "both" or "neither".

# %%
predict("torchopt_complains", ...)

# %%
def chain(stiffness):
    return lambda x, t: torch.sqrt(1 + (x - t) ** 2).sum() + stiffness / 2 * (x.diff() ** 2).sum()

t, w = torch.randn(2, 10, generator=draw, dtype=torch.float64)
x = implicit.minimise(chain(1e5), torch.zeros_like(t), t)
right = implicit.argmin_vjp(chain(1e5), x, t, w)
gap = (torchopt_vjp(chain(1e5), x, t, w) - right).norm() / right.norm()
print(f"stiff chain: TorchOpt's default is off by {gap:.0%}")

# %%
ones = torch.ones(3, dtype=torch.float64)
for solver in ("normal_cg", "cg", "inv"):
    try:
        row = torchopt_vjp(f, lost, theta_123, ones, solve=solver)
        said = "the vjp begins with " + "  ".join(f"{entry:.3g}" for entry in row[:3])
    except (ZeroDivisionError, RuntimeError) as error:
        said = f"{type(error).__name__}: {error}"
    print(f"no minimum, TorchOpt with {solver:9}: {said}")
try:
    implicit.argmin_vjp(f, lost, theta_123, ones)
except ValueError as error:
    print("no minimum, gradlab:", error)
reveal("torchopt_complains")

# %% [markdown]
# The default complains about neither: it stops after a fixed number of steps on the chain, and returns a shortest least-squares solution where there is no minimum. Use the
# library, and make sure of the minimum yourself.
#
# ## 8 · Build the layer
#
# Forward: search, without a graph. Backward: one linear solve. `torch.autograd.Function` is made for this: autograd calls its `backward` and looks no further. This is how one
# looks, for $x \mapsto x^2$, with the two habits that matter: what `backward` needs is saved by `ctx.save_for_backward`, and it returns one gradient for each argument of `forward`.

# %%
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, v):
        (x,) = ctx.saved_tensors
        return 2 * x * v

point = torch.tensor([3.0], requires_grad=True)
print("slope of x² at 3:", torch.autograd.grad(Square.apply(point), point)[0].item())

# %% [markdown]
# ### Exercise 7 — Make argmin a layer
#
# ●●● · 22 minutes · 3 points
#
# Write `argmin_layer(f, x0)`. It returns a *function of theta*, which returns $x^*(\theta)$, the minimum in the valley of `x0`:
#
# - differentiable once by autograd with respect to `theta`, through one linear solve; `torch.autograd.gradcheck` passes;
# - no graph through the search, nothing kept from one call to the next; `x0` stays as it is;
# - `ValueError` when it is called with a `theta` for which there is no minimum.
#
# For the search you may use `implicit.minimise(f, x0, theta)`.
#
# <details><summary>Hint 1</summary>
#
# `ctx.save_for_backward(x, theta)` in `forward`; in `backward` you hold $v$, and you have written the rest in Exercise 6.
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
# Without a Function: with a detached minimum $x$, return $x - H^{-1} f_x(x, \theta)$ with $H$ and $x$ detached. The value is $x$, the derivative with respect to $\theta$ is right. Why?
#
# </details>

# %% grade_id="argmin_layer" points=3
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
# The claim for the package's layer, on the stabilised 3-D network: gradcheck passes, and one node of the graph stands between $\theta$ and $x^*$.

# %%
layer = implicit.implicit_argmin(bowl, torch.zeros(3, dtype=torch.float64))
weight = theta_123.clone().requires_grad_(True)
print("gradcheck:", torch.autograd.gradcheck(layer, weight))
node = layer(weight).grad_fn
print("nodes:", node.name(), "←", [parent.name() for parent, _ in node.next_functions if parent is not None])

# %% [markdown]
# ## 9 · Train through a minimum
#
# A small **bilevel** problem. Inside: smooth a noisy signal $y$ by minimising
# $$f(x, \theta) = \tfrac12\lVert x - y\rVert^2 + \sum_i e^{w_i} \sqrt{(x_{i+1} - x_i)^2 + 0.01}, \qquad \theta = (y, w).$$
# Outside: a convolution looks at the jumps of $y$ and chooses the weights $w$; it is trained so that the smoothed signals are close to clean ones. The
# square root is lesson 1's soft absolute value of a jump.

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
# The convolution, the minimisation and the loss are one model. **Predict** which way the first step moves the bias: "more" smoothing, or "less"?

# %%
predict("way_of_the_bias", ...)

# %%
outer, losses = torch.optim.Adam(conv.parameters(), lr=0.25), []
for step in range(12):
    loss = sum(((smoothed(y) - c) ** 2).mean() for y, c in zip(noisy[:2], clean[:2])) / 2
    outer.zero_grad()
    loss.backward()
    outer.step()
    losses.append(loss.item())
print(f"loss {losses[0]:.3f} → {losses[-1]:.3f}   bias −2 → {conv.bias.item():.2f}")
reveal("way_of_the_bias")

# %%
figure = outer_loss(losses, noisy[2], clean[2], smoothed(noisy[2]).detach())
show(figure, alt=OUTER_LOSS_ALT)

# %% [markdown]
# More smoothing: the bias rose. The gradient that taught it came through 24 minimisations, and not one of their iterations was recorded. On a signal that it has never seen the
# jump is kept and the noise is not, though both plateaus are pulled towards each other: that is what a penalty on jumps does.
#
# ### Question — Check before you believe
#
# ●●○ · 8 minutes · 2 points, marked by a person
#
# Somebody shows you a $dx^*/d\theta$. Name three things that you check before you believe it, and for each a number in this lesson that failed.

# %% [markdown] grade_id="why-minimum" points=2
# ### BEGIN SOLUTION
# 1. *Is there a minimum, and is it strict?* $H$ must be positive definite, its smallest eigenvalue judged against the largest. The 3-D network has
#    an eigenvalue of some $10^{-22}$ along $n$; its “inverse” gave numbers from $10^{15}$ to $10^{18}$.
# 2. *Are we there?* The Newton step, not the gradient, must be small. At 456 the gradient is $4 \cdot 10^{-4}$ and the step 1.4; on 2023 the unconverged run gave
#    $-5.98$ instead of $-8.89$, and $\sum W_1\,\partial x^*/\partial W_1$ gave it away.
# 3. *Is it the derivative of the answer?* Compare with finite differences of a converged solve for several $\delta$: the $-6002$ of the script, run again, grows like
#    $1/\delta$ (drift), and a stable difference was the derivative of 350 steps of Adam. Clear gradients between backward calls, or rows become running sums.
# ### END SOLUTION

# %% [markdown]
# <details><summary>Mark yourself, when yours is written</summary>
#
# - 1 point: three different checks, such as: is there a strict minimum; are we there; do differences of a converged solve, or an
#   invariance, agree.
# - 1 point: for each a number of this lesson that failed it.
#
# </details>

# %%
model_answer("why-minimum")

# %% [markdown]
# ## What you have seen
#
# - $dx^*/d\theta = -H^{-1} f_{x\theta}$: push against resistance. With a loss behind it: one solve, whatever the number of parameters.
# - The implicit function theorem says when: a stationary point, a smooth $f$, an invertible $H$. A small gradient shows none of the three.
# - An invariance audits numbers: a library's row, an accumulated gradient, an early stop.
# - The derivative of a search and the derivative of its result agree only after convergence.
#
# **Where this fails.** Kinks: at a corner $H$ does not exist (lesson 5). Constraints that switch on and off (lesson 6). Several valleys: $x^*(\theta)$ can jump to another, and no formula
# for one valley can know.
#
# **Further reading.** Gould et al., [*On Differentiating Parameterized Argmin and Argmax Problems with Application to Bi-level Optimization*](https://arxiv.org/abs/1607.05447)
# (2016). Krantz and Parks, [*The Implicit Function Theorem*](https://doi.org/10.1007/978-1-4614-5981-1) (2002). Lorraine, Vicol and Duvenaud, [*Optimizing Millions of
# Hyperparameters by Implicit Differentiation*](https://arxiv.org/abs/1911.02590) (2020). Blondel et al., [*Efficient and Modular Implicit
# Differentiation*](https://arxiv.org/abs/2105.15183) (2022). Griewank and Faure, [*Reduced Functions, Gradients and Hessians from Fixed-Point Iterations for State
# Equations*](https://doi.org/10.1023/A:1016051717120) (2002).
#
# Next: [lesson 5](../05-lasso-path/lasso_path.ipynb), where the minimum has kinks.
# Before: [lesson 3](../03-clarke-homogeneity/clarke_homogeneity.ipynb).
