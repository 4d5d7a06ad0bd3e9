"""A strictly convex quadratic programme: its solution, its multipliers, and the equations that both solve."""

from typing import NamedTuple

import torch
from torch import Tensor

from gradlab.maths.roots import Equations


class QuadraticProgramme(NamedTuple):
    """min_x ½ xᵀPx − qᵀx subject to Ax ≤ b; P (n, n) positive definite, A (m, n) with independent rows, b (m,)."""

    P: Tensor
    A: Tensor
    b: Tensor


class Solution(NamedTuple):
    """The minimiser x (n,) and the multipliers ν ≥ 0 (m,), exactly 0 where a constraint is slack."""

    x: Tensor
    multipliers: Tensor


def solve(programme: QuadraticProgramme, q: Tensor) -> Solution:
    """Solve it by its dual, a non-negative least squares problem for the multipliers. The result is detached.

    min_{ν ≥ 0} ½ ‖Lᵀν − L⁻¹(AP⁻¹q − b)‖² with LLᵀ = AP⁻¹Aᵀ, then x = P⁻¹(q − Aᵀν)
    """
    from scipy.optimize import nnls

    P, A, b = programme
    q = q.detach()
    root = torch.linalg.cholesky(A @ torch.linalg.solve(P, A.T))
    target = torch.linalg.solve_triangular(root, (A @ torch.linalg.solve(P, q) - b)[:, None], upper=False)
    multipliers = torch.from_numpy(nnls(root.T.numpy(), target[:, 0].numpy())[0])
    return Solution(torch.linalg.solve(P, q - A.T @ multipliers), multipliers)


def active_conditions(programme: QuadraticProgramme, active: Tensor) -> Equations:
    """The Karush-Kuhn-Tucker conditions on a fixed active set, as equations F((x, ν_active), q) = 0.

    Px − q + A_activeᵀ ν = 0 and A_active x = b_active. `active` is a mask of shape (m,).
    """
    P, A, b = programme
    A, b, n = A[active], b[active], len(P)

    def conditions(z: Tensor, q: Tensor) -> Tensor:
        return torch.cat([P @ z[:n] - q + A.T @ z[n:], A @ z[:n] - b])

    return conditions
