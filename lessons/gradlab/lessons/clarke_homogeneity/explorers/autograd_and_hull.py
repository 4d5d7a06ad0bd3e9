"""What autograd reports at a point, and whether the hull of sampled gradients holds it; for two figures that sample."""

from collections.abc import Callable

import torch
from torch import Tensor

from gradlab.explore.format_number import format_number

SAMPLES = 40


def place_of(outside: float) -> str:
    """Where autograd's value lies, as a title."""
    return f"Autograd is outside, by {format_number(outside, '.2g')}" if outside > 1e-6 else "Autograd is in the hull"


def range_of(values: Tensor) -> str:
    """The smallest and the largest of the values, as the end of a sentence."""
    low, high = format_number(values.min().item()), format_number(values.max().item())
    return f"are all {low}" if low == high else f"lie between {low} and {high}"


def autograd_at(f: Callable[[Tensor], Tensor], at: Tensor) -> Tensor:
    """The gradient of f that autograd reports at a point."""
    point = at.clone().requires_grad_()
    return torch.autograd.grad(f(point), point)[0]
