"""Objectives f(x, theta) of lesson 4: x of shape (d,), theta of any one shape, one number back, all in x's dtype."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import softplus

from gradlab.maths import networks

Objective = Callable[[Tensor, Tensor], Tensor]


def quadratic(P: Tensor, Q: Tensor) -> Objective:
    """½ xᵀPx − xᵀQθ with θ laid flat: stationary where Px = Qθ, a minimum if P is positive definite."""

    def f(x: Tensor, theta: Tensor) -> Tensor:
        return x @ P.to(x.dtype) @ x / 2 - x @ (Q.to(x.dtype) @ theta.to(x.dtype).flatten())

    return f


def soft_quadratic(P: Tensor, Q: Tensor) -> Objective:
    """½ xᵀPx + Σ √(1 + (x − Qθ)²) with θ laid flat: strictly convex for a positive definite P, not quadratic."""

    def f(x: Tensor, theta: Tensor) -> Tensor:
        distance = x - Q.to(x.dtype) @ theta.to(x.dtype).flatten()
        return x @ P.to(x.dtype) @ x / 2 + torch.sqrt(1 + distance**2).sum()

    return f


def smooth_prox() -> Objective:
    """½ ‖x − y‖² + T Σ √(x² + λ) with θ = (y, T, λ)."""

    def f(x: Tensor, theta: Tensor) -> Tensor:
        y, T, lam = theta.to(x.dtype)
        return ((x - y) ** 2).sum() / 2 + T * torch.sqrt(x**2 + lam).sum()

    return f


def double_well(width: float) -> Objective:
    """(x₀² − w²)² / 8w² + x₀ Σθ + ½ Σᵢ xᵢ² over i ≥ 1: valleys near x₀ = ±w, curvature 1, tilted by θ."""

    def f(x: Tensor, theta: Tensor) -> Tensor:
        well = (x[0] ** 2 - width**2) ** 2 / (8 * width**2)
        return well + x[0] * theta.to(x.dtype).sum() + (x[1:] ** 2).sum() / 2

    return f


def falling(rate: float) -> Objective:
    """½ Σᵢ (xᵢ − Σθ)² over i ≥ 1, + log(1 + exp(−rate·x₀)): positive curvature everywhere, and no minimum."""

    def f(x: Tensor, theta: Tensor) -> Tensor:
        return softplus(-rate * x[0]) + ((x[1:] - theta.to(x.dtype).sum()) ** 2).sum() / 2

    return f


def long_theta(P: Tensor) -> Objective:
    """½ xᵀPx + Σ √(1 + x²) − Σᵢ xᵢ·mean(sin((i+1)θ)): reads a long θ row by row, never as a matrix with d rows."""

    def f(x: Tensor, theta: Tensor) -> Tensor:
        push = torch.stack([torch.sin((i + 1) * theta.to(x.dtype)).mean() for i in range(x.shape[0])])
        return x @ P.to(x.dtype) @ x / 2 + torch.sqrt(1 + x**2).sum() - x @ push

    return f


def unmoved(P: Tensor, value_moves: bool) -> Objective:
    """½ xᵀPx, plus Σ θ² if `value_moves`: θ moves the value of the minimum or nothing at all, and never its place."""

    def f(x: Tensor, theta: Tensor) -> Tensor:
        value = x @ P.to(x.dtype) @ x / 2
        return value + (theta.to(x.dtype) ** 2).sum() if value_moves else value

    return f


def tanh_network(stabiliser: float = 0.0) -> Objective:
    """The forum's network, `gradlab.maths.networks.tanh_network`, with a flat θ."""
    return networks.tanh_network(stabiliser)
