"""Functions of lesson 3: piecewise linear ones of one variable, and homogeneous ones and their look-alikes."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from gradlab.maths.homogeneous import network
from gradlab.maths.piecewise_linear import PiecewiseLinear

Scalar = Callable[[Tensor], Tensor]


def piecewise_linear(breaks: Sequence[float], slopes: Sequence[float], value_at_zero: float) -> PiecewiseLinear:
    """The PiecewiseLinear with these data."""
    return PiecewiseLinear(tuple(breaks), tuple(slopes), value_at_zero)


def norm_power(power: float, scale: float) -> Scalar:
    """f(x) = scale·‖x‖^power, homogeneous of degree power, for x ≠ 0."""
    return lambda x: scale * (x**2).sum() ** (power / 2)


def monomial(powers: Tensor) -> Scalar:
    """f(x) = Π xᵢ^pᵢ, homogeneous of degree Σ pᵢ."""
    return lambda x: torch.prod(x**powers)


def cosine() -> Scalar:
    """f(x) = Σ xᵢ / ‖x‖, homogeneous of degree 0, for x ≠ 0."""
    return lambda x: x.sum() / (x**2).sum().sqrt()


def larger_square() -> Scalar:
    """f(x) = max(x₁², x₁x₂), homogeneous of degree 2."""
    return lambda x: torch.maximum(x[0] ** 2, x[0] * x[1])


def relu_net(weights: list[Tensor], bias: float) -> Scalar:
    """f(x) = W_{H+1} relu(W_H … relu(W_1 x + b) … + b), the same b in every unit: homogeneous of degree 1 if b = 0."""
    return lambda x: network(weights, x, lambda z: torch.relu(z + bias))


def norm_plus(power: float, constant: float) -> Scalar:
    """f(x) = ‖x‖^power + constant: not homogeneous unless constant = 0; changes its sign along a ray if it is < 0."""
    return lambda x: (x**2).sum() ** (power / 2) + constant


def two_powers(first: float, second: float) -> Scalar:
    """f(x) = ‖x‖^first + ‖x‖^second: not homogeneous unless they are equal."""
    return lambda x: (x**2).sum() ** (first / 2) + (x**2).sum() ** (second / 2)


def clipped_norm(low: float, high: float) -> Scalar:
    """f(x) = min(max(‖x‖, low), high): looks homogeneous of degree 1 near a point between, and is not."""
    return lambda x: torch.clamp((x**2).sum().sqrt(), low, high)


def tanh_sum() -> Scalar:
    """f(x) = Σ tanh xᵢ, not homogeneous."""
    return lambda x: torch.tanh(x).sum()
