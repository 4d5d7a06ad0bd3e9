"""The problems that answers of lesson 4 are tried on: an objective, a theta, and the minimum that belongs to it."""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, case, tensor
from gradlab.maths import networks
from gradlab.maths.implicit import minimise
from gradlab.probe import Named
from gradlab.probe.perform import build_named

BARE = Named("implicit_argmin.tanh_network")
STABILISED = Named("implicit_argmin.tanh_network", stabiliser=1 / 16)
LOST = tensor(-10.278391460465638, 9.144972085336095, -8.950106669835773)  # where the forum's 3-D search stopped


class Problem(NamedTuple):
    """f(·, theta) has the strict minimum x in the valley of start; where there is none, x is any point."""

    f: Named
    x: Tensor
    theta: Tensor
    start: Tensor
    about: str = ""

    @property
    def in_float32(self) -> "Problem":
        return Problem(self.f, self.x.float(), self.theta.float(), self.start.float(), "float32")

    def case(self, *more: Tensor) -> Case:
        """A call with f, x and theta; in float32 three digits are asked for, else what the group says."""
        tol = None if self.x.dtype is torch.float64 else 2e-3
        return case(self.f, self.x, self.theta, *more, rtol=tol, atol=tol, about=self.about)


def zeros(*shape: int) -> Tensor:
    return torch.zeros(shape, dtype=torch.float64)


def bowl(P: Tensor, Q: Tensor | None = None) -> Named:
    """½ xᵀPx − xᵀQθ; without Q its stationary point is 0."""
    return Named("implicit_argmin.quadratic", P=P, Q=zeros(len(P), 1) if Q is None else Q)


def resistance(draw: Draw, d: int) -> Tensor:
    """A symmetric (d, d) matrix with eigenvalues in [0.6, 3], rotated at random."""
    rotation = torch.linalg.qr(draw.normal(d, d))[0]
    matrix = rotation * draw.uniform(0.6, 3, d) @ rotation.T
    return (matrix + matrix.T) / 2


def quadratic(draw: Draw, d: int, *shape: int, unit: float = 1.0) -> Problem:
    """½ xᵀPx − xᵀQθ, all of it in some unit."""
    P, theta = resistance(draw, d), draw.normal(*shape)
    Q = draw.normal(d, theta.numel())
    x = torch.linalg.solve(P, Q @ theta.flatten())
    return Problem(bowl(unit * P, unit * Q), x, theta, zeros(d), f"quadratic, d = {d}, theta of shape {shape}")


def soft(draw: Draw, d: int, *shape: int) -> Problem:
    """½ xᵀPx + Σ √(1 + (x − Qθ)²)."""
    theta = draw.uniform(-1, 1, *shape)
    f = Named("implicit_argmin.soft_quadratic", P=resistance(draw, d), Q=draw.uniform(-1, 1, d, theta.numel()))
    return problem(f, theta, draw.uniform(0.5, 1.5, d), f"not quadratic, d = {d}, theta of shape {shape}")


def both_kinds(draw: Draw, *sizes: tuple[int, tuple[int, ...]]) -> Iterator[Problem]:
    """For each (d, shape of theta) a quadratic and another function."""
    for d, shape in sizes:
        yield quadratic(draw, d, *shape)
        yield soft(draw, d, *shape)


def many(draw: Draw) -> Iterator[Problem]:
    """Minima in one and in many dimensions."""
    yield from both_kinds(draw, (3, (5,)), (2, ()), (6, (2, 3)), (12, (2, 2, 2)), (2, (2, 2)), (1, (3,)))
    yield stabilised(draw, 123)
    yield quadratic(draw, 2, 3).in_float32


def seed_2023(draw: Draw) -> Problem:
    """The first network of the forum with other weights: x*(αW1) = x*/α, x*(b1 + cW1) = x* − c, x*(αw2) = x*."""
    W1, b1, w2 = networks.stored_weights(2023)
    shift, stretch, scale = draw.number(-0.3, 0.3), draw.number(0.9, 1.2), draw.number(0.8, 1.3)
    theta = networks.pack(networks.TanhWeights(stretch * W1, b1 + shift * W1[:, 0], scale * w2))
    return Problem(BARE, tensor((4.3858248614026385 - shift) / stretch), theta, zeros(1), "seed 2023, weights moved")


def near_stored(draw: Draw, seed: int) -> Tensor:
    """Stored weights, each changed by up to 2 %."""
    theta = networks.stored_theta(seed)
    return theta * draw.uniform(0.98, 1.02, *theta.shape)


def stabilised(draw: Draw, seed: int) -> Problem:
    """The second or third network of the forum with a stabiliser."""
    return problem(STABILISED, near_stored(draw, seed), zeros({456: 1, 123: 3}[seed]), f"seed {seed} with a stabiliser")


def falling_456(draw: Draw) -> Problem:
    """The second network of the forum, which has no minimum."""
    start = draw.uniform(-5, -3, 1)
    return Problem(BARE, start, near_stored(draw, 456), start, "seed 456: no minimum")


def valley(draw: Draw, side: int, d: int = 1) -> Problem:
    """Two valleys about ±width along the first axis, and a start near the one on this side."""
    width = draw.number(3.5, 5)
    start = torch.cat([tensor(side * (width - 0.5)), draw.normal(d - 1)])
    f = Named("implicit_argmin.double_well", width=width)
    return problem(f, draw.scalar(0.05, 0.2) * side, start, f"two valleys, x0[0] = {float(start[0]):.3g}")


def problem(f: Named, theta: Tensor, start: Tensor, about: str) -> Problem:
    """The minimum is found by gradlab's own search."""
    return Problem(f, minimise(build_named(f), start, theta), theta, start, about)
