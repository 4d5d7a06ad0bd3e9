"""The matrices and points on which the answers of lesson 2 are tried."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gradlab.exercises import Draw, tensor
from gradlab.maths.matrices import create_symmetric_invertible_matrix
from gradlab.probe import Named


@dataclass(frozen=True)
class Point:
    """A threshold T, symmetric positive definite matrices M and A (d, d), and a point x (d,) with M x clear of ±T."""

    T: float
    M: Tensor
    A: Tensor
    x: Tensor

    def named(self, kind: str, **arguments: Any) -> Named:
        """A module of this lesson's functions, made from T and M."""
        return Named(f"wasteful_module.{kind}", **{"T": self.T, "M": self.M} | arguments)

    @property
    def largest(self) -> int:
        """The index of the largest entry of |M x|, which the threshold does not swallow."""
        return int((self.M @ self.x).abs().argmax())

    @property
    def single(self) -> "Point":
        """The same in float32."""
        return Point(self.T, self.M.float(), self.A.float(), self.x.float())


def source_data() -> tuple[Tensor, Tensor, Tensor]:
    """M, A and x of the homework."""
    M, A = create_symmetric_invertible_matrix(5), create_symmetric_invertible_matrix(5, seed=10)
    return M, A, tensor(0.1, 5.0, -2.3, -1.0, -2.0)


def first_point(draw: Draw, T: float = 3.14) -> Point:
    """The homework's data with this T in a check, a random point of five entries in an exam."""
    return Point(T, *source_data()) if draw.fixed else random_point(draw, 5)


def positive_definite(draw: Draw, d: int, condition: float) -> Tensor:
    """Q diag(λ) Qᵀ with a random rotation Q and λ from 1 to `condition`, spaced evenly in the logarithm."""
    Q = torch.linalg.qr(draw.normal(d, d)).Q
    return Q * torch.logspace(0, float(torch.tensor(condition).log10()), d, dtype=Q.dtype) @ Q.T


def random_point(draw: Draw, d: int) -> Point:
    """A random point where T lies between two sizes of M x, clear of both, and below the largest of x and of M⁻¹ x."""
    while True:
        # Eigenvalues of M on both sides of 1: x, M x and M⁻¹ x are of one size, and T leaves something of each.
        M, A, x = positive_definite(draw, d, 10.0) / 3, positive_definite(draw, d, 60.0), 2 * draw.normal(d)
        sizes, k = (M @ x).abs().sort().values, draw.integer(0, d - 2)
        # A multiple of 1/64 is the same number in float32: whoever keeps T in a tensor of its own loses nothing.
        T = round(float(sizes[k] + sizes[k + 1]) * 32) / 64
        clear = min(float((y.abs() - T).abs().min()) for y in (M @ x, M @ A @ x)) > 0.1
        if clear and all(float(y.abs().max()) > T + 0.1 for y in (x, torch.linalg.solve(M, x))):
            return Point(T, M, A, x)
