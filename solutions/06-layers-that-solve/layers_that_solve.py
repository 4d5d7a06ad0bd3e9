# %% [markdown]
# # Layers that solve: differentiate what an equation defines
#
# **110 minutes in two sittings · 20 points**
#
# *You will* write layers whose output is the solution of an equation, train one on handwritten digits, and find out what may be left out of
# their backward pass.
# *You will learn* the implicit function theorem in its general form, with the transpose that lesson 4 could hide; when a few products
# replace a linear solve, and when they send you uphill; what constraints and kinks leave of a derivative.
# *You need* lesson [4](../04-implicit-argmin/implicit_argmin.ipynb). Lessons [2](../02-wasteful-module/wasteful_module.ipynb),
# [3](../03-clarke-homogeneity/clarke_homogeneity.ipynb) and [5](../05-lasso-path/lasso_path.ipynb) are met again. Terms stand in the
# [glossary](../../assets/guides/glossary.md), letters in the table below and in that [of all lessons](../../assets/guides/notation.md).
#
# **Recall**, before you begin. In lesson 5 you had two slopes of a Lasso solution: one of the program that computes it, one of the solution itself. Which of them needs
# the iterations, and which needs the active set? And what is the slope of the *value* of a minimum with respect to a parameter?
#
# <details><summary>Answer</summary>
#
# The slope of the program goes back through every iteration. The implicit slope needs only the solution and its active set, and one linear solve. The slope of the value
# needs no slope of the solution at all: differentiate the objective with respect to the parameter and leave the minimiser where it is.
#
# </details>

# %%
import math

import torch
from torch import nn

from gradlab import check, model_answer, predict, reveal
from gradlab.maths import envelope, fixed_points, graph_cost, prox, quadratic_programme, roots, simplex
from gradlab.maths.equilibrium import settle
from gradlab.maths.finite_differences import central_gradient, central_jacobian
from gradlab.explore.figures import show
from gradlab.lessons.lasso_path.course_map import COURSE_MAP_ALT, course_map
from gradlab.lessons.layers_that_solve import corner_of_the_simplex, explorers
from gradlab.lessons.layers_that_solve.digits import accuracy, digits, fit

torch.set_num_threads(1)  # for problems as small as these one thread is faster

# %% [markdown]
# | letter | means |
# |---|---|
# | $z \in \mathbb R^d$ | what a layer solves for, with entries $z_0, z_1, \dots$; in code, `z0` is the start of a search |
# | $\theta$ | what moves it, a tensor of any shape; in formulas it is laid flat |
# | $F(z, \theta) = 0$ | equations, as many as unknowns; $K = F_z$ and $F_\theta$ are the derivatives of $F$ |
# | $z = \Phi(z, \theta)$ | a fixed point; $\Phi_z$, $\Phi_\theta$ are the derivatives of $\Phi$, and $q$ is the factor by which it contracts |
# | $v$ | the gradient of a loss with respect to $z$ |
# | $u$ | the adjoint, what the linear solve gives |
#
# ## 1 · Ask how a root moves
#
# In lesson 4 a gradient had to vanish. Let any $d$ equations hold instead:
# $$F(z, \theta) = 0.$$
# Move $\theta$ by $d\theta$. The equations must go on holding, so $K\,dz + F_\theta\,d\theta = 0$, and you would like to solve for $dz$. A theorem says when you may.
#
# **Implicit function theorem.** Let $F(z, \theta) = 0$ at one point $(z, \theta)$, let $F$ be continuously differentiable near it, and let $K = F_z$ be regular
# (invertible) there.
# Then near that point the roots form the graph of one function $z(\theta)$; it is continuously differentiable, and
# $$\frac{dz}{d\theta} = -K^{-1} F_\theta .$$
#
# An argmin is the case $F = f_x$. There $K$ is a Hessian, and a Hessian is symmetric. $K$ need not be.
# A loss with gradient $v$ with respect to $z$ wants $v^\top dz/d\theta = -(v^\top K^{-1}) F_\theta$. The bracket is a row $u^\top$ with $u^\top K = v^\top$, that is
# $$K^\top u = v, \qquad v^\top \frac{dz}{d\theta} = -u^\top F_\theta .$$
#
# Try it on a small example. **Predict** whether the solve with $K^\top$ and the solve with $K$ give the same, "yes" or "no".

# %%
predict("transpose_forgotten", ...)

# %%
K = torch.tensor([[2, 1], [0, 3]], dtype=torch.float64)
Q = torch.tensor([[1, 0, 2], [-1, 1, 0]], dtype=torch.float64)  # the root of Kz − Qθ is z = K⁻¹Qθ
v = torch.tensor([1, 2], dtype=torch.float64)
print("solved with Kᵀ:", torch.linalg.solve(K.T, v) @ Q)
print("solved with K: ", torch.linalg.solve(K, v) @ Q)
reveal("transpose_forgotten")

# %% [markdown]
# They do not. The first is right: finite differences know nothing of a transpose.

# %%
central_gradient(lambda theta: v @ torch.linalg.solve(K, Q @ theta), torch.zeros(3, dtype=torch.float64))

# %% [markdown]
# The transpose is easily forgotten in a backward pass that is written by hand. The result has the right shape and a likely size, and with a symmetric $K$ it is
# even right.
#
# ### Watch two roots meet
#
# What does the hypothesis on $K$ keep out? Take one neuron that listens to itself, $F(z, \theta) = z - \tanh(wz + \theta)$. At a root $\tanh' = 1 - z^2$, so
# $K = 1 - w(1 - z^2)$ and
# $F_\theta = -(1 - z^2)$. **Predict** above which $w$ the curve of roots folds. Then walk along it with the slider.

# %%
predict("weight_of_the_fold", ...)

# %%
explorers.fold(z=0.5, w=2.0)

# %%
reveal("weight_of_the_fold")

# %% [markdown]
# With $w < 1$ every $\theta$ has one root, and $K > 0$. With $w = 2$ the curve turns at $z = \pm\sqrt{1/2}$: two branches meet there, $K = 0$, and the tangent is
# vertical.
# Beyond the fold both roots are gone. A layer that follows the upper branch jumps there, and the slope on its way grows without bound.
#
# With $w = 1$ look at $z = 0$: $K = 0$ again, but the curve does not turn. Every $\theta$ still has one root, and at $\theta = 0$ that root has no derivative.
# Where $K$ is singular, the theorem
# promises neither.
#
# So a computer has to ask whether $K$ is singular. It is never exactly so after rounding, and in other units $F$ has another size: compare the smallest singular
# value of $K$ with its largest. (A single
# equation has one singular value only, and is singular just where $K = 0$.)

# %% [markdown]
# ### Exercise 1 — Pull a loss back through a root
#
# ●●○ · 15 minutes · 4 points
#
# Write `root_vjp(F, z, theta, v)` $= v^\top dz/d\theta$ at a root `z` of shape $(d,)$, shaped like `theta` (any shape).
#
# - $K$ need not be symmetric. One linear system with $K^\top$, by any direct method; no tensor of $d \cdot |\theta|$ numbers on the way.
# - Zeros where $F$ ignores $\theta$. `z` and `theta` stay as they are.
# - `ValueError` if $K$ is singular to working precision: its smallest singular value below $d \cdot$ `eps` times its largest (`torch.finfo(z.dtype).eps`).
#
# <details><summary>Hint 1</summary>
#
# `torch.func.jacrev(F)(z, theta)` is $K$. Or: the rows of $K$ are the gradients of the entries of $F$.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `torch.linalg.svdvals(K)` are the singular values, the largest first. `torch.linalg.matrix_rank` asks just this question.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `torch.func.vjp(lambda t: F(z, t), theta)` gives the value and a function that pulls a $u$ back to $\theta$.
#
# </details>

# %% grade_id="root_vjp" points=4
def root_vjp(F, z, theta, v):
    """vᵀ dz/dθ at a root of F, shaped like theta; ValueError if K is singular to working precision."""
    ### BEGIN SOLUTION
    z, theta = z.detach(), theta.detach()
    K = torch.func.jacrev(F)(z, theta)
    sizes = torch.linalg.svdvals(K)
    if not sizes[-1] > len(z) * torch.finfo(z.dtype).eps * sizes[0]:
        raise ValueError("K is singular: two roots meet here, and none has a derivative.")
    _, pull_back = torch.func.vjp(lambda t: F(z, t), theta)
    return -pull_back(torch.linalg.solve(K.T, v))[0]
    ### END SOLUTION

# %% [markdown]
# ## 2 · Walk to a fixed point
#
# Many equations come as $z = \Phi(z, \theta)$. Lesson 5's ISTA was one: a solution of the Lasso is a point that a step of ISTA leaves where it is. To find it,
# repeat the step.
#
# **Banach's theorem.** Let $\Phi(\cdot, \theta)$ be a **contraction** of $\mathbb R^d$: one $q < 1$ with $\|\Phi(z, \theta) - \Phi(z', \theta)\| \le q \|z - z'\|$
# for all $z$, $z'$. Then there is exactly one
# fixed point, and from any start each step $z \leftarrow \Phi(z, \theta)$ brings you nearer to it, at least by the factor $q$.
#
# And when do you stop? If the **residual** is $r = \|\Phi(z, \theta) - z\|$, the fixed point is at most $r/(1-q)$ away: your distance is at most $r$ plus $q$ times
# itself.
# **Predict** how many steps a digit costs for $q = 0.9$.

# %%
predict("steps_for_a_digit", ...)

# %%
q, digit = 0.9, 0
z, target = torch.tensor(0.0, dtype=torch.float64), 10.0  # z = 0.9 z + 1
for k in range(1, 70):
    z = q * z + 1
    if target - z < 10.0 ** -digit:
        print(f"step {k:3}   error {target - z:.1e}   residual {abs(q * z + 1 - z):.1e}")
        digit += 1
reveal("steps_for_a_digit")

# %% [markdown]
# Twenty-two: $1/\log_{10}(1/q)$, rounded up. The error is ten times the residual: $1/(1-q)$. Remember both when you choose a tolerance.

# %% [markdown]
# ### Exercise 2 — Find a fixed point
#
# ●●○ · 10 minutes · 3 points
#
# Write `fixed_point(phi, z0, theta, tol=1e-10)`: a detached `z` like `z0` with $\|\Phi(z, \theta) - z\| \le$ `tol` $\cdot \max(1, \|z\|)$.
#
# - Any method. It is found from any `z0` wherever $\Phi$ contracts with $q \le 0.9$.
# - Elsewhere: a `z` that passes, or `ValueError`; also where numbers become infinite or nan.
# - `z0` and `theta` stay as they are.
#
# <details><summary>Hint 1</summary>
#
# A loop with an end, and the error after it: `for _ in range(2000): …`, `raise ValueError(…)`. Search under `torch.no_grad()`.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# nan is never `<=` anything. Ask for what you want, `if step <= …: return z`, and nan cannot pass.
#
# </details>

# %% grade_id="fixed_point" points=3
def fixed_point(phi, z0, theta, tol=1e-10):
    """Detached z with ‖φ(z, θ) − z‖ ≤ tol·max(1, ‖z‖); ValueError where none is found."""
    ### BEGIN SOLUTION
    z = z0.detach().clone()
    with torch.no_grad():
        for _ in range(5000):
            new = phi(z, theta)
            if (new - z).norm() <= tol * max(1.0, z.norm().item()):
                return z
            if not new.isfinite().all():
                break
            z = new
    raise ValueError("No fixed point was found.")
    ### END SOLUTION

# %% [markdown]
# ## 3 · Build the equilibrium layer
#
# A fixed point is a root of $F = z - \Phi(z, \theta)$, with $K = I - \Phi_z$ and $F_\theta = -\Phi_\theta$. So
# $$(I - \Phi_z)^\top u = v, \qquad v^\top \frac{dz}{d\theta} = u^\top \Phi_\theta .$$
# If $\Phi$ is continuously differentiable and contracts with factor $q$, then $\|\Phi_z\| \le q < 1$, and $I - \Phi_z$ is regular: the equilibrium of a smooth
# contraction always has its derivative.

# %% [markdown]
# ### Exercise 3 — Make the equilibrium a layer
#
# ●●● · 18 minutes · 4 points
#
# Write `equilibrium_layer(phi, z0)`. It returns a *function of theta*, which returns the fixed point:
#
# - differentiable once by autograd with respect to `theta`, not to `z0`, through one linear system with $(I - \Phi_z)^\top$ a backward pass;
# `torch.autograd.gradcheck` passes (`nondet_tol=1e-8`);
# - no graph through the iterations, nothing kept from one call to the next;
# - `ValueError`, when it is called, where no fixed point is found.
#
# For the search you may use `fixed_points.fixed_point(phi, z0, theta)`.
#
# <details><summary>Hint 1</summary>
#
# A `torch.autograd.Function` saves the fixed point and `theta` in its `ctx`; in `backward` you hold $v$, and Exercise 1 has the rest.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Without a Function: take one step with a graph, `out = phi(z, theta)` at the detached fixed point. Its backward pulls $v$ through $\Phi_\theta$.
# What has to happen to $v$ first? `out.register_hook` may do it.
#
# </details>

# %% grade_id="equilibrium_layer" points=4
def equilibrium_layer(phi, z0):
    """A function of theta that returns the fixed point, differentiable once through one linear system."""
    ### BEGIN SOLUTION
    class Equilibrium(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            z = fixed_points.fixed_point(phi, z0, theta)
            ctx.save_for_backward(z, theta)
            return z

        @staticmethod
        def backward(ctx, v):
            z, theta = ctx.saved_tensors
            K = torch.eye(len(z), dtype=z.dtype) - torch.func.jacrev(phi)(z, theta)
            _, pull_back = torch.func.vjp(lambda t: phi(z, t), theta)
            return pull_back(torch.linalg.solve(K.T, v))[0]

    return Equilibrium.apply
    ### END SOLUTION

# %% [markdown]
# Check the claim on gradlab's ready-made layer, with four neurons in a ring. Each listens to the one before it, so $\Phi_z$ is not symmetric. **Predict** what
# the layer leaves in the graph between itself and `theta`: the steps of the "search", those of the "solve", or "nothing"?

# %%
predict("left_in_the_graph", ...)

# %%
ring = lambda z, theta: torch.tanh(0.9 * z.roll(1) + theta)
layer = fixed_points.implicit_fixed_point(ring, torch.zeros(4, dtype=torch.float64))
theta = torch.tensor([0.3, -0.2, 0.5, 0.1], dtype=torch.float64, requires_grad=True)
print("gradcheck passes:", torch.autograd.gradcheck(layer, theta, nondet_tol=1e-8))
print("the graph behind it:", *(node.name() for node, _ in layer(theta).grad_fn.next_functions if node))
reveal("left_in_the_graph")

# %% [markdown]
# Nothing: the node of the layer hands its result to `AccumulateGrad`, which belongs to `theta`. The search left no graph.
#
# ## 4 · Train it on digits
#
# A **deep equilibrium model** is a network whose hidden layer is a fixed point,
# $$z = \tanh(Wz + Up + c),$$
# where $p$ are the pixels; a linear readout follows. Since $0 < \tanh' \le 1$, it contracts with factor $0.9$ if $\|W\|_2 \le 0.9$; where $W$ is larger, the class
# scales it down to that norm.
#
# The same class with a number of `steps` takes just so many from $z = 0$, and autograd unrolls them. With two steps it stands for a plain layer. All have the same
# parameters.

# %%
class Recurrent(nn.Module):
    def __init__(self, steps=None, width=64):
        super().__init__()
        self.steps, self.tol, self.W = steps, 1e-4, nn.Parameter(torch.randn(width, width) / width**0.5)
        self.U, self.readout = nn.Linear(64, width), nn.Linear(width, 10)

    def forward(self, pixels):
        W = self.W * (0.9 / torch.linalg.matrix_norm(self.W, 2)).clamp(max=1)
        pushed, z = self.U(pixels), torch.zeros(len(pixels), len(self.W))
        step = lambda z: torch.tanh(z @ W.T + pushed)
        if self.steps is None:
            return self.readout(settle(step, z, self.tol))
        for _ in range(self.steps):
            z = step(z)
        return self.readout(z)

# %% [markdown]
# `settle` is Exercise 3 for a batch: it iterates without a graph, and on the way back it solves $u = v + \Phi_z^\top u$ by the same iteration. The data are
# scikit-learn's 1797 pictures of 8×8 pixels, 497 of them held out. **Predict** whether the equilibrium
# reads "more" of these than the plain layer, "fewer", or, give or take a few pictures, "as many". Which takes longer?

# %%
predict("equilibrium_reads", ...)

# %%
data = digits()
for name, steps in (("equilibrium", None), ("plain, two steps", 2)):
    torch.manual_seed(0)
    model = Recurrent(steps)
    seconds = fit(model, data.train)
    print(f"{name:16}  held-out accuracy {accuracy(model, data.test):.3f}  seconds {seconds:.1f}")
reveal("equilibrium_reads")

# %% [markdown]
# Both read nearly all of the digits (one picture of 497 is 0.002), and the equilibrium takes several times as long. So what is it good for? Count the bytes that
# each keeps for its
# backward pass: unrolled over more and more steps, and settled to a smaller and smaller tolerance. **Predict** which bytes grow: "unrolled", "settled",
# "both" or "neither".

# %%
predict("bytes_that_grow", ...)

# %%
model, pictures = Recurrent(), data.train.pixels[:100]
print("              steps   bytes kept for backward")
for model.steps, model.tol in [(2, 0), (10, 0), (50, 0), (250, 0), (None, 1e-1), (None, 1e-3), (None, 1e-5)]:
    cost = graph_cost.graph_cost(model, pictures)
    name = "unrolled" if model.steps else f"to {model.tol:.0e}"
    print(f"{name:10} {cost.operation_counts['tanh']:>8}   {cost.saved_bytes:>10,}")
reveal("bytes_that_grow")

# %% [markdown]
# Each unrolled step keeps its own $z$. The settled layer keeps those of two steps, however many it took: one step carries the gradient on to $W$, $U$ and $c$, and
# with the other the way back
# multiplies by $\Phi_z^\top$.
#
# **Make it your own figure.** Measure `saved_bytes` for more steps and for two widths, and draw it over the steps, unrolled and settled. What do the bytes of the
# settled layer depend on?

# %%
# your figure: bytes over steps, unrolled and settled

# %% [markdown]
# *This is a good place to stop. The second sitting takes 55 minutes.*
#
# ## 5 · Do without the solve
#
# If the spectral radius $\rho$ of $\Phi_z$, the largest size of its eigenvalues, is below 1, the **Neumann series** inverts $I - \Phi_z$:
# $$(I - \Phi_z)^{-1} = I + \Phi_z + \Phi_z^2 + \dots, \qquad v^\top \frac{dz}{d\theta} = \sum_{j \ge 0} v^\top \Phi_z^j\, \Phi_\theta .$$
# Each term is the one before times $\Phi_z$ from the right: one vector-Jacobian product. Stop after $k$ terms, and the error
# is $v^\top \Phi_z^k (I - \Phi_z)^{-1} \Phi_\theta$, of order $(\rho + \varepsilon)^k$ for every $\varepsilon > 0$.

# %% [markdown]
# ### Exercise 4 — Add up some terms
#
# ●●○ · 10 minutes · 3 points
#
# Write `neumann_vjp(phi, z, theta, v, terms)` $= \sum_{j < \text{terms}} v^\top \Phi_z^j \Phi_\theta$, shaped like `theta`.
#
# - $\Phi_z$ and $\Phi_\theta$ are taken at the given `z`, which need not be a fixed point; by vector-Jacobian products only, no $d \times d$ matrix on the way.
# - Zeros where $\Phi$ ignores $\theta$; only the first term is left where it ignores $z$. `ValueError` for `terms` < 1.
#
# <details><summary>Hint 1</summary>
#
# `value, pull = torch.func.vjp(phi, z, theta)`: `pull(u)` is the pair $(u^\top \Phi_z,\ u^\top \Phi_\theta)$, as often as you like.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Collect $u = v + v^\top\Phi_z + \dots$ first, and pull it back to $\theta$ once, in the end.
#
# </details>

# %% grade_id="neumann_vjp" points=3
def neumann_vjp(phi, z, theta, v, terms):
    """Σ_{j<terms} vᵀ Φ_zʲ Φ_θ, shaped like theta; ValueError for terms < 1."""
    ### BEGIN SOLUTION
    if terms < 1:
        raise ValueError(f"The series needs at least one term, got {terms}.")
    _, pull_back = torch.func.vjp(phi, z.detach(), theta.detach())
    term = total = v
    for _ in range(terms - 1):
        term = pull_back(term)[0]
        total = total + term
    return pull_back(total)[1]
    ### END SOLUTION

# %% [markdown]
# How many terms are enough? The figure has $\Phi(z, \theta) = Wz + \theta$ in the plane. Left is the walk to the fixed point; right are the sums of terms of its
# derivative. **Predict** which of the two errors falls
# faster, that of the "walk", that of the "sums", or "neither". And what happens to both at $\rho = 1$? Then switch to the sheared matrix: the same eigenvalues, another norm.

# %%
predict("faster_of_the_two", ...)

# %%
explorers.neumann_terms(radius=0.8)

# %%
reveal("faster_of_the_two")

# %% [markdown]
# Forward and backward go at one rate, since $\Phi_z$ and its transpose have the same eigenvalues. At $\rho = 1$ neither error falls. The sheared matrix has a norm
# above 1 at $\rho = 0.8$, and its
# errors rise above 1, the error of doing nothing, before they fall: the radius says what happens *in the end*.
#
# ### Go one step, perhaps uphill
#
# Train with `terms=1` and you have the **one-step**, or Jacobian-free, gradient: no solve at all, $\Phi_\theta^\top v$. Does it point downhill?
#
# **Claim.** Let $G = \Phi_\theta \Phi_\theta^\top$ and $v \ne 0$. If $\|\Phi_z\|_2 \le q$ and $q\,\lambda_{\max}(G) < \lambda_{\min}(G)$, then the one-step
# gradient and the true one make an acute angle, and a
# small step against the one-step gradient lowers the loss.
# *Proof.* The true gradient is $\Phi_\theta^\top u$ with $v = (I - \Phi_z)^\top u$. The product of the two is $v^\top G u = u^\top (I - \Phi_z) G u \ge
# \lambda_{\min}\|u\|^2 - q\,\lambda_{\max}\|u\|^2 > 0$. ∎
#
# If $\Phi(z, \theta) = \psi(z) + \theta$, with one entry of $\theta$ for each of $z$, then $G = I$, and any contraction will do. Now let one number $\theta$ reach
# $z$ through one entry only: $z_0 = \theta$ and $z_1 = 0.9 z_0$, with the loss $z_0 - 2z_1$. **Predict** its derivative by one term, by two, and the true one.

# %%
predict("one_term_and_two", ...)

# %%
chain = lambda z, theta: torch.stack([theta, 0.9 * z[0]])  # θ → z₀ → z₁, a contraction with factor 0.9
theta, v = torch.tensor(1.0, dtype=torch.float64), torch.tensor([1.0, -2.0], dtype=torch.float64)
z = fixed_points.fixed_point(chain, torch.zeros(2, dtype=torch.float64), theta)
one, two = (fixed_points.neumann_vjp(chain, z, theta, v, terms).item() for terms in (1, 2))
print(f"one term {one:.1f}   two terms {two:.1f}   the solve {fixed_points.fixed_point_vjp(chain, z, theta, v).item():.1f}")
reveal("one_term_and_two")

# %% [markdown]
# The loss is $z_0 - 2z_1 = (1 - 1.8)\,\theta$: it falls when $\theta$ grows. One step sees $z_0$ alone and says the opposite: its gradient points uphill. Two terms
# are exact, since here $\Phi_z^2 = 0$.
# The spectral radius is even 0; what fails is the claim's other condition, for $G = \Phi_\theta \Phi_\theta^\top$ is singular.

# %% [markdown]
# ### Question — Trust one step
#
# ●●○ · 8 minutes · 2 points, marked by a person
#
# When does a step against the one-step gradient descend? Which property of $\Phi$ could make that step go uphill, and what would you measure during a training to
# find out?

# %% [markdown] grade_id="why-one-step" points=2
# ### BEGIN SOLUTION
# It descends if its product with the true gradient is positive, $v^\top G\,u > 0$ with $G = \Phi_\theta\Phi_\theta^\top$ and $v = (I - \Phi_z)^\top u$. That is
# certain if $\Phi$ contracts in the
# Euclidean norm with factor $q$ and $G$ is well-conditioned, $\lambda_{\max}/\lambda_{\min} < 1/q$; with one entry of $\theta$ added to each entry of $z$ it always
# holds.
#
# It may point uphill where $\theta$ reaches only some entries of $z$ ($G$ is singular) and the loss looks at others, which hear of $\theta$ through $\Phi_z$ with
# the opposite effect: in the chain
# the direct part is 1, the part through $z_0$ is $-1.8$. A factor $q$ near 1 makes the terms that are left out large.
#
# Measure: the cosine between `neumann_vjp` with one term and with many (or the solve) on a batch now and then; whether the loss falls along the step; $\|\Phi_z\|$.
# ### END SOLUTION

# %% [markdown]
# <details><summary>Mark yourself, when yours is written</summary>
#
# - 1 point: it descends if its product with the true gradient is positive, with a condition that makes this certain.
# - 1 point: what can turn it ($\theta$ reaches only some entries of $z$, or a factor near 1), and something to measure.
#
# </details>

# %%
model_answer("why-one-step")

# %% [markdown]
# ## 6 · Stay on the simplex
#
# Layers that solve may have constraints. Begin with the point of the simplex $\{x \ge 0,\ \sum x = 1\}$ that is nearest to $y$,
# $$x^*(y) = \operatorname{argmin}_x \tfrac12\|x - y\|^2 \quad\text{subject to}\quad x \ge 0,\ \ \textstyle\sum x = 1 .$$
# The function is convex and the constraints are linear, so $x$ is the minimum exactly where it lies in the simplex and the **Karush-Kuhn-Tucker conditions** hold,
# with a multiplier $\tau$ for the sum
# and $\mu_i \ge 0$ for the bounds:
# $$x_i - y_i + \tau - \mu_i = 0, \qquad \mu_i x_i = 0 \qquad\text{for every } i .$$
# Where $x_i > 0$, $\mu_i = 0$ and $x_i = y_i - \tau$; elsewhere $y_i - \tau = -\mu_i \le 0$. So $x^* = \max(y - \tau, 0)$, with the threshold $\tau$, the water
# level, for which the sum is 1. A soft threshold has
# its $T$ given; this one is found.
#
# **Predict** how many of three entries are positive when $y$ lies far outside: "always one", "one or two", or "always two". Then turn $y$ around the triangle.

# %%
predict("entries_far_outside", ...)

# %%
explorers.simplex_projection(angle=20)

# %%
reveal("entries_far_outside")

# %% [markdown]
# The plane falls into seven regions, one for each **active set** $\{i : y_i > \tau\}$ that is not empty: far outside one entry is positive, or two. Within a region
# the projection is affine. Between
# regions it has a kink, and there a Clarke set takes the place of the derivative as in lesson 3, now the convex hull of limits of Jacobians.

# %% [markdown]
# ### Exercise 5 — Differentiate the projection
#
# ●●○ · 12 minutes · 3 points
#
# Write `simplex_jacobian(y)`: the $(d, d)$ Jacobian of $x^*$ at `y` of shape $(d,)$, in its dtype, by any method. No entry of `y` lies within $10^{-3}$ of the
# threshold $\tau$. Entries may be equal.
#
# <details><summary>Hint 1</summary>
#
# On the active set, $x_i = y_i - \tau$, and the sum stays 1. With $n$ active entries, how does $\tau$ depend on each of them?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# To find $\tau$: with all entries active it would be $(\sum y - 1)/d$. Drop the entries that are not above it, and begin again.
#
# </details>

# %% grade_id="simplex_jacobian" points=3
def simplex_jacobian(y):
    """(d, d) Jacobian of the Euclidean projection of y onto the simplex."""
    ### BEGIN SOLUTION
    y = y.detach()
    active = torch.ones_like(y)
    for _ in range(len(y)):
        threshold = ((y * active).sum() - 1) / active.sum()
        active = active * (y > threshold)
    return torch.diag(active) - torch.outer(active, active) / active.sum()
    ### END SOLUTION

# %% [markdown]
# $J = \operatorname{diag}(s) - s s^\top/n$, with $s$ the indicator of the active set and $n$ its size: take the active entries, subtract their mean. Lesson 2 had a
# test without numbers for such
# matrices. **Predict** the largest entry of $J^2 - J$ and the trace of $J$ for $y = (0.5, 0.9, -3, 0.6)$.

# %%
predict("trace_on_the_simplex", ...)

# %%
y = torch.tensor([0.5, 0.9, -3.0, 0.6], dtype=torch.float64)
J = simplex.simplex_jacobian(y)
print("projection of y:", simplex.project_onto_simplex(y))
print(f"largest entry of J² − J: {(J @ J - J).abs().max().item():.0e}   trace of J: {J.trace().item():.0f}")
reveal("trace_on_the_simplex")

# %% [markdown]
# A projector again. Its rank is its trace, the number of active entries less one.
#
# At $y = (1, 0)$ the second entry lies *at* the threshold. **Predict** the first entry of the
# Jacobian, $\partial x_0/\partial y_0$, with the second entry of $y$ a little above 0, there, and a little below.

# %%
predict("jacobian_at_the_corner", ...)

# %%
for beside in (0.01, 0.0, -0.01):
    y = torch.tensor([1.0, beside])
    print(f"{beside:5}", torch.autograd.functional.jacobian(simplex.project_onto_simplex, y).tolist())
reveal("jacobian_at_the_corner")

# %% [markdown]
# Above, both entries are active, and $J = I - \tfrac12 s s^\top$; below, one is, and a corner does not move: $J = 0$. The Clarke set at the kink is the segment
# between these two matrices. Autograd says one
# of its ends: `relu` has slope 0 at 0.
#
# In three dimensions four regions meet at a corner. Here is lesson 3's picture of them. A Jacobian has too many entries to be drawn as a point, so look at what
# it makes of one vector $h$.

# %%
show(corner_of_the_simplex.figure(), alt=corner_of_the_simplex.ALT)

# %% [markdown]
# Four regions, four projectors, one hull. In A the projection moves as $y$ does, in B and D only along a side, in C not at all. Autograd is in the set this time,
# at C.
#
# ### Solve a quadratic programme, and differentiate it
#
# Now let $P$ be symmetric and positive definite, take any linear constraints, and let $\theta$ push:
# $$x^*(\theta) = \operatorname{argmin}_x \tfrac12 x^\top P x - \theta^\top x \quad\text{subject to}\quad Ax \le b .$$
# Find the active constraints, keep them as equations, and forget the others. With their multipliers $\nu$, what is left is a root $z = (x, \nu)$ of the conditions
# $$F(z, \theta) = \begin{pmatrix} Px - \theta + A_{\text{active}}^\top \nu \\ A_{\text{active}}\,x - b_{\text{active}} \end{pmatrix} = 0 .$$
# $K$ is regular if the active rows of $A$ are independent. And the active set must stay while $\theta$ moves a little. **Strict complementarity** sees to that:
# every active constraint has a multiplier
# $\nu > 0$. Without it $\theta$ may lie at a kink.

# %%
P = torch.tensor([[3, 1], [1, 2]], dtype=torch.float64)
A = torch.tensor([[1, 1], [-1, 0]], dtype=torch.float64)  # x₀ + x₁ ≤ 1 and x₀ ≥ −½
programme = quadratic_programme.QuadraticProgramme(P, A, torch.tensor([1.0, 0.5], dtype=torch.float64))
theta = torch.tensor([4.0, 3.0], dtype=torch.float64)
x, multipliers = quadratic_programme.solve(programme, theta)
print("x:", x)
print("multipliers:", multipliers)

# %% [markdown]
# The first constraint is active, with a positive multiplier. **Predict** the sum of $dx/d\theta_0$ over the two entries of $x$. Then compare Exercise 1's formula
# with finite differences.

# %%
predict("sum_along_the_constraint", ...)

# %%
active = multipliers > 0
conditions = quadratic_programme.active_conditions(programme, active)
z = torch.cat([x, multipliers[active]])
rows = [roots.root_vjp(conditions, z, theta, v) for v in torch.eye(3, dtype=torch.float64)[:2]]
print("by the active constraints:", torch.stack(rows), sep="\n")
print("by finite differences:", central_jacobian(lambda theta: quadratic_programme.solve(programme, theta).x, theta), sep="\n")
reveal("sum_along_the_constraint")

# %% [markdown]
# They agree, and each column sums to 0: $x$ can only move along the active constraint. The matrix $K$ of this root is symmetric, but a block of zeros stands on its
# diagonal: it is not positive
# definite, and lesson 4's Cholesky solve would refuse it.
#
# ## 7 · Ask for the value, not the place
#
# Sometimes a loss is the minimum itself, $m(\theta) = \min_x f(x, \theta)$. Then
# $$\frac{dm}{d\theta} = f_x \frac{dx^*}{d\theta} + f_\theta = f_\theta(x^*, \theta),$$
# because $f_x = 0$: no solve, no Hessian. This is the **envelope theorem**. **Danskin's theorem** does not even ask for $f_x$ or $dx^*/d\theta$: if $f$ and
# $f_\theta$ are continuous, $x$ ranges over one
# compact set, and the minimiser is unique, then $dm/d\theta = f_\theta(x^*, \theta)$.

# %% [markdown]
# ### Exercise 6 — Differentiate the value
#
# ●○○ · 4 minutes · 1 point
#
# Write `envelope_gradient(f, x, theta)`: $d/d\theta$ of $\min_x f(x, \theta)$ at the minimiser `x`, shaped like `theta` (which may have no axes); zeros where `f`
# ignores `theta`.
#
# <details><summary>Hint 1</summary>
#
# Differentiate $f$ with respect to $\theta$, with $x$ held fixed.
#
# </details>

# %% grade_id="envelope_gradient" points=1
def envelope_gradient(f, x, theta):
    """d/dθ of min_x f(x, θ), shaped like theta, at the minimiser x."""
    ### BEGIN SOLUTION
    return torch.func.grad(f, argnums=1)(x.detach(), theta.detach())
    ### END SOLUTION

# %% [markdown]
# Lesson 5 met the soft threshold as the *place* of a minimum, $f_T(y) = \operatorname{argmin}_x \tfrac12(x-y)^2 + T|x|$. Its *value* is the **Moreau envelope** of
# $T|x|$. **Predict** its slope at $y = \tfrac12$ and at $y = 2$, for $T = 1$, before you
# move the slider.

# %%
predict("slope_of_moreau", ...)

# %%
explorers.moreau(y=2.0, T=1.0)

# %%
reveal("slope_of_moreau")

# %% [markdown]
# It is **Huber's function**: a parabola inside $[-T, T]$, straight lines outside. Its slope is $f_\theta$ with $\theta = y$, namely $y - x^* = y - f_T(y) =
# \operatorname{clamp}(y, -T, T)$. Danskin's theorem holds, since
# $x^*$ stays between 0 and $y$. The place has kinks; the value is continuously differentiable everywhere. Compare it with torch's own Huber loss.

# %%
y, T = torch.linspace(-3, 3, 13, dtype=torch.float64, requires_grad=True), 1.5
value = envelope.moreau_envelope(y, T)
(slope,) = torch.autograd.grad(value.sum(), y)
huber = nn.functional.huber_loss(y, 0 * y, reduction="none", delta=T)
print(f"largest distance of the values from Huber's function: {(value - huber).abs().max().item():.0e}")
print(f"largest distance of the slopes from the clamp: {(slope - y.clamp(-T, T)).abs().max().item():.0e}")

# %% [markdown]
# ## 8 · See where it ends
#
# Each hypothesis can fail. Here is a root at a fold, a map without a fixed point, one that does not contract, and a Neumann series at a spectral radius
# above 1. **Predict** how many of the four say so. Which do?

# %%
predict("failures_told", ...)

# %%
one = torch.ones(1, dtype=torch.float64)
failures = {
    "at a fold": lambda: roots.root_vjp(lambda z, t: z**2 - t, 0 * one, 0 * one, one),
    "no fixed point": lambda: fixed_points.fixed_point(lambda z, t: z + 1, one, one),
    "not a contraction": lambda: fixed_points.fixed_point(lambda z, t: t - 2 * z, one, one),
    "radius above 1": lambda: fixed_points.neumann_vjp(lambda z, t: t - 2 * z, one / 3, one, one, 20),
}
for name, call in failures.items():
    try:
        print(f"{name:18}", call().tolist())
    except ValueError as error:
        print(f"{name:18}", error)
reveal("failures_told")

# %% [markdown]
# Three do. The last one says nothing: the fixed point $\theta/3$ has derivative $1/3$, and twenty terms of a series that diverges gave $-349525$. Neumann sums do
# not test themselves: look whether the last
# term is small.
#
# ## What you have seen
#
# - A root moves by $-K^{-1}F_\theta\,d\theta$ where $K$ is regular. One solve with $K^\top$ pulls a loss back; at a fold there is no derivative.
# - Fixed points, minima, projections and quadratic programmes are roots. Their derivative needs the equation, and not the way in which it was solved.
# - A few Neumann terms replace the solve at the rate of the spectral radius; one term descends under a condition that you can check.
# - The derivative of a value is cheaper than that of its place.
#
# | what is solved | equation | solve with | fails |
# |---|---|---|---|
# | root | $F = 0$ | $F_z^\top$ | where two roots meet |
# | minimum (lesson 4) | $f_x = 0$ | $f_{xx}$ | flat, falling |
# | fixed point | $z = \Phi$ | $(I - \Phi_z)^\top$ | eigenvalue 1 |
# | projection, programme | KKT | active set | multiplier 0: a kink |
# | value | – | nothing | two minimisers |
#
# The map of lesson 5 has gained its fifth corner.

# %%
show(course_map(), alt=COURSE_MAP_ALT)

# %% [markdown]
# **Where this fails.** A network whose $\Phi$ does not contract may have no fixed point, or several, and then the start of the search chooses one. Nothing keeps
# $\Phi_z$ small while such a network learns, and both passes may
# slow down; Bai, Koltun and Kolter (2021) add a penalty on it. At a kink a program has a value and a function has a set: read lesson 3 again.
#
# **Further reading.** Krantz and Parks, [*The Implicit Function Theorem*](https://doi.org/10.1007/978-1-4614-5981-1) (2002). Bai, Kolter and Koltun, [*Deep
# Equilibrium Models*](https://arxiv.org/abs/1909.01377) (2019). Bai, Koltun and Kolter, [*Stabilizing Equilibrium Models by Jacobian
# Regularization*](https://arxiv.org/abs/2106.14342) (2021). Fung and others,
# [*JFB: Jacobian-Free Backpropagation for Implicit Networks*](https://arxiv.org/abs/2103.12803) (2022). Amos and Kolter,
# [*OptNet*](https://arxiv.org/abs/1703.00443) (2017). Blondel and others,
# [*Efficient and Modular Implicit Differentiation*](https://arxiv.org/abs/2105.15183) (2022). Danskin, [*The Theory of Max-Min, with
# Applications*](https://doi.org/10.1137/0114053) (1966). Huber,
# [*Robust Estimation of a Location Parameter*](https://doi.org/10.1214/aoms/1177703732) (1964).
#
# This was the last lesson; before it came [lesson 5](../05-lasso-path/lasso_path.ipynb). One sentence to take along, once more: autograd differentiates the program you wrote, not the function you meant. Now you can write the
# layer that differentiates the function.
