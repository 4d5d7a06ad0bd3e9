"""The two derivatives of a function (z, θ) at one point, written out whole: row by row with autograd, slow and plain."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gradlab.lessons.layers_that_solve.functions import Function


@dataclass(frozen=True)
class Jacobians:
    """Of F at one (z, theta): in_z (d, d) and in_theta (d, *theta.shape)."""

    in_z: Tensor
    in_theta: Tensor

    def pull(self, u: Tensor) -> Tensor:
        """uᵀ F_θ, shaped like theta."""
        return torch.tensordot(u, self.in_theta, dims=1)


def jacobians(F: Function, z: Tensor, theta: Tensor) -> Jacobians:
    """Both at one point, in the dtype of z."""
    z, theta = (tensor.detach().clone().requires_grad_() for tensor in (z, theta))
    with torch.enable_grad():
        value = F(z, theta) + 0 * z
    rows = [torch.autograd.grad(g, (z, theta), retain_graph=True, materialize_grads=True) for g in value]
    return Jacobians(*(torch.stack(parts).detach() for parts in zip(*rows)))


def formula(of: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """An answer (F, z, theta, …) that evaluates some formula of the derivatives of F, and of what else it is given."""
    return lambda F, z, theta, *more: of(jacobians(F, z, theta), *more)


def pulled(adjoint: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """An answer that computes some u from the derivatives and what else it is given, and returns uᵀ F_θ."""
    return formula(lambda at, *more: at.pull(adjoint(at, *more)))


def eye(matrix: Tensor) -> Tensor:
    """The identity of the same size and dtype."""
    return torch.eye(len(matrix), dtype=matrix.dtype)
