"""The value of a minimum and its derivative: the envelope theorem, and the Moreau envelope of T|x|."""

from collections.abc import Callable

import torch
from torch import Tensor

from gradlab.answers import only_for
from gradlab.maths.prox import soft_threshold


def envelope_gradient(f: Callable[[Tensor, Tensor], Tensor], x: Tensor, theta: Tensor) -> Tensor:
    """The gradient of the value min_x f(x, θ), shaped like theta: f_θ at the minimiser x, which is held fixed.

    By Danskin's theorem it holds if f and f_θ are continuous, x stays in a compact set, and the minimiser is unique.
    The result is detached.
    Source: Danskin (1966), The theory of max-min, with applications.
    """
    only_for()
    theta = theta.detach().requires_grad_()
    with torch.enable_grad():
        value = f(x.detach(), theta)
    if not value.requires_grad:
        return torch.zeros_like(theta)
    return torch.autograd.grad(value, theta, materialize_grads=True)[0]


def moreau_envelope(y: Tensor, T: float | Tensor) -> Tensor:
    """The value min_x ½(x − y)² + T|x|, entry by entry, at the minimiser soft_threshold(y, T).

    This is Huber's function: y²/2 where |y| ≤ T, T|y| − T²/2 elsewhere. Its derivative in y is clamp(y, −T, T).
    The graph is kept to y and T.
    Source: Moreau (1965), proximity and duality in a Hilbert space.
    """
    x = soft_threshold(y, T)
    return (x - y) ** 2 / 2 + T * x.abs()
