# %% [markdown]
# # The wasteful module: convict a published gradient
#
# **Two sittings of 50 minutes · 20 points**
#
# *You will* build the same function twice, once with 20 000 useless matrix products, differentiate both, find out that the published
# solution of this homework reports a gradient that is wrong in every entry, and repair it.
# *You will learn* how a graph gets cut without a sound, what `None`, zero and $10^{-9}$ mean where a gradient should be 0,
# how round-off grows along a chain, and how to test a result without knowing it.
# *You need* lessons [0](../00-start-here/start_here.ipynb) and [1](../01-soft-thresholding/soft_thresholding.ipynb), matrix products,
# and the idea of an inverse. Terms stand in the [glossary](../../assets/guides/glossary.md), letters in the table below and in that
# [of all lessons](../../assets/guides/notation.md).
#
# The place to stop is after section 5.
#
# **From lesson 1, without looking back.** At a kink one spelling says slope 0, another ½, a third 1. Which of them is wrong, and how
# would you tell?
#
# <details><summary>Compare</summary>
#
# None, if the slopes close by are 0 and 1: each of the three lies in their convex hull, the Clarke subdifferential $[0, 1]$. Wrong
# would be a number outside of it, such as the 0 that most spellings report for the identity ($T = 0$), whose slopes close by are all 1.
#
# </details>
#
# | symbol | what it is here |
# |---|---|
# | $x, g$ | input and output of the module, vectors of $d$ entries |
# | $M$ | the module's parameter, $d \times d$, symmetric positive definite |
# | $A$ | the matrix of the chain (in lesson 1 it was the noise) |
# | $n$ | how many rounds the chain has |
# | $f_T$ | soft-thresholding with threshold $T$, entry by entry |
# | $D$ | diagonal, 1 where $\lvert Mx\rvert > T$, else 0 |
# | $J$ | the Jacobian $\partial g/\partial x$ |
# | $\varphi$ | the loss $\lVert x - g\rVert^2$ |
# | $\kappa, \varepsilon$ | condition number; relative spacing of floating-point numbers |

# %%
import math
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint

# %%
from gradlab import check, model_answer, predict, reveal
from gradlab.explore.figures import show
from gradlab.lessons.wasteful_module import chain_timing, explorers
from gradlab.lessons.wasteful_module.functions import Efficient, Published, Wasteful
from gradlab.maths.chains import CHAINS
from gradlab.maths.finite_differences import central_gradient
from gradlab.maths.graph_cost import graph_cost
from gradlab.maths.matrices import create_symmetric_invertible_matrix
from gradlab.maths.module_gradients import reported_gradients
from gradlab.maths.prox import soft_threshold

torch.set_printoptions(precision=4, linewidth=110)

# %% [markdown]
# ## 1 · Read the homework
#
# A university course asked its students for a module that computes
# $$g_T(x, A; M) = M^{-1} f_T\bigl((A^{-1}A)^n M x\bigr), \qquad n = 10\,000,$$
# where $f_T$ is the soft threshold of lesson 1, entry by entry. Multiply $x$ by $M$, then ten thousand times by $A$ and back,
# threshold, undo $M$. Here are its matrices: symmetric, positive definite, 5 × 5, from NumPy's frozen random stream.

# %%
T = 3.14
M = create_symmetric_invertible_matrix(5)
A = create_symmetric_invertible_matrix(5, seed=10)
x = torch.tensor([0.1, 5.0, -2.3, -1.0, -2.0], dtype=torch.float64)
print("M x =", M @ x)
print(f"condition numbers: M {torch.linalg.cond(M):.0f}, A {torch.linalg.cond(A):.0f}")

# %% [markdown]
# **Predict** from $Mx$ how many entries of it the threshold $T = 3.14$ sets to zero, and how many entries of $g$ are zero.

# %%
predict("zeros_by_threshold", ...)

# %%
print("f_T(M x) =", soft_threshold(M @ x, T))
for each in (3.14, 3.14159, 3.0):
    print(f"T = {each:<7} g =", Efficient(each, M)(x, A).detach())
reveal("zeros_by_threshold")

# %% [markdown]
# One entry of $f_T(Mx)$ is zero, and none of $g$: $M^{-1}$ mixes the entries. The three rows are there because the homework says $T =
# 3.14$ in its text, 3.14159 in its code and 3 in a caption. In its plot the three look the same. In most entries of
# $g$ the second changes the third or fourth digit, the last the first or second. Pin your parameters. (And your streams: the seed
# enters as dimension + seed, so a 5 × 5 matrix with seed 10 and a 10 × 10 matrix with seed 5 are drawn from the same numbers.)
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
Wasteful(T, M, n=100)(x, A).detach()

# %% [markdown]
# Those digits are right. The homework says two more things about $M$: it is symmetric, and it is a *parameter*. **Predict** whether
# `nn.Parameter(M)` has numbers of its own, "yes" or "no".

# %%
predict("numbers_of_its_own", ...)

# %%
original = M.clone()
print("same memory as the matrix it was made from:", nn.Parameter(original).data_ptr() == original.data_ptr())
reveal("numbers_of_its_own")

# %% [markdown]
# It has not: a training step changes the matrix that you handed in as well. `nn.Parameter(M.clone())` avoids that. Whether $M$ stays
# symmetric you will see in section 6.
#
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
# Hilbert matrix, $H_{ij} = 1/(i+j+1)$. **Predict** which column shows the difference: the "error" of the solution, or the
# "residual" $Hy - b$?

# %%
predict("telling_column", ...)

# %%
i = torch.arange(10, dtype=torch.float64)
H = 1 / (i[:, None] + i + 1)
b = H.sum(dim=1)  # so that the solution is a vector of ones
print(f"condition number {torch.linalg.cond(H):.0e}")
print("         error   residual")
for name, y in (("inv", torch.linalg.inv(H) @ b), ("solve", torch.linalg.solve(H, b))):
    print(f"{name:6} {(y - 1).abs().max():7.0e} {(H @ y - b).abs().max():10.0e}")
reveal("telling_column")

# %% [markdown]
# Both solutions are poor: a condition number of $10^{13}$ takes thirteen digits. But `solve` fits its equation to the last one. Compare
# the errors only, and you see little; the residual tells. (The published efficient module still forms $M^{-1}$, and multiplies by a
# ready-made identity matrix. Neither does harm at this size.)
#
# ## 4 · Measure forward and backward apart
#
# The homework reports 0.7804 s for the wasteful module and 0.0035 s for the efficient one: 223 times. It timed a forward pass, and a
# backward pass that never entered the chain; you will see why. Measure properly: forward and backward each by itself, once to
# warm up, then medians.
#
# When $n$ grows tenfold, what happens to the four times? **Predict** which of the two wasteful passes is slower, "forward" or
# "backward".

# %%
predict("slower_pass", ...)

# %%
times = chain_timing.measure(rounds=(1, 10, 100, 1000, 10000), repeats=3)

# %%
show(chain_timing.draw(times), alt=chain_timing.tell(times))
reveal("slower_pass")

# %% [markdown]
# Left: for large $n$ the wasteful times rise by a factor of ten with each factor of ten in $n$, in both directions, and the backward
# pass is the slower one: each product on the way there is two on the way back, one for the vector and one for the matrix. The efficient
# module does not know what $n$ is. Right: the ratio grows in parallel with the dotted line of slope 1. Memory goes the same way, and can
# be counted to the byte.

# %%
tracked = A.clone().requires_grad_(True)
print("    n   graph nodes   bytes kept for the backward pass")
for n in (1, 10, 100, 1000):
    cost = graph_cost(Wasteful(T, M, n), x, tracked)
    print(f"{n:5} {cost.nodes:13} {cost.saved_bytes:34,}".replace(",", " "))

# %% [markdown]
# There are two ways out if a chain is long and *not* for nothing. **Checkpointing** keeps the vector at the beginning of each of
# $\sqrt n$ segments and computes a segment anew when the way back reaches it: one more forward pass, and memory that grows like $\sqrt n$.
# **Predict** the bytes that 900 rounds in 30 segments keep; a vector of five float64 entries has 40, and $A$, which
# is kept once, has 200.

# %%
predict("bytes_in_segments", ...)

# %%
def in_segments(A, v, n, parts):
    for _ in range(parts):
        v = checkpoint(CHAINS["inverse once"], A, v, n // parts, use_reentrant=False)
    return v

print("way of writing      bytes kept   its gradient")
ways = {"inverse once": CHAINS["inverse once"], "in 30 segments": lambda A, v, n: in_segments(A, v, n, 30)}
for name, chain in ways.items():
    start = (M @ x).requires_grad_(True)
    kept = graph_cost(lambda v: chain(tracked, v, 900), start).saved_bytes
    slope = torch.autograd.grad((chain(tracked, start, 900) ** 2).sum(), start)[0]
    print(f"{name:15} {kept:14,} {slope[0]:14.6f}".replace(",", " "))
reveal("bytes_in_segments")

# %% [markdown]
# The same gradient, and only 30 vectors are kept, beside $A$. (On the way back the rounds of one segment at a time are added.)
# The second way is to keep *nothing*: a round is **reversible**. From its end you
# get its beginning back by undoing the two products, so the way back can remake every vector as it goes. What it costs is round-off,
# as in section 8.
#
# ## 5 · Look at all three gradients
#
# The loss is $\varphi = \lVert x - g\rVert^2$. It depends on $x$, on $M$, and, as a program, on $A$. The homework asks for all three
# gradients; the published solution looks at entry `[0]` of the tuple, the one with respect to $x$.

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
# Now the published module, rewritten in our words as `Published`. The homework printed
# $\nabla_x\varphi = (1.4655, -3.7860, -3.5641, -4.4875, -2.6368)$ for *both* its modules, a difference of exactly 0, and asked the right
# question: “Do you observe any discrepancy in the gradients?”
#
# **Predict**: in how many of the five entries does our efficient module agree with that?

# %%
predict("entries_that_agree", ...)

# %%
published, efficient = Published(T, M, n=100), Efficient(T, M)
for module in (published, efficient):
    print(f"{type(module).__name__:10} ∇x =", reported_gradients(module, x, A)[0])
reveal("entries_that_agree")

# %% [markdown]
# Not one entry agrees. Somebody is wrong, and the agreement of the two printed rows proves nothing: two modules with the same fault agree.
#
# **A good place to stop.** You have two modules, three gradients, and a contradiction. The second sitting is detective work.
# When you come back, run the cells above first (in the menu Run: Run All Above Selected Cell).
#
# ## 6 · Convict the published answer
#
# *If you stopped: whose two gradients contradicted each other, and whose agreement proved nothing?*
#
# **The first tool: finite differences.** They do not know what a graph is. Between kinks $\varphi$ is quadratic in $x$, so central
# differences are exact for any step that crosses no kink; with a step of 0.1 round-off shows in the fourth decimal at most.
#
# **Predict** which of the two gradients fits the way in which the *published* module moves: that of the "published" or that of the
# "efficient" one.

# %%
predict("fits_the_published", ...)

# %%
def phi(module, x):
    return ((x - module(x, A).detach()) ** 2).sum()

basis = torch.eye(5, dtype=torch.float64)
for module in (published, efficient):
    slopes = torch.stack([(phi(module, x + 0.1 * e) - phi(module, x - 0.1 * e)) / 0.2 for e in basis])
    print(f"{type(module).__name__:10} measured ∇x =", slopes)
reveal("fits_the_published")

# %% [markdown]
# Its values are right, and its gradient is not.
#
# **The second tool: the chain rule on paper.** $\varphi$ depends on $x$ twice, directly and by way of $g$. Where no entry of $Mx$ is
# at $\pm T$, $g$ is differentiable with the Jacobian $J = \partial g/\partial x = M^{-1} D M$, and
# $$\nabla_x\varphi = 2\,(x - g) - 2J^{\mathsf T}(x - g) = 2\,(I - J^{\mathsf T})(x - g).$$
# Evaluate the terms one by one, and lay them beside what was printed.

# %%
g = efficient(x, A).detach()
D = torch.diag(((M @ x).abs() > T).double())
J = torch.linalg.solve(M, D @ M)
printed = torch.tensor([1.4655, -3.7860, -3.5641, -4.4875, -2.6368], dtype=torch.float64)
rows = {"first term": 2 * (x - g), "second term": -2 * J.T @ (x - g), "both": 2 * (x - g) - 2 * J.T @ (x - g)}
for name, row in (rows | {"as published": printed}).items():
    print(f"{name:13}", row)

# %% [markdown]
# **The third tool: count the digits of the value.**

# %%
print(f"largest difference of the two modules' g: {(published(x, A) - g).abs().max():.1e}")

# %% [markdown]
# Write down two charges before you open the fold: what happened to $x$ on its way into $g$, and which dtype has about seven digits?
#
# <details><summary>The charges</summary>
#
# The published row is the first term, to every digit. To autograd $g$ was a constant: the path from $x$ through $g$ is not in the
# graph. And somewhere the numbers were float32, although float64 went in and came out. A test with a tolerance of $10^{-6}$ lets that
# pass; one of $10^{-9}$ does not.
#
# </details>

# %% [markdown]
# ### Exercise 4 — Write a detector
#
# ●●● · 10 minutes · 3 points
#
# Write `is_graph_cut(module, x, A)` for modules whose output depends on `x`: `True` if the gradient of the output with respect to `x`
# is missing, *or* is there and contradicts finite differences; else `False`. Everything is float64, and $Mx$ stays clear of kinks.
# Your judges are eighteen modules: some cut by detach, NumPy, `.data`, `no_grad`; some only in part, some with a false gradient of the
# right shape. `x` and `A` stay as they were.
#
# <details><summary>Hint 1</summary>
#
# The output may want a gradient because of $M$ alone, and $\varphi$ always has a gradient with respect to $x$. Neither says anything.
# Differentiate the *output*.
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

# %% grade_id="is_graph_cut" points=3
def is_graph_cut(module, x, A):
    """True if autograd's gradient of the output w.r.t. x is missing or contradicts finite differences."""
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
# ### Exercise 5 — Repair it
#
# ●●○ · 8 minutes · 2 points
#
# The cell below begins with the published `forward`, in our words, as a comment. Find the line that does both harms, and repair the
# module as `RepairedModule(T, M, n=10000)` with `forward(x, A)`. Keep the lines that are right.
#
# - The result has the dtype of `M`, and is right to $10^{-9}$ in float64.
# - The graph is whole from `x`, `A` and the Parameter `self.M`; $\nabla A$ is tiny, but neither `None` nor exactly 0.
# - Each of the `n` rounds applies $A^{-1}$ and then $A$ **to the vector**, in this order, as published. The inverse may be made in each
#   round, once, or be replaced by a solve.
#
# `soft_threshold(y, T)` from the first cell is there for you; it takes a tensor of any shape.
#
# <details><summary>Hint 1</summary>
#
# To uncomment, select the lines and press **Ctrl + /**. Then delete the line that raises.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# A constructor that is handed Python numbers makes a new tensor. What does a new tensor know about its past?
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# No loop over entries is needed: threshold the whole vector. If you want to keep the loop, `torch.stack` joins tensors and keeps their
# graphs and their dtype.
#
# </details>

# %% grade_id="RepairedModule" points=2
class RepairedModule(nn.Module):
    """The published module with a whole graph, in the dtype of M."""

    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        # vector = torch.matmul(self.M, x)
        # for _ in range(self.n):
        #     vector = torch.matmul(torch.linalg.inv(A), vector)
        #     vector = torch.matmul(A, vector)
        # shrunk = torch.FloatTensor([soft_threshold(entry, self.T) for entry in vector]).double()
        # return torch.matmul(torch.linalg.inv(self.M), shrunk)
        ### BEGIN SOLUTION
        y = self.M @ x
        for _ in range(self.n):
            y = torch.linalg.inv(A) @ y
            y = A @ y
        y = soft_threshold(y, self.T)
        return torch.linalg.inv(self.M) @ y
        ### END SOLUTION

# %% [markdown]
# Now look at the scene. In 2022 the line gave no warning at all; torch 2.13 prints one (*Converting a tensor with requires_grad=True to
# a scalar*), easy to miss.

# %%
explorers.graph(module="published", n=3)

# %% [markdown]
# Nodes are counted when they are made. So the published module has as many as the wasteful one, also those that the cut leaves out. It keeps nothing for these: its
# bytes do not grow with $n$.
#
# The published cell keeps a second `forward` inside a string, so it never runs. It has three more faults, and you can name them now: it
# detaches; a comment in it takes `torch.pow` of a matrix, which is the power of each *entry*, not `matrix_power`; and its last line
# multiplies `inv(M) * fy`. **Predict** what that is: a "number", a "vector" or a "matrix".

# %%
predict("star_in_place_of_matmul", ...)

# %%
shrunk = soft_threshold(M @ x, T)
product = torch.linalg.inv(M) * shrunk
print("shape", tuple(product.shape), "  sums of its rows", product.sum(dim=1))
reveal("star_in_place_of_matmul")

# %% [markdown]
# A matrix. The sums of its rows are $g$: `*` did the multiplying and left out the adding.
#
# And $\nabla_M\varphi$? With $v = x - g$,
# $$\nabla_M\varphi = 2M^{-1}v\,g^{\mathsf T} - 2\,D M^{-1}v\,x^{\mathsf T}.$$
# Behind the cut only $M^{-1}$ is left, so the published module has the first term alone. **Predict** in which row, 0 to 4,
# nobody would notice.

# %%
predict("unsuspicious_row", ...)

# %%
by_published, by_efficient = (reported_gradients(module, x, A)[2] for module in (published, efficient))
print("row   largest difference of the two ∇M")
for row, size in enumerate((by_published - by_efficient).abs().amax(dim=1).tolist()):
    print(f"{row:3} {size:15.1e}")
print(f"largest |∇M − ∇Mᵀ| of the efficient module: {(by_efficient - by_efficient.T).abs().max():.1f}")
reveal("unsuspicious_row")

# %% [markdown]
# Row 0, where $D_{00} = 0$, agrees (up to float32); a test that looks at the first row lets the module pass. The last number says that
# $\nabla_M\varphi$ is far from symmetric: one step of gradient descent, and your symmetric Parameter is symmetric no more.
#
# To be fair to the source: its values are right, its matrices are well made, and its author asked the question that convicts it. What
# we have of it is a copy with gaps (the zero branch of the threshold, the import of `time`, one printout), which we filled; nothing
# above depends on them.
#
# ## 7 · What None, zero and noise mean
#
# $g$ does not depend on $A$, so $\nabla_A\varphi = 0$. **Predict** how many of the three modules report `None` for it. What do the
# others say, zero or something else?

# %%
predict("modules_that_say_none", ...)

# %%
for module in (Wasteful(T, M, n=100), efficient, published):
    found = reported_gradients(module, x, A, zeros=False)[1]
    print(f"{type(module).__name__:10}", found if found is None else f"largest entry {found.abs().max():.0e}")
reveal("modules_that_say_none")

# %% [markdown]
# `None` twice, for two reasons: the efficient module never touches $A$, and the published one lost its trace of it. (So the homework's
# hint, to ask with `allow_unused=True`, is needed for both.) And one tiny number, which is the honest trace of 200 factors whose
# contributions cancel. A gradient that vanishes by cancellation comes out as round-off. It is the most convincing of the three: it
# shows that the graph is there.
#
# Behind the zero stands an invariance. Change $A$ as you like, and the answer stays. Wherever a gradient must vanish,
# look for what may be changed without any effect.
#
# ## 8 · Let round-off grow
#
# How tiny, for $n = 10\,000$? That depends on how the chain is written. The values of “inverse each round” and “inverse once” are equal
# to the last bit.
#
# **Predict** whether their noise in $\nabla A$ is equal, too, "yes" or "no". Then try `float32`, and go to 10 000 rounds.

# %%
predict("equal_noise", ...)

# %%
explorers.noise(n=100, method="inverse once", dtype="float64")

# %%
reveal("equal_noise")

# %% [markdown]
# With the inverse made in each round the noise grows like $n$. Made once, it grows about like $n^2$: all $n$ contributions pile up in one
# $A^{-1}$, and cancel against an equally large pile. With `solve` it stops: after some rounds the vector reaches a fixed point of the
# rounded map.
#
# In float32, after 10 000 rounds with an inverse, the noise in $\nabla A$, which should be 0, is larger than $\nabla x$. Worse, **$\nabla
# x$ itself is lost**: its largest entry is 0.07, where 20.2 is right. An error of 8 % of the length of the vector has lifted entry 0
# over the threshold. Then nothing is set to zero, $J =
# I$, and on paper $2(I - J^{\mathsf T})(x - g)$ is 0. Round-off has moved the point across a kink.
#
# The homework says that the efficient version returns “the exact same output”. Does it? And does it matter to the error that its formula
# applies $A$ first, and its code $A^{-1}$? Before you run, **predict** whether it matters, "yes" or "no".

# %%
predict("order_matters", ...)

# %%
inverse, y = torch.linalg.inv(A), M @ x
print("       n   error, A first   error, A⁻¹ first")
for n in (1, 100, 10000):
    one = other = y
    for _ in range(n):
        one, other = inverse @ (A @ one), A @ (inverse @ other)
    print(f"{n:8} {(one - y).norm() / y.norm():16.1e} {(other - y).norm() / y.norm():18.1e}")
reveal("order_matters")

# %% [markdown]
# Not the same output, and not the same error: here the order makes a factor of about three to seven. The homework's two printed rows
# were equal to the last bit only because both had been rounded to float32.

# %% [markdown]
# ### Exercise 6 — Measure the error of the value
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
# What decides how much a round loses? **Predict** by about what factor the error grows when the condition number $\kappa$ grows
# a hundredfold: 1, 10, 100 or 10000?

# %%
predict("error_by_condition", ...)

# %%
Q = torch.linalg.qr(A).Q
print("     κ   error after 1000 rounds")
for exponent in (0, 2, 4, 6, 8):
    B = Q @ torch.diag(torch.logspace(0, -exponent, 5, dtype=torch.float64)) @ Q.T
    moved = CHAINS["inverse once"](B, x, 1000)
    print(f"  1e{exponent}   {(moved - x).norm() / x.norm():10.0e}")
reveal("error_by_condition")

# %% [markdown]
# From $\kappa = 100$ on it grows about a hundredfold each time, give or take a factor of ten. One round costs about $\varepsilon\kappa$, where
# $\varepsilon$ is $2 \cdot 10^{-16}$ in float64, and $n$ rounds up to $n$ times that: $n\varepsilon\kappa$ is the number to compute before
# you trust a chain.
#
# ## 9 · Choose the order
#
# The second version, the one in the string, multiplies all $2n$ matrices first and meets the vector last. What does that cost? A
# product of a $d \times d$ matrix with a vector takes about $2d^2$ operations, with a matrix $2d^3$: one after the other, $n$ rounds cost
# $4nd^2$ or $4nd^3$. Both times are measured for twenty rounds, at $d = 5$ and at $d = 400$. **Predict** where they differ by more
# than a factor of three: at 5, at 400, at "both" or at "neither".

# %%
predict("where_order_costs", ...)

# %%
def seconds(chain, d):
    big = create_symmetric_invertible_matrix(d) + d * torch.eye(d, dtype=torch.float64)
    began = time.perf_counter()
    CHAINS[chain](big, torch.ones(d, dtype=torch.float64), 20)
    return time.perf_counter() - began

for d in (5, 400):
    seconds("inverse once", d)  # to warm up
    print(f"d = {d:3}   vector {seconds('inverse once', d):.4f} s   matrices {seconds('matrices first', d):.4f} s")
reveal("where_order_costs")

# %% [markdown]
# At $d = 5$ Python's own overhead hides the arithmetic. At $d = 400$ it does not, although the one inverse that both need takes its
# share.
#
# You have met this choice before. In lesson 0 a chain of Jacobians was walked from the side of the vector, and never multiplied out;
# that *is* **reverse mode**. Its counterpart, forward mode, begins at the other end. Which end is cheap depends on which end is thin:
# for a loss it is the output.
#
# ## 10 · Test without numbers
#
# You will rarely have published numbers, and now you know what they are worth. Structure is better. Away from the kinks
# $g$ is affine in $x$ with the Jacobian $J = M^{-1} D M$. Since $D^2 = D$,
# $$J^2 = M^{-1} D M M^{-1} D M = J :$$
# $J$ is a **projector**, an oblique one: it is not symmetric. Its eigenvalues are 0 and 1, and its trace counts the entries that pass
# the threshold.
#
# **Predict** the trace at $T = 3.14$. Can it grow when $T$ grows?

# %%
predict("trace_of_projector", ...)

# %%
print(f"largest |J² − J|  {(J @ J - J).abs().max():.0e}")
print(f"largest |J − Jᵀ|  {(J - J.T).abs().max():.1f}")
print(f"trace             {J.trace():.4f}")
reveal("trace_of_projector")

# %%
explorers.eigenvalues(T=3.14)

# %% [markdown]
# Four of five pass. As $T$ grows past the size of one entry of $Mx$ after another, the trace falls by 1 each time, down to 0; it never
# grows.
#
# A second test of this kind: scale $x$ and $T$ by $\alpha > 0$. Then $Mx$ and the threshold scale together, $g$ scales by $\alpha$, and
# $\varphi$ by $\alpha^2$. **Euler's identity** for a function that is differentiable and homogeneous of degree 2 says
# $$\langle\nabla_x\varphi, x\rangle + T\,\frac{\partial\varphi}{\partial T} = 2\varphi ,$$
# whatever the numbers are. And scaling $M$ and $T$ together changes nothing (degree 0): $\langle\nabla_M\varphi, M\rangle +
# T\,\partial\varphi/\partial T = 0$. **Predict** which of the two the published module passes: the "first", the "second",
# "both" or "neither".

# %%
predict("euler_passed", ...)

# %%
threshold = torch.tensor(T, dtype=torch.float64, requires_grad=True)
print("module       ⟨∇x, x⟩ + T ∂φ/∂T       2φ   ⟨∇M, M⟩ + T ∂φ/∂T (to be 0)")
for module in (Efficient(threshold, M), Published(threshold, M, n=100)):
    point = x.clone().requires_grad_(True)
    value = ((point - module(point, A)) ** 2).sum()
    in_x, in_M, in_T = torch.autograd.grad(value, (point, module.M, threshold), materialize_grads=True)
    with_x, with_M = in_x @ point + T * in_T, (in_M * module.M).sum() + T * in_T
    row = f"{with_x.item():19.4f} {2 * value.item():8.4f} {round(with_M.item(), 4) + 0.0:19.4f}"
    print(f"{type(module).__name__:10} {row}")
reveal("euler_passed")

# %% [markdown]
# Neither. The published module fails two tests that need no reference.
#
# ### Question — Three reasons
#
# ●●○ · 6 minutes · 3 points, marked by a person
#
# You ask for $\nabla_A$ and get `None`, or 0, or something like $10^{-9}$. Name **three different reasons** for such an answer, one
# sentence each, and say for each how you would tell it from the others.

# %% [markdown] grade_id="why-none" points=3
# ### BEGIN SOLUTION
# 1. *No dependence in the program.* $A$ is not used (efficient module): `None`, or zeros when materialised. That is the truth.
#    Finite differences with respect to $A$ give exactly 0, and the other gradients agree with differences too.
# 2. *The graph was cut.* $A$ is used, but a new tensor, `detach` or NumPy lost its trace (published module): `None`, although it would
#    be `None` for a function that does depend on $A$ as well. The gradient with respect to $x$ contradicts finite differences.
# 3. *Cancellation.* The graph is intact, and large contributions cancel to 0 on paper (wasteful module): round-off of size
#    $n\varepsilon\kappa$ or more. It grows with $n$ and with $\kappa$, and is hundreds of millions of times larger in float32.
#
# (Also right: an exact zero because of a flat piece, such as the dead zone of the threshold.)
# ### END SOLUTION

# %% [markdown]
# <details><summary>Mark yourself, when yours is written</summary>
#
# - 1 point: the program does not depend on $A$ (or only across a flat piece), and finite differences agree with that.
# - 1 point: the graph was cut, and a finite difference or another gradient contradicts the answer.
# - 1 point: large contributions cancel, and what is left grows with $n$, with $\kappa$, or in float32.
#
# Another true reason with a test of its own counts as well; a reason without a test is half a point.
#
# </details>

# %%
model_answer("why-none")

# %% [markdown]
# ## What you have seen
#
# - A graph can be cut by one innocent line. The values stay right, the gradient loses a term, and almost nothing complains.
# - Look at **all** gradients, at all their rows, and ask finite differences.
# - Equal on paper is not equal in floating point: the noise grows like $n$, like $n^2$ or not at all, for one and the same formula.
# - Memory can be bought with time: segments, or a way back that remakes what it needs.
# - $J^2 = J$, a trace that counts, Euler's identity: tests that need no numbers.
#
# **Where this fails.** Finite differences need a smooth stretch of at least their own step, and float64; across a kink they average the
# two slopes. A test by structure is necessary and not sufficient: lesson 3 shows a wrong gradient that passes one. And a chain that is
# wasteful *and not* the identity, such as the iterations of a solver, needs another idea: lesson 4.
#
# **Further reading.** Griewank and Walther, [*Evaluating Derivatives*](https://doi.org/10.1137/1.9780898717761) (2008), chapters 3 and
# 12 (checkpointing). Gomez, Ren, Urtasun, Grosse, [*The Reversible Residual Network*](https://arxiv.org/abs/1707.04585) (2017). Higham,
# [*Accuracy and Stability of Numerical Algorithms*](https://doi.org/10.1137/1.9780898718027) (2002), chapters 7 and 14. Druinsky and
# Toledo, [*How Accurate is inv(A)\*b?*](https://arxiv.org/abs/1201.6035) (2012).
#
# Next: [lesson 3](../03-clarke-homogeneity/clarke_homogeneity.ipynb), about the sets of slopes that lesson 1 named.
# Before: [lesson 1](../01-soft-thresholding/soft_thresholding.ipynb).
