"""Scalar functions of one tensor for lesson 0."""

from collections.abc import Callable

import torch


def weighted_square(weight: torch.Tensor) -> Callable[[torch.Tensor], torch.Tensor]:
    """f(x) = Σ wᵢ xᵢ², gradient 2w⊙x; closes over w."""

    def f(x: torch.Tensor) -> torch.Tensor:
        return (weight * x**2).sum()

    f.leaves = {"weight": weight}
    return f


def constant(value: float) -> Callable[[torch.Tensor], torch.Tensor]:
    """f(x) = value, made without x: its graph is empty."""
    return lambda x: torch.tensor(value, dtype=x.dtype)


def other_leaf(weight: torch.Tensor) -> Callable[[torch.Tensor], torch.Tensor]:
    """f(x) = Σ wᵢ³: there is a graph, but x is not in it; closes over w."""

    def f(x: torch.Tensor) -> torch.Tensor:
        return (weight**3).sum()

    f.leaves = {"weight": weight}
    return f


def product_of_sines(weight: torch.Tensor) -> Callable[[torch.Tensor], torch.Tensor]:
    """f(x) = Σ sin(wᵢ xᵢ) + Πⱼ (1 + xⱼ²); closes over w."""

    def f(x: torch.Tensor) -> torch.Tensor:
        return torch.sin(weight * x).sum() + torch.prod(1 + x**2)

    f.leaves = {"weight": weight}
    return f
