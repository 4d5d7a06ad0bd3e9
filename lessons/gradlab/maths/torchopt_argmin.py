"""TorchOpt's implicit differentiation in the form of `gradlab.maths.implicit.argmin_vjp`, for lesson 4's comparison only."""

import warnings
from collections.abc import Callable

import torch
from torch import Tensor

from gradlab.answers import only_for
from gradlab.maths.implicit import Objective


def torchopt_vjp(f: Objective, x: Tensor, theta: Tensor, v: Tensor, solve: str = "normal_cg") -> Tensor:
    """Pull the gradient v of a loss in x* back to theta with TorchOpt's `custom_root`; x is the minimiser.

    vᵀ dx*/dθ = −(H⁻¹ v)ᵀ f_xθ,  shaped like theta

    `solve` names TorchOpt's linear solver: "normal_cg" (its default, at most `maxiter` = its default steps), "cg"
    or "inv". Nothing is tested: what the solver leaves is what comes back. Raises what TorchOpt raises.
    Source: TorchOpt 0.7.3; the PyTorch forum's thread on the gradient of an argmin.
    """
    only_for()
    root = _implicit().custom_root(torch.func.grad(f), argnums=1, solve=_linear_solver(solve))(
        lambda start, t: start.clone()
    )
    tracked = theta.detach().requires_grad_(True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it calls the old names of torch.func
        return torch.autograd.grad(root(x.detach(), tracked), tracked, v)[0]


def _implicit():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torchopt
    return torchopt.diff.implicit


def _linear_solver(name: str) -> Callable:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torchopt import linear_solve
    return getattr(linear_solve, f"solve_{name}")()
