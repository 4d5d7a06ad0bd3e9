"""Fixed points z = φ(z, θ): found by iteration, differentiated by one linear solve or by a few Neumann terms.

If φ is continuously differentiable and I − φ_z is regular at the fixed point, then dz/dθ = (I − φ_z)⁻¹ φ_θ. Where
the spectral radius of φ_z is below 1, the inverse is the Neumann series Σ φ_zʲ. Everywhere φ is called as
phi(z, theta), with z of shape (d,) and theta of any one shape, and returns a tensor of shape (d,).
"""

from collections.abc import Callable
from math import isfinite

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from gradlab.answers import only_for
from gradlab.maths.roots import Equations, root_vjp

_MOST_STEPS = 10_000


def fixed_point(phi: Equations, z0: Tensor, theta: Tensor, tol: float | None = None) -> Tensor:
    """Iterate z ← φ(z, θ) from z0 until ‖φ(z, θ) − z‖ ≤ tol·max(1, ‖z‖); the result is detached.

    If φ(·, θ) is a contraction, the iteration converges from every z0 to the only fixed point (Banach). If not given,
    tol is 1e-12 in float64 and 1e-5 below.
    Raises ValueError where 10 000 steps do not come so near, or leave the finite numbers.
    """
    only_for("equilibrium_layer")
    if tol is None:
        tol = 1e-12 if z0.dtype == torch.float64 else 1e-5
    z, theta = z0.detach(), theta.detach()
    residual = float("inf")
    with torch.no_grad():
        for _ in range(_MOST_STEPS):
            new = phi(z, theta)
            residual, size = (new - z).norm().item(), z.norm().item()
            if not isfinite(residual + size):  # first: no step is longer than tol times an infinite norm
                break
            if residual <= tol * max(1.0, size):
                return z.clone()
            z = new
    raise ValueError(f"No fixed point was found: the last step was {residual:.3g} long. Does φ contract?")


def fixed_point_vjp(phi: Equations, z: Tensor, theta: Tensor, v: Tensor) -> Tensor:
    """Pull the gradient v of a loss in the fixed point z, shape (d,), back to theta with one linear solve.

    vᵀ dz/dθ = uᵀ φ_θ with (I − φ_z)ᵀ u = v,  shaped like theta

    Raises ValueError where `root_vjp` does: a fixed point is a root of z − φ(z, θ).
    """
    only_for()
    return root_vjp(lambda z, theta: z - phi(z, theta), z, theta, v)


def neumann_vjp(phi: Equations, z: Tensor, theta: Tensor, v: Tensor, terms: int) -> Tensor:
    """Pull v back to theta through the first terms of the Neumann series, by vector-Jacobian products only.

    Σ_{j < terms} vᵀ φ_zʲ φ_θ,  shaped like theta; terms = 1 is the one-step, or Jacobian-free, gradient

    At a fixed point where φ_z has spectral radius ρ < 1 it tends to `fixed_point_vjp`, with an error of order rᵏ for
    every r > ρ. The result is detached. Raises ValueError for terms < 1.
    Source: Fung et al. (2022), JFB: Jacobian-Free Backpropagation for Implicit Networks.
    """
    only_for()
    if terms < 1:
        raise ValueError(f"The Neumann series needs at least one term, got {terms}.")
    z, theta = z.detach().requires_grad_(), theta.detach().requires_grad_()
    with torch.enable_grad():
        value = phi(z, theta)
    if not value.requires_grad:
        return torch.zeros_like(theta)
    term = total = v.detach()
    for _ in range(terms - 1):
        (term,) = torch.autograd.grad(value, z, term, retain_graph=True, materialize_grads=True)
        total = total + term
    (pulled,) = torch.autograd.grad(value, theta, total, materialize_grads=True)
    return pulled


def implicit_fixed_point(phi: Equations, z0: Tensor) -> Callable[[Tensor], Tensor]:
    """Turn φ into a differentiable layer theta ↦ z*(theta), the fixed point that `fixed_point` finds from z0.

    The backward pass is `fixed_point_vjp`: one linear solve, no graph through the iterations. The layer is
    differentiable once, and only in theta.
    Raises ValueError, when the layer is called, where no fixed point is found.
    Source: Bai, Kolter & Koltun (2019), Deep Equilibrium Models.
    """
    only_for()
    return lambda theta: _ImplicitFixedPoint.apply(phi, z0, theta)


class _ImplicitFixedPoint(torch.autograd.Function):
    @staticmethod
    def forward(ctx, phi, z0, theta):
        only_for()
        z = fixed_point(phi, z0, theta)
        ctx.phi = phi
        ctx.save_for_backward(z, theta)
        return z

    @staticmethod
    @once_differentiable
    def backward(ctx, v):
        z, theta = ctx.saved_tensors
        return None, None, fixed_point_vjp(ctx.phi, z, theta, v)
