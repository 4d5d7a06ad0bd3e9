"""Functions of lesson 6: equations F(z, θ) and maps φ(z, θ), z of shape (d,), θ of any one shape, in the dtype of z."""

from collections.abc import Callable

import torch
from torch import Tensor

Function = Callable[[Tensor, Tensor], Tensor]


def linear_equations(K: Tensor, Q: Tensor) -> Function:
    """Kz − Qθ with θ laid flat."""
    return lambda z, theta: K.to(z.dtype) @ z - Q.to(z.dtype) @ theta.to(z.dtype).flatten()


def curved_equations(K: Tensor, Q: Tensor, shift: Tensor) -> Function:
    """Kz + ½ sin z − tanh(Qθ) − shift with θ laid flat."""

    def F(z: Tensor, theta: Tensor) -> Tensor:
        push = torch.tanh(Q.to(z.dtype) @ theta.to(z.dtype).flatten())
        return K.to(z.dtype) @ z + torch.sin(z) / 2 - push - shift.to(z.dtype)

    return F


def long_theta_equations(K: Tensor, shift: Tensor) -> Function:
    """Kz + ½ sin z − mean(sin((i+1)θ)) − shift: reads a long θ row by row, never as a matrix with d rows."""

    def F(z: Tensor, theta: Tensor) -> Tensor:
        push = torch.stack([torch.sin((i + 1) * theta.to(z.dtype)).mean() for i in range(z.shape[0])])
        return K.to(z.dtype) @ z + torch.sin(z) / 2 - push - shift.to(z.dtype)

    return F


def equations_without_theta(K: Tensor) -> Function:
    """Kz + sin z: θ is not used at all."""
    return lambda z, theta: K.to(z.dtype) @ z + torch.sin(z)


def affine(W: Tensor, U: Tensor) -> Function:
    """Wz + Uθ with θ laid flat: a contraction if ‖W‖ < 1."""
    return lambda z, theta: W.to(z.dtype) @ z + U.to(z.dtype) @ theta.to(z.dtype).flatten()


def neurons(W: Tensor, U: Tensor) -> Function:
    """tanh(Wz + Uθ) with θ laid flat: a contraction if ‖W‖ < 1."""
    inner = affine(W, U)
    return lambda z, theta: torch.tanh(inner(z, theta))


def ring(weight: float) -> Function:
    """weight·tanh of the neighbour before, plus θ spread over z: no matrix occurs in it."""
    return lambda z, theta: weight * torch.tanh(z.roll(1)) + torch.sin(z) / 4 + theta.to(z.dtype).sum()


def without_theta(W: Tensor) -> Function:
    """tanh(Wz) + 1: θ is not used at all."""
    return lambda z, theta: torch.tanh(W.to(z.dtype) @ z) + 1


def without_z(d: int) -> Function:
    """The first d of the numbers sin θ: z is not used at all."""
    return lambda z, theta: torch.sin(theta.to(z.dtype).flatten()[:d])


def drift(step: float) -> Function:
    """z + step + θ²: no fixed point for step > 0."""
    return lambda z, theta: z + step + (theta.to(z.dtype) ** 2).sum()


def turn(factor: float) -> Function:
    """−factor·z + θ: swings about its fixed point θ / (1 + factor), for ever if the factor is 1."""
    return lambda z, theta: -factor * z + theta.to(z.dtype)


def overshoot(factor: float) -> Function:
    """−factor·tanh z + Σθ: one fixed point, which pushes its neighbours away if the factor is well above 1."""
    return lambda z, theta: -factor * torch.tanh(z) + theta.to(z.dtype).sum()


def explosion() -> Function:
    """exp exp z + θ²: no fixed point, and infinite within a few steps."""
    return lambda z, theta: torch.exp(torch.exp(z)) + (theta.to(z.dtype) ** 2).sum()


def logarithm() -> Function:
    """log z − 1 − θ²: no fixed point, and nan from the third step on."""
    return lambda z, theta: torch.log(z) - 1 - (theta.to(z.dtype) ** 2).sum()


def shrinkage() -> Function:
    """½ ‖x − y‖² + T Σ|x| with θ = (y, T): its minimiser soft-thresholds y."""

    def f(x: Tensor, theta: Tensor) -> Tensor:
        y, T = theta.to(x.dtype)[:-1], theta.to(x.dtype)[-1]
        return ((x - y) ** 2).sum() / 2 + T * x.abs().sum()

    return f


def bowl_without_theta() -> Function:
    """Σ (x − 1)²: θ is not used at all."""
    return lambda x, theta: ((x - 1) ** 2).sum()
