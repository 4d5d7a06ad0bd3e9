# %% [markdown]
# # Start here
#
# text

# %%
import torch
from gradlab.checks import check

# %% grade_id="gradient"
def gradient(f, x):
    ### BEGIN SOLUTION
    point = x.detach().clone().requires_grad_(True)
    value = f(point)
    if not value.requires_grad:
        return torch.zeros_like(x)
    return torch.autograd.grad(value, point, materialize_grads=True)[0].detach()
    ### END SOLUTION

# %% grade_id="test-gradient" points=2
### BEGIN HIDDEN TESTS
from gradlab.exam import examine
examine("gradient")
### END HIDDEN TESTS
check("gradient")
