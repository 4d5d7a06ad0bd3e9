"""What autograd reports for a module that is called as module(x, A) and holds a Parameter M."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gradlab.answers import only_for

Distance = Callable[[Tensor, Tensor], Tensor]


def squared_distance(x: Tensor, g: Tensor) -> Tensor:
    """φ = ‖x − g‖²."""
    return ((x - g) ** 2).sum()


def reported_gradients(
    module: nn.Module, x: Tensor, A: Tensor, distance: Distance = squared_distance, zeros: bool = True
) -> tuple[Tensor | None, ...]:
    """(∇x, ∇A, ∇M) of distance(x, module(x, A)) as autograd reports them, right or wrong.

    Where the graph does not reach there are zeros, or None with zeros=False. x, A and every `.grad` stay as they were.
    Source: University of Washington, Data 598 (Winter 2022), homework 5.
    """
    only_for()
    x, A = x.detach().clone().requires_grad_(True), A.detach().clone().requires_grad_(True)
    value = distance(x, module(x, A))
    return torch.autograd.grad(value, (x, A, module.M), allow_unused=True, materialize_grads=zeros)
