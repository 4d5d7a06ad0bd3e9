# %% [markdown]
# # Soft-thresholding: see what a kink does to a gradient
#
# **75 minutes · 20 points**
#
# *You will* differentiate a matrix that contains a sign, round its corners with a parameter $\lambda$, watch what the rounding keeps and
# what it loses, and write the soft threshold in a way that survives every input.
# *You will learn* to take differentials before gradients, to tell the derivative of a program from the derivative of a
# function, and that a right formula can be a wrong number.
# *You need* lesson 0, the chain rule, and the idea of a limit.

# %%
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from gradlab import check
from gradlab.maths import prox, soft
from gradlab.lessons.soft_thresholding import explorers

# %% [markdown]
# ## 1 · Ask about the sign of noise
#
# Somebody asked on a mathematics forum: let
# $$Y = X + A \odot \operatorname{sign}(X),$$
# where $A$ is a matrix of random numbers between 0 and 1 and $\odot$ multiplies entry by entry. What is $\partial Y / \partial X$?
#
# $A$ is random, but it does not depend on $X$; for the derivative it is a constant. And a gradient of a matrix with respect to a
# matrix has four indices: $\partial Y_{ij} / \partial X_{kl}$.
#
# **Predict**: which of these numbers are not zero, and what are they? Then let autograd answer.

# %%
X = torch.tensor([[0.0, -1.5, 2.0], [0.3, -0.2, 1.0]], dtype=torch.float64)
A = torch.tensor([[0.5, 0.25, 0.9], [0.1, 0.6, 0.4]], dtype=torch.float64)
J = torch.autograd.functional.jacobian(lambda X: X + A * torch.sign(X), X)
J.shape, J.reshape(6, 6)

# %% [markdown]
# Ones on the diagonal: autograd says that $Y$ moves exactly as $X$ does. Away from zero that is right, since the sign does
# not change under a small step.
#
# Look at $X_{00} = 0$. Autograd says slope 1 there as well. **Predict** how much $Y_{00}$ changes when $X_{00}$ goes from
# $-10^{-9}$ to $10^{-9}$.

# %%
step = 1e-9
before, after = (x + 0.5 * math.copysign(1, x) for x in (-step, step))
after - before

# %% [markdown]
# It jumps by $2A_{00} = 1$. No finite number is a slope there. Autograd did not lie about the *program*: the derivative of
# `torch.sign` is written down as 0, so the program's derivative is 1. But the *function* has a jump, and the jump left no trace.
#
# ## 2 · Round the corner
#
# The answer given on the forum replaces $|x|$ by a smooth relative with a parameter $\lambda > 0$, and the sign by the slope of that:
# $$B(x) = \sqrt{x^2 + \lambda}, \qquad S(x) = \frac{x}{B(x)}.$$
# Think of a right-angled triangle with legs $|x|$ and $\sqrt\lambda$: $B$ is its hypotenuse, $S$ up to its sign the cosine of an angle. Root and
# square are taken entry by entry; nothing here is a matrix product.

# %% [markdown]
# ### Exercise 1 — Round the absolute value
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
# ### Exercise 2 — Round the sign
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
# **Predict**: when $\lambda$ becomes a hundred times smaller, what happens to the height of the spike, to its width, and
# to the shaded area above the line at 1?

# %%
explorers.soft_sign(lam=0.01)

# %% [markdown]
# Ten times taller, ten times thinner, and the area stays: it is $2A$, the jump. The soft slope *contains* the jump. The
# hard one, the flat line that autograd reported, does not.
#
# ## 3 · Take differentials first, gradients last
#
# Where does that spike come from? Differentiate the defining equation instead of the formula. From $B \odot B = X \odot X + \lambda$,
# $$B \odot dB = X \odot dX \quad\Rightarrow\quad dB = S \odot dX .$$
# Next, $X = B \odot S$ gives $dX = B \odot dS + S \odot dB$, so
# $$B \odot dS = (1 - S \odot S) \odot dX \quad\Rightarrow\quad dS = \frac{\lambda}{B^{3}} \odot dX,$$
# because $1 - S^2 = \lambda/B^2$. Every product is entry by entry; nobody had to think about four indices. Check both lines
# against a Jacobian-vector product.

# %%
lam, dX = 0.01, torch.tensor([[1.0, -2.0, 0.5], [0.0, 1.0, 3.0]], dtype=torch.float64)
B, dB = torch.func.jvp(lambda X: soft.soft_abs(X, lam), (X,), (dX,))
S, dS = torch.func.jvp(lambda X: soft.soft_sign(X, lam), (X,), (dX,))
(dB - S * dX).abs().max(), (dS - lam / B**3 * dX).abs().max()

# %% [markdown]
# Only now the gradient. “Entry by entry” means that $Y_{ij}$ depends on $X_{ij}$ and on nothing else: the four-index tensor is zero unless
# $i = k$ and $j = l$. For $Y = X$ it is $E_{ijkl} = \delta_{ik}\delta_{jl}$, where $\delta_{ik}$ is 1 for $i = k$ and else 0.
#
# The forum's answer writes such tensors as $S : \mathbb M$ with a tensor $\mathbb M$ of *six* indices that it never
# defines. It can only be this: $\mathbb M_{ijklmn} = 1$ where $i = k = m$ and $j = l = n$, else 0. Build it once.

# %%
I2, I3 = torch.eye(2, dtype=torch.float64), torch.eye(3, dtype=torch.float64)
M = torch.einsum("ik,im,jl,jn->ijklmn", I2, I2, I3, I3)
jacobian_of_B = torch.autograd.functional.jacobian(lambda X: soft.soft_abs(X, lam), X)
M.numel(), int(M.sum()), (torch.einsum("ij,ijklmn->klmn", S, M) - jacobian_of_B).abs().max()

# %% [markdown]
# 216 entries, six of them not zero. The notation is right, and nobody should ever store it: $\mathbb M$ says “put these
# numbers on a diagonal”.

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
# **What is left.** $B$ tends to $|x|$. How fast? Expand the difference:
# $$0 < B - |x| = \frac{\lambda}{B + |x|} \le \sqrt\lambda .$$
# **Predict** where on the axis the error is largest.

# %%
grid = torch.linspace(-3, 3, 601, dtype=torch.float64)
for lam in (1.0, 1e-2, 1e-4):
    error = soft.soft_abs(grid, lam) - grid.abs()
    print(f"λ = {lam:<7g} largest error {error.max():.4f} at |x| = {grid[error.argmax()].abs():.2f}")

# %% [markdown]
# ### Exercise 4 — Choose λ
#
# ●○○ · 2 minutes · 1 point
#
# Write `lam_for_error(eps)`: the largest $\lambda$ for which $B(x) - |x| \le$ `eps` at *every* $x$. `eps` is a positive number.
#
# <details><summary>Hint</summary>
#
# The error is largest at one point, and there $B$ is easy to compute.
#
# </details>

# %% grade_id="lam_for_error" points=1
def lam_for_error(eps):
    """The largest λ with √(x²+λ) − |x| ≤ eps for all x."""
    ### BEGIN SOLUTION
    return eps**2
    ### END SOLUTION

# %% [markdown]
# **What is lost.** Take one entry, $y = x + a \operatorname{sign}(x)$ with $a = \tfrac12$. The fundamental theorem of
# calculus says $Y(1) - Y(-1) = \int_{-1}^1 Y'(x)\,dx$. Integrate the soft slope for a small $\lambda$, finely enough to see the spike.

# %%
fine = torch.sinh(torch.linspace(-16, 16, 20001, dtype=torch.float64)) / math.sinh(16)  # points crowd at 0
slope = 1 + 0.5 * soft.soft_sign_slope(fine, 1e-6)
torch.trapezoid(slope, fine)

# %% [markdown]
# It is 3 to all the digits shown: the true rise of the hard function, from $-1.5$ to $1.5$. Now the same integral over the slope that autograd reports for
# the *hard* function. **Predict** the number before you do Exercise 5.
#
# ### Exercise 5 — Find the missing jump
#
# ●●○ · 4 minutes · 2 points
#
# Write `missing_jump(a)` for the scalar map $y = x + a\operatorname{sign}(x)$: the difference
# $$Y(1) - Y(-1) - \int_{-1}^{1} \bigl(\text{what autograd reports as } dY/dx\bigr)\,dx .$$
# `a` is a number or a tensor without axes.
#
# <details><summary>Hint 1</summary>
#
# What autograd reports does not depend on $x$. Section 1 shows it.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# The integral of 1 over $[-1, 1]$ is 2. What is $Y(1) - Y(-1)$?
#
# </details>

# %% grade_id="missing_jump" points=2
def missing_jump(a):
    """Y(1) − Y(−1) minus the integral of autograd's slope over [−1, 1]."""
    ### BEGIN SOLUTION
    return 2 * a
    ### END SOLUTION

# %% [markdown]
# **At the point itself.** At $x = 0$ with $\lambda = 0$ mathematics says “undefined”. A program has to say something.
# **Predict** which of these say 0, which 1, which nan.

# %%
spellings = {
    "abs(x)": torch.abs,
    "sqrt(x*x)": lambda x: torch.sqrt(x * x),
    "hypot(x, 0)": lambda x: torch.hypot(x, torch.zeros(())),
    "linalg.norm(x)": torch.linalg.norm,
    "x*sign(x)": lambda x: x * torch.sign(x),
    "where(x>=0, x, -x)": lambda x: torch.where(x >= 0, x, -x),
}
for name, f in spellings.items():
    x = torch.zeros((), requires_grad=True)
    print(f"{name:20} value {f(x).item():g}   slope {torch.autograd.grad(f(x), x)[0].item():g}")

# %% [markdown]
# The value is 0 in every spelling; the slope is 0, 1 or nan. The forum's answer proposes to define
# $S = 1$ at 0. That is allowed: every number in $[-1, 1]$ is the slope of a line that touches $|x|$ at 0 from below. It
# is also one choice among many, and not the one that torch makes.

# %%
explorers.tangent_fan(s0=1.0)

# %% [markdown]
# The set of these slopes, $[-1, 1]$, is the **Clarke differential** of $|x|$ at 0. Lesson 3 is about it. The sign
# itself has none at 0: it jumps there, and no slope is large enough.
#
# ## 5 · A right formula can be a wrong number
#
# $dS/dx = \lambda/B^3$, you showed it. Autograd computes the same derivative from $x/\sqrt{x^2 + \lambda}$ by the quotient rule: $1/B -
# x^2/B^3$. Equal on paper. **Predict**: with $x = 1$ and $\lambda = 10^{-16}$, how many digits do the two have in common?

# %%
for lam in (1e-8, 1e-12, 1e-15, 1e-16):
    x = torch.ones((), dtype=torch.float64, requires_grad=True)
    (by_autograd,) = torch.autograd.grad(x / torch.sqrt(x * x + lam), x)
    print(f"λ = {lam:g}   autograd {by_autograd.item():.6e}   λ/B³ {soft.soft_sign_slope(x, lam).item():.6e}")

# %% [markdown]
# At $10^{-12}$ four digits are left, at $10^{-15}$ not even the first, and at $10^{-16}$ autograd says 0. Two numbers near 1 were subtracted, and
# what they had in common took the digits along. Autograd differentiated the formula you wrote, correctly. The
# formula it ended up with is badly conditioned.

# %%
explorers.precision(lam=1e-6)

# %% [markdown]
# In float32 the cliff comes at $\lambda \approx 10^{-7} x^2$. The other formula has troubles of its own: at $x = 0$, $\lambda = 10^{-220}$, the
# cube $B^3$ underflows to 0 and $\lambda/B^3$ becomes infinite.

# %% [markdown]
# ### Exercise 6 — Keep all the digits
#
# ●●● · 12 minutes · 2 points
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

# %% grade_id="soft_sign_slope" points=2
def soft_sign_slope(x, lam):
    """λ/(x² + λ)^(3/2), elementwise, to full precision."""
    ### BEGIN SOLUTION
    root = torch.sqrt(torch.as_tensor(lam, dtype=torch.float64)).to(x.dtype)
    rounded = torch.hypot(x, root)
    return (root / rounded) ** 2 / rounded
    ### END SOLUTION

# %% [markdown]
# ## 6 · Shrink: the soft threshold
#
# Our second source is a homework. It defines soft-thresholding, for $T > 0$, by three cases. As printed, they are
# $$f_T(y) = \begin{cases} 0 & \text{if } -T \le y \le T,\\ y - T & \text{if } y > T,\\ y + T & \text{if } y < T. \end{cases}$$
# Read a definition with a test in hand: list the cases that apply to $y = 1.2$ with $T = 3.14$.

# %%
y, T = 1.2, 3.14
{"0": -T <= y <= T, "y − T": y > T, "y + T": y < T}

# %% [markdown]
# Two apply, and they disagree: 0 or 4.34. A minus sign is missing in the third case, which must read $y < -T$. The
# homework's own code has it right, so nobody was hurt; whoever typed the definition was.
#
# Repaired, $f_T$ sets small numbers to zero and moves the others towards zero by $T$.

# %% [markdown]
# ### Exercise 7 — Write the soft threshold
#
# ●●○ · 8 minutes · 3 points
#
# Write `soft_threshold(y, T)`, elementwise. `y` is a tensor of any shape, float64 or float32, and the result is like it. `T`
# is a number, or a tensor that broadcasts against `y`. The graph is kept, to `y` **and to `T`**. If any `T` is negative, raise
# `ValueError` with a message. `T = 0` changes nothing. What autograd says exactly at $|y| = T$ is your choice, within $[0, 1]$.
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
# `F.softshrink` has no gradient in `T`. For the error: `torch.as_tensor(T, dtype=y.dtype)` makes a tensor of either kind of `T` (without
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
# know from lesson 0 that both are half of the truth. Its solution returns a tensor from two branches and the whole number `0` from
# the third; a plot of that fails as soon as somebody calls `.numpy()`.
#
# ### Exercise 8 — Write its slope
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
# ## 7 · One kink, nine spellings
#
# Here are nine ways to write the same function. With $T = 1$ there are kinks at $y = \pm 1$. **Predict**: will the nine agree at the kink?

# %%
points = torch.tensor([-1.0, 0.0, 1.0, 2.0])
print(f"{'autograd’s slope at':48}    -1      0      1      2")
for name, f in prox.SOFT_THRESHOLD_SPELLINGS.items():
    y = points.clone().requires_grad_(True)
    (slope,) = torch.autograd.grad(f(y, 1.0).sum(), y)
    print(f"{name:48}", "".join(f"{s:7.3g}" for s in slope.tolist()))

# %% [markdown]
# Away from the kink they agree. At the kink autograd says 0, ½ or 1, depending on how the programmer wrote it. None of
# these is wrong: the slope is 0 on one side and 1 on the other, and everything between is in the Clarke differential
# $[0, 1]$.
#
# The two `nan` at $y = 0$ are another matter. There the function is smooth, its slope is 0, and those two programs divide
# by $|y|$.
#
# **Predict** what the nine say at $y = 0$ when $T = 0$, where every one of them is the identity.

# %%
for name, f in prox.SOFT_THRESHOLD_SPELLINGS.items():
    y = torch.zeros((), requires_grad=True)
    print(f"{name:48} {torch.autograd.grad(f(y, 0.0), y)[0].item():g}")

# %% [markdown]
# The identity has slope 1, and most say 0. This time they *are* wrong: no sequence of points near 0 has a slope near 0. Autograd adds up
# the choices made at each kink inside the program, and the sum can leave the Clarke set. Keep this in mind for lesson 3.

# %%
explorers.kink(T=1.0)

# %% [markdown]
# ## 8 · Close the circle
#
# Solve $y = x + a\operatorname{sign}(x)$ for $x$: take $a$ away from the size of $y$ and keep its sign. That is the soft threshold, with $T = a$.
# The two sources of this lesson, a forum question and a homework, are about *the same curve*, read along different axes.

# %%
Y = X + A * torch.sign(X)
(prox.soft_threshold(Y, A) - X).abs().max()

# %% [markdown]
# A jump of height $2a$ in the one is a flat stretch of width $2a$ in the other; an infinite slope here is a zero slope
# there.
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
# their convex hull, the Clarke differential, is $[0, 1]$. Near $T$ the function is convex, and each of these numbers is the slope of a line
# that touches it at $T$ from below. 2, $-1$ and nan are wrong: no mixture of nearby slopes gives them.
# ### END SOLUTION

# %% [markdown]
# ## What you have seen
#
# - A gradient has a meaning only after you say with respect to what, and *where*.
# - Differentials first: two lines of algebra gave $dS = \lambda/B^3 \odot dX$, and the four indices came last.
# - The derivative of a program is not the derivative of a function where there is a jump (a lost $2A$) or a kink (0, ½ or 1).
# - A right formula can be a wrong number: $1/B - x^2/B^3$ against $(\sqrt\lambda/B)^2/B$.
#
# **Where this fails.** Rounding with $\lambda$ changes the problem; how much, and which slope it picks at a kink when $\lambda \to 0$, comes in
# lesson 5 (it is $\tfrac13$, and none of the nine spellings says so). The Clarke differential of a *sum* of kinks needs the care of lesson 3.
#
# **Further reading.** Donoho and Johnstone, *Ideal Spatial Adaptation by Wavelet Shrinkage* (1994). Parikh and Boyd,
# *Proximal Algorithms* (2014), chapters 1–2. Kakade and Lee, *Provably Correct Automatic Subdifferentiation for Qualified Programs* (2018). Higham,
# *Accuracy and Stability of Numerical Algorithms* (2002), chapter 1.
#
# Next: `02-wasteful-module`, where the soft threshold sits inside ten thousand matrix products.
