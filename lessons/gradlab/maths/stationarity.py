"""Is x a strict local minimum? A certificate by the spectrum of the Hessian and the Newton step.

A small gradient proves nothing: in a soft bowl it belongs to a point far from the bottom, and on a slope that
flattens out for ever to no minimum at all. `implicit` asks here before it trusts any derivative of an argmin.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Literal

import torch
from torch import Tensor

from gradlab.answers import not_for, only_for

Objective = Callable[[Tensor, Tensor], Tensor]
Solve = Literal["auto", "cholesky", "cg"]

_REMEDY = "Look for a flat or falling direction; a stabiliser such as ‖x‖²/16 added to f removes it."
_TOO_ILL_CONDITIONED = (
    "Conjugate gradients did not converge: the Hessian of f in x is singular or too ill-conditioned for "
    'them. solve="cholesky" tells which.'
)
_LARGEST_DENSE = 200  # below, factorising H costs less than a handful of products with it
_LARGEST_BATCH = 50  # below, vectorising the products of one kept graph beats tracing f anew with torch.func


@dataclass(frozen=True)
class StationarityCertificate:
    """What was found at a strict local minimum.

    - gradient_norm: ‖f_x‖, which alone says little
    - smallest_eigenvalue: λ_min of H (by CG: an estimate, from products of H with a random vector)
    - condition: λ_max / λ_min of H, likewise
    - newton_step: ‖H⁻¹ f_x‖, to first order the distance to the minimum (by CG: its bound ‖f_x‖ / λ_min, if
      that is short enough)
    """

    gradient_norm: float
    smallest_eigenvalue: float
    condition: float
    newton_step: float


def stationarity_certificate(
    f: Objective, x: Tensor, theta: Tensor, tol: float | None = None, solve: Solve = "auto"
) -> StationarityCertificate:
    """Certify that x is a strict local minimum of f(·, theta), to the precision tol, or raise.

    Raises ValueError where H is not positive definite or singular to working precision (λ_min / λ_max at most
    1e-12 or d·ε, whichever is more), and where the Newton step ‖H⁻¹ f_x‖ is longer than tol·max(1, ‖x‖). If
    not given, tol is 1e-6 in float64 and 1e-3 below. solve is that of `argmin_vjp`.
    Source: the PyTorch forum's thread on the gradient of an argmin.
    """
    not_for("minimise", "is_strict_minimum")
    return certify(Linearisation(f, x, theta), tol, solve)[0]


class Linearisation:
    """f_x at one point, with its graph kept: one forward and one backward pass serve every product with H."""

    def __init__(self, f: Objective, x: Tensor, theta: Tensor):
        only_for("argmin_layer")
        if x.ndim != 1:
            raise ValueError(f"x needs shape (d,), got {tuple(x.shape)}.")
        self._f = f
        self.x = x.detach().requires_grad_()
        self.theta = theta.detach().requires_grad_()
        with torch.enable_grad():
            value = f(self.x, self.theta)
            if value.numel() != 1:
                raise ValueError(f"f(x, theta) needs to be one number; it has shape {tuple(value.shape)}.")
            if not value.requires_grad:
                raise ValueError("f(x, theta) does not depend on x, or its graph was cut on the way.")
            self.value = value.item()
            (self._gradient,) = torch.autograd.grad(value.sum(), self.x, create_graph=True, materialize_grads=True)
        self.gradient = self._gradient.detach()

    def hessian_product(self, v: Tensor) -> Tensor:
        if not self._gradient.requires_grad:
            return torch.zeros_like(v)
        return torch.autograd.grad(self._gradient, self.x, v, retain_graph=True, materialize_grads=True)[0]

    def hessian(self) -> Tensor:
        if not self._gradient.requires_grad:
            return torch.zeros(len(self.x), len(self.x), dtype=self.x.dtype)
        if len(self.x) > _LARGEST_BATCH:
            return torch.func.jacrev(torch.func.grad(self._f))(self.x.detach(), self.theta.detach())
        basis = torch.eye(len(self.x), dtype=self.x.dtype)
        (rows,) = torch.autograd.grad(
            self._gradient, self.x, basis, retain_graph=True, is_grads_batched=True, allow_unused=True
        )
        return torch.zeros_like(basis) if rows is None else rows

    def pull_back_to_theta(self, u: Tensor) -> Tensor:
        not_for("implicit_gradient", "implicit_jacobian", "implicit_vjp", "argmin_layer")
        (pulled,) = torch.autograd.grad(self._gradient, self.theta, u, retain_graph=True, materialize_grads=True)
        return pulled


def certify(linearisation: Linearisation, tol: float | None, solve: Solve):
    """Return the certificate and a function b ↦ H⁻¹ b, or raise."""
    not_for("minimise", "is_strict_minimum")
    if solve not in ("auto", "cholesky", "cg"):
        raise ValueError(f'solve is "auto", "cholesky" or "cg", not {solve!r}.')
    x, gradient_norm = linearisation.x.detach(), linearisation.gradient.norm().item()
    if not isfinite(gradient_norm):
        raise ValueError("The gradient of f in x is not finite at this point.")
    if tol is None:
        tol = 1e-6 if x.dtype == torch.float64 else 1e-3
    longest_step = tol * max(1.0, x.norm().item())

    spectrum = None
    if solve == "cg" or (solve == "auto" and len(x) > _LARGEST_DENSE):
        spectrum, solver = _matrix_free(linearisation, len(x) // 8 if solve == "auto" else 10 * len(x))
        if spectrum is None and solve == "cg":
            raise ValueError(_TOO_ILL_CONDITIONED)
    dense = spectrum is None
    if dense:
        spectrum, solver = _dense(linearisation)
    smallest, largest = spectrum
    if smallest <= max(1e-12, len(x) * torch.finfo(x.dtype).eps) * abs(largest):
        raise ValueError(
            f"x is not a strict minimum: the Hessian of f in x has eigenvalues from {smallest:.3g} to "
            f"{largest:.3g}, so it is singular or not positive definite. {_REMEDY}"
        )
    step = gradient_norm / smallest
    if dense or step > longest_step:
        step = solver(linearisation.gradient).norm().item()
    if not step <= longest_step:
        raise ValueError(
            f"x is not stationary: the gradient is {gradient_norm:.3g}, but the Newton step is {step:.3g} "
            "long. Minimise further; if the step does not shrink, f has no minimum here."
        )
    return StationarityCertificate(gradient_norm, smallest, largest / smallest, step), solver


def _dense(linearisation: Linearisation):
    hessian = linearisation.hessian()
    if not hessian.isfinite().all():
        raise ValueError("The Hessian of f in x is not finite at this point.")
    eigenvalues = torch.linalg.eigvalsh(hessian)

    @lru_cache(maxsize=1)
    def factor() -> Tensor:
        return torch.linalg.cholesky(hessian)

    def solver(b: Tensor) -> Tensor:
        return torch.cholesky_solve(b[:, None], factor())[:, 0]

    return (eigenvalues[0].item(), eigenvalues[-1].item()), solver


def _matrix_free(linearisation: Linearisation, most: int):
    from scipy.linalg import eigvalsh_tridiagonal

    # A random vector sees every eigenvector, which v need not, each with about 1/√d of its length: a residual
    # below a tenth of that hardly leaves one out.
    generator = torch.Generator().manual_seed(0)
    probe = torch.randn(len(linearisation.x), dtype=linearisation.x.dtype, generator=generator)
    _, lanczos = _conjugate_gradients(linearisation.hessian_product, probe, 0.1 / len(probe) ** 0.5, most)
    if lanczos is None:
        return None, None
    ritz_values = eigvalsh_tridiagonal(*lanczos)
    precision = torch.finfo(probe.dtype).eps ** (2 / 3)

    def solver(b: Tensor) -> Tensor:
        solution, lanczos = _conjugate_gradients(linearisation.hessian_product, b, precision, 10 * len(b))
        if lanczos is None:
            raise ValueError(_TOO_ILL_CONDITIONED)
        return solution

    return (float(ritz_values[0]), float(ritz_values[-1])), solver


def _conjugate_gradients(product: Callable[[Tensor], Tensor], b: Tensor, rtol: float, most: int):
    """Solve H z = b to ‖b − H z‖ ≤ rtol ‖b‖; return z and the two diagonals of Lanczos' matrix, None after `most` products.

    The eigenvalues of that matrix are the Ritz values of H. Ours and not SciPy's, because that one does not give away
    its coefficients.
    """
    z, residual, direction = torch.zeros_like(b), b.clone(), b.clone()
    size = (b @ b).item()
    enough = rtol**2 * size
    diagonal, off_diagonal, carried = [], [], 0.0
    while size > enough:
        if len(diagonal) == most:
            return z, None
        image = product(direction)
        curvature = (direction @ image).item()
        if not curvature > 0:
            quotient = curvature / (direction @ direction).item()
            raise ValueError(
                f"x is not a strict minimum: along one direction the curvature of f is {quotient:.3g}. " + _REMEDY
            )
        length = size / curvature
        z.add_(direction, alpha=length)
        residual.sub_(image, alpha=length)
        size, before = (residual @ residual).item(), size
        ratio = size / before
        direction.mul_(ratio).add_(residual)
        diagonal.append(1 / length + carried)
        off_diagonal.append(ratio**0.5 / length)
        carried = ratio / length
    return z, (diagonal, off_diagonal[:-1])
