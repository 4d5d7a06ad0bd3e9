# %% [markdown]
# # The wasteful module: convict a published gradient
#
# **75 minutes · 20 points**
#
# *You will* build the same function twice, once with 20 000 useless matrix products, differentiate both, and find out that the
# published solution of this homework reports a gradient that is wrong in every digit.
# *You will learn* how a graph gets cut without a sound, what `None`, zero and $10^{-9}$ mean where a gradient should be 0,
# how round-off grows along a chain, and how to test a result without knowing it.
# *You need* lessons 0 and 1, matrix products, and the idea of an inverse.

# %%
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from gradlab import check
from gradlab.maths.chains import CHAINS
from gradlab.lessons.wasteful_module import chain_timing, explorers
from gradlab.explore.figures import show
from gradlab.maths.finite_differences import central_gradient
from gradlab.lessons.wasteful_module.functions import Efficient, Published, Wasteful
from gradlab.maths.graph_cost import graph_cost
from gradlab.maths.matrices import create_symmetric_invertible_matrix
from gradlab.maths.module_gradients import reported_gradients

# %% [markdown]
# ## 1 · Read the homework
#
# A university course asked its students for a module that computes
# $$g_T(x, A; M) = M^{-1} f_T\bigl((A^{-1}A)^n M x\bigr), \qquad n = 10\,000,$$
# where $f_T$ is the soft threshold of lesson 1. Multiply $x$ by $M$, then ten thousand times by $A$ and back, threshold, undo $M$.
# Here are its matrices: symmetric, positive definite, 5 × 5.
#
# **Predict** from $Mx$ which entries the threshold $T = 3.14$ sets to zero. Then run.

# %%
T = 3.14
M = create_symmetric_invertible_matrix(5)
A = create_symmetric_invertible_matrix(5, seed=10)
x = torch.tensor([0.1, 5.0, -2.3, -1.0, -2.0], dtype=torch.float64)
M @ x, torch.linalg.cond(A)

# %% [markdown]
# Entry 0, and no other. (The homework says $T = 3.14$ in its text, 3.14159 in its code and 3 in a caption. In its plot the
# three look the same; in $g$ they differ in the fourth digit. Pin your parameters.)
#
# ## 2 · Build the wasteful module
#
# On paper $A^{-1}A = I$, so all the work is for nothing. That is the point: you know the answer, and can watch what autograd
# makes of the program.

# %% [markdown]
# ### Exercise 1 — Do the work, n times
#
# ●●○ · 12 minutes · 4 points
#
# Write the module. `WastefulMatmulSofttMatmulinv(T, M, n=10000)` makes `M` a `Parameter` (call it `self.M`); `T` is a number
# or a tensor without axes. `forward(x, A)`, with `x` of shape $(d,)$ and `A`, `M` symmetric positive definite of shape $(d, d)$,
# returns $g$ of shape $(d,)$ in the dtype of `x`, right to $10^{-9}$ in float64.
#
# - It really multiplies by $A$ and by $A^{-1}$, $n$ times each, in turn; either may come first. The inverse may be made once, in each
#   round, or be replaced by a solve. A product $A^{-1}A$ that is multiplied out before the loop, or a `matrix_power`, is not enough.
# - The graph stays intact: $\nabla A$ comes out tiny, but neither `None` nor exactly 0.
#
# <details><summary>Hint 1</summary>
#
# `super().__init__()` comes before `nn.Parameter(M)`. In `forward` begin with the vector $Mx$ and let it run through the loop.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# A threshold for a whole vector: `torch.sign(v) * torch.relu(v.abs() - T)`, or any of the nine spellings of lesson 1. No
# Python `if`, no list, no new tensor made from numbers.
#
# </details>
#
# <details><summary>I get “cannot assign parameters before Module.__init__() call”</summary>
#
# The first line of `__init__` must be `super().__init__()`.
#
# </details>

# %% grade_id="WastefulMatmulSofttMatmulinv" points=4
class WastefulMatmulSofttMatmulinv(nn.Module):
    """g = M⁻¹ f_T((A⁻¹A)ⁿ M x), every factor applied; M is a Parameter."""

    def __init__(self, T, M, n=10000):
        super().__init__()
        ### BEGIN SOLUTION
        self.T, self.n = T, n
        self.M = nn.Parameter(M.detach().clone())
        ### END SOLUTION

    def forward(self, x, A):
        ### BEGIN SOLUTION
        vector, inverse = self.M @ x, torch.linalg.inv(A)
        for _ in range(self.n):
            vector = inverse @ (A @ vector)
        shrunk = torch.relu(vector - self.T) - torch.relu(-vector - self.T)
        return torch.linalg.solve(self.M, shrunk)
        ### END SOLUTION

# %% [markdown]
# From here on the text uses a ready-made `Wasteful`, so that you can read on. The homework printed
# $g = (-0.6328, 6.8930, -0.5180, 1.2438, -0.6816)$.

# %%
g = Wasteful(T, M, n=100)(x, A).detach()
g

# %% [markdown]
# ## 3 · Build the efficient module
#
# ### Exercise 2 — Do none of it
#
# ●○○ · 6 minutes · 3 points
#
# Write `EfficientMatmulSofttMatmulinv(T, M)` with `forward(x, A)`: the same value to $10^{-9}$, a graph of fewer than 60 nodes, and
# **no inverse**. A solve with $d$ right-hand sides, such as the identity, is an inverse too. `A` is not needed.
#
# <details><summary>Hint 1</summary>
#
# What is left of the formula when $A^{-1}A$ is gone?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# $g = M^{-1}y$ is the solution of $M g = y$: one call of `torch.linalg.solve`, or a Cholesky or LU factorisation.
#
# </details>

# %% grade_id="EfficientMatmulSofttMatmulinv" points=3
class EfficientMatmulSofttMatmulinv(nn.Module):
    """g = M⁻¹ f_T(M x) by one solve; M is a Parameter."""

    def __init__(self, T, M):
        super().__init__()
        ### BEGIN SOLUTION
        self.T = T
        self.M = nn.Parameter(M.detach().clone())
        ### END SOLUTION

    def forward(self, x, A):
        ### BEGIN SOLUTION
        y = self.M @ x
        return torch.linalg.solve(self.M, y - torch.clamp(y, -self.T, self.T))
        ### END SOLUTION

# %% [markdown]
# Why no inverse? Claim: for a nearly singular matrix the answer of `inv` does not even fit the equation that it solves. Check it on the
# Hilbert matrix, $H_{ij} = 1/(i+j+1)$. **Predict** which column shows the difference: the error of the solution, or the residual $Hy - b$?

# %%
i = torch.arange(10, dtype=torch.float64)
H = 1 / (i[:, None] + i + 1)
b = H.sum(dim=1)  # so that the solution is a vector of ones
for name, y in (("inv", torch.linalg.inv(H) @ b), ("solve", torch.linalg.solve(H, b))):
    print(f"{name:6} error {(y - 1).abs().max():.0e}   residual {(H @ y - b).abs().max():.0e}")

# %% [markdown]
# Both solutions are poor: a condition number of $10^{13}$ takes thirteen digits. But `solve` fits its equation to the last one. Compare
# the errors only, and you see little; the residual tells.
#
# ## 4 · Measure forward and backward apart
#
# The homework reports 0.7804 s for the wasteful module and 0.0035 s for the efficient one: 223 times. Its clock ran over a
# forward pass, and over a backward pass that never entered the chain. You will see why. Measure properly: forward and backward each by itself, once to
# warm up, then medians.
#
# **Predict**: when $n$ grows tenfold, what happens to the four times? Which is slower, forward or backward?

# %%
times = chain_timing.measure(rounds=(1, 10, 100, 1000, 10000), repeats=3)

# %%
show(chain_timing.draw(times), alt=chain_timing.tell(times))

# %% [markdown]
# For large $n$ the wasteful lines are parallel to the dotted line of slope 1: time proportional to $n$, in both directions. The
# efficient module does not know what $n$ is. Memory goes the same way, and can be counted to the byte.

# %%
tracked = A.clone().requires_grad_(True)
for n in (1, 10, 100, 1000):
    cost = graph_cost(Wasteful(T, M, n), x, tracked)
    print(f"n = {n:<5} {cost.nodes:5} graph nodes, {cost.saved_bytes:7} bytes kept for the backward pass")

# %% [markdown]
# ## 5 · Look at all three gradients
#
# The loss is $\varphi = \lVert x - g\rVert^2$. It depends on $x$, on $M$, and, as a program, on $A$. The published solution printed one of
# the three gradients and stopped.

# %% [markdown]
# ### Exercise 3 — Ask for all of them
#
# ●●○ · 8 minutes · 3 points
#
# Write `gradients(module, x, A)`: the tuple $(\nabla_x\varphi, \nabla_A\varphi, \nabla_M\varphi)$ **as autograd reports it**, also for a module
# whose graph is cut. `module.M` is the Parameter. Where the graph does not reach, return zeros of the right shape.
# `x`, `A` and every `.grad` stay as they were, whether `x` and `A` want a gradient or not.
#
# <details><summary>Hint 1</summary>
#
# Lesson 0: work on copies, and let `torch.autograd.grad` answer for three inputs at once.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `materialize_grads=True` turns every `None` into zeros.
#
# </details>

# %% grade_id="gradients" points=3
def gradients(module, x, A):
    """(∇x, ∇A, ∇M) of ‖x − module(x, A)‖², zeros where the graph does not reach."""
    ### BEGIN SOLUTION
    x_copy, A_copy = (t.detach().clone().requires_grad_(True) for t in (x, A))
    phi = torch.sum((x_copy - module(x_copy, A_copy)) ** 2)
    return torch.autograd.grad(phi, (x_copy, A_copy, module.M), materialize_grads=True)
    ### END SOLUTION

# %% [markdown]
# Now the published module, rewritten in our words as `Published`. It thresholds the entries of $Mx$ one by one and puts
# the numbers into a `FloatTensor`. The homework printed $\nabla_x\varphi = (1.4655, -3.7860, -3.5641, -4.4875, -2.6368)$ for *both* its modules,
# a difference of exactly 0, and asked: “Do you observe any discrepancy?”
#
# **Predict**: does our efficient module agree with that?

# %%
published, efficient = Published(T, M, n=100), Efficient(T, M)
for module in (published, efficient):
    print(reported_gradients(module, x, A)[0])

# %% [markdown]
# Not one digit. Somebody is wrong, and their agreement proves nothing: two modules with the same fault agree.
#
# ## 6 · Convict the published answer
#
# Finite differences do not know what a graph is. Let them decide. (Between kinks $\varphi$ is quadratic, so central differences are exact for
# any step; a step of 0.01 is too large to see the rounding to float32.)

# %%
def phi(x):
    return ((x - published(x, A).detach()) ** 2).sum()

basis = torch.eye(5, dtype=torch.float64)
torch.stack([(phi(x + 0.01 * e) - phi(x - 0.01 * e)) / 0.02 for e in basis])

# %% [markdown]
# Even the *published* module moves as the efficient one says. Its values are right and its gradient is not. What did autograd report, then?
#
# **Predict** what the next line prints, if the graph was cut between $Mx$ and $g$, and $\varphi = \lVert x - g\rVert^2$ sees $g$ as a constant.

# %%
reported_gradients(published, x, A)[0] - 2 * (x - published(x, A).detach())

# %% [markdown]
# Zero to the last bit: the published gradient *is* $2(x - g)$. `FloatTensor` made a new tensor from bare numbers, and a new tensor has no past. No
# error, no warning, plausible numbers.
#
# It is also a tensor of float32. **Predict** how many digits of $g$ are left.

# %%
(published(x, A) - efficient(x, A)).abs().max().item()

# %% [markdown]
# Seven. A test with a tolerance of $10^{-6}$ lets that pass; one of $10^{-9}$ does not. Now see where the graph was cut.

# %%
explorers.graph(module="published", n=3)

# %% [markdown]
# ### Exercise 4 — Write a detector
#
# ●●● · 10 minutes · 2 points
#
# Write `is_graph_cut(module, x, A)` for modules whose output depends on `x`: `True` if the gradient of the output in `x` is missing, *or* is there
# and contradicts finite differences; else `False`. Everything is float64, and $Mx$ stays clear of kinks. Your judges are eighteen
# modules: some cut by detach, NumPy, `.data`, `no_grad`; some only in part, some with a false gradient of the right shape.
# `x` and `A` stay as they were.
#
# <details><summary>Hint 1</summary>
#
# The output may want a gradient because of $M$ alone, and $\varphi$ always has a gradient in $x$. Neither says anything. Differentiate the
# *output*.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Make one number of the output with unequal weights, $s(x) = \sum_i w_i g_i(x)$, and compare its gradient with
# `central_gradient(s, x)`, which is imported above.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# Differences with a step of about $10^{-6}$ are good to some eight digits. `torch.allclose(…, rtol=1e-4, atol=1e-6)` allows for that.
#
# </details>

# %% grade_id="is_graph_cut" points=2
def is_graph_cut(module, x, A):
    """True if autograd's gradient of the output in x is missing or contradicts finite differences."""
    ### BEGIN SOLUTION
    def weighted(point):
        output = module(point, A.detach())
        return output @ torch.linspace(1, 2, len(output), dtype=output.dtype)

    point = x.detach().clone().requires_grad_(True)
    value = weighted(point)
    slope = torch.autograd.grad(value, point, allow_unused=True)[0] if value.requires_grad else None
    return slope is None or not torch.allclose(slope, central_gradient(weighted, x), rtol=1e-4, atol=1e-6)
    ### END SOLUTION

# %% [markdown]
# And $\nabla_M\varphi$? With $v = x - g$ and $D$ the diagonal matrix of ones where $|Mx| > T$,
# $$\nabla_M\varphi = 2M^{-1}v\,g^{\mathsf T} - 2\,D M^{-1}v\,x^{\mathsf T}.$$
# Behind the cut only $M^{-1}$ is left, so the published module has the first term alone. **Predict** in which row nobody would notice.

# %%
in_M = [reported_gradients(module, x, A)[2] for module in (published, efficient)]
(in_M[0] - in_M[1]).abs().amax(dim=1), (in_M[1] - in_M[1].T).abs().max()

# %% [markdown]
# Row 0, where $D_{00} = 0$, agrees (up to float32); a test that looks at the first row lets the module pass. The second number says that
# $\nabla_M\varphi$ is far from symmetric: one step of gradient descent, and your symmetric Parameter is symmetric no more.
#
# ## 7 · What None, zero and noise mean
#
# $g$ does not depend on $A$, so $\nabla_A\varphi = 0$. **Predict** what the three modules report for it: `None`, zero, or something else?

# %%
for module in (Wasteful(T, M, n=100), efficient, published):
    found = reported_gradients(module, x, A, zeros=False)[1]
    print(f"{type(module).__name__:10}", found if found is None else f"largest entry {found.abs().max():.0e}")

# %% [markdown]
# `None` twice, for two reasons: the efficient module never touches $A$, and the published one lost its trace of it. And one
# tiny number, which is the honest trace of 200 factors whose contributions cancel. A gradient that vanishes by cancellation comes
# out as round-off. It is the most convincing of the three: it shows that the graph is there.
#
# ## 8 · Let round-off grow
#
# How tiny, for $n = 10\,000$? That depends on how the chain is written. The values of “inverse each round” and “inverse once” are equal to the last bit.
#
# **Predict** whether their noise in $\nabla A$ is, too. Then try `float32`.

# %%
explorers.noise(n=100, method="inverse once", dtype="float64")

# %% [markdown]
# With the inverse made in each round the noise grows like $n$. Made once, it grows about like $n^2$: all $n$ contributions pile up in one $A^{-1}$, and
# cancel against an equally large pile. With `solve` it stops: back and forth reaches a vector that the rounding maps to itself. In float32
# the noise in $\nabla A$, which should be 0, overtakes $\nabla x$.

# %% [markdown]
# ### Exercise 5 — Measure the error of the value
#
# ●●○ · 6 minutes · 2 points
#
# Write `chain_error(A, v, n)` $= \lVert (A^{-1}A)^n v - v\rVert / \lVert v\rVert$ in the Euclidean norm, with the factors applied **to the vector, one after
# the other**, $A^{-1}$ or $A$ first. `A` is any invertible matrix, of the dtype of `v`; the result is a tensor without axes in that dtype.
#
# <details><summary>Hint 1</summary>
#
# Keep `v`; let a second vector run through the loop.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Each round is two products of a matrix with a vector. `torch.linalg.norm` gives the norms.
#
# </details>

# %% grade_id="chain_error" points=2
def chain_error(A, v, n):
    """‖(A⁻¹A)ⁿv − v‖/‖v‖, factor by factor on the vector."""
    ### BEGIN SOLUTION
    moved, inverse = v, torch.linalg.inv(A)
    for _ in range(n):
        moved = inverse @ (A @ moved)
    return torch.linalg.norm(moved - v) / torch.linalg.norm(v)
    ### END SOLUTION

# %% [markdown]
# What decides how much a round loses? **Predict** how the error changes when the condition number $\kappa$ grows a hundredfold.

# %%
Q = torch.linalg.qr(A).Q
for exponent in (0, 2, 4, 6, 8):
    B = Q @ torch.diag(torch.logspace(0, -exponent, 5, dtype=torch.float64)) @ Q.T
    moved = CHAINS["inverse once"](B, x, 1000)
    print(f"κ = 1e{exponent}   error after 1000 rounds {(moved - x).norm() / x.norm():.0e}")

# %% [markdown]
# From $\kappa = 100$ on it grows about a hundredfold each time, give or take. One round costs about $\varepsilon\kappa$, where $\varepsilon$ is the relative
# spacing of floating-point numbers ($2 \cdot 10^{-16}$ in float64), and $n$ rounds up to $n$ times that: $n\varepsilon\kappa$ is the number to compute before you
# trust a chain.
#
# ## 9 · Choose the order
#
# The published code multiplies all $2n$ matrices first and applies the product to the vector last.

# %% [markdown]
# ### Exercise 6 — Count before you run
#
# ●○○ · 4 minutes · 2 points
#
# Write `chain_flops(d, n, order)`: the leading-order number of floating-point operations of $(A^{-1}A)^n v$, as an `int`. Multiplications and
# additions both count, and the inverse is already at hand. `order` is `"vector"` (each factor applied to the vector) or `"matrix"`
# (matrices multiplied first); anything else is a `ValueError` with a message.
#
# <details><summary>Hint 1</summary>
#
# One entry of a matrix times a vector is $d$ multiplications and about $d$ additions, and there are $d$ entries.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Each of the $n$ rounds has two factors. A matrix times a matrix is $d$ times a matrix times a vector.
#
# </details>

# %% grade_id="chain_flops" points=2
def chain_flops(d, n, order):
    """Leading-order flops of the chain: 2d² for each product with a vector, 2d³ with a matrix."""
    ### BEGIN SOLUTION
    if order == "vector":
        return 4 * n * d**2
    if order == "matrix":
        return 4 * n * d**3
    raise ValueError(f'order must be "vector" or "matrix", not {order!r}')
    ### END SOLUTION

# %% [markdown]
# The order saves a factor of $d$. At $d = 5$ you would not feel it: Python's own overhead hides the arithmetic. At $d = 400$ you would wait.
#
# ## 10 · Test without numbers
#
# You will rarely have published numbers, and now you know what they are worth. Structure is better. Away from the kinks
# $g$ is linear in $x$ with the Jacobian $J = M^{-1} D M$. Since $D^2 = D$,
# $$J^2 = M^{-1} D M M^{-1} D M = J :$$
# $J$ is a **projector**, an oblique one. Its eigenvalues are 0 and 1, and its trace counts the entries that pass the threshold.
#
# **Predict** the trace at $T = 3.14$, and what happens to it as $T$ grows.

# %%
explorers.eigenvalues(T=3.14)

# %% [markdown]
# ### Exercise 7 — Recognise a projector
#
# ●○○ · 3 minutes · 1 point
#
# Write `is_projector(J, tol=1e-8)`: `True` if the largest entry of $|J^2 - J|$ is at most `tol`, for a square matrix `J`.
#
# <details><summary>Hint</summary>
#
# `J @ J`, not `J * J`. And `torch.allclose` has a relative tolerance of its own unless you set `rtol=0`.
#
# </details>

# %% grade_id="is_projector" points=1
def is_projector(J, tol=1e-8):
    """Is every entry of J² − J at most tol in absolute value?"""
    ### BEGIN SOLUTION
    return bool((J @ J - J).abs().max() <= tol)
    ### END SOLUTION

# %% [markdown]
# A second test of this kind: scale $x$ and $T$ by $\alpha$, and $\varphi$ scales by $\alpha^2$. So
# $\langle\nabla_x\varphi, x\rangle + T\,\partial\varphi/\partial T = 2\varphi$, whatever the numbers are.

# %%
threshold = torch.tensor(T, dtype=torch.float64, requires_grad=True)
for module in (Efficient(threshold, M), Published(threshold, M, n=100)):
    point = x.clone().requires_grad_(True)
    value = ((point - module(point, A)) ** 2).sum()
    in_x, in_T = torch.autograd.grad(value, (point, threshold), materialize_grads=True)
    print(f"{type(module).__name__:10} {(in_x @ point + T * in_T).item():8.4f}   2φ = {2 * value.item():.4f}")

# %% [markdown]
# The published module fails a test that needs no reference.

# %% [markdown] grade_id="why-none" points=3
# ### Exercise 8 — Three reasons
#
# ●●○ · 6 minutes · 3 points, marked by a person
#
# You ask for $\nabla_A$ and get `None`, or 0, or something like $10^{-9}$. Name **three different reasons** for such an answer, one sentence
# each, and say for each how you would tell it from the others.
#
# ### BEGIN SOLUTION
# 1. *No dependence in the program.* $A$ is not used (efficient module): `None`, or zeros when materialised. That is the truth.
#    Finite differences in $A$ give exactly 0, and the other gradients agree with differences too.
# 2. *The graph was cut.* $A$ is used, but a new tensor, `detach` or NumPy lost its trace (published module): `None`, although it would
#    be `None` for a function that does depend on $A$ as well. The gradient in $x$ contradicts finite differences.
# 3. *Cancellation.* The graph is intact, and large contributions cancel to 0 on paper (wasteful module): round-off of size $n\varepsilon\kappa$ or
#    more. It grows with $n$ and with $\kappa$, and is a billion times larger in float32.
#
# (Also right: an exact zero because of a flat piece, such as the dead zone of the threshold.)
# ### END SOLUTION

# %% [markdown]
# ## What you have seen
#
# - A graph can be cut by one innocent line. The values stay right, the gradient becomes $2(x-g)$, and nothing complains.
# - Look at **all** gradients, at all their rows, and ask finite differences.
# - Equal on paper is not equal in floating point: the noise grows like $n$, like $n^2$ or not at all, for one and the same formula.
# - $J^2 = J$, a trace that counts, a homogeneity: tests that need no numbers.
#
# **Where this fails.** Finite differences need a smooth stretch of at least their own step, and float64; near a kink they average.
# A test by structure is necessary and not sufficient: lesson 3 shows a wrong gradient that passes one. And a chain that is wasteful *and not*
# the identity, such as the iterations of a solver, needs another idea: lesson 4.
#
# **Further reading.** Griewank and Walther, *Evaluating Derivatives* (2008), chapter 3. Higham, *Accuracy and Stability of Numerical Algorithms* (2002),
# chapters 7 and 14. Druinsky and Toledo, *How Accurate is inv(A)\*b?* (2012).
#
# Next: `03-clarke-homogeneity`.
