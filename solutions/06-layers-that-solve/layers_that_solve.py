# %% [markdown]
# # Layers that solve: differentiate what an equation defines
#
# **110 minutes in two sittings · 20 points**
#
# *You will* write layers whose output is the solution of an equation, train one on handwritten digits, and find out what may be left out of
# their backward pass.
# *You will learn* the implicit function theorem in its general form, with the transpose that lesson 4 could hide; when a few products
# replace a linear solve, and when they send you uphill; what constraints and kinks leave of a derivative.
# *You need* lesson 4. Lessons 2, 3 and 5 are met again.

# %%
import math

import torch
import torch.nn.functional as F
from torch import nn

from gradlab import check
from gradlab.maths import envelope, fixed_points, graph_cost, prox, quadratic_programme, roots, simplex
from gradlab.maths.equilibrium import settle
from gradlab.maths.finite_differences import central_gradient, central_jacobian
from gradlab.explore.figures import show
from gradlab.lessons.lasso_path.course_map import COURSE_MAP_ALT, course_map
from gradlab.lessons.layers_that_solve import explorers
from gradlab.lessons.layers_that_solve.digits import accuracy, digits, fit

torch.set_num_threads(1)  # for problems as small as these one thread is faster

# %% [markdown]
# | letter | means |
# |---|---|
# | $z \in \mathbb R^d$ | what a layer solves for; $v$ is the gradient of a loss in $z$ |
# | $\theta$ | what moves it, a tensor of any shape |
# | $F(z, \theta) = 0$ | equations, as many as unknowns; $K = F_z$ is their derivative in $z$ |
# | $z = \Phi(z, \theta)$ | a fixed point; $\Phi_z$, $\Phi_\theta$ are the derivatives of $\Phi$ |
# | $u$ | the adjoint, what the linear solve gives |
#
# ## 1 · Ask how a root moves
#
# In lesson 4 a gradient had to vanish. Let any $d$ equations hold instead:
# $$F(z, \theta) = 0.$$
# Move $\theta$ by $d\theta$. The equations must go on holding, so $K\,dz + F_\theta\,d\theta = 0$. That is allowed to be divided by $K$ because of the
#
# **Implicit function theorem.** Let $F$ be continuously differentiable near $(z_0, \theta_0)$ with $F(z_0, \theta_0) = 0$, and let $K = F_z(z_0, \theta_0)$ be regular.
# Then near $(z_0, \theta_0)$ the roots form the graph of one function $z(\theta)$; it is continuously differentiable, and
# $$\frac{dz}{d\theta} = -K^{-1} F_\theta .$$
#
# An argmin is the case $F = f_x$. There $K$ is a Hessian, and a Hessian is symmetric. $K$ need not be.
# A loss with gradient $v$ in $z$ wants $v^\top dz/d\theta = -(v^\top K^{-1}) F_\theta$. The bracket is a row $u^\top$ with $u^\top K = v^\top$, that is
# $$K^\top u = v, \qquad v^\top \frac{dz}{d\theta} = -u^\top F_\theta .$$
#
# Try it on the smallest example. **Predict** whether the two lines agree.

# %%
K = torch.tensor([[2, 1], [0, 3]], dtype=torch.float64)
Q = torch.tensor([[1, 0, 2], [-1, 1, 0]], dtype=torch.float64)  # the root of Kz − Qθ is z = K⁻¹Qθ
v = torch.tensor([1, 2], dtype=torch.float64)
torch.linalg.solve(K.T, v) @ Q, torch.linalg.solve(K, v) @ Q

# %% [markdown]
# They do not. The first is right; check it without any formula.

# %%
central_gradient(lambda theta: v @ torch.linalg.solve(K, Q @ theta), torch.zeros(3, dtype=torch.float64))

# %% [markdown]
# The forgotten transpose is the most frequent mistake in hand-written backward passes. It gives a number of the right shape and size, and with a symmetric $K$ it is not
# even wrong.
#
# ### Watch two roots meet
#
# What does the theorem's hypothesis keep out? One neuron that listens to itself, $F(z, \theta) = z - \tanh(wz + \theta)$, has $K = 1 - w(1 - z^2)$. **Predict**
# for which $w$ the curve of roots folds. Then walk along it with the slider.

# %%
explorers.fold(z=0.5, w=2.0)

# %% [markdown]
# With $w \le 1$ every $\theta$ has one root. With $w = 2$ the curve turns at $z = \pm\sqrt{1/2}$: two branches meet there, $K = 0$, and the tangent is vertical.
# Beyond the fold both roots are gone. A layer that follows the upper branch jumps, and no derivative says so beforehand; what gives warning is a small $K$.
# Small compared with what? With its own largest singular value.

# %% [markdown]
# ### Exercise 1 — Pull a loss back through a root
#
# ●●○ · 15 minutes · 4 points
#
# Write `root_vjp(F, z, theta, v)` $= v^\top dz/d\theta$ at a root `z` of shape $(d,)$, shaped like `theta` (any shape).
#
# - One linear system with $K^\top$, by any direct method; no tensor of $d \cdot |\theta|$ numbers on the way.
# - Zeros where $F$ ignores $\theta$. `z` and `theta` stay as they are.
# - `ValueError` if $K$ is singular to working precision: its smallest singular value below $d \cdot$ `eps` times its largest.
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
# Many equations come as $z = \Phi(z, \theta)$. Lesson 5's ISTA was one: the Lasso's solution is the point that a step of ISTA leaves where it is. To find it, repeat the step.
#
# **Banach's theorem.** If $\|\Phi(a, \theta) - \Phi(b, \theta)\| \le q \|a - b\|$ for all $a$, $b$ with one $q < 1$, then there is exactly one fixed point, and from any start
# $z \leftarrow \Phi(z, \theta)$ comes nearer to it by the factor $q$ a step.
#
# And when you stop? With residual $r = \|\Phi(z, \theta) - z\|$ the fixed point is at most $r/(1-q)$ away. **Predict** how many steps a digit costs for $q = 0.9$.

# %%
q, digit = 0.9, 0
z, target = torch.tensor(0.0, dtype=torch.float64), 10.0  # z = 0.9 z + 1
for k in range(1, 70):
    z = q * z + 1
    if target - z < 10.0 ** -digit:
        print(f"step {k:3}   error {target - z:.1e}   residual {abs(q * z + 1 - z):.1e}")
        digit += 1

# %% [markdown]
# Twenty-two, $1/\log_{10}(1/q)$. The error is ten times the residual, $1/(1-q)$. Remember both when you choose a tolerance.

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
    z, theta = z0.detach(), theta.detach()
    for _ in range(5000):
        new = phi(z, theta)
        if not new.isfinite().all():
            break
        if (new - z).norm() <= tol * max(1.0, z.norm().item()):
            return new if (phi(new, theta) - new).norm() <= tol * max(1.0, new.norm().item()) else z
        z = new
    raise ValueError("No fixed point was found.")
    ### END SOLUTION

# %% [markdown]
# ## 3 · Build the equilibrium layer
#
# A fixed point is a root of $F = z - \Phi(z, \theta)$, with $K = I - \Phi_z$ and $F_\theta = -\Phi_\theta$. So
# $$(I - \Phi_z)^\top u = v, \qquad v^\top \frac{dz}{d\theta} = u^\top \Phi_\theta .$$
# If $\Phi$ contracts with factor $q$, then $\|\Phi_z\| \le q < 1$, and $I - \Phi_z$ is regular: an equilibrium of a contraction always has its derivative.

# %% [markdown]
# ### Exercise 3 — Make the equilibrium a layer
#
# ●●● · 18 minutes · 4 points
#
# Write `equilibrium_layer(phi, z0)`. It returns a *function of theta*, which returns the fixed point:
#
# - differentiable once by autograd in `theta`, not in `z0`, through one linear system with $(I - \Phi_z)^\top$ a backward pass; `torch.autograd.gradcheck` passes (`nondet_tol=1e-8`);
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
# The claim for the ready-made layer, on four neurons in a ring. Each listens to the one before it, so $\Phi_z$ is as far from symmetric as it can be.

# %%
ring = lambda z, theta: torch.tanh(0.9 * z.roll(1) + theta)
layer = fixed_points.implicit_fixed_point(ring, torch.zeros(4, dtype=torch.float64))
theta = torch.tensor([0.3, -0.2, 0.5, 0.1], dtype=torch.float64, requires_grad=True)
torch.autograd.gradcheck(layer, theta, nondet_tol=1e-8), layer(theta).grad_fn.next_functions

# %% [markdown]
# ## 4 · Train it on digits
#
# A **deep equilibrium model** is a network whose hidden layer is a fixed point,
# $$z = \tanh(Wz + Ux + c),$$
# with a linear readout. Since $|\tanh'| \le 1$, it contracts if $\|W\|_2 \le 0.9$; dividing $W$ by its norm sees to that. The same class without the search takes
# a fixed number of steps from 0: as a plain layer two, for comparison any number. All have the same parameters.

# %%
class Recurrent(nn.Module):
    def __init__(self, steps=None, width=64):
        super().__init__()
        self.steps, self.W = steps, nn.Parameter(torch.randn(width, width) / width**0.5)
        self.U, self.readout = nn.Linear(64, width), nn.Linear(width, 10)

    def forward(self, x):
        W = self.W * (0.9 / torch.linalg.matrix_norm(self.W, 2)).clamp(max=1)
        pushed, z = self.U(x), torch.zeros(len(x), len(self.W))
        step = lambda z: torch.tanh(z @ W.T + pushed)
        if self.steps is None:
            return self.readout(settle(step, z))
        for _ in range(self.steps):
            z = step(z)
        return self.readout(z)

# %% [markdown]
# `settle` is Exercise 3 for a batch: it iterates without a graph, and on the way back it solves $u = v + \Phi_z^\top u$ by the same iteration. The data are
# scikit-learn's 1797 pictures of 8×8 pixels, 497 of them held out. **Predict** the accuracy of each, and which takes longer.

# %%
data = digits()
for name, steps in (("equilibrium", None), ("plain, two steps", 2)):
    torch.manual_seed(0)
    model = Recurrent(steps)
    seconds = fit(model, data.train)
    print(f"{name:16}  held-out accuracy {accuracy(model, data.test):.3f}  seconds {seconds:.1f}")

# %% [markdown]
# Both read nearly all of the digits, and the equilibrium takes its time. So why bother? **Predict** the bytes that each keeps for its backward pass.

# %%
model, (pictures, _) = Recurrent(), data.train
print(" steps   bytes kept for backward")
for model.steps in (2, 10, 50, 250, None):
    kept = graph_cost.graph_cost(model, pictures[:100]).saved_bytes
    print(f"{model.steps or 'settled':>7}   {kept:>10,}")

# %% [markdown]
# Each unrolled step keeps its own $z$. The settled layer keeps two: one step carries $v$ to the weights, the other is multiplied by on the way back. However long it
# walked, that is all. What is out of reach unrolled may fit so.
#
# **Make it your own figure.** Measure `kept` for more steps, for two widths, and draw it with the settled layer beside it. What does the settled line depend on?

# %%
# your figure: bytes over steps, unrolled and settled

# %% [markdown]
# *This is a good place to stop. The second sitting takes 55 minutes.*
#
# ## 5 · Do without the solve
#
# If the spectral radius $\rho$ of $\Phi_z$ is below 1, its **Neumann series** inverts the matrix:
# $$(I - \Phi_z)^{-1} = I + \Phi_z + \Phi_z^2 + \dots, \qquad v^\top \frac{dz}{d\theta} = \sum_{j \ge 0} v^\top \Phi_z^j\, \Phi_\theta .$$
# Each term is the one before times $\Phi_z$ from the right: one vector-Jacobian product. Stop after $k$ terms, and the error is of order $r^k$ for every $r > \rho$.

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
# How many terms are enough? Left, the walk to the fixed point; right, the terms of its derivative. **Predict** what the slopes have in common, and what happens to
# both at $\rho = 1$. Then switch to the sheared matrix: the same eigenvalues, another norm.

# %%
explorers.neumann_terms(radius=0.8)

# %% [markdown]
# Forward and backward go at one rate, $\rho$, as if they were one computation; they are, $\Phi_z$ and its transpose have the same eigenvalues. The sheared matrix has a norm
# above 1, and its errors grow before they fall: the radius says what happens *in the end*.
#
# ### Go one step, perhaps uphill
#
# Train with `terms=1` and you have the **one-step**, or Jacobian-free, gradient: no solve at all, $\Phi_\theta^\top v$. Does it point downhill?
#
# **Claim.** Let $A = \Phi_\theta \Phi_\theta^\top$. If $\|\Phi_z\|_2 \le q$ and $q\,\lambda_{\max}(A) < \lambda_{\min}(A)$, then the one-step gradient and the true one make an acute angle.
# *Proof.* With $v = (I - \Phi_z)^\top u$ their product is $u^\top (I - \Phi_z) A u \ge \lambda_{\min}\|u\|^2 - q\,\lambda_{\max}\|u\|^2 > 0$. ∎
#
# If $\theta$ is added to $z$ in every entry, then $A = I$, and any contraction will do. Now let it reach $z$ through one entry only. **Predict** the signs.

# %%
chain = lambda z, theta: torch.stack([theta, 0.9 * z[0]])  # θ → z₀ → z₁, a contraction with factor 0.9
theta, v = torch.tensor(1.0, dtype=torch.float64), torch.tensor([1.0, -2.0], dtype=torch.float64)
z = fixed_points.fixed_point(chain, torch.zeros(2, dtype=torch.float64), theta)
one, two = (fixed_points.neumann_vjp(chain, z, theta, v, terms).item() for terms in (1, 2))
one, two, fixed_points.fixed_point_vjp(chain, z, theta, v).item()

# %% [markdown]
# The loss is $z_0 - 2z_1 = (1 - 1.8)\,\theta$: it falls when $\theta$ grows. One step sees $z_0$ alone and says the opposite. Two terms are exact, since here $\Phi_z^2 = 0$; the spectral radius is 0,
# and did not help.

# %% [markdown]
# ### Question — Trust one step
#
# ●●○ · 8 minutes · 2 points, marked by a person
#
# When is the one-step gradient a descent direction? Which property of $\Phi$ would make it point uphill, and what would you measure during a training to find out?

# %% [markdown] grade_id="why-one-step" points=2
# ### BEGIN SOLUTION
# It descends if its product with the true gradient is positive, $v^\top A\,u > 0$ with $A = \Phi_\theta\Phi_\theta^\top$ and $v = (I - \Phi_z)^\top u$. That is certain if $\Phi$ contracts in the
# Euclidean norm with factor $q$ and $A$ is well-conditioned, $\lambda_{\max}/\lambda_{\min} < 1/q$; with $\theta$ added to every entry of $z$ it always holds.
#
# It may point uphill where $\theta$ reaches only some entries of $z$ ($A$ is singular) and the loss looks at others, which hear of $\theta$ through $\Phi_z$ with the opposite effect: in the chain
# the direct part is 1, the part through $z_0$ is $-1.8$. A factor $q$ near 1 makes the terms that are left out large.
#
# Measure: the cosine between `neumann_vjp` with one term and with many (or the solve) on a batch now and then; whether the loss falls along the step; $\|\Phi_z\|$.
# ### END SOLUTION

# %% [markdown]
# ## 6 · Stay on the simplex
#
# Layers that solve may have constraints. The smallest useful one: the point of the simplex $\{x \ge 0,\ \sum x = 1\}$ nearest to $y$,
# $$x^*(y) = \operatorname{argmin}_x \tfrac12\|x - y\|^2 \quad\text{subject to}\quad x \ge 0,\ \ \textstyle\sum x = 1 .$$
# At the minimum the **Karush-Kuhn-Tucker conditions** hold, with a multiplier $\tau$ for the sum and $\mu \ge 0$ for the bounds:
# $$x - y + \tau - \mu = 0, \qquad \mu_i x_i = 0 \text{ for every } i .$$
# Where $x_i > 0$, $\mu_i = 0$ and $x_i = y_i - \tau$; elsewhere $y_i \le \tau$. So $x^* = \max(y - \tau, 0)$, with the water level $\tau$ for which the sum is 1. Compare: a soft threshold has its $T$ given, this
# one finds it.
#
# **Predict** how many of three entries are positive when $y$ lies far outside. Then turn $y$ around the triangle.

# %%
explorers.simplex_projection(angle=20)

# %% [markdown]
# The plane falls into seven regions, one for each **active set** $\{i : y_i > \tau\}$ that is not empty. Within a region the projection is linear; between regions it has a kink, and there the Clarke
# set of lesson 3 takes the place of the derivative.

# %% [markdown]
# ### Exercise 5 — Differentiate the projection
#
# ●●○ · 12 minutes · 3 points
#
# Write `simplex_jacobian(y)`: the $(d, d)$ Jacobian of $x^*$ at `y` of shape $(d,)$, in its dtype, where no entry of `y` lies at the threshold. Entries may be equal. Any method.
#
# <details><summary>Hint 1</summary>
#
# On the active set, $x_i = y_i - \tau$, and the sum stays 1. With $k$ active entries, how does $\tau$ depend on each of them?
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
# $J = \operatorname{diag}(s) - s s^\top/k$, with $s$ the indicator of the active set: take the active entries, subtract their mean. Lesson 2 had a test without numbers for such matrices. **Predict** what $J^2 - J$ and the
# trace are.

# %%
y = torch.tensor([0.5, 0.9, -3.0, 0.6], dtype=torch.float64)
J = simplex.simplex_jacobian(y)
(J @ J - J).abs().max().item(), J.trace().item(), simplex.project_onto_simplex(y)

# %% [markdown]
# A projector again: its rank is the number of active entries less one.
#
# At $y = (1, 0)$ the second entry lies *at* the threshold. **Predict** the Jacobian a little above, there, and a little below.

# %%
for beside in (0.01, 0.0, -0.01):
    y = torch.tensor([1.0, beside])
    print(f"{beside:5}", torch.autograd.functional.jacobian(simplex.project_onto_simplex, y).tolist())

# %% [markdown]
# Half a difference on one side, nothing on the other; the Clarke set at the kink is the segment between the two matrices. Autograd says one of its ends, because of
# how the projection was spelled.
#
# ### Solve a quadratic programme, and differentiate it
#
# The same with any constraints $Ax \le b$: find the active ones, keep them as equations, forget the others. What is left is a root, of the conditions
# $$F\bigl((x, \nu), q\bigr) = \begin{pmatrix} Px - q + A_{\text{active}}^\top \nu \\ A_{\text{active}}\,x - b_{\text{active}} \end{pmatrix} = 0 .$$
# It needs **strict complementarity**: every active constraint has a multiplier $\nu > 0$. Otherwise the active set changes with the next breath, and $q$ is at a kink.

# %%
P = torch.tensor([[3, 1], [1, 2]], dtype=torch.float64)
A = torch.tensor([[1, 1], [-1, 0]], dtype=torch.float64)  # x₀ + x₁ ≤ 1 and x₀ ≥ −½
programme = quadratic_programme.QuadraticProgramme(P, A, torch.tensor([1.0, 0.5], dtype=torch.float64))
q = torch.tensor([4.0, 3.0], dtype=torch.float64)
x, multipliers = quadratic_programme.solve(programme, q)
x, multipliers

# %% [markdown]
# One constraint is active. **Predict** the sum of $dx/dq_0$ over its two entries, then compare Exercise 1's formula with finite differences.

# %%
active = multipliers > 0
conditions = quadratic_programme.active_conditions(programme, active)
z = torch.cat([x, multipliers[active]])
rows = [roots.root_vjp(conditions, z, q, e) for e in torch.eye(3, dtype=torch.float64)[:2]]
torch.stack(rows), central_jacobian(lambda q: quadratic_programme.solve(programme, q).x, q)

# %% [markdown]
# They agree, and each column sums to 0: $x$ can only move along the active constraint. The matrix $K$ of this root is symmetric, and far from positive definite.
#
# ## 7 · Ask for the value, not the place
#
# Sometimes a loss is the minimum itself, $m(\theta) = \min_x f(x, \theta)$. Then
# $$\frac{dm}{d\theta} = f_x \frac{dx^*}{d\theta} + f_\theta = f_\theta(x^*, \theta),$$
# because $f_x = 0$: no solve, no Hessian. **Danskin's theorem** does not even ask for $dx^*/d\theta$: if $f$ and $f_\theta$ are continuous, $x$ ranges over a compact set, and the minimiser is unique, this holds.

# %% [markdown]
# ### Exercise 6 — Differentiate the value
#
# ●○○ · 4 minutes · 1 point
#
# Write `envelope_gradient(f, x, theta)`: $d/d\theta$ of $\min_x f(x, \theta)$ at the minimiser `x`, shaped like `theta` (which may have no axes); zeros where `f` ignores `theta`.
#
# <details><summary>Hint 1</summary>
#
# Differentiate $f$ in $\theta$ with $x$ held fixed. That is all.
#
# </details>

# %% grade_id="envelope_gradient" points=1
def envelope_gradient(f, x, theta):
    """d/dθ of min_x f(x, θ), shaped like theta, at the minimiser x."""
    ### BEGIN SOLUTION
    return torch.func.grad(f, argnums=1)(x.detach(), theta.detach())
    ### END SOLUTION

# %% [markdown]
# Lesson 5 met the soft threshold as the *place* of a minimum, $f_T(y) = \operatorname{argmin}_x \tfrac12(x-y)^2 + T|x|$. Its *value* is the **Moreau envelope** of $T|x|$. **Predict** its slope at $y$ before you move the slider.

# %%
explorers.moreau(y=2.0, T=1.0)

# %% [markdown]
# It is **Huber's function**: a parabola inside, straight lines outside. Its slope is $f_\theta$ with $\theta = y$, namely $y - x^* = y - f_T(y) = \operatorname{clamp}(y, -T, T)$. The place has kinks; the value is smooth, and robust statistics has used it since 1964.

# %%
y = torch.linspace(-3, 3, 13, dtype=torch.float64, requires_grad=True)
value = envelope.moreau_envelope(y, 1.0)
(slope,) = torch.autograd.grad(value.sum(), y)
(value - F.huber_loss(y, 0 * y, reduction="none")).abs().max().item(), (slope - y.clamp(-1, 1)).abs().max().item()

# %% [markdown]
# ## 8 · See where it ends
#
# Each hypothesis can fail, and each failure has a face. **Predict** what each line says.

# %%
u = torch.ones(1, dtype=torch.float64)
failures = {
    "at a fold": lambda: roots.root_vjp(lambda z, t: z**2 - t, 0 * u, 0 * u, u),
    "no fixed point": lambda: fixed_points.fixed_point(lambda z, t: z + 1, u, u),
    "not a contraction": lambda: fixed_points.fixed_point(lambda z, t: t - 2 * z, u, u),
    "radius above 1": lambda: fixed_points.neumann_vjp(lambda z, t: t - 2 * z, u / 3, u, u, 20),
}
for name, call in failures.items():
    try:
        print(f"{name:18}", call().tolist())
    except ValueError as error:
        print(f"{name:18}", error)

# %% [markdown]
# The last one says nothing: the fixed point $\theta/3$ has derivative $1/3$, and twenty terms of a series that diverges gave $-349525$. A method without a test is a method that you test yourself.
#
# ## What you have seen
#
# - A root moves by $-K^{-1}F_\theta$ where $K$ is regular. One solve with $K^\top$ pulls a loss back; at a fold there is nothing to pull.
# - Fixed points, minima, projections and quadratic programmes are roots. What they need is an equation, not the way in which it was solved.
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
# **Where this fails.** A network whose $\Phi$ does not contract may have no fixed point, or several, and the search chooses. In training, the norm of $\Phi_z$ tends to creep up, and both passes slow down. At a kink a program has a value and a
# function has a set: lesson 3 goes on from there.
#
# **Further reading.** Krantz and Parks, [*The Implicit Function Theorem*](https://doi.org/10.1007/978-1-4614-5981-1) (2002). Bai, Kolter and Koltun, [*Deep Equilibrium Models*](https://arxiv.org/abs/1909.01377) (2019). Fung and others,
# [*JFB: Jacobian-Free Backpropagation for Implicit Networks*](https://arxiv.org/abs/2103.12803) (2022). Amos and Kolter, [*OptNet*](https://arxiv.org/abs/1703.00443) (2017). Blondel and others,
# [*Efficient and Modular Implicit Differentiation*](https://arxiv.org/abs/2105.15183) (2022). Danskin, [*The Theory of Max-Min, with Applications*](https://doi.org/10.1137/0114053) (1966).
#
# This was the last lesson. One sentence to take along, once more: autograd differentiates the program you wrote, not the function you meant. Now you can write the layer that differentiates the function.
