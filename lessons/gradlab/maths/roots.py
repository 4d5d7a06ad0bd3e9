"""The derivative of a root by the implicit function theorem.

Let F be continuously differentiable, F(z, θ) = 0, and K = F_z regular there. Then near (z, θ) the root is a
differentiable function of θ with dz/dθ = −K⁻¹ F_θ. F is called as F(z, theta), with z of shape (d,) and theta of any
one shape, and returns a tensor of shape (d,). K need not be symmetric.
Source: Krantz & Parks, The Implicit Function Theorem (2002), theorem 3.3.1.
"""

from collections.abc import Callable

import torch
from numpy import ndarray
from torch import Tensor

from gradlab.answers import only_for

Equations = Callable[[Tensor, Tensor], Tensor]

_LARGEST_DENSE = 200  # below, factorising K costs less than a handful of products with it
_LARGEST_BATCH = 50  # below, vectorising the products of one kept graph beats tracing F anew with torch.func


def root_vjp(F: Equations, z: Tensor, theta: Tensor, v: Tensor) -> Tensor:
    """Pull the gradient v of a loss in the root z, shape (d,), back to theta with one linear solve.

    vᵀ dz/dθ = −uᵀ F_θ with Kᵀ u = v,  shaped like theta

    z is the root, found beforehand; whether F vanishes there is not tested. The result is detached. For d > 200 GMRES
    solves with products of Kᵀ alone, if d/8 of them are enough; else K is factorised.
    Raises ValueError if z or v has another shape, or if K is singular to working precision: an estimate of its
    reciprocal condition is at most d·ε.
    """
    only_for()
    if z.ndim != 1 or v.shape != z.shape:
        raise ValueError(f"z and v need one shape (d,), got {tuple(z.shape)} and {tuple(v.shape)}.")
    z, theta = z.detach().requires_grad_(), theta.detach().requires_grad_()
    with torch.enable_grad():
        value = F(z, theta)
    if value.shape != z.shape:
        raise ValueError(f"F(z, theta) needs the shape of z, {tuple(z.shape)}; it has {tuple(value.shape)}.")
    u = _by_products(value, z, v.detach()) if len(z) > _LARGEST_DENSE and value.requires_grad else None
    if u is None:
        factors = _regular(_derivative(F, value, z, theta))
        u = torch.linalg.lu_solve(*factors, v.detach()[:, None], adjoint=True)[:, 0]
    (pulled,) = torch.autograd.grad(value, theta, -u, materialize_grads=True)
    return pulled


def _by_products(value: Tensor, z: Tensor, v: Tensor) -> Tensor | None:
    """The solution of Kᵀ u = v by GMRES with few products, or None.

    First a random right-hand side is solved roughly. It has a part of about 1/√d of its length in every direction; where
    K w = 0, that part along w cannot be reached, whatever v is.
    """
    from scipy.sparse.linalg import LinearOperator, gmres

    def product(u: ndarray) -> ndarray:
        direction = torch.from_numpy(u).reshape(-1).to(z.dtype)
        return torch.autograd.grad(value, z, direction, retain_graph=True, materialize_grads=True)[0].numpy()

    d, u = len(z), v
    transposed = LinearOperator((d, d), matvec=product, dtype=v.numpy().dtype)
    probe = torch.randn(d, dtype=z.dtype, generator=torch.Generator().manual_seed(0))
    for b, rtol in ((probe, 0.1 / d**0.5), (v, torch.finfo(z.dtype).eps ** (2 / 3))):
        found, missed = gmres(transposed, b.numpy(), rtol=rtol, restart=d // 8, maxiter=1)
        u = torch.from_numpy(found).to(z.dtype)
        if missed or not u.isfinite().all():
            return None
    return u


def _derivative(F: Equations, value: Tensor, z: Tensor, theta: Tensor) -> Tensor:
    """K = F_z, shape (d, d)."""
    if not value.requires_grad:
        return torch.zeros(len(z), len(z), dtype=z.dtype)
    if len(z) > _LARGEST_BATCH:
        return torch.func.jacrev(F)(z.detach(), theta.detach())
    basis = torch.eye(len(z), dtype=z.dtype)
    (rows,) = torch.autograd.grad(value, z, basis, retain_graph=True, is_grads_batched=True, allow_unused=True)
    return torch.zeros_like(basis) if rows is None else rows


def _regular(K: Tensor) -> tuple[Tensor, Tensor]:
    """The LU factors of K, after its condition was estimated."""
    from scipy.linalg.lapack import get_lapack_funcs

    if not K.isfinite().all():
        raise ValueError("The derivative of F in z is not finite at this point.")
    factors, pivots, singular = torch.linalg.lu_factor_ex(K)
    (estimate,) = get_lapack_funcs(("gecon",), (K.numpy(),))
    reciprocal_condition, _ = estimate(factors.numpy(), torch.linalg.matrix_norm(K, 1).item())
    if singular or not reciprocal_condition > len(K) * torch.finfo(K.dtype).eps:
        raise ValueError(
            "The derivative of F in z is singular to working precision: two roots meet here, or a whole curve of them "
            "passes, and the root has no derivative."
        )
    return factors, pivots
