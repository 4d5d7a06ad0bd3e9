"""A whole batch of fixed points as one layer of a network, with a memory that does not grow with the iterations."""

from collections.abc import Callable

import torch
from torch import Tensor

from gradlab.answers import only_for

_MOST_STEPS = 1000


def settle(step: Callable[[Tensor], Tensor], z0: Tensor, tol: float = 1e-4) -> Tensor:
    """Iterate z ← step(z) to a fixed point without a graph, and attach the derivative of the fixed point to it.

    `step` maps a tensor of any one shape to its like, rows of a batch independently, and closes over tensors that want
    gradients. Forward ends at ‖step(z) − z‖ ≤ tol·max(1, ‖z‖). Backward solves u = v + (step_z)ᵀ u by the same iteration,
    with vector-Jacobian products of one kept step, then goes through one step to the tensors closed over.
    Raises ValueError where 1000 steps do not settle, or leave the finite numbers.
    Source: Bai, Kolter & Koltun (2019), Deep Equilibrium Models.
    """
    only_for()
    with torch.no_grad():
        z = _iterate(step, z0.detach(), tol, smallest=1.0)
    result = step(z)
    if result.requires_grad:
        point = z.requires_grad_()
        again = step(point)

        def solve(v: Tensor | None) -> Tensor | None:
            if v is None:  # autograd says None where no gradient arrives
                return None
            back = lambda u: v + torch.autograd.grad(again, point, u, retain_graph=True)[0]  # noqa: E731
            return _iterate(back, v, tol, smallest=0.0)

        result.register_hook(solve)
    return result


def _iterate(step: Callable[[Tensor], Tensor], z: Tensor, tol: float, smallest: float) -> Tensor:
    """Iterate until a step is at most tol·max(smallest, ‖z‖) long."""
    for _ in range(_MOST_STEPS):
        new = step(z)
        size = new.norm()
        if not size.isfinite():  # first: no step is longer than tol times an infinite norm
            raise ValueError("The iteration left the finite numbers. Does the step contract?")
        if (new - z).norm() <= tol * size.clamp(min=smallest):
            return new
        z = new
    raise ValueError(f"The iteration has not settled after {_MOST_STEPS} steps. Does the step contract?")
