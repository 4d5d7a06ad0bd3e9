# %% [markdown]
# # Soft-thresholding: see what a kink does to a gradient
#
# **Two sittings of 50 minutes · 20 points**
#
# *You will* differentiate a matrix that contains a sign, smooth its corners with a parameter $\lambda$, watch what the smoothing keeps
# and what it loses, send a gradient straight through a jump, and write the soft threshold in a way that survives every input.
# *You will learn* to take differentials before gradients, to tell the derivative of a program from the derivative of a function, and
# that a right formula can be a wrong number.
# *You need* [lesson 0](../00-start-here/start_here.ipynb), the chain rule, and the idea of a limit.
# Terms stand in the [glossary](../../assets/guides/glossary.md), letters in the table below and in that
# [of all lessons](../../assets/guides/notation.md).
#
# The place to stop is after section 6.
#
# **From lesson 0, without looking back.** A loss does not use `x`. What can `torch.autograd.grad(loss, x, …)` give you, and what is
# the derivative?
#
# <details><summary>Compare</summary>
#
# The derivative is 0. Autograd stops with an error, or returns `None` with `allow_unused=True`, or zeros with
# `materialize_grads=True`. If the loss has no graph at all, it is an error in every case.
#
# </details>
#
# | symbol | what it is here |
# |---|---|
# | $X, Y, A$ | matrices; $x, y, a$ are one entry of each |
# | $\odot$ | the product entry by entry; all functions act entry by entry |
# | $\lambda > 0$ | how much is smoothed; it has the unit of $x^2$ |
# | $B, S$ | soft absolute value $\sqrt{x^2 + \lambda}$ and soft sign $x/B$ |
# | $T \ge 0$ | threshold |
# | $f_T$ | soft-thresholding |
# | $E$ | the four-index identity, $E_{ijkl} = 1$ for $i = k$, $j = l$, else 0 |

# %%
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from gradlab import check, model_answer, predict, reveal
from gradlab.maths import prox, soft
from gradlab.explore.figures import show
from gradlab.lessons.soft_thresholding import explorers, steps_to_zero

# %% [markdown]
# ## 1 · Ask about the sign of noise
#
# Somebody asked on a mathematics forum: let
# $$Y = X + A \odot \operatorname{sign}(X),$$
# where $A$ is a matrix of random numbers between 0 and 1. What is $\partial Y / \partial X$?
#
# $A$ is random, but it does not depend on $X$; for this derivative it is a constant. Begin with one entry, $y = x + a
# \operatorname{sign}(x)$ with $a = \tfrac12$. **Predict** the slope that autograd reports at $x = 2$ and at $x = 0$.

# %%
predict("slope_with_sign", ...)

# %%
for at in (2.0, 0.0):
    x = torch.tensor(at, requires_grad=True)
    (slope,) = torch.autograd.grad(x + 0.5 * torch.sign(x), x)
    print(f"x = {at:g}   slope {slope.item():g}")
reveal("slope_with_sign")

# %% [markdown]
# One, at both. Away from zero that is right, since the sign does not change under a small step. And at zero? **Predict** how much
# $y$ changes when $x$ goes from $-10^{-9}$ to $10^{-9}$.

# %%
predict("jump", ...)

# %%
step = 1e-9
before, after = (x + 0.5 * math.copysign(1, x) for x in (-step, step))
print(f"y changes by {after - before:.9f}")
reveal("jump")

# %% [markdown]
# It jumps by $2a = 1$. No finite number is a slope there. Autograd did not lie about the *program*: the derivative of `torch.sign` is
# written down as 0, so the program's derivative is 1. But the *function* has a jump, and the jump left no trace.
#
# Now the whole matrix. A gradient of a matrix with respect to a matrix has four indices, $\partial Y_{ij} / \partial X_{kl}$. For a
# matrix of 2 × 3 autograd returns it with shape (2, 3, 2, 3), here laid out as 6 × 6.

# %%
X = torch.tensor([[0.0, -1.5, 2.0], [0.3, -0.2, 1.0]], dtype=torch.float64)
A = torch.tensor([[0.5, 0.25, 0.9], [0.1, 0.6, 0.4]], dtype=torch.float64)
J = torch.autograd.functional.jacobian(lambda X: X + A * torch.sign(X), X)
print("shape", tuple(J.shape))
print(J.reshape(6, 6))

# %% [markdown]
# The identity, in the corner that belongs to $X_{00} = 0$ as well. The forum's answer says the same, $\partial Y/\partial X = E$, and is
# careful to add: where $X_{ij} \ne 0$.
#
# ## 2 · Smooth the corner
#
# The answer then replaces $|x|$ by a smooth relative with a parameter $\lambda > 0$, and the sign by the slope of that:
# $$B(x) = \sqrt{x^2 + \lambda}, \qquad S(x) = \frac{x}{B(x)}.$$
# Think of a right-angled triangle with legs $|x|$ and $\sqrt\lambda$: $B$ is its hypotenuse, and $|S|$ is the cosine of the angle between
# it and the leg $|x|$. Root and square are taken entry by entry (the Hadamard power); nothing here is a matrix product.

# %% [markdown]
# ### Exercise 1 — Smooth the absolute value
#
# ●○○ · 3 minutes · 2 points
#
# Write `soft_abs(x, lam)` $= \sqrt{x^2+\lambda}$, elementwise. `x` is a tensor of any shape, in float64 or float32, and the
# result is like it. `lam` is a positive number or a tensor without axes. The autograd graph is kept, to `x` and to `lam`.
#
# <details><summary>Hint 1</summary>
#
# `x**2` and `torch.sqrt` both work entry by entry. `x @ x` does not.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# $\lambda$ stands beside $x^2$, so it has the unit of $x^2$: do not square it.
#
# </details>

# %% grade_id="soft_abs" points=2
def soft_abs(x, lam):
    """√(x² + λ), elementwise."""
    ### BEGIN SOLUTION
    return torch.sqrt(x**2 + lam)
    ### END SOLUTION

# %% [markdown]
# ### Exercise 2 — Smooth the sign
#
# ●○○ · 3 minutes · 2 points
#
# Write `soft_sign(x, lam)` $= x/\sqrt{x^2+\lambda}$, with the same rules as before.
#
# <details><summary>Hint 1</summary>
#
# You have the denominator already.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# At $x = 3$, $\lambda = 16$ the triangle has sides 3, 4 and 5, so the result is $0.6$.
#
# </details>

# %% grade_id="soft_sign" points=2
def soft_sign(x, lam):
    """x/√(x² + λ), elementwise."""
    ### BEGIN SOLUTION
    return x / torch.sqrt(x**2 + lam)
    ### END SOLUTION

# %% [markdown]
# Now put $S$ in the place of the sign: $Y = X + A \odot S(X)$. The explorer shows $B$ and $S$ on the left and the slope
# $dY/dX$ of one entry on the right.
#
# **Predict**: when $\lambda$ becomes a hundred times smaller, what happens to the spike above the line at 1, its width, and the area between
# spike and line: "all grow", "taller, thinner, larger area" or "taller, thinner, same area"? And by what factors?

# %%
predict("soft_spike", ...)

# %%
explorers.soft_sign(lam=0.01)

# %%
reveal("soft_spike")

# %% [markdown]
# Ten times taller above the line (from 5 to 50), ten times thinner, and the area stays: it is $2A$, the jump. The soft slope
# *contains* the jump. The hard one, the flat line that autograd reported, does not.
#
# ## 3 · Take differentials first, gradients last
#
# Where does that spike come from? Differentiate the defining equation instead of the formula. From $B \odot B = X \odot X + \lambda$,
# $$B \odot dB = X \odot dX \quad\Rightarrow\quad dB = S \odot dX .$$
# Next, $X = B \odot S$ gives $dX = B \odot dS + S \odot dB$, so
# $$B \odot dS = (1 - S \odot S) \odot dX \quad\Rightarrow\quad dS = \frac{\lambda}{B^{3}} \odot dX,$$
# because $1 - S^2 = \lambda/B^2$. Every product is entry by entry; nobody had to think about four indices. The derivation is the
# forum's, and it is worth imitating. Check both lines against a Jacobian-vector product along a direction $dX$.

# %%
lam, dX = 0.01, torch.tensor([[1.0, -2.0, 0.5], [0.0, 1.0, 3.0]], dtype=torch.float64)
B, dB = torch.func.jvp(lambda X: soft.soft_abs(X, lam), (X,), (dX,))
S, dS = torch.func.jvp(lambda X: soft.soft_sign(X, lam), (X,), (dX,))
print(f"largest |dB − S⊙dX|      {(dB - S * dX).abs().max():.0e}")
print(f"largest |dS − λ/B³⊙dX|   {(dS - lam / B**3 * dX).abs().max():.0e}")

# %% [markdown]
# Only now the gradient. “Entry by entry” means that $Y_{ij}$ depends on $X_{ij}$ and on nothing else: the four-index tensor is zero
# unless $i = k$ and $j = l$. For $Y = X$ it is $E_{ijkl} = \delta_{ik}\delta_{jl}$, where $\delta_{ik}$ is 1 for $i = k$ and else 0.
#
# *On a first reading you may skip to the exercise.* The forum's answer writes such tensors as $S : \mathbb M$ with a tensor $\mathbb
# M$ of *six* indices that it never defines. It can only be this: $\mathbb M_{ijklmn} = 1$ where $i = k = m$ and $j = l = n$, else 0.
# Build it once.

# %%
I2, I3 = torch.eye(2, dtype=torch.float64), torch.eye(3, dtype=torch.float64)
M = torch.einsum("ik,im,jl,jn->ijklmn", I2, I2, I3, I3)
jacobian_of_B = torch.autograd.functional.jacobian(lambda X: soft.soft_abs(X, lam), X)
difference = torch.einsum("ij,ijklmn->klmn", S, M) - jacobian_of_B
print(f"entries of M: {M.numel()}, not zero: {int(M.sum())}")
print(f"largest |S:M − ∂B/∂X|: {difference.abs().max():.0e}")

# %% [markdown]
# 216 entries, six of them not zero. The notation is right, and nobody should ever store it: $\mathbb M$ says “put these
# numbers on a diagonal”. With it the answer reads $\partial Y/\partial X = E + (\lambda A \oslash B^3) : \mathbb M$, where $\oslash$
# divides entry by entry.

# %% [markdown]
# ### Exercise 3 — Write the whole Jacobian
#
# ●●○ · 8 minutes · 3 points
#
# Write `noisy_sign_jacobian(x, a, lam)`: for `x` and `a` of shape $(m, n)$ the tensor of shape $(m, n, m, n)$ with entries
# $\partial Y_{ij}/\partial X_{kl}$, where $Y = X + A \odot S(X)$. Any correct way counts, closed form or autograd; keep the dtype of
# `x`.
#
# <details><summary>Hint 1</summary>
#
# $dY = dX + A \odot dS$, and you know $dS$. Which numbers stand on the diagonal?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# The diagonal holds $1 + \lambda A_{ij}/B_{ij}^3$. A diagonal matrix of size $mn \times mn$, reshaped to $(m, n, m, n)$, has
# them in the right places.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# Or let `torch.autograd.functional.jacobian` do it. Make sure that the function you give it maps `x` to $Y$.
#
# </details>

# %% grade_id="noisy_sign_jacobian" points=3
def noisy_sign_jacobian(x, a, lam):
    """∂Y/∂X of Y = X + A⊙soft_sign(X), shape (m, n, m, n)."""
    ### BEGIN SOLUTION
    slope = 1 + a * lam / (x**2 + lam) ** 1.5
    return torch.diag(slope.reshape(-1)).reshape(*x.shape, *x.shape)
    ### END SOLUTION

# %% [markdown]
# ## 4 · Let λ go to zero: what is left, what is lost
#
# **What is left.** $B$ tends to $|x|$. How fast? Multiply the difference by $B + |x|$ and divide again:
# $$0 < B - |x| = \frac{\lambda}{B + |x|} \le \sqrt\lambda .$$
# **Predict** at which $x$ on the axis, between $-3$ and 3, the error is largest.

# %%
predict("largest_error", ...)

# %%
grid = torch.linspace(-3, 3, 601, dtype=torch.float64)
print("       λ   largest error   at |x| =")
for lam in (1.0, 1e-2, 1e-4):
    error = soft.soft_abs(grid, lam) - grid.abs()
    print(f"{lam:8g}   {error.max():13.4f}   {grid[error.argmax()].abs():8.2f}")
reveal("largest_error")

# %% [markdown]
# At $x = 0$, where it is $\sqrt\lambda$. So an error of at most $\varepsilon$ everywhere needs $\lambda \le \varepsilon^2$. At a distance
# $r$ from the corner it is at most $\lambda/(2r)$, far less if $r$ is large compared with $\sqrt\lambda$.
#
# The sign is a matter of *where*. **Predict** three limits for $\lambda \to 0$: of $S$ at $x = \tfrac12$, of $S$ at $x = 0$, and of the
# slope of $S$ at $x = 0$. (Infinity is "inf".)

# %%
predict("three_limits", ...)

# %%
print("      λ     B(0)   S(0)   slope of S at 0   1 − S(½)   λ/(2x²) there")
for lam in (1e-2, 1e-4, 1e-6):
    at = torch.tensor([0.0, 0.5], dtype=torch.float64)
    B, S, slope = (f(at, lam) for f in (soft.soft_abs, soft.soft_sign, soft.soft_sign_slope))
    print(f"{lam:7g} {B[0]:8.3f} {S[0]:6.1f} {slope[0]:17.0f} {1 - S[1]:10.2e} {lam / (2 * 0.25):15.2e}")
reveal("three_limits")

# %% [markdown]
# Away from 0 the soft sign tends to the sign, and its slope to 0. At 0 we get $B \to 0$ and $S = 0$ for every $\lambda$, and the slope
# is $1/\sqrt\lambda$: it grows without bound.
#
# **What is lost.** Take $y = x + \tfrac12 \operatorname{sign}(x)$ again. It rises by $Y(1) - Y(-1) = 3$. The **fundamental theorem of
# calculus** says that the rise is the integral of the slope, $\int_{-1}^1 Y'(x)\,dx$, *if $Y$ is absolutely continuous* (every
# Lipschitz function is; no function with a jump is).
#
# **Predict** two integrals over $[-1, 1]$: of the soft slope for a very small $\lambda$, and of the slope that autograd reports for the
# hard function.

# %%
predict("two_integrals", ...)

# %%
fine = torch.sinh(torch.linspace(-16, 16, 20001, dtype=torch.float64)) / math.sinh(16)  # points crowd at 0
soft_slope = 1 + 0.5 * soft.soft_sign_slope(fine, 1e-6)
tracked = fine.clone().requires_grad_(True)
(hard_slope,) = torch.autograd.grad((tracked + 0.5 * torch.sign(tracked)).sum(), tracked)
print("rise of Y                    3.0000")
print(f"integral of the soft slope   {torch.trapezoid(soft_slope, fine):.4f}")
print(f"integral of autograd's slope {torch.trapezoid(hard_slope, fine):.4f}")
reveal("two_integrals")

# %% [markdown]
# The missing 1 is the jump, $2a$. Whoever adds up slopes to learn how far a value moves loses it without a word.
#
# **At the point itself.** At $x = 0$ with $\lambda = 0$ mathematics says “undefined”. A program has to say something.
# **Predict** how many of these six say nan. Which say 0, which 1?

# %%
predict("nan_among_six", ...)

# %%
spellings = {
    "abs(x)": torch.abs,
    "sqrt(x*x)": lambda x: torch.sqrt(x * x),
    "hypot(x, 0)": lambda x: torch.hypot(x, torch.zeros(())),
    "linalg.norm(x)": torch.linalg.norm,
    "x*sign(x)": lambda x: x * torch.sign(x),
    "where(x>=0, x, -x)": lambda x: torch.where(x >= 0, x, -x),
}
print("|x| written as       value at 0   slope at 0")
for name, f in spellings.items():
    x = torch.zeros((), requires_grad=True)
    print(f"{name:20} {f(x).item():10g}   {torch.autograd.grad(f(x), x)[0].item():10g}")
reveal("nan_among_six")

# %% [markdown]
# The value is 0 in every spelling; the slope is 0, 1 or nan. The forum's answer proposes to define $S = 1$ at 0. That is allowed:
# every number in $[-1, 1]$ is the slope of a line that touches $|x|$ at 0 from below. It is also one choice among many, and not the one
# that torch makes.

# %%
explorers.tangent_fan(s0=1.0)

# %% [markdown]
# The set of these slopes, $[-1, 1]$, is the **Clarke subdifferential** of $|x|$ at 0: the convex hull (on the line: the smallest
# interval) of all limits of slopes at nearby points where there is one. (Lecture notes that we
# shall read in lesson 3 say *Clarke differential*; others say generalized gradient.)
#
# The notion is made for **locally Lipschitz** functions: near each point one constant bounds the difference quotients of all pairs of
# points. The sign is not one of them: it jumps at 0. Apply the recipe to it all the same, and the slopes nearby are all 0, so the
# hull is $\{0\}$. It misses
# the jump, exactly as autograd does.
#
# ## 5 · A third answer: straight through
#
# So far the derivative of the sign has two answers: 0, which never moves anything, and $\lambda/B^3$, a spike. Those who train networks
# whose weights are rounded to $\pm 1$ use a third, the **straight-through estimator**: let the value be the sign, and on the way back
# pretend that it was the identity. That is not the derivative of the sign, nor of anything close to it, and it is useful.
#
# **Predict** the slope of the loss $(\operatorname{sign}(x) - 1)^2$ at $x = -\tfrac12$ for each of the three answers: hard, soft with $\lambda =
# 0.01$, straight through. Which of them tells descent to move to the right?

# %%
predict("loss_slopes", ...)

# %%
at, lam = torch.tensor(-0.5, dtype=torch.float64), 0.01
S = soft.soft_sign(at, lam)
rows = {"hard": (-1.0, 0.0), "soft, λ = 0.01": (S, soft.soft_sign_slope(at, lam)), "straight through": (-1.0, 1.0)}
print("answer              value   its slope   slope of the loss")
for name, (value, slope) in rows.items():
    print(f"{name:18} {value:6.3f} {slope:11.4f} {2 * (value - 1) * slope + 0.0:19.4f}")
reveal("loss_slopes")

# %% [markdown]
# ### Exercise 4 — Send the gradient straight through
#
# ●●○ · 6 minutes · 2 points
#
# Write `straight_through(x)`, elementwise: its **value** is $\operatorname{sign}(x)$ (with $\operatorname{sign}(0) = 0$, as `torch.sign`
# has it), right to $10^{-12}$ for $|x| \le 10^6$ in float64; its **gradient** is that of the identity, 1 for every entry, whatever $x$
# is. `x` has any shape, float64 or float32; shape and dtype are kept, and `x` itself is not changed.
#
# <details><summary>Hint 1</summary>
#
# A sum of two things: one has the right value and no slope, the other has the value 0 and slope 1.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `x.detach()` has the numbers of `x`, and no graph. What are value and slope of `x - x.detach()`?
#
# </details>
#
# <details><summary>I would rather write both rules down</summary>
#
# A subclass of `torch.autograd.Function` with two static methods: `forward(ctx, x)` returns the value, `backward(ctx, grad)` returns
# what is handed back to `x`. Call its `apply`.
#
# </details>

# %% grade_id="straight_through" points=2
def straight_through(x):
    """sign(x) with the gradient of the identity, elementwise."""
    ### BEGIN SOLUTION
    return torch.sign(x).detach() + (x - x.detach())
    ### END SOLUTION

# %% [markdown]
# ## 6 · A right formula can be a wrong number
#
# $dS/dx = \lambda/B^3$, you showed it. Autograd computes the same derivative from $x/\sqrt{x^2 + \lambda}$ by the quotient rule: $1/B -
# x^2/B^3$. Equal on paper. **Predict**: with $x = 1$ and $\lambda = 10^{-16}$, how many digits do the two have in common? And $B - |x|$,
# computed as it stands?

# %%
predict("digits_in_common", ...)

# %%
print("      λ   dS/dx by autograd            λ/B³         B − |x|     λ/(B + |x|)")
for lam in (1e-8, 1e-12, 1e-15, 1e-16):
    x = torch.ones((), dtype=torch.float64, requires_grad=True)
    (by_autograd,) = torch.autograd.grad(x / torch.sqrt(x * x + lam), x)
    B = math.sqrt(1 + lam)
    exact = soft.soft_sign_slope(x, lam).item()
    print(f"{lam:7g} {by_autograd.item():19.6e} {exact:15.6e} {B - 1:15.6e} {lam / (B + 1):15.6e}")
reveal("digits_in_common")

# %% [markdown]
# At $10^{-12}$ four digits are left, at $10^{-15}$ not even the first, and at $10^{-16}$ autograd says 0. Two numbers near 1 were
# subtracted: the leading digits they shared cancelled, and mostly rounding error was left. Autograd differentiated the formula you
# wrote, correctly. The formula it ended up with is badly conditioned.

# %%
explorers.precision(lam=1e-6)

# %% [markdown]
# In float32 the cliff comes at $\lambda \approx 10^{-7} x^2$. The other formula has troubles of its own, at the ends of the range of
# floats.

# %%
huge, nothing = torch.tensor(1e200, dtype=torch.float64), torch.zeros((), dtype=torch.float64)
print("x = 1e200, λ = 1:    S as x/√(x² + λ) is", (huge / torch.sqrt(huge**2 + 1)).item())
print("x = 0, λ = 1e-220:   λ/B³ is            ", (1e-220 / torch.sqrt(nothing + 1e-220) ** 3).item())

# %% [markdown]
# The first should be 1: the square overflowed. The second should be $10^{110}$: the cube of $B = 10^{-110}$ underflowed to 0.

# %% [markdown]
# ### Exercise 5 — Keep all the digits
#
# ●●● · 12 minutes · 3 points
#
# Write `soft_sign_slope(x, lam)` $= \lambda/B^3$, elementwise, to a relative error of $10^{-12}$ in float64 wherever the result is a normal
# number, for $x = 0$ or $10^{-150} \le |x| \le 10^{150}$ and $10^{-300} \le \lambda \le 10^{300}$. Shapes, dtypes and graph
# as in Exercise 1.
#
# <details><summary>Hint 1</summary>
#
# `torch.hypot(x, r)` is $\sqrt{x^2 + r^2}$ without ever forming the squares. It wants tensors.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Never form $B^3$. Which quotient of two numbers of similar size appears in $\lambda/B^3$ twice?
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# $\lambda/B^3 = \left(\sqrt\lambda/B\right)^2 / B$.
#
# </details>

# %% grade_id="soft_sign_slope" points=3
def soft_sign_slope(x, lam):
    """λ/(x² + λ)^(3/2), elementwise, to full precision."""
    ### BEGIN SOLUTION
    root = torch.sqrt(torch.as_tensor(lam, dtype=torch.float64)).to(x.dtype)
    smooth = torch.hypot(x, root)
    return (root / smooth) ** 2 / smooth
    ### END SOLUTION

# %% [markdown]
# **A good place to stop.** You have the first half: the sign, three answers to its derivative, and a formula that keeps its digits.
# When you come back, run the cells above first (in the menu Run: Run All Above Selected Cell).
#
# ## 7 · Shrink: the soft threshold
#
# *If you stopped: which three slopes did the sign get, and what is the integral of each over $[-1, 1]$?* (0, about 2, and 2.)
#
# Our second source is a homework of a university course. It defines soft-thresholding, for $T > 0$, by three cases. As printed:
# $$f_T(y) = \begin{cases} 0 & \text{if } -T \le y \le T,\\ y - T & \text{if } y > T,\\ y + T & \text{if } y < T. \end{cases}$$
# Read a definition with a test in hand: **predict** which of the cases "0", "y - T" and "y + T" apply to $y = 1.2$ with $T = 3.14$.

# %%
predict("cases_that_apply", ...)

# %%
y, T = 1.2, 3.14
for case, applies, value in (("0", -T <= y <= T, 0.0), ("y − T", y > T, y - T), ("y + T", y < T, y + T)):
    print(f"case {case:6} {'applies: ' + format(value, 'g') if applies else 'does not apply'}")
reveal("cases_that_apply")

# %% [markdown]
# Two apply, and they disagree: 0 or 4.34. A minus sign is missing in the third case, which must read $y < -T$. The homework's own code
# has it right, so no answer suffered, but anyone who implements the printed definition does.
#
# Repaired, $f_T$ sets small numbers to zero and moves the others towards zero by $T$. Why $T > 0$? For a negative $T$ the last two cases
# overlap again, between $T$ and $-T$, and a program with branches takes whichever comes first, without complaint.
#
# One more trap before you write it: **which number is 3.14?**

# %%
single = torch.tensor(3.14)
print("float32 holds", single.double().item())
print("single > 3.14            ", (single > 3.14).item())
print("single.double() > 3.14   ", (single.double() > 3.14).item())

# %% [markdown]
# In float32 it is not above 3.14, and the same number in float64 is. Whoever asks what happens *at* a kink must say in which dtype.

# %% [markdown]
# ### Exercise 6 — Write the soft threshold
#
# ●●○ · 8 minutes · 3 points
#
# Write `soft_threshold(y, T)`, elementwise. `y` is a tensor of any shape, float64 or float32, and the result is like it. `T`
# is a number, or a tensor that broadcasts against `y`. The graph is kept, to `y` **and to `T`**. If any `T` is negative, raise
# `ValueError` with a message. `T = 0` changes nothing. The slope that autograd reports exactly at $|y| = T$ is your choice, within $[0, 1]$.
#
# <details><summary>Hint 1</summary>
#
# `if y > T` asks one question about a whole tensor. Look for functions that decide entry by entry: `torch.where`,
# `torch.relu`, `torch.clamp`, `torch.sign`.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# What is $y - f_T(y)$? Draw it: it is a clamp.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# `F.softshrink` has no gradient with respect to `T`. For the error: `torch.as_tensor(T, dtype=y.dtype)` makes a tensor of either kind of `T` (without
# `dtype` a number becomes float32, and 3.14 loses half its digits), and `(… < 0).any()` asks about all entries.
#
# </details>

# %% grade_id="soft_threshold" points=3
def soft_threshold(y, T):
    """sign(y)·max(|y| − T, 0), elementwise; ValueError if any T < 0."""
    ### BEGIN SOLUTION
    if (torch.as_tensor(T) < 0).any():
        raise ValueError(f"soft_threshold needs T ≥ 0, got {T}.")
    return torch.relu(y - T) - torch.relu(-y - T)
    ### END SOLUTION

# %% [markdown]
# The homework goes on to the slope, with two hints: a branch of the code may not depend on `y` at all, and *None stands for 0*. You
# know from lesson 0 that both are only half true. Here are four ways to return zero from a branch. **Predict** how many of them end in an
# error, with `allow_unused=True`. What do the others give?

# %%
predict("errors_of_four", ...)

# %%
branches = {
    "0 * y": lambda y: 0 * y,
    "torch.zeros(1, requires_grad=True)": lambda y: torch.zeros(1, requires_grad=True),
    "torch.tensor(0.0)": lambda y: torch.tensor(0.0),
    "0.0": lambda y: 0.0,
}
for name, branch in branches.items():
    y = torch.tensor(1.2, requires_grad=True)
    try:
        said = torch.autograd.grad(branch(y), y, allow_unused=True)[0]
    except (RuntimeError, TypeError) as error:
        said = type(error).__name__
    print(f"{name:36} {said}")
reveal("errors_of_four")

# %% [markdown]
# A zero, a `None`, and two exceptions, for one and the same value. The published solution returns a tensor without axes from two
# branches, and a warning in its printout betrays that the third returned one with an axis; its slope function returns the Python int
# `0` there. Today's NumPy refuses to make an array of such a mixture.

# %%
try:
    np.array([np.zeros(()), np.zeros(1)])
except ValueError as error:
    print("NumPy:", str(error).split(".")[0])

# %% [markdown]
# **All branches: the same type, the same shape, the same dtype, the same graph.**
#
# ### Exercise 7 — Write its slope
#
# ●●○ · 6 minutes · 2 points
#
# Write `soft_threshold_slope(y, T)`: the derivative of $f_T$ at each entry of `y`, a tensor like `y`, in every branch. Closed form or
# autograd, as you like; the value counts. In the dead zone it is a tensor of zeros, never `None`. `ValueError` if any `T` is negative. At
# $|y| = T$ anything in $[0, 1]$ is right.
#
# <details><summary>Hint 1</summary>
#
# Without autograd: where is the slope 1, where is it 0? A comparison gives `True` and `False`; make numbers of them.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# With autograd: differentiate the *sum* of the entries with respect to a detached copy of `y`. Why does the sum give each
# entry its own slope?
#
# </details>

# %% grade_id="soft_threshold_slope" points=2
def soft_threshold_slope(y, T):
    """Derivative of soft-thresholding at each entry of y; ValueError if any T < 0."""
    ### BEGIN SOLUTION
    if (torch.as_tensor(T) < 0).any():
        raise ValueError(f"soft_threshold_slope needs T ≥ 0, got {T}.")
    return (y.detach().abs() > T).to(y.dtype)
    ### END SOLUTION

# %% [markdown]
# ## 8 · One kink, nine spellings
#
# Here are nine ways to write soft-thresholding. With $T = 1$ there are kinks at $y = \pm 1$. **Predict**: will the nine agree at the
# kink, "yes" or "no"?

# %%
predict("nine_at_the_kink", ...)

# %%
points = torch.tensor([-1.0, 0.0, 1.0, 2.0])
print(f"{'autograd’s slope at y =':34}    -1      0      1      2")
for name, f in prox.SOFT_THRESHOLD_SPELLINGS.items():
    y = points.clone().requires_grad_(True)
    (slope,) = torch.autograd.grad(f(y, 1.0).sum(), y)
    print(f"{name:34}", "".join(f"{s:7.3g}" for s in slope.tolist()))
reveal("nine_at_the_kink")

# %% [markdown]
# Away from the kink they agree. At the kink autograd says 0, ½ or 1, depending on how the programmer wrote it. None of
# these is wrong: the slope is 0 on one side and 1 on the other, and everything between is in the Clarke subdifferential
# $[0, 1]$.
#
# The two `nan` at $y = 0$ are another matter. There the function is smooth, its slope is 0, and those two programs divide
# by $|y|$.
#
# **Predict** how many of the nine say 1 at $y = 0$ when $T = 0$. On paper each of them is the identity then.

# %%
predict("right_of_nine", ...)

# %%
print(f"{'T = 0, at y = 0':34}  value  slope")
for name, f in prox.SOFT_THRESHOLD_SPELLINGS.items():
    y = torch.zeros((), requires_grad=True)
    value = f(y, 0.0)
    print(f"{name:34} {value.item():6g} {torch.autograd.grad(value, y)[0].item():6g}")
reveal("right_of_nine")

# %% [markdown]
# The last two are 0/0 in their very values. The other seven are the identity, whose slope is 1, and six of them say 0. This time they
# *are* wrong: every point near 0 has slope 1, so no mixture of nearby slopes is 0. Autograd adds up the choices made at each kink
# inside the program, and the sum can leave the Clarke set. Keep this in mind for lesson 3.

# %%
explorers.kink(T=1.0)

# %% [markdown]
# ## 9 · Close the circle
#
# Solve $y = x + a\operatorname{sign}(x)$ for $x$: take $a$ away from the size of $y$ and keep its sign. That is the soft threshold,
# with $T = a$. The two sources of this lesson, a forum question and a homework, are about *the same curve*, read along different axes.

# %%
Y = X + A * torch.sign(X)
print(f"largest |f_A(X + A⊙sign X) − X|: {(prox.soft_threshold(Y, A) - X).abs().max():.0e}")

# %% [markdown]
# A jump of height $2a$ in the one is a flat stretch of width $2a$ in the other; an infinite slope here is a zero slope there.
#
# There is a third way to say the same. $f_T(y)$ is the point that gives up a little of being near $y$ for being small:
# $$f_T(y) = \operatorname*{argmin}_x\; \tfrac12 (x - y)^2 + T\,|x| .$$
# A minimiser of “half a squared distance plus a function” is called the **proximal operator** of that function; `prox`, the module from
# which this lesson takes its spellings, is named after it. At the minimum $y - x$ must be $T$ times a slope of $|x|$, that is $y \in x +
# T\,\partial|x|$: the forum's map with the whole interval $[-1, 1]$ in the place of the sign at 0. Check the claim on a grid.

# %%
grid = torch.arange(-6000, 6001, dtype=torch.float64) / 1000
for y in (5.0, 1.2, -4.0):
    best = grid[(0.5 * (grid - y) ** 2 + 3.14 * grid.abs()).argmin()]
    print(f"y = {y:4}   best x on the grid {best:6.3f}   f_T(y) {prox.soft_threshold(torch.tensor(y), 3.14):6.3f}")

# %% [markdown]
# It also says what soft-thresholding is good for. Walk down $|x|$ with steps of size $\eta$. An *explicit* step uses the slope at the old
# point, $x - \eta\operatorname{sign}(x)$. An *implicit* step uses a slope at the new point, which is $f_\eta(x)$. **Predict** where each
# of them is after eight steps of 0.3 from $x = 1$.

# %%
predict("eight_steps", ...)

# %%
show(steps_to_zero.draw(1.0, 0.3, 8), alt=steps_to_zero.tell(1.0, 0.3, 8))
reveal("eight_steps")

# %% [markdown]
# The explicit walk hops over the corner for ever, between 0.1 and −0.2. The implicit one arrives and stays, since at 0 it may choose any
# slope in $[-1, 1]$ and takes the one that stops it.
#
# ### Question — Explain the kink
#
# ●●○ · 10 minutes · 3 points, marked by a person
#
# Which slope does *your* `soft_threshold` give at $y = T$, and which line of your code decides it? Why is no answer in $[0, 1]$ wrong? Name one
# answer that would be.

# %% [markdown] grade_id="why-kink" points=3
# ### BEGIN SOLUTION
# Mine is `relu(y - T) - relu(-y - T)`. At $y = T$ the first relu is at its kink; torch writes down slope 0 for relu at 0, so
# autograd says 0. With `maximum` it would say ½, with `clamp(min=0)` 1.
#
# Left of $T$ the slope of $f_T$ is 0, right of it 1. There is no derivative at $T$; the limits of nearby derivatives are 0 and 1, and
# their convex hull, the Clarke subdifferential, is $[0, 1]$. Near $T$ the function is convex, and each of these numbers is the slope of a line
# that touches it at $T$ from below. 2, $-1$ and nan are wrong: no mixture of nearby slopes gives them.
# ### END SOLUTION

# %% [markdown]
# <details><summary>Mark yourself, when yours is written</summary>
#
# - 1 point: names the slope at $y = T$ and the operation in the code whose rule at its own kink decides it.
# - 1 point: left of $T$ the slope is 0, right of it 1, and every number between is a limit's mixture (the Clarke subdifferential), or the
#   slope of a line that touches from below.
# - 1 point: names a wrong one, outside $[0, 1]$ or nan, and why.
#
# </details>

# %%
model_answer("why-kink")

# %% [markdown]
# ## What you have seen
#
# - A gradient has a meaning only after you say with respect to what, and *where*.
# - Differentials first: two lines of algebra gave $dS = \lambda/B^3 \odot dX$, and the four indices came last.
# - The derivative of a program is not the derivative of a function where there is a jump (a lost $2A$) or a kink (0, ½ or 1).
# - One derivative of the sign is true and useless (0), one is true of a neighbour (the spike), one is false and useful (straight
#   through).
# - A right formula can be a wrong number: $1/B - x^2/B^3$ against a product of quotients.
#
# **Where this fails.** Smoothing with $\lambda$ changes the problem. Lesson 5 asks how much, and which slope survives at a kink when
# $\lambda \to 0$ (it is $\tfrac13$, and none of the nine spellings says so). A straight-through gradient promises no descent at all. The
# Clarke subdifferential of a *sum* of kinks needs the care of lesson 3.
#
# **Further reading.** Donoho and Johnstone, [*Ideal spatial adaptation by wavelet
# shrinkage*](https://doi.org/10.1093/biomet/81.3.425) (1994). Parikh and Boyd,
# [*Proximal Algorithms*](https://doi.org/10.1561/2400000003) (2014), chapters 1–2. Bengio, Léonard, Courville,
# [*Estimating or Propagating Gradients Through Stochastic Neurons*](https://arxiv.org/abs/1308.3432) (2013): the straight-through
# estimator. Kakade and Lee, [*Provably Correct Automatic Subdifferentiation for Qualified Programs*](https://arxiv.org/abs/1809.08530)
# (2018). Higham, [*Accuracy and Stability of Numerical Algorithms*](https://doi.org/10.1137/1.9780898718027) (2002), chapter 1.
#
# Next: [lesson 2](../02-wasteful-module/wasteful_module.ipynb), where the soft threshold sits among twenty thousand matrix products.
# Before: [lesson 0](../00-start-here/start_here.ipynb).
