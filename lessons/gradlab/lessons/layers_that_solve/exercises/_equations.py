"""Equations F(z, θ) = 0, each with a root, on which answers of lesson 6 are tried."""

from dataclasses import replace

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, case
from gradlab.probe import Named
from gradlab.probe.perform import build_named


def matrix(draw: Draw, d: int) -> Tensor:
    """A matrix far from symmetric, with singular values between 1 and 3."""
    W = draw.normal(d, d)
    return 2 * torch.eye(d, dtype=W.dtype) + W / torch.linalg.matrix_norm(W, 2)


def asked(F: Named, z: Tensor, theta: Tensor, v: Tensor, about: str = "") -> Case:
    """A call at a root; in float32 three digits are asked for."""
    tol = None if z.dtype is torch.float64 else 2e-3
    return case(F, z, theta, v, rtol=tol, atol=tol, about=about)


def linear(draw: Draw, K: Tensor, *shape: int, about: str = "") -> Case:
    """Kz − KQθ: the root is Qθ."""
    theta = draw.normal(*shape)
    Q = draw.normal(len(K), theta.numel())
    F = Named("layers_that_solve.linear_equations", K=K, Q=K @ Q)
    return asked(F, Q @ theta.flatten(), theta, draw.normal(len(K)), about)


def with_root(F: Named, z: Tensor, theta: Tensor, v: Tensor, about: str) -> Case:
    """F shifted so that z is its root."""
    shift = build_named(Named(F.name, shift=0 * z, **F.arguments))(z, theta)
    return asked(Named(F.name, shift=shift, **F.arguments), z, theta, v, about)


def curved(draw: Draw, d: int, *shape: int) -> Case:
    z, theta, K = draw.normal(d), draw.normal(*shape), matrix(draw, d)
    F = Named("layers_that_solve.curved_equations", K=K, Q=draw.normal(d, theta.numel()))
    return with_root(F, z, theta, draw.normal(d), f"not linear, d = {d}, theta of shape {shape}")


def with_long_theta(draw: Draw, d: int, *shape: int) -> Case:
    z, theta = draw.normal(d), draw.normal(*shape)
    F = Named("layers_that_solve.long_theta_equations", K=matrix(draw, d))
    return with_root(F, z, theta, draw.normal(d), f"d = {d}, theta of shape {shape}")


def rescaled(one: Case, units: Tensor, about: str) -> Case:
    """The same root of linear equations, each equation written in another unit."""
    F, *rest = one.call.arguments
    other = Named(F.name, **{name: units[:, None] * value for name, value in F.arguments.items()})
    return replace(one, call=replace(one.call, arguments=(other, *rest)), about=about)
