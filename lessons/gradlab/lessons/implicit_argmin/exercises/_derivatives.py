"""The derivatives of an objective at one point, written out whole: row by row with autograd, slow and plain."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gradlab.maths.stationarity import Objective


@dataclass(frozen=True)
class Derivatives:
    """Of f at one (x, theta): gradient f_x (d,), hessian f_xx (d, d), mixed f_xθ (d, *theta.shape), value_slope f_θ."""

    gradient: Tensor
    hessian: Tensor
    mixed: Tensor
    value_slope: Tensor

    @property
    def eigenvalues(self) -> Tensor:
        """Eigenvalues of the Hessian, increasing."""
        return torch.linalg.eigvalsh(self.hessian)

    @property
    def positive_definite(self) -> bool:
        """λ_min > 1e-12 λ_max, as the lesson defines it."""
        low, high = self.eigenvalues[[0, -1]].tolist()
        return low > 0 and low > 1e-12 * high

    @property
    def newton_step(self) -> float:
        """‖H⁻¹ f_x‖; the least-squares step where H is singular."""
        return float((torch.linalg.pinv(self.hessian, hermitian=True) @ self.gradient).norm())

    @property
    def jacobian(self) -> Tensor:
        """dx*/dθ = −H⁻¹ f_xθ, of shape (d, *theta.shape)."""
        return self.over(self.hessian)

    def over(self, matrix: Tensor) -> Tensor:
        """−matrix⁻¹ f_xθ, of shape (d, *theta.shape)."""
        return -torch.linalg.solve(matrix, self.mixed.reshape(len(self.mixed), -1)).reshape(self.mixed.shape)


def derivatives(f: Objective, x: Tensor, theta: Tensor) -> Derivatives:
    """All of them at one point, in the dtype of x."""
    x, theta = (tensor.detach().clone().requires_grad_() for tensor in (x, theta))
    with torch.enable_grad():
        gradient, slope = torch.autograd.grad(f(x, theta), (x, theta), create_graph=True, materialize_grads=True)
        rows = [torch.autograd.grad(g, (x, theta), retain_graph=True, materialize_grads=True) for g in gradient]
    hessian, mixed = (torch.stack(parts).detach() for parts in zip(*rows))
    return Derivatives(gradient.detach(), (hessian + hessian.T) / 2, mixed, slope.detach())


def formula(of: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """An answer (f, x, theta, …) that evaluates some formula of the derivatives of f, and of what else it is given."""
    return lambda f, x, theta, *more: of(derivatives(f, x, theta), *more)
