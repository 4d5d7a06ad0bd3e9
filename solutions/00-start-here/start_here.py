# %% [markdown]
# # Start here: ask autograd for a gradient
#
# **30 minutes · 5 points**
#
# *You will* ask PyTorch for a few gradients, meet the three answers that surprise people (a tuple, `None`, an error), write one
# function that always gives a tensor back, and then walk a chain backwards by hand, as autograd does.
# *You will learn* what a graph is, what `backward` leaves behind, what a vector-Jacobian product costs, and how the exercises of
# this course work.
# *You need* Python, products of matrices with vectors, and the rule that the derivative of $x^2$ is $2x$.
#
# Terms are explained where they are first used, and again in the [glossary](../../assets/guides/glossary.md); letters stand in the
# [table of notation](../../assets/guides/notation.md).
#
# Run a cell with **Shift + Enter**. The first one loads what this lesson uses.

# %%
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from gradlab import check, predict, reveal
from gradlab.lessons.start_here import explorers

# %% [markdown]
# ## Move your first slider
#
# Below is the curve $f(x) = x^3 - 3x$ with its tangent at one point. Drag the slider with the mouse, or click on it
# and use the arrow keys. Where the pointer turns into a hand over a picture, here and in all lessons, a click sets the slider to the
# value under it.
#
# **Predict** before you move: at which two points is the tangent flat? Type two numbers, the left one first, with a comma between them in
# place of `...` in the next cell, and run it (Shift+Enter). Your prediction stays in the cell. It costs no points, and nothing depends on it.

# %%
predict("flat_points", ...)

# %%
explorers.tangent(x=-1.6)

# %%
reveal("flat_points")

# %% [markdown]
# The slope under the picture was not read off the curve. It came from autograd, which differentiated the three
# operations that compute $f$. The tangent is flat at $x = -1$ and $x = 1$, where $3x^2 - 3 = 0$.
#
# ## Ask for a gradient
#
# Autograd only follows tensors that you tell it to follow. `requires_grad=True` says: *keep a record of everything that is
# computed from this one*. The record is the **graph**; the tensor that it starts from is a **leaf**.

# %%
x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64, requires_grad=True)
value = (x**2).sum()
value

# %% [markdown]
# `grad_fn=<SumBackward0>` is the last entry of the record: a sum made this value. Behind it stands the power, behind that the
# leaf `x`. To differentiate is to walk this record backwards.

# %%
node = value.grad_fn
while node is not None:
    print(node.name())
    node = node.next_functions[0][0] if node.next_functions else None

# %% [markdown]
# **Predict** what `torch.autograd.grad(value, x)` returns for $f(x) = \sum_i x_i^2$. Which numbers, you know. In what kind of container:
# a "tensor", a "list" or a "tuple"? (A word wants its quotation marks.)

# %%
predict("container", ...)

# %%
torch.autograd.grad(value, x)

# %%
reveal("container")

# %% [markdown]
# The numbers are $2x$, as they should be. The container is a **tuple**: you may ask about several tensors at once, so
# you get several gradients back, even for one question. Take entry `[0]`.
#
# ## See what backward leaves behind
#
# There is a second way to ask: `value.backward()`. It returns nothing and writes into `.grad` of **every** leaf of the
# graph.

# %%
weight = torch.tensor([1.0, 1.0, 1.0], dtype=torch.float64, requires_grad=True)
loss = (weight * x**2).sum()
loss.backward()
print("x.grad     ", x.grad)
print("weight.grad", weight.grad)

# %% [markdown]
# You may have wanted the gradient with respect to `x` only; `weight` got one as well. And `backward` does not set `.grad`, it
# *adds* to it.
#
# **Predict** what `x.grad` holds after the same computation is run once more: three numbers.

# %%
predict("second_backward", ...)

# %%
(weight * x**2).sum().backward()
x.grad

# %%
reveal("second_backward")

# %% [markdown]
# Twice the gradient. In lesson 4 you will meet published numbers that are wrong for this reason alone.
# `torch.autograd.grad` leaves nothing behind, so it is what we use from here on.
#
# ## None is not zero
#
# Now a function that does not use `x` at all. Its derivative with respect to `x` is $0$; nobody would argue.
#
# **Predict** what autograd says: 0, "None" or "error"?

# %%
predict("unused_input", ...)

# %%
unused = (weight**3).sum()
torch.autograd.grad(unused, x, allow_unused=True)

# %%
reveal("unused_input")

# %% [markdown]
# It says `None`: *I found no path from the value to this tensor.* Here no path means derivative zero. In lesson 2 you will meet
# a `None` that means something else: a path that was there and got cut. Half of this course is about the difference.
#
# Without `allow_unused=True` the same question is an error. With `materialize_grads=True` autograd makes the zeros
# itself.

# %%
torch.autograd.grad(weight.pow(3).sum(), x, materialize_grads=True)

# %% [markdown]
# One case is left, and no option covers it: a value that was computed from nothing that requires a gradient. It has no
# graph whatsoever.

# %%
constant = torch.tensor(4.0)
print("requires_grad:", constant.requires_grad, "  grad_fn:", constant.grad_fn)

# %% [markdown]
# You cannot differentiate it: there is no record to walk. Asking for a gradient raises *element 0 of tensors does not
# require grad*, even with `allow_unused=True`. Look at `requires_grad` before you ask.
#
# ## Detach: the same numbers without the record
#
# `x.detach()` is a tensor with the same numbers and no graph. It *shares* its memory with `x`; add `.clone()` for numbers of its own.
# A detached copy is how you work on somebody's tensor without leaving a trace on it.

# %%
copy = x.detach().clone().requires_grad_(True)
slope = torch.autograd.grad((copy**2).sum(), copy)[0]
print("slope    ", slope)
print("copy.grad", copy.grad)

# %% [markdown]
# ## How exercises work
#
# Each exercise is a cell with a function whose body says `raise NotImplementedError(…)`. Replace that line by your answer, run the cell,
# then run the **check** below it. The check says at once what was called, what came back, what was expected, and, if
# your mistake is one that we know, which mistake it is. You may check as often as you like.
#
# A lesson imports functions of `gradlab` that do what you have just written, or will write, to draw with them and to compare. Use them
# wherever you like but in the answer that they would do the work of: that one you write yourself, and the check says so.
#
# The dots at the head of a task say how hard it is, from ●○○ to ●●●. Hints are folded away under it, from a nudge to nearly
# everything. Open one when you are stuck, not before.
#
# When all checks are green, press **Validate** in the toolbar: it saves the notebook and runs it from the top in a kernel of its
# own, as your instructor's grader will. Anything that works only because of a cell you have since deleted will fail there. Then
# save, and hand in this `.ipynb` file. The grader asks your functions the same kind of question, with numbers that you have not
# seen.
#
# A prediction is no exercise: no guess costs points, and what surprises you after you have committed yourself stays with you. Your
# instructor sees what the class expected, without names.

# %% [markdown]
# ### Exercise 1 — Write a gradient that always answers
#
# ●○○ · 5 minutes · 2 points
#
# Write `gradient(f, x)`: the gradient of the number `f(x)` with respect to the tensor `x`.
#
# - `f` takes a tensor and returns a tensor without axes. `x` has any shape, in float64 or float32.
# - The result is a tensor with the shape and dtype of `x`.
# - Where `f` ignores `x`, the result is **zeros**, never `None` and never an error. That includes an `f` whose value has no graph
#   at all.
# - Nothing else changes: `x.requires_grad`, `x.grad`, and the `.grad` of any tensor that `f` uses stay as they were.
#
# <details><summary>Hint 1</summary>
#
# You are not allowed to change `x`. What could you differentiate with respect to instead?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Three cases: the value has no graph; it has one that does not reach your copy; it has one that does. The first can be
# told from `requires_grad` of the value, the second is what `allow_unused` or `materialize_grads` is for.
#
# </details>
#
# <details><summary>I get “element 0 of tensors does not require grad”</summary>
#
# That is the first of the three cases. Return `torch.zeros_like(x)` before you ask autograd.
#
# </details>

# %% grade_id="gradient" points=2
def gradient(f, x):
    """Gradient of the 0-d tensor f(x), shaped like x; zeros where f ignores x; leaves nothing behind."""
    ### BEGIN SOLUTION
    point = x.detach().clone().requires_grad_(True)
    value = f(point)
    if not value.requires_grad:
        return torch.zeros_like(point).detach()
    return torch.autograd.grad(value, point, materialize_grads=True)[0].detach()
    ### END SOLUTION

# %% [markdown]
# ## Walk a graph by hand
#
# Here is a graph small enough to walk by hand: $y = x^2 \sin x$, by way of $a = x^2$ and $b = \sin x$. Forwards each box computes
# its value, and each edge notes a **slope**: how fast the box at its end moves with the box at its start.
#
# Backwards each box gets an **adjoint**: how fast $y$ moves with *it*. The adjoint of $y$ is 1. An edge hands back the adjoint at
# its end times its slope, and what several edges hand back to one box is added.
#
# **Predict** the adjoint of $a$ at $x = 2$ before you move the slider to step 4, and then the two numbers that come back to
# $x$, by way of $a$ and by way of $b$. (You may type `math.sin(2)`.)

# %%
predict("adjoints_at_2", ...)

# %%
explorers.adjoints(x=2.0, step=2)

# %%
reveal("adjoints_at_2")

# %% [markdown]
# The adjoint of $a$ is $b = \sin 2 \approx 0.91$, the slope of $y = ab$ with respect to $a$. The two contributions to $x$ are $\sin x
# \cdot 2x$ and $x^2 \cos x$, and their sum is what you would have got from the product rule. Every value from the way forwards was
# needed on the way back. That is why autograd keeps them, and where the memory goes.

# %%
at = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
by_autograd = torch.autograd.grad(at**2 * torch.sin(at), at)[0].item()
by_hand = math.sin(2) * 4 + 4 * math.cos(2)
print(f"autograd {by_autograd:.6f}   by hand {by_hand:.6f}")

# %% [markdown]
# ## Two directions through a chain
#
# With vectors in the boxes, slopes become matrices. A map $f_i$ that takes $d_{i-1}$ numbers to $d_i$ numbers has at each point a
# **Jacobian** $J_i$ with $d_i$ rows and $d_{i-1}$ columns: row for output, column for input.
#
# **The chain rule.** If $f_1$ is differentiable at $x$, $f_2$ at $f_1(x)$, and so on to $f_k$, then $f_k \circ \dots \circ f_1$ is
# differentiable at $x$, and its Jacobian is the product $J_k \cdots J_2 J_1$, each factor taken at the point that the maps before it
# lead to. (Where one of the maps has a kink or a jump at its point, the theorem promises nothing. Lessons 1 and 3 live there.)
#
# Autograd does not multiply that product out. One asks one of two questions, and either is answered by matrices times *vectors*:
#
# | case | question | computed as | order |
# |---|---|---|---|
# | Jacobian-vector product, **jvp** | If $x$ moves along $u$, how does the output move? | $J_k(\cdots(J_2(J_1u)))$ | forwards, with the program |
# | vector-Jacobian product, **vjp** | If I weigh the outputs by $v$, how does the sum depend on $x$? | $((vJ_k)\cdots J_2)J_1$ | backwards, after the program |
#
# A vjp is what `autograd.grad(output, x, v)` computes; the row that it carries back is the adjoint of each box in turn. Both must
# tell the same story: $v \cdot (J u) = (vJ) \cdot u$. Check that on a chain of two maps.

# %%
W1 = torch.tensor([[1.0, -2.0, 0.5], [0.0, 1.5, -1.0]], dtype=torch.float64)
W2 = torch.tensor([[2.0, 1.0], [-1.0, 0.5], [0.3, 1.0], [1.0, 1.0]], dtype=torch.float64)

def net(x):
    return torch.sin(W2 @ torch.tanh(W1 @ x))

start, u = torch.tensor([0.2, -0.4, 1.0]).double(), torch.tensor([1.0, 0.0, -1.0]).double()
v = torch.tensor([0.5, 1.0, -1.0, 2.0]).double()
Ju = torch.func.jvp(net, (start,), (u,))[1]
vJ = torch.func.vjp(net, start)[1](v)[0]
print(f"v·(Ju) = {v @ Ju:.12f}\n(vJ)·u = {vJ @ u:.12f}")

# %% [markdown]
# The same number. What differs is the **cost of a whole gradient**. A product of a $p \times q$ matrix with a vector takes $pq$
# multiplications. For a loss (one output, $d_k = 1$) *one* vjp with $v = 1$ is the gradient. A jvp gives one directional derivative, so
# the gradient takes $d_0$ of them.
#
# **Predict** for a chain $1000 \to 100 \to 100 \to 1$: how many multiplications does the gradient cost backwards, forwards, and
# with the matrices multiplied out from the input side, $J_2J_1$ first? Three numbers.

# %%
predict("chain_cost", ...)

# %%
d = [1000, 100, 100, 1]
one_walk = sum(before * after for before, after in zip(d, d[1:]))
matrices = d[2] * d[1] * d[0] + d[3] * d[2] * d[0]
print(f"backwards, one vjp        {one_walk:>12,}")
print(f"forwards, {d[0]} jvps      {d[0] * one_walk:>12,}")
print(f"matrices with matrices    {matrices:>12,}")
reveal("chain_cost")

# %% [markdown]
# Backwards is a thousand times cheaper than forwards. With one input and a thousand outputs it would be the other way round. This is the **cheap
# gradient principle**: a gradient by reverse mode costs a small multiple of the function itself, however many inputs there are. The
# price is memory, since the values of the way forwards must be kept until the way back.

# %% [markdown]
# ### Exercise 2 — Walk a chain backwards
#
# ●●○ · 8 minutes · 3 points
#
# Write `chain_vjp(jacobians, v)`: the row $v J_k \cdots J_2 J_1$, as a tensor with one axis.
#
# - `jacobians` is a list or tuple $J_1, \dots, J_k$ in the order in which the maps are applied, of shapes $(d_1, d_0)$, $(d_2, d_1)$,
#   …, and `v` has shape $(d_k,)$. The result has shape $(d_0,)$ and the dtype of `v`.
# - Multiply **vectors only**: no product of two arrays that both have at least two rows and at least two columns.
# - An empty list is a chain of no maps: the result is `v`.
# - Where the shapes do not chain, or a Jacobian is no matrix or `v` no vector, raise `ValueError` with a message. A size of 1 is not
#   stretched to fit.
# - The list and its tensors stay as they were.
#
# <details><summary>Hint 1</summary>
#
# Which Jacobian can $v$ meet first? Look at the shapes.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `for J in reversed(jacobians)`, and `v @ J` is a row times a matrix: a tensor with one axis again.
#
# </details>
#
# <details><summary>Hint 3</summary>
#
# Before each product ask three things: `v.dim() == 1`, `J.dim() == 2`, and whether the rows of `J` are as many as the entries of
# `v`. torch's own complaint would be a RuntimeError, and with `*` it may not complain at all.
#
# </details>

# %% grade_id="chain_vjp" points=3
def chain_vjp(jacobians, v):
    """v J_k ⋯ J_1 by products with vectors; ValueError where shapes do not chain."""
    ### BEGIN SOLUTION
    for J in reversed(jacobians):
        if v.dim() != 1 or J.dim() != 2 or J.shape[0] != v.shape[0]:
            raise ValueError(f"a vector of shape {tuple(v.shape)} meets a Jacobian of shape {tuple(J.shape)}")
        v = v @ J
    return v
    ### END SOLUTION

# %% [markdown]
# ## What you have seen
#
# - A gradient is always *of* something, *with respect to* something, *at* a point. Autograd answers by walking a record
#   of the program you ran.
# - `autograd.grad` returns a tuple and leaves nothing behind; `backward` adds into the `.grad` of every leaf.
# - `None` means: no path. Whether that is a zero or a mistake is for you to decide.
# - Backwards through a chain a row meets one Jacobian after another. One walk gives the gradient of a loss, whatever the number of
#   inputs, and needs every value from the way forwards.
#
# **Where this fails.** Autograd differentiates *the program you wrote, not the function you meant*. Where every operation is
# differentiable, the chain rule says that the two agree. At a kink, through a wasteful chain of operations, and through an `argmin`
# they part ways, and the lessons that follow are about how to see that and what to do.
#
# **Further reading.** Baydin, Pearlmutter, Radul, Siskind,
# [*Automatic Differentiation in Machine Learning: a Survey*](https://arxiv.org/abs/1502.05767) (2018). Griewank and Walther,
# [*Evaluating Derivatives*](https://doi.org/10.1137/1.9780898717761) (2008), chapters 1–4: the two directions, and the cheap
# gradient principle. Baur and Strassen, [*The complexity of partial
# derivatives*](https://doi.org/10.1016/0304-3975(83)90110-X) (1983).
#
# Next: [lesson 1](../01-soft-thresholding/soft_thresholding.ipynb), about a function with a kink and one with a jump.
