# %% [markdown]
# # Layers that solve
#
# **20 minutes**
#
# *You will* move a slider, predict, and write one function.
# *You need* lesson 0.

# %%
import torch

from gradlab import check
from gradlab.lessons.layers_that_solve import explorers

# %% [markdown]
# ## Predict, then move the slider
#
# **Predict** what the slope of the line does when you move the slider.

# %%
explorers.layers_that_solve_line(slope=1.0)

# %% [markdown]
# ## What you have seen
#
# - Say here what was seen, and where it fails.

# %% [markdown]
# ### Exercise — Layers that solve example
#
# ●○○ · 3 minutes · 1 point
#
# Write `layers_that_solve_example(x)` $= 2x$, elementwise, for a tensor `x` of any shape. The autograd graph is kept.
#
# <details><summary>Hint 1</summary>
#
# A number times a tensor is a product entry by entry.
#
# </details>

# %% grade_id="layers_that_solve_example" points=1
def layers_that_solve_example(x):
    """Twice x, elementwise."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
