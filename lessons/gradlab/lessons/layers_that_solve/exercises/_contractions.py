"""Maps φ that contract, and maps without a fixed point, on which answers of lesson 6 are tried."""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from gradlab.exercises import Draw, tensor
from gradlab.probe import Named


class Map(NamedTuple):
    """φ, a θ that belongs to it, and a start."""

    phi: Named
    theta: Tensor
    start: Tensor
    about: str


def matrix(draw: Draw, d: int, factor: float) -> Tensor:
    """A matrix far from symmetric of norm `factor`."""
    W = draw.normal(d, d)
    return W * (factor / torch.linalg.matrix_norm(W, 2))


def affine(draw: Draw, d: int, *shape: int, factor: float = 0.8, start: float = 1.0) -> Map:
    return _map(draw, "affine", d, shape, factor, start)


def neurons(draw: Draw, d: int, *shape: int, factor: float = 0.9, start: float = 1.0) -> Map:
    return _map(draw, "neurons", d, shape, factor, start)


def _map(draw: Draw, kind: str, d: int, shape: tuple[int, ...], factor: float, start: float) -> Map:
    theta = draw.normal(*shape)
    phi = Named(f"layers_that_solve.{kind}", W=matrix(draw, d, factor), U=draw.normal(d, theta.numel()))
    about = f"{kind}, contracts with factor {factor:g}, theta of shape {shape}"
    return Map(phi, theta, start * draw.normal(d), about)


def uneven(draw: Draw) -> Map:
    """The first entry creeps, and the last one stands still after one step."""
    phi = Named("layers_that_solve.affine", W=torch.diag(tensor(0.9, 0.5, 0)), U=draw.normal(3, 2))
    return Map(phi, draw.normal(2), draw.normal(3), "affine, W diagonal: one entry settles long before another")


def zero_in_float32(draw: Draw) -> Map:
    """Contracts with factor ½ towards 0, all numbers whole or halved, so that a search reaches it to any tolerance."""
    u, v, s, t = (draw.integer(1, 3) for _ in range(4))
    W, Q, theta = tensor([0, 0.5], [-0.25, 0]), tensor([u, -v], [v, u]), tensor(s, -t)
    phi = Named("layers_that_solve.affine", W=W, U=torch.cat([Q, -(Q @ theta)[:, None]], 1))
    return Map(phi, torch.cat([theta, tensor(1)]).float(), torch.ones(2), "float32")


def without_a_fixed_point(draw: Draw) -> Iterator[Map]:
    """Steps that never end, and steps that leave the numbers."""
    theta, start = draw.uniform(0.1, 1, 2), draw.uniform(1.1, 2, 2)
    drift = Named("layers_that_solve.drift", step=draw.number(0.5, 2))
    yield Map(drift, theta, start, "φ(z, θ) = z + step + θ²: no fixed point")
    yield Map(Named("layers_that_solve.logarithm"), theta, start, "φ(z, θ) = log z − 1 − θ²: no fixed point")
    yield Map(Named("layers_that_solve.explosion"), theta, start, "φ(z, θ) = exp exp z + θ²: no fixed point")


def slow(draw: Draw, size: float = 1.0, d: int = 3) -> Map:
    """Contracts with factor 0.9 in every direction to a fixed point of this size; far out rounding swings for ever."""
    theta, phi = size * draw.uniform(1, 3, d), Named("layers_that_solve.turn", factor=0.9)
    return Map(phi, theta, draw.normal(d), f"φ(z, θ) = −0.9·z + θ: the fixed point is of size {size:.0e}")


def swings(draw: Draw) -> Iterator[tuple[Map, Tensor]]:
    """Maps that do not contract, and whose iteration swings about their fixed point, each with that point."""
    point, start, factor = draw.uniform(0.1, 0.3, 1), draw.uniform(1, 2, 2), draw.number(2, 3)
    turn, overshoot = Named("layers_that_solve.turn", factor=1.0), Named("layers_that_solve.overshoot", factor=factor)
    for phi, theta in ((turn, 2 * point), (overshoot, point + factor * torch.tanh(point))):
        yield Map(phi, theta, start, "φ does not contract, the iteration swings"), point.expand(2).clone()
