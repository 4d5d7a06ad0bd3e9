"""Derivatives of an argmin by the implicit function theorem, each preceded by a test for a minimum.

At x*(θ) = argmin_x f(x, θ) the gradient f_x vanishes. If the Hessian H = f_xx is positive definite there, x*
is a differentiable function of θ with dx*/dθ = −H⁻¹ f_xθ. Everywhere f is called as f(x, theta), with x of
shape (d,) and theta of any one shape, and returns one number.
"""

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from gradlab.answers import only_for
from gradlab.maths.stationarity import (
    Linearisation,
    Objective,
    Solve,
    StationarityCertificate,
    certify,
    stationarity_certificate,
)

__all__ = ["StationarityCertificate", "argmin_vjp", "implicit_argmin", "minimise", "stationarity_certificate"]


def argmin_vjp(f: Objective, x: Tensor, theta: Tensor, v: Tensor, solve: Solve = "auto") -> Tensor:
    """Pull the gradient v of a loss in x*, shape (d,), back to theta at the cost of one linear solve.

    vᵀ dx*/dθ = −(H⁻¹ v)ᵀ f_xθ,  shaped like theta

    x is the minimiser, found beforehand. solve="cholesky" factorises H, "cg" only multiplies by it, "auto"
    takes Cholesky for d ≤ 200 and where d/8 products with H show that its conditioning is bad.
    Raises ValueError where `stationarity_certificate` does.
    Source: the PyTorch forum's thread on the gradient of an argmin.
    """
    only_for()
    if v.shape != x.shape:
        raise ValueError(f"v needs the shape of x, {tuple(x.shape)}; it has {tuple(v.shape)}.")
    linearisation = Linearisation(f, x, theta)
    _, solver = certify(linearisation, None, solve)
    return linearisation.pull_back_to_theta(-solver(v.detach()))


def minimise(f: Objective, x0: Tensor, theta: Tensor, tol: float | None = None) -> Tensor:
    """Find the strict local minimum of f(·, theta) in the valley of x0, detached and in the dtype of x0.

    SciPy's trust region finds the valley, Newton steps find the bottom; the last step
    is at most tol·max(1, ‖x‖) long (tol: 1e-10 in float64, 1e-3 below).
    Raises ValueError where there is no such minimum, as `stationarity_certificate` does.
    Source: the PyTorch forum's thread on the gradient of an argmin.
    """
    only_for("argmin_layer")
    from scipy.optimize import minimize

    theta = theta.detach()

    def tensor(values) -> Tensor:
        return torch.tensor(values, dtype=x0.dtype)

    @lru_cache(maxsize=2)  # the point of the search and its next trial
    def linearise(values: tuple[float, ...]) -> Linearisation:
        return Linearisation(f, tensor(values), theta)

    def value_and_gradient(values):
        point = linearise(tuple(values))
        return point.value, point.gradient.double().numpy()

    def hessian_product(values, direction):
        return linearise(tuple(values)).hessian_product(tensor(direction)).double().numpy()

    start = Linearisation(f, x0, theta)
    found = minimize(
        value_and_gradient,
        start.x.detach().double().numpy(),
        method="trust-ncg",
        jac=True,
        hessp=hessian_product,
        options={"gtol": 1e-8 * max(1.0, start.gradient.norm().item()), "maxiter": 1000},
    )
    x = tensor(found.x)
    if tol is None:
        tol = 1e-10 if x.dtype == torch.float64 else 1e-3
    for _ in range(10):
        linearisation = Linearisation(f, x, theta)
        _, solver = certify(linearisation, float("inf"), "auto")
        step = solver(linearisation.gradient)
        if step.norm() <= tol * max(1.0, x.norm().item()):
            return x - step
        if step.norm() > 0.1 * max(1.0, x.norm().item()):
            break  # Newton steps could leave the valley that the search has found
        x = x - step
    stationarity_certificate(f, x, theta, tol)
    return x


def implicit_argmin(f: Objective, x0: Tensor) -> Callable[[Tensor], Tensor]:
    """Turn f into a differentiable layer theta ↦ x*(theta), the minimum in the valley of x0.

    The forward pass is `minimise`, the backward pass `argmin_vjp`: one linear solve, no graph through the
    iterations. The layer is differentiable once, and only in theta: tensors that f closes over get no
    gradient.
    Raises ValueError, when the layer is called, where there is no minimum.
    Source: the PyTorch forum's thread on the gradient of an argmin.
    """
    only_for()
    return lambda theta: _ImplicitArgmin.apply(f, x0, theta)


class _ImplicitArgmin(torch.autograd.Function):
    @staticmethod
    def forward(ctx, f, x0, theta):
        only_for()
        x = minimise(f, x0, theta)
        ctx.f = f
        ctx.save_for_backward(x, theta)
        return x

    @staticmethod
    @once_differentiable
    def backward(ctx, v):
        x, theta = ctx.saved_tensors
        return None, None, argmin_vjp(ctx.f, x, theta, v)
