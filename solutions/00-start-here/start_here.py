# %% [markdown]
# # Start here: ask autograd for a gradient
#
# **15 minutes · 2 points**
#
# *You will* ask PyTorch for a few gradients, meet the three answers that surprise people (a tuple, `None`, an error),
# and write one function that always gives a tensor back.
# *You will learn* what a graph is, what `backward` leaves behind, and how the exercises of this course work.
# *You need* Python, and the rule that the derivative of $x^2$ is $2x$.
#
# Run a cell with **Shift + Enter**. The first one loads what this lesson uses.

# %%
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from gradlab import check
from gradlab.lessons.start_here import explorers

# %% [markdown]
# ## Move your first slider
#
# Below is the curve $f(x) = x^3 - 3x$ with its tangent at one point. Move the point with the mouse, or click on the
# slider and use the arrow keys.
#
# **Predict** before you move: at which two points is the tangent flat?

# %%
explorers.tangent(x=-1.6)

# %% [markdown]
# The slope under the picture was not read off the curve. It came from autograd, which differentiated the three
# operations that compute $f$. The tangent is flat at $x = -1$ and $x = 1$, where $3x^2 - 3 = 0$.
#
# ## Ask for a gradient
#
# Autograd only follows tensors that you tell it to follow. `requires_grad=True` says: *keep a record of everything that is computed from this
# one*. The record is the **graph**.

# %%
x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64, requires_grad=True)
value = (x**2).sum()
value

# %% [markdown]
# `grad_fn=<SumBackward0>` is the last entry of the record: a sum made this value. Behind it stands the power, behind
# that the leaf `x`. To differentiate is to walk that record backwards.

# %%
value.grad_fn, value.grad_fn.next_functions[0][0]

# %% [markdown]
# **Predict** what `torch.autograd.grad(value, x)` returns for $f(x) = \sum_i x_i^2$: which numbers, and in what kind of
# container? Then run.

# %%
torch.autograd.grad(value, x)

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
x.grad, weight.grad

# %% [markdown]
# You may have wanted the gradient in `x` only; `weight` got one as well. And `backward` does not set `.grad`, it *adds* to it.
#
# **Predict** what `x.grad` holds after the same computation is run once more.

# %%
(weight * x**2).sum().backward()
x.grad

# %% [markdown]
# Twice the gradient. In lesson 4 you will meet published numbers that are wrong for this reason alone.
# `torch.autograd.grad` leaves nothing behind, so it is what we use from here on.
#
# ## None is not zero
#
# Now a function that does not use `x` at all. Its derivative in `x` is $0$; nobody would argue.
#
# **Predict**: does autograd say zero?

# %%
unused = (weight**3).sum()
torch.autograd.grad(unused, x, allow_unused=True)

# %% [markdown]
# It says `None`: *I found no path from the value to this tensor.* Here no path means derivative zero. In lesson 2 you will meet a
# `None` that means something else: a path that was there and got cut. The difference is the subject of half this course.
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
constant.requires_grad, constant.grad_fn

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
slope, copy.grad

# %% [markdown]
# ## How exercises work
#
# Each exercise is a cell with a function whose body says `raise NotImplementedError(…)`. Replace that line by your answer, run the cell,
# then run the **check** below it. The check says at once what was called, what came back, what was expected, and, if
# your mistake is one that we know, which mistake it is. You may check as often as you like.
#
# Hints are folded away under each task, from a nudge to nearly everything. Open one when you are stuck, not before.
#
# When all checks are green, press **Validate** in the toolbar: it saves the notebook and runs it from the top in a kernel of its
# own, as your instructor's grader will. What works only because of a cell that you have deleted fails there. Then save, and hand in
# this `.ipynb` file. The grader asks your functions the same kind of
# question with numbers that you have not seen.

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
# ## What you have seen
#
# - A gradient is always *of* something, *with respect to* something, *at* a point. Autograd answers by walking a record
#   of the program you ran.
# - `autograd.grad` returns a tuple and leaves nothing behind; `backward` adds into the `.grad` of every leaf.
# - `None` means: no path. Whether that is a zero or a mistake is for you to decide.
#
# **Where this fails.** Autograd differentiates *the program you wrote, not the function you meant*. On smooth, well-behaved programs the
# two agree. At a kink, through a wasteful chain of operations, and through an `argmin` they part ways, and the lessons
# that follow are about how to see that and what to do.
#
# **Further reading.** Baydin, Pearlmutter, Radul, Siskind, *Automatic Differentiation in Machine Learning: a Survey* (2018).
# Griewank and Walther, *Evaluating Derivatives* (2008), chapters 1–3.
#
# Next: `01-soft-thresholding`.
