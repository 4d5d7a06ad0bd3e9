# %% [markdown]
# # Clarke subdifferentials: ask what a gradient is at a kink before you trust one
#
# **Two sittings of 65 minutes · 20 points**
#
# *You will* compute the set of slopes at a kink in two ways, write a program that makes autograd report any number you like,
# measure degrees of homogeneity, and find out what gradient descent keeps and what it loses.
# *You will learn* to tell apart a subdifferential, a Clarke subdifferential and autograd's value; why networks train all the same; why
# $\langle W_h, \partial f/\partial W_h\rangle = f$ in every layer of a ReLU network; and to check a proof by evaluating its lines.
# *You need* lessons [0](../00-start-here/start_here.ipynb) and [1](../01-soft-thresholding/soft_thresholding.ipynb). The first sitting
# is about sets (sections 1 to 5), the second about homogeneity and flow (6 to 10). Terms stand in the
# [glossary](../../assets/guides/glossary.md), letters in the table below and in that [of all lessons](../../assets/guides/notation.md).
#
# **Recall**, before you begin. In lesson 2 a gradient with respect to $A$ came out as None, as exactly 0, or as something like $10^{-9}$.
# What does each of the three tell you about the program?
#
# <details><summary>Answer</summary>
#
# None: no path in the graph leads from $A$ to the result. Exactly 0: there is a path, and what travelled along it was 0 (or you had asked for zeros
# in the place of None). Tiny but not 0: the function does not depend on $A$, the program does, and what you see is rounding error.
#
# </details>
#
# | symbol | what it is here |
# |---|---|
# | $\partial_s f$, $\partial f$ | subdifferential, Clarke subdifferential |
# | $s$ | a slope, or a gradient, that is an element of such a set |
# | $K$ | a Lipschitz constant (the notes call it $L$) |
# | $L$ | a degree of homogeneity |
# | $\sigma$ | the ReLU |
# | $W_h$, $b_h$, $z_h$, $M_h$ | in layer $h$: matrix, bias, what enters the ReLU, and its mask of slopes |
# | $H$ | how many hidden layers there are |
# | $\mathcal L$, $\ell$ | loss as a function of the weights; of the network's output |
# | $\eta$, $t$ | step size, time |
# | $r$, $c$ | for the network $uv$: residual $uv - y$, balance $u^2 - v^2$ |

# %%
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from gradlab import check, model_answer, predict, reveal
from gradlab.explore.figures import show
from gradlab.lessons.clarke_homogeneity import cells_and_hull, explorers, wiggle
from gradlab.maths import balance, clarke as clarke_tools, homogeneous, prox, spellings
from gradlab.maths.piecewise_linear import PiecewiseLinear, figure_one

# %% [markdown]
# ## 1 · Ask for slopes that support
#
# Our source is a set of lecture notes on ReLU networks. It begins with the **subdifferential**: the set of slopes $s$ whose line
# through $(x, f(x))$ stays below $f$ everywhere,
# $$\partial_s f(x) = \{\, s : f(x') \ge f(x) + s\,(x' - x) \text{ for all } x' \,\}.$$
# (The notes call its elements *tangents*; they are the *slopes* of supporting lines.) They add that for the ReLU this set is
# $[0, 1]$. That holds at $x = 0$ only; elsewhere the set is $\{0\}$ or $\{1\}$.
#
# The notes go on to a function that is not convex, in a Figure 1. The figure is lost. Here is a reconstruction, the simplest one
# that fits the text: slopes $+1, -1, +1$ with kinks at $-1$ and $0$, which is $\min(x, |x| - 2)$.

# %%
f = figure_one()
print(f)
for x in (-2.0, -1.0, 0.0, 1.0):
    print(f"f({x:4}) = {f(torch.tensor(x)).item():4}")

# %% [markdown]
# **Predict**: how many slopes support $f$ at $x = -1$? And how many at $x = 0$, where it has a local minimum? (Infinitely many is "inf".) Which are
# they? Then move the sliders.

# %%
predict("slopes_that_support", ...)

# %%
explorers.supporting_line(x=-1.0, slope=0.0)

# %%
reveal("slopes_that_support")

# %% [markdown]
# At $-1$ there are none: the point $x' = -2$ forces $s \ge 1$, the point $x' = 1$ forces $s \le 0$. The set is empty, and empty is an
# answer. (The notes say that the subgradient “may not be well defined”. The set is; it has no element.) At $0$ exactly one slope is left, $s = 1$: any smaller one
# fails far out on the left. “For all $x'$” means all of them.

# %% [markdown]
# ### Exercise 1 — Find every slope that supports
#
# ●●○ · 15 minutes · 3 points
#
# Write `subdifferential(f, x)` for a `PiecewiseLinear` `f`, on all of $\mathbb R$, and a Python number `x`. Return the tuple `(lo, hi)`
# with `lo` ≤ `hi`, also where it is a single point, or `None` if the set is empty. `f.breaks` is an increasing tuple of numbers, perhaps
# empty; `f.slopes` has one more entry; `f(torch.tensor(x, dtype=torch.float64))` is the value. (Without
# the `dtype` you compute in float32, with seven digits.)
#
# <details><summary>Hint 1</summary>
#
# A point $x' > x$ says $s \le (f(x') - f(x))/(x' - x)$; a point $x' < x$ says $s \ge$ the same quotient. Which $x'$ say the most?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Between two breaks the quotient moves in one direction only. So look at the breaks, and at what happens when $x' \to \pm\infty$.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# For $x' \to \infty$ the quotient tends to the last slope, for $x' \to -\infty$ to the first.
#
# </details>

# %% grade_id="subdifferential" points=3
def subdifferential(f, x):
    """(lo, hi) of the subdifferential of a PiecewiseLinear f at the number x, or None if it is empty."""
    ### BEGIN SOLUTION
    at = lambda point: f(torch.tensor(point, dtype=torch.float64)).item()
    quotients = {b: (at(b) - at(x)) / (b - x) for b in f.breaks if b != x}
    lo = max([f.slopes[0], *(q for b, q in quotients.items() if b < x)])
    hi = min([f.slopes[-1], *(q for b, q in quotients.items() if b > x)])
    return (lo, hi) if lo <= hi else None
    ### END SOLUTION

# %% [markdown]
# What is such a slope good for? The notes step along one: $x \leftarrow x - \eta s$. **Predict** where that is after seven
# steps for $f = |x|$ from $x = 1$ with $\eta = 0.375$, and where soft-thresholding by $\eta$ is instead.

# %%
predict("seven_steps", ...)

# %%
explicit = implicit = 1.0
print("step  x − ηs  soft-thresholding")
for step in range(8):
    print(f"{step:4}  {explicit:6.3f}  {implicit:6.3f}")
    explicit -= 0.375 * math.copysign(1, explicit)
    implicit = prox.soft_threshold(torch.tensor(implicit), 0.375).item()
reveal("seven_steps")

# %% [markdown]
# The first hops around 0 for ever: a constant step does not converge. The second asks for the slope at the point where it *lands*, finds 0 in the
# set $[-1, 1]$, and stops. Lesson 5 comes back to this.
#
# ## 2 · Take limits of gradients, then the hull
#
# For functions that are not convex the notes turn to the **Clarke subdifferential**; they call it the *Clarke differential*, others the
# *generalized gradient*. For a **locally Lipschitz** function $f$ (near every point one constant $K$ bounds the difference quotients of all pairs of points) it is
# $$\partial f(x) = \operatorname{conv}\{\, \lim \nabla f(x_i) : x_i \to x,\ f \text{ differentiable at every } x_i \,\}.$$
# The words after the comma are missing in print; without them $\nabla f(x_i)$ may not exist. $\operatorname{conv}$ is the **convex hull**: all
# averages $\sum \mu_k u_k$ of finitely many elements, with weights $\mu_k \ge 0$ and $\sum \mu_k = 1$. On the line it is the interval from the
# smallest element to the largest. The set is local, and the hull comes *after* the limit.
#
# For the ReLU at 0 the limits are 0 and 1, and the hull is $[0, 1]$. For Figure 1 at $x = -1$ the notes say: one sequence has $\nabla f \to -1$,
# “while another” has $\nabla f \to -1$, hence $\partial f(-1) = [-1, 1]$. **Predict** the limits, from the
# left and from the right. Which of these numbers is a misprint?

# %%
predict("two_limits", ...)

# %%
for side, name in ((-1, "from the left"), (1, "from the right")):
    x = (-1 + side * 0.5 ** torch.arange(1.0, 6)).requires_grad_()
    print(f"slopes {name:14}", torch.autograd.grad(f(x).sum(), x)[0].tolist())
reveal("two_limits")

# %% [markdown]
# From the left the limit is $+1$. You can find such a misprint without the figure: two equal limits cannot have the hull $[-1, 1]$. (The printed
# sequence $0, -\tfrac12, \ldots$ also begins at a kink.)
#
# Nobody needs to choose sequences by hand. *Gradient sampling* asks for gradients at random points close by; with probability one, no point
# is a kink.

# %%
near = clarke_tools.sample_gradients(f, torch.tensor(-1.0), 1e-3, 200, torch.Generator().manual_seed(0))
print(f"slopes within 0.001 of −1 lie between {near.min():.0f} and {near.max():.0f}")

# %% [markdown]
# Note that $0 \in \partial f(-1)$ although $-1$ is a local *maximum*. “$0$ is in the set” (a *Clarke-stationary* point) does not mean “minimum”.

# %% [markdown]
# ### Exercise 2 — Find the Clarke subdifferential
#
# ●○○ · 6 minutes · 2 points
#
# Write `clarke(f, x)` for the same `f` and `x`: the tuple `(lo, hi)`. The check calls your function at breaks, and at points at least $0.01$
# away from every break.
#
# <details><summary>Hint 1</summary>
#
# Only two slopes matter: the one just left of `x` and the one just right of it.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Count the breaks below `x`: that is the position of the left slope. Which way round does a falling slope put the two?
#
# </details>

# %% grade_id="clarke" points=2
def clarke(f, x):
    """(lo, hi) of the Clarke subdifferential of a PiecewiseLinear f at the number x."""
    ### BEGIN SOLUTION
    left = f.slopes[sum(b < x for b in f.breaks)]
    right = f.slopes[sum(b <= x for b in f.breaks)]
    return min(left, right), max(left, right)
    ### END SOLUTION

# %% [markdown]
# ## 3 · Three things called gradient
#
# A *function* has a subdifferential and a Clarke subdifferential. What autograd returns belongs to the *program*. Here is one function, the ReLU,
# in eight spellings, at its kink.

# %%
def reported(program, at):
    x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(program(x), x)[0].item()

print(f"{'the ReLU, spelled':22} slope at 0")
for name, program in spellings.RELU_SPELLINGS.items():
    print(f"{name:22} {reported(program, 0.0):10}")

# %% [markdown]
# All of these lie in $\partial\,\mathrm{relu}(0) = [0, 1]$, so one might hope that autograd always picks *some* element. **Predict** how many
# spellings make it pick something else: of four of Figure 1 at its kinks, where $\partial f = [-1, 1]$, and of three of the identity at 0, where
# $\partial f = \{1\}$.

# %%
predict("spellings_outside", ...)

# %%
print(f"{'Figure 1, spelled':46} slope at −1   at 0")
for name, program in spellings.FIGURE_ONE_SPELLINGS.items():
    print(f"{name:46} {reported(program, -1.0):11} {reported(program, 0.0):6}")
print(f"\n{'the identity, spelled':46} slope at 0")
for name, program in spellings.IDENTITY_SPELLINGS.items():
    print(f"{name:46} {reported(program, 0.0):10}")
reveal("spellings_outside")

# %% [markdown]
# $-2$ is no slope of Figure 1, and the slope of $x$ is neither 0 nor 2. The reason is a sum rule that holds only as an inclusion,
# $\partial(g + h) \subset \partial g + \partial h$; the chain rule is one, too. Autograd takes one element of each set and adds them up, as if
# the two sides were equal. Each piece is right; the sum need not be. (The chain rule of lesson 0 asked for maps that are differentiable. The ReLU at 0 is not,
# and 0 and 2 are what comes of it.)
#
# The explorer compares autograd's slope with the slopes near by. **Predict**: for how many of its six spellings does the cross leave
# the hull, at one $x$ at least? For which?

# %%
predict("crosses_outside", ...)

# %%
explorers.slope_sampling(program="relu(x) - relu(-x) - 2 relu(x+1) + 2 relu(x)", x=0.0)

# %%
reveal("crosses_outside")

# %% [markdown]
# In the plane the hull is a polygon, a segment or a point. A small ReLU network with three hidden units, all of them 0 at the origin, shows why:
# three lines cut the plane into **cells**, and on each cell the network is linear.

# %%
show(cells_and_hull.figure(), alt=cells_and_hull.ALT)

# %% [markdown]
# Six cells, six gradients, one hull. At 0 itself `torch.relu` reports the slope 0 for all three units, as if all three were off. No cell has all three
# off, and the cross lies outside. Look for another such program:

# %%
explorers.gradient_sampling(program="max(x1*x1, x1*x2) at (1, 1)", radius=0.1)

# %% [markdown]
# ## 4 · Meet functions that autograd gets wrong
#
# How wrong can autograd get at one point? As wrong as you like.
#
# ### Exercise 3 — Write an impostor
#
# ●●○ · 12 minutes · 3 points
#
# Write `impostor(c)`: it returns a function `f` of a tensor that is 0 everywhere, *exactly*, but whose autograd derivative at 0 is `c`.
# `c` is any Python number. `f` is called on tensors without axes and on vectors, elementwise. Ordinary operations only: no `detach`, custom
# `Function`, `no_grad`, hooks, `.data`, `.item()`, NumPy or copies of `x`. The check reads your program.
#
# <details><summary>Hint 1</summary>
#
# You have just seen two programs for the same function whose derivatives at 0 differ.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Subtract one from the other. Then scale.
#
# </details>

# %% grade_id="impostor" points=3
def impostor(c):
    """A function of a tensor: 0 everywhere, autograd's derivative at 0 is c."""
    ### BEGIN SOLUTION
    return lambda x: c * (torch.clamp(x, min=0) - torch.relu(x))
    ### END SOLUTION

# %% [markdown]
# ### Which hypotheses matter
#
# The facts that the notes list, in the form in which they are true:
#
# > **Theorem** (Clarke). Let $f : \mathbb R^d \to \mathbb R$ be *locally Lipschitz*. Then $\partial f(x)$ is non-empty, compact and convex at every $x$. If $f$ is
# > *convex*, it is the subdifferential. If $f$ is *strictly differentiable* at $x$ (continuously differentiable near $x$ is enough), it is
# > $\{\nabla f(x)\}$.
#
# Every hypothesis has a number that shows what goes wrong without it. *Convex* you have met: Figure 1 at $-1$ has an empty subdifferential and
# $\partial f(-1) = [-1, 1]$. *Locally Lipschitz* is printed in the notes with the constant chosen after the point: for every $x'$ close to $x$ there is a
# $K$ with $|f(x') - f(x)| \le K|x' - x|$. **Predict** whether $\sqrt{|x|}$ passes that test at 0, "yes" or "no".

# %%
predict("root_passes", ...)

# %%
for h in (1e-2, 1e-4, 1e-8):
    print(f"x' = {h:.0e}: needs K = {math.sqrt(h) / h:.0f}")
reveal("root_passes")

# %% [markdown]
# It does: each $x'$ has a $K$ of its own. One $K$ must serve *all* pairs of points near $x$. Without it the slopes run off to infinity, no limit
# exists, and the set at 0 is empty. Lesson 1 had a worse case: for $\operatorname{sign}$, which jumps, every gradient near 0 is 0, so the formula
# says $\{0\}$ and misses the jump, exactly as autograd does.
#
# *Strictly differentiable*: the notes say that “differentiable” is enough. Try $f(x) = x^2 \sin(1/x)$, $f(0) = 0$, whose derivative at 0 is 0.

# %%
g = lambda x: x**2 * torch.sin(1 / x)
print(f"difference quotient between 0 and 1e-8: {g(torch.tensor(1e-8, dtype=torch.float64)).item() / 1e-8:.1e}")
print("     n   slope at 1/2πn   slope at 1/(2n+1)π")
for n in (10, 1000, 100000):
    print(f"{n:6}   {reported(g, 1 / (2 * math.pi * n)):14.6f}   {reported(g, 1 / ((2 * n + 1) * math.pi)):18.6f}")

# %%
show(wiggle.figure(), alt=wiggle.ALT)

# %% [markdown]
# Slopes of $\pm 1$ as close to 0 as you like, and no limit outside of $[-1, 1]$, since the slope at $x \ne 0$ is $2x \sin(1/x) - \cos(1/x)$. (It is
# bounded, so $f$ is locally Lipschitz.) Hence $\partial f(0) = [-1, 1]$, although $f'(0) = 0$.
#
# ## 5 · See why networks train all the same
#
# If autograd can be as wrong as you like, why does training work? **Predict**: draw a million random numbers, and ask for the slope of the identity
# in the spelling that is wrong at 0. How many of the answers are wrong? And how many if the numbers are first rounded to eighths?

# %%
predict("wrong_of_a_million", ...)

# %%
identity = spellings.IDENTITY_SPELLINGS["clamp(x, min=0) + clamp(x, max=0)"]
random = torch.randn(1_000_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
for name, x in {"random": random, "rounded to eighths": (8 * random).round() / 8, "all zero": 0 * random}.items():
    point = x.clone().requires_grad_()
    slopes = torch.autograd.grad(identity(point).sum(), point)[0]
    print(f"{name:18} {(slopes != 1).sum().item():7} wrong slopes")
reveal("wrong_of_a_million")

# %% [markdown]
# None, about one in twenty, all. The bad points of a program have measure zero, and random numbers miss them. Now go *through* a bad point: walk from
# $-1$ to 1 in steps of $1/n$, and add up slope times step. The sum should be what the function has gained, which is 2.

# %%
print("    n   Σ slope · step")
for n in (10, 100, 1000):
    walk = (torch.arange(-n, n, dtype=torch.float64) / n).requires_grad_()
    print(f"{n:5}   {torch.autograd.grad(identity(walk).sum(), walk)[0].sum().item() / n:.4f}")

# %% [markdown]
# One wrong slope counts for one step, and its weight goes to 0. That is the property that matters.
#
# > **Conservative fields** (Bolte and Pauwels). A set-valued map $D$ with non-empty compact values and a closed graph is a *conservative field* of a locally
# > Lipschitz $f$ if along every absolutely continuous curve, for almost every $t$,
# > $$\tfrac{d}{dt} f(x(t)) = \langle s, \dot x(t)\rangle \quad\text{for all } s \in D(x(t)).$$
# > If a program is composed of locally Lipschitz, *definable* pieces (polynomials, exp, ReLU, max, …), then what autograd returns is always an element of one such
# > field of the program's function. Every conservative field is $\{\nabla f\}$ almost everywhere.
#
# So stochastic gradient descent, from a start drawn at random with a density and for almost every step size, meets a wrong slope with probability zero. With
# steps that shrink suitably, and iterates that stay bounded, its limit points are stationary for the field. The hypotheses are needed: $\operatorname{sign}$ is not Lipschitz, and in lesson 1 the integral of its
# derivative missed $2A$; $x^2\sin(1/x)$ oscillates for ever and so is not definable, and its program says nan at 0.
#
# Where it still bites: weights that start at *exactly* 0, padding and masks that feed exact zeros into a ReLU, data on a grid (the second line above),
# ties of equal entries in a max, and low precision, in which exact zeros are common. There you hit the bad points on purpose.
#
# *This is a good place to stop. When you come back, run the cells above first (in the menu Run: Run All Above Selected Cell).*
#
# ## 6 · Measure a degree
#
# $f$ is **positively homogeneous** of degree $L$ if $f(\alpha x) = \alpha^L f(x)$ for all $\alpha > 0$. (The notes allow $\alpha = 0$ too, which needs $L >
# 0$.) That can be measured: double $x$ and take a logarithm. **Predict** the degrees of $\|x\|$, of $x_0^2x_1$ and of
# $\sum \operatorname{relu}(x_i)$. And that of $\|x\| + 1$?

# %%
predict("three_degrees", ...)

# %%
x = torch.tensor([1.0, 2.0, -0.5], dtype=torch.float64)
for name, f in {"‖x‖": torch.linalg.vector_norm, "x₀²x₁": lambda x: x[0] ** 2 * x[1],
                "Σ relu(xᵢ)": lambda x: x.relu().sum(), "‖x‖ + 1": lambda x: x.norm() + 1}.items():
    print(f"{name:12} log₂ f(2x)/f(x) = {math.log2(f(2 * x) / f(x)):.4f}")
reveal("three_degrees")

# %% [markdown]
# A norm and a sum of ReLUs have degree 1. A monomial $\prod x_i^{p_i}$ has degree $\sum p_i$, here $2 + 1$. The last one has no degree: another
# $\alpha$ would have given another number.

# %% [markdown]
# ### Exercise 4 — Find the degree, or find that there is none
#
# ●●○ · 10 minutes · 2 points
#
# Write `degree(f, x)`: the number $L$ with $f(\alpha x) = \alpha^L f(x)$ for the $\alpha$ between 0.2 and 10, or `None` if there is no such $L$.
# Try several $\alpha$, some below 0.5 and some above 2: close to 1 many functions look homogeneous. `x` is a float64 tensor of any shape, `f(x)` a
# tensor without axes and not 0. $L$ may be a fraction, negative, or 0, and $f$ may be negative. Tested to $10^{-6}$.
#
# <details><summary>Hint 1</summary>
#
# When do you believe that the exponents of several $\alpha$ agree?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Take the logarithm of the *quotient*. If that is not positive for some $\alpha$, there is no $L$.
#
# </details>

# %% grade_id="degree" points=2
def degree(f, x):
    """L with f(αx) = α^L f(x) for several α > 0, or None."""
    ### BEGIN SOLUTION
    exponents = []
    for alpha in (0.25, 0.6, 1.5, 3.0, 8.0):
        quotient = (f(alpha * x) / f(x)).item()
        if quotient <= 0:
            return None
        exponents.append(math.log(quotient) / math.log(alpha))
    return exponents[0] if max(exponents) - min(exponents) < 1e-7 else None
    ### END SOLUTION

# %% [markdown]
# ## 7 · Weigh every layer by its own gradient
#
# A bias-free ReLU network $f(x) = W_{H+1}\,\sigma(W_H \cdots \sigma(W_1 x))$, with $\sigma$ the ReLU and a row $W_{H+1}$ at the end, is homogeneous of degree 1 in
# *each* $W_h$. Take one with integer weights, where $f = -4$. **Predict** $f$ when the first layer is tripled; when it is multiplied by $-2$; when
# *both* layers are doubled; when the input is doubled.

# %%
predict("layers_scaled", ...)

# %%
W1 = torch.tensor([[1, -2], [3, 1], [-1, 1]], dtype=torch.float64)
W2 = torch.tensor([[2, -1, 1]], dtype=torch.float64)
x = torch.tensor([1, 2], dtype=torch.float64)
for name, weights, at in (("f", [W1, W2], x), ("3·W1", [3 * W1, W2], x), ("−2·W1", [-2 * W1, W2], x),
                          ("2·W1 and 2·W2", [2 * W1, 2 * W2], x), ("2·x", [W1, W2], 2 * x)):
    print(f"{name:14} {homogeneous.network(weights, at).item():4.0f}")
reveal("layers_scaled")

# %% [markdown]
# Tripling one layer triples $f$. The factor $-2$ does not give 8: only positive factors pass through a ReLU. Doubling both layers multiplies by 4: in *all*
# its $H + 1$ layers together the network has degree $H + 1$, here 2. In the input it has degree 1.
#
# Differentiate $f(\ldots, \alpha W_h, \ldots) = \alpha f$ with respect to $\alpha$ at 1: $\langle W_h, \partial f/\partial W_h\rangle = f$, in
# **every** layer, wherever $f$ is differentiable. ($\langle A, B\rangle = \sum A_{ij}B_{ij}$.) The sum over all layers is $(H + 1) f$, and $\langle x, \partial f/\partial x\rangle = f$.
# All three are **Euler's identity** for a homogeneous function, $\langle \nabla f(x), x\rangle = L f(x)$.

# %% [markdown]
# ### Exercise 5 — Measure it in every layer
#
# ●●○ · 12 minutes · 3 points
#
# Is it true, and what breaks it? Write `layer_inner_products(weights, x, biases=None)`: a list with $\langle W_h, \partial f/\partial W_h\rangle$ for each
# layer, one number each, for
# $$f(x) = W_{H+1}\,\sigma(\cdots \sigma(W_1 x + b_1) \cdots) + b_{H+1} .$$
# `weights` is a list of matrices, the last of shape $(1, m)$, with or without `requires_grad`; `biases` a list with one 1-D tensor for each layer, or
# `None`; `x` has shape $(d,)$ and is not on a kink. Leave the weights and their `.grad` as they are. With biases the numbers differ from layer to
# layer: measure them.
#
# <details><summary>Hint 1</summary>
#
# Detached copies with `requires_grad`, the network, one call of `torch.autograd.grad` with the list of copies.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# No ReLU after the last matrix. The result has shape (1,): take its entry.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `zip(weights, biases)` fails where `biases` is `None`. Put zeros in its place first.
#
# </details>

# %% grade_id="layer_inner_products" points=3
def layer_inner_products(weights, x, biases=None):
    """The list of ⟨W_h, ∂f/∂W_h⟩ of the ReLU network, with biases or without."""
    ### BEGIN SOLUTION
    biases = [0.0] * len(weights) if biases is None else biases
    leaves = [weight.detach().clone().requires_grad_() for weight in weights]
    value = x
    for leaf, bias in zip(leaves[:-1], biases):
        value = torch.relu(leaf @ value + bias)
    gradients = torch.autograd.grad((leaves[-1] @ value + biases[-1])[0], leaves)
    return [(leaf.detach() * gradient).sum().item() for leaf, gradient in zip(leaves, gradients)]
    ### END SOLUTION

# %% [markdown]
# What does a bias in the hidden layer, or a tanh in place of the ReLU, do to the two inner products and to $f$? **Predict** which of the two still equals $f$: that of
# layer "1", that of layer "2", "both" or "neither".

# %%
predict("layer_that_keeps", ...)

# %%
def inner_products(f, *weights):
    leaves = [w.clone().requires_grad_() for w in weights]
    parts = torch.autograd.grad(f(*leaves), leaves)
    return [(w * g).sum().item() for w, g in zip(weights, parts)]

bias = torch.tensor([1.0, -1.0, 0.5], dtype=torch.float64)
print("network    f     layer 1   layer 2   in b")
for name, f, *leaves in (("plain", lambda W1, W2: (W2 @ torch.relu(W1 @ x))[0], W1, W2),
                         ("bias", lambda W1, W2, b: (W2 @ torch.relu(W1 @ x + b))[0], W1, W2, bias),
                         ("tanh", lambda W1, W2: (W2 @ torch.tanh(W1 @ x))[0], W1, W2)):
    print(f"{name:6} {f(*leaves).item():7.4f} ", *(f"{each:8.4f} " for each in inner_products(f, *leaves)))
reveal("layer_that_keeps")

# %% [markdown]
# Both break it in the first layer. The last layer has nothing above it and is linear here, so it keeps its identity. The last column repairs
# the bias: add $\langle b, \partial f/\partial b\rangle$ to the first layer, and $f$ is back. The pair $(W_1, b)$ is homogeneous.
#
# ## 8 · Write the gradient as a product of matrices
#
# On each cell a ReLU network is linear: $f = W_{H+1}M_H W_H \cdots M_1 W_1 x$ with diagonal matrices $M_h$ (masks; the notes call them $A_h$), and
# $$\frac{\partial f}{\partial W_h} = \bigl(W_{H+1}M_H \cdots W_{h+1}M_h\bigr)^{\!\top}\bigl(M_{h-1}W_{h-1}\cdots M_1W_1 x\bigr)^{\!\top}.$$
# The first bracket is what arrives from above, the second the input of layer $h$: lesson 0's chain rule, walked backwards.
# The notes print $M_h = \operatorname{diag}(\sigma(z_h))$ with $z_h$ the input of layer $h$'s ReLU. Evaluate both readings on this network; $f = -4$.

# %%
z = W1 @ x
print("z =", z.tolist())
for name, mask in (("σ(z), as printed", torch.relu(z)), ("σ′(z)", (z > 0).double())):
    print(f"M = diag of {name:16}  gives f = {(W2 @ torch.diag(mask) @ W1 @ x).item():.0f}")

# %% [markdown]
# It must be $\sigma'(z_h)$: 1 where a unit is on, 0 where it is off. The trick behind this is $\sigma(z) = z\,\sigma'(z)$. With it the notes prove the
# identity of section 7 by a trace. **Try it on paper** before you look: $\langle W_h, \partial f/\partial W_h\rangle = \operatorname{tr}(W_h^\top\, \partial f/\partial W_h)$, and
# a trace allows cyclic exchange.
#
# <details><summary>The proof</summary>
#
# With the row $p = W_{H+1}M_H \cdots W_{h+1}M_h$ and the column $q = M_{h-1}W_{h-1}\cdots M_1 W_1x$ the gradient is $p^\top q^\top$, and
# $\operatorname{tr}(W_h^\top p^\top q^\top) = \operatorname{tr}(q^\top W_h^\top p^\top) = (p\,W_h\,q)^\top = f$. At a kink the identity holds for each
# choice of the mask in $[0, 1]$; whether what the formula gives lies in the Clarke set is another question (section 3).
#
# </details>

# %% [markdown]
# ### Exercise 6 — Differentiate without autograd
#
# ●●○ · 12 minutes · 2 points
#
# Write `layer_gradient(weights, x, h)` $= \partial f/\partial W_h$ by that formula, shaped and typed like $W_h$, with `h` from 1 to `len(weights)`. No
# autograd and no `torch.func`: the check reads your program. Where $z = 0$, any slope in $[0, 1]$ is right.
#
# <details><summary>Hint 1</summary>
#
# An empty product is 1: for the last layer the first bracket is 1, for `h` = 1 the second is $x$.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Upwards, store the input of every layer and every mask `(z > 0)`. Downwards, multiply a row by $W$ and a mask. `torch.outer` puts the two together.
#
# </details>

# %% grade_id="layer_gradient" points=2
def layer_gradient(weights, x, h):
    """∂f/∂W_h of the bias-free ReLU network, h from 1, without autograd."""
    ### BEGIN SOLUTION
    inputs, masks = [x], []
    for weight in weights[:-1]:
        masks.append((weight @ inputs[-1] > 0).to(x.dtype))
        inputs.append(masks[-1] * (weight @ inputs[-1]))
    row = torch.ones(1, dtype=x.dtype)
    for k in range(len(weights) - 1, h - 1, -1):
        row = (row @ weights[k]) * masks[k - 1]
    return torch.outer(row, inputs[h - 1])
    ### END SOLUTION

# %% [markdown]
# Formula and autograd side by side, in whole numbers, so that equal means equal:

# %%
leaf = W1.clone().requires_grad_()
by_autograd = torch.autograd.grad(homogeneous.network([leaf, W2], x), leaf)[0]
by_hand = torch.outer((z > 0) * W2[0], x)
print("equal:", torch.equal(by_autograd, by_hand))
print("∂f/∂W1 =", by_hand.tolist())

# %% [markdown]
# Now change one row so that the first unit sits on its kink, $z_1 = 0$, and spell the ReLU in three ways. **Predict** which of the two columns will change: the
# first "row" of $\partial f/\partial W_1$, or the "inner product" $\langle W_1, \partial f/\partial W_1 \rangle$?

# %%
predict("column_that_changes", ...)

# %%
V1 = torch.tensor([[2, -1], [3, 1], [-1, 1]], dtype=torch.float64)
print("ReLU, spelled    row 1 of ∂f/∂W1   ⟨W1, ∂f/∂W1⟩")
for name in ("relu(x)", "clamp(x, min=0)", "maximum(x, 0)"):
    leaf = V1.clone().requires_grad_()
    value = homogeneous.network([leaf, W2], x, spellings.RELU_SPELLINGS[name])
    slope = torch.autograd.grad(value, leaf)[0]
    print(f"{name:16} {str(slope[0].tolist()):17} {(slope * V1).sum().item():12}")
reveal("column_that_changes")

# %% [markdown]
# The row changes, the inner product does not. Section 9 says why.
#
# ## 9 · Prove what the notes leave out, and see what it cannot see
#
# **Lemma 3.2.** If $f$ is locally Lipschitz and homogeneous of degree $L$, then $\langle s, x\rangle = L f(x)$ for **every** $s \in \partial f(x)$. The
# notes leave the proof out. It has three lines.
#
# 1. Where $f$ is differentiable, differentiate $f(\alpha x) = \alpha^L f(x)$ with respect to $\alpha$ at 1: $\langle \nabla f(x), x\rangle = Lf(x)$.
# 2. If $x_i \to x$ and $\nabla f(x_i) \to s$, both sides of line 1 converge: $\langle s, x\rangle = Lf(x)$.
# 3. That equation is linear in $s$, so it holds for convex combinations too.
#
# Test it on a tie: $f = \max(x_1^2, x_1x_2)$ at $(1, 1)$, of degree 2. **Predict** $\langle s, x\rangle$.

# %%
predict("euler_at_the_tie", ...)

# %%
tie = torch.tensor([1.0, 1.0], dtype=torch.float64, requires_grad=True)
value = torch.maximum(tie[0] ** 2, tie[0] * tie[1])
s = torch.autograd.grad(value, tie)[0]
print(f"s = {s.tolist()}   ⟨s, x⟩ = {(s * tie.detach()).sum().item()}   2f = {2 * value.item()}")
reveal("euler_at_the_tie")

# %% [markdown]
# The two sides are equal, as they must be. A tempting conclusion: “Euler's identity holds, so my gradient is right.” Try a program of $x_1 + x_2$, whose only gradient
# is $(1, 1)$.

# %%
p = torch.tensor([0.0, 1.0], dtype=torch.float64, requires_grad=True)
value = torch.relu(p[0]) - torch.relu(-p[0]) + p[1]
s = torch.autograd.grad(value, p)[0]
print(f"s = {s.tolist()}   ⟨s, x⟩ = {(s * p.detach()).sum().item()}   f = {value.item()}")

# %% [markdown]
# The identity holds, and $s = (0, 1)$ is wrong.
#
# ### Question — Explain what the identity cannot see
#
# ●●○ · 8 minutes · 2 points, marked by a person
#
# Why can $\langle s, x\rangle = L f(x)$ not tell a right $s$ from a wrong one? Use the last cell, or the three ReLUs before it.

# %% [markdown] grade_id="why-euler" points=2
# ### BEGIN SOLUTION
# It is one linear equation for the $d$ numbers in $s$. Anything orthogonal to $x$ may be added to $s$ and nothing changes: the equation sees the component of
# $s$ along $x$ only. At $(0, 1)$ the first entry of $s$ is multiplied by $x_1 = 0$, so every $(t, 1)$ passes, though only $(1, 1)$ is a gradient. In the
# network the row of a unit with $z = 0$ contributes $\sigma'(0)\, z = 0$ whatever $\sigma'(0)$ is. The lemma is a necessary test, not a sufficient one.
# ### END SOLUTION

# %% [markdown]
# <details><summary>Mark yourself, when yours is written</summary>
#
# - 1 point: the identity is one equation for all entries of $s$; it sees only the component along $x$.
# - 1 point: a wrong $s$ that passes, with the factor that hides it ($x_1 = 0$, or $z = 0$).
#
# </details>

# %%
model_answer("why-euler")

# %% [markdown]
# ## 10 · Watch what descent keeps
#
# Let the step of gradient descent go to 0, and you have the **gradient flow**, $\dot W_h = -\partial \mathcal L/\partial W_h$; at kinks any element of the
# Clarke set may stand on the right, which makes it an *inclusion*, $\dot W_h \in -\partial \mathcal L$. For the loss $\mathcal L = \ell(f)$ of one sample
# $$\tfrac{d}{dt}\,\tfrac12\|W_h\|^2 = \langle W_h, \dot W_h\rangle = -\ell'(f)\,\langle W_h, \partial f/\partial W_h\rangle = -\ell'(f)\,f,$$
# the same for **every** layer; for a mean over samples, take the mean of the right side.
#
# > **Theorem** (Du, Hu and Lee). Let $\ell$ be continuously differentiable, $f$ locally Lipschitz, positively homogeneous of degree 1 in each layer, and let the chain rule $\tfrac{d}{dt}f(W(t)) =
# > \langle s, \dot W\rangle$ hold for all $s \in \partial f$ along the flow, as it does for ReLU networks. Then $\tfrac12\|W_h(t)\|^2 - \tfrac12\|W_h(0)\|^2$ is the
# > same for all layers $h$, at every $t \ge 0$.
#
# So *differences* of squared norms stay constant. The notes say that the flow “preserves norms” and that the change “is a constant”; the norms
# themselves grow or shrink together.
#
# The first line of the printed proof reads $\tfrac12\|W(t)\|^2 - \tfrac12\|W(0)\|^2 = \int \tfrac{d}{d\tau}\|W\|^2\,d\tau$. Evaluate both sides on the smallest network,
# $f = uv$, with target 3, from $(2, \tfrac12)$ to $t = 5$.

# %%
one, three = torch.ones(1, 1, dtype=torch.float64), torch.full((1,), 3.0, dtype=torch.float64)
start = [2.0 * one, 0.5 * one]
end = homogeneous.train(start, one, three, 0.01, 5.0, homogeneous.runge_kutta_step)
print("weight   left side   right side, as printed")
for name, a, b in zip("uv", start, end):
    print(f"{name:6} {((b**2 - a**2) / 2).item():11.6f} {(b**2 - a**2).item():18.6f}")

# %% [markdown]
# A factor ½ is missing on the right. Both norms have grown, by the same amount. You can check a proof the way you check code: run its lines.
#
# Flow is what descent becomes for $\eta \to 0$. With a finite step and $r = uv - y$, expand $u_{k+1}^2 - v_{k+1}^2$ for $c = u^2 - v^2$:
# the terms in $\eta$ cancel and
# $$c_{k+1} = (1 - \eta^2 r_k^2)\, c_k .$$

# %%
u, v, eta = 2.0, 0.5, 0.1
print("step   c after / c before   1 − η²r²")
for step in range(1, 5):
    r, c = u * v - 3, u**2 - v**2
    u, v = u - eta * r * v, v - eta * r * u
    print(f"{step:4}   {(u**2 - v**2) / c:.12f}       {1 - eta**2 * r**2:.12f}")

# %% [markdown]
# Each step makes an error of order $\eta^2$, and it takes $1/\eta$ times a constant steps to reach a fixed time. So the drift is of order $\eta$. **Predict** whether
# $c$ ends "above" or "below" 3.75. On which side of the hyperbola is that? Then try momentum, weight decay and Adam.

# %%
predict("side_of_c", ...)

# %%
explorers.balance(lr=0.1)

# %%
reveal("side_of_c")

# %% [markdown]
# Descent can only lose: as long as $\eta\,|r| < 1$, every factor $1 - \eta^2r^2$ lies between 0 and 1, so $c$ falls, and the path ends above the hyperbola (smaller $u$, larger $v$), nearer to $u = v$.
# How do the losses shrink with the step?

# %%
from gradlab.lessons.clarke_homogeneity.explorers.balance import METHODS, path

print("change of c by time 10   " + "".join(f"η = {lr:<10}" for lr in (0.01, 0.005, 0.0025)))
for method in METHODS:
    print(f"{method:22}", *(f"{path(lr, method)['c'] - 3.75:13.4f}" for lr in (0.01, 0.005, 0.0025)))

# %% [markdown]
# Read the rows. *Gradient descent* halves its loss with the step. *Momentum* tends to 0 too, but from far away: with $\beta = 0.9$ a gradient is used ten
# times over, while the weights move on, and the drift is up to two hundred times as large. The law still holds in the limit. *Weight decay* $\mu$ breaks it on
# purpose: $c$ falls like $e^{-2\mu t}$, here by $3.75\,(1 - e^{-2}) = 3.24$, whatever the step. *Adam* rescales each gradient, so it descends along another field, which does
# not keep $c$, however small its steps.
#
# The right half of the figure shows an old friend: on the hyperbola, $\tfrac12(u^2 + v^2) = \sqrt{(uv)^2 + c^2/4}$ is lesson 1's soft absolute value.

# %% [markdown]
# ### Exercise 7 — Measure the drift
#
# ●●● · 18 minutes · 3 points
#
# Write `balance_drift(weights, X, Y, lr, time)`. `X` has shape $(d, N)$, samples in columns, and `Y` shape $(N,)$. Take `round(time / lr)` steps of
# gradient descent on $\tfrac12 \operatorname{mean}\,(f(x_i) - y_i)^2$ for the bias-free ReLU network, all layers at once, and return the list, over layers, of the change of
# $\tfrac12\|W_h\|_F^2$. Leave the weights as they are.
#
# <details><summary>Hint 1</summary>
#
# `W @ X` works on all samples. The last layer gives shape $(1, N)$: take its row before you subtract `Y`.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# All gradients at the old weights first, then all layers move.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# $0.35/0.05$ is $6.999\ldots$ in floating point. That is what `round` is for.
#
# </details>

# %% grade_id="balance_drift" points=3
def balance_drift(weights, X, Y, lr, time):
    """The change of ½‖W_h‖² in each layer over round(time / lr) steps of gradient descent."""
    ### BEGIN SOLUTION
    moving = [weight.detach().clone().requires_grad_() for weight in weights]
    for _ in range(round(time / lr)):
        value = X
        for weight in moving[:-1]:
            value = torch.relu(weight @ value)
        loss = ((moving[-1] @ value)[0] - Y).square().mean() / 2
        gradients = torch.autograd.grad(loss, moving)
        moving = [(w - lr * g).detach().requires_grad_() for w, g in zip(moving, gradients)]
    half_square = lambda w: w.detach().square().sum().item() / 2
    return [half_square(after) - half_square(before) for before, after in zip(weights, moving)]
    ### END SOLUTION

# %% [markdown]
# One step changes the difference of the half squared norms of two layers by exactly $\tfrac12\eta^2(\|G_h\|^2 - \|G_{h'}\|^2)$, with $G_h$ the gradient of the loss in
# layer $h$. Check that on a network of three layers, which has two differences:

# %%
X, Y = torch.tensor([[1, 0, 1, -1], [0, 1, 1, 1.0]]).double(), torch.tensor([1, 0, -1, 2.0]).double()
rows = [[1, -0.5], [0.5, 1], [-1, 0.9]], [[1, -0.5, 0.5], [0.5, 1, 1]], [[1.0, -1]]
net = [torch.tensor(each).double() for each in rows]
gradients = homogeneous.loss_gradients(net, X, Y)
one_step = homogeneous.euler_step(net, lambda weights: gradients, 0.1)
measured, predicted = balance.balancedness(one_step) - balance.balancedness(net), balance.predicted_drift(gradients, 0.1)
for name, drift in (("measured", measured), ("predicted", predicted)):
    print(f"{name:10}", *(f"{each:.12f}" for each in drift.tolist()))

# %% [markdown]
# Would a better integrator save the law? **Predict** the slope of drift against $\eta$, on logarithmic axes, for the Runge–Kutta method of order 4, on a linear, a ReLU
# and a tanh network: three whole numbers.

# %%
predict("order_of_drift", ...)

# %%
explorers.drift()

# %%
reveal("order_of_drift")

# %% [markdown]
# On the linear network it has order 4. On the ReLU network order 1: units switch on and off on the way, and a high order needs a smooth field. On the tanh
# network the drift does not go away at all; there is nothing to conserve: tanh is not homogeneous.
#
# ## What you have seen
#
# - Subdifferential: global, may be empty. Clarke subdifferential: local, a hull of limits. Autograd's value: a property of the program, and not always in either.
# - The bad points have measure zero, and autograd's values belong to a conservative field: that is why training works.
# - Homogeneity can be measured. It gives $\langle W_h, \partial f/\partial W_h\rangle = f$ in every layer, and cannot vouch for a gradient.
# - The flow keeps differences of squared norms; descent lets them drift, by order $\eta$.
# - Several slips in one set of notes, nearly all found by evaluating a line.
#
# **Where this fails.** The chain rule along a curve is a hypothesis of the theorem on norms, not a fact about every locally Lipschitz function: it holds for
# path-differentiable ones, such as ReLU networks. Sampling misses vertices that belong to thin cells; `gradlab.maths.clarke.clarke_vertices` lists them all.
#
# **Further reading.** Clarke, [*Optimization and Nonsmooth Analysis*](https://doi.org/10.1137/1.9781611971309) (1983), chapter 2. Burke, Lewis and Overton,
# [*A Robust Gradient Sampling Algorithm for Nonsmooth, Nonconvex Optimization*](https://doi.org/10.1137/030601296) (2005). Bolte and Pauwels, [*Conservative
# Set Valued Fields, Automatic Differentiation, Stochastic Gradient Methods and Deep Learning*](https://arxiv.org/abs/1909.10300) (2020). Bertoin, Bolte,
# Gerchinovitz and Pauwels, [*Numerical Influence of ReLU'(0) on Backpropagation*](https://arxiv.org/abs/2106.12915) (2021). Du, Hu and Lee, [*Algorithmic
# Regularization in Learning Deep Homogeneous Models: Layers are Automatically Balanced*](https://arxiv.org/abs/1806.00900) (2018).
#
# Next: [lesson 4](../04-implicit-argmin/implicit_argmin.ipynb), where the function is hidden behind a minimum.
# Before: [lesson 2](../02-wasteful-module/wasteful_module.ipynb).
