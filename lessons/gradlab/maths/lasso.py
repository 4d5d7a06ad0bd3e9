"""The Lasso argmin_x ½‖Dx − b‖² + lam·‖x‖₁: solution, path in lam, and derivatives by the active set."""

from typing import NamedTuple

import torch
from torch import Tensor

from gradlab.answers import not_for


class LassoPath(NamedTuple):
    """The solution at the kinks of its path, linear in between: lam, decreasing, (k,), and x, (k, d)."""

    lam: Tensor
    x: Tensor


class LassoVjp(NamedTuple):
    """The gradients of a loss in b and lam, and the distance from lam to the nearest kink of the path."""

    b: Tensor
    lam: Tensor
    margin: float


def lasso_solution(D: Tensor, b: Tensor, lam: float | Tensor) -> Tensor:
    """Solve the Lasso to rounding: scikit-learn finds the active set, one linear solve the values on it.

    D has shape (n, d), b shape (n,), lam > 0; the result has shape (d,), is detached and has exact zeros.
    Raises ValueError if the shapes do not fit, if lam is not positive, or if the active columns are dependent
    to working precision.
    Source: Efron, Hastie, Johnstone & Tibshirani (2004), least angle regression.
    """
    not_for("lasso_slope")
    D, b, lam = _checked(D, b, lam)
    estimate = _least_angle_path(D, b, lam).x[-1]
    active = estimate.abs() > 1e-12 * estimate.abs().max()
    Q, R = torch.linalg.qr(D[:, active])
    _check_independent(R)
    signs = estimate[active].sign()
    x = torch.zeros_like(estimate)
    x[active] = _solve(R, (Q.T @ b - lam * _solve(R.T, signs[:, None], upper=False)[:, 0])[:, None])[:, 0]
    _check_solution(D, b, lam, x)
    return x


def lasso_path(D: Tensor, b: Tensor) -> LassoPath:
    """Return all kinks of the solution as a function of lam, from where x leaves 0 down to lam = 0.

    Raises ValueError if the shapes do not fit.
    Source: Efron, Hastie, Johnstone & Tibshirani (2004).
    """
    not_for("lasso_slope", "tune_lam")
    D, b, _ = _checked(D, b, 1.0)
    return _least_angle_path(D, b, 0.0)


def lasso_vjp(D: Tensor, b: Tensor, lam: float | Tensor, x: Tensor, v: Tensor) -> LassoVjp:
    """Pull the gradient v of a loss in the solution x, both of shape (d,), back to b and lam with one solve.

    With A the active set x ≠ 0, s the signs on it and u = (D_Aᵀ D_A)⁻¹ v_A:
    vᵀ dx/dlam = −⟨u, s⟩,  vᵀ dx/db = D_A u

    The active set, and with it the formula, is the same for every lam closer than `margin`; a margin of 0 up
    to rounding says that lam is a kink and these are the derivatives on one side only. The results are
    detached.
    Raises ValueError if the shapes do not fit, if x does not solve the problem, or if the active columns are
    dependent to working precision.
    """
    not_for("lasso_slope", "tune_lam")
    D, b, lam = _checked(D, b, lam)
    if x.shape != D.shape[1:] or v.shape != x.shape:
        raise ValueError(f"x and v need shape ({D.shape[1]},), got {tuple(x.shape)} and {tuple(v.shape)}.")
    x, v = x.detach(), v.detach()
    correlation = _check_solution(D, b, lam, x)
    active = x != 0
    columns, x_active = D[:, active], x[active]
    signs = x_active.sign()
    R = torch.linalg.qr(columns, mode="r").R
    _check_independent(R)
    u, slope = _solve(R, _solve(R.T, torch.stack([v[active], signs], dim=1), upper=False)).unbind(1)

    # Moving lam by t moves x_A by −t·slope and the correlations of the other columns by t·turn.
    turn, still = (D.T @ (columns @ slope))[~active], correlation[~active]
    events = torch.cat([x_active / slope, (lam - still) / (turn - 1), (lam + still) / (turn + 1)])
    margin = events.abs().nan_to_num(torch.inf).min().item()
    return LassoVjp(columns @ u, -(u @ signs), margin)


def _checked(D: Tensor, b: Tensor, lam: float | Tensor):
    if D.ndim != 2 or b.shape != D.shape[:1]:
        raise ValueError(f"D needs shape (n, d) and b shape (n,), got {tuple(D.shape)} and {tuple(b.shape)}.")
    lam = lam.item() if isinstance(lam, Tensor) else float(lam)
    if not lam > 0:
        raise ValueError(f"The Lasso needs lam > 0, got {lam}.")
    return D.detach(), b.detach(), lam


def _least_angle_path(D: Tensor, b: Tensor, smallest: float) -> LassoPath:
    not_for("lasso_slope")
    from sklearn.linear_model import lars_path

    # scikit-learn minimises 1/2n ‖Dx − b‖² + α‖x‖₁.
    alpha, _, x = lars_path(D.numpy(), b.numpy(), method="lasso", alpha_min=smallest / len(b))
    return LassoPath(torch.from_numpy(alpha * len(b)), torch.from_numpy(x.T.copy()))


def _check_solution(D: Tensor, b: Tensor, lam: float, x: Tensor) -> Tensor:
    """Return the correlations Dᵀ(b − Dx) after checking that they lie in lam·∂‖x‖₁."""
    correlation = D.T @ (b - D @ x)
    wanted = torch.where(x != 0, lam * x.sign(), correlation.clamp(-lam, lam))
    excess = (correlation - wanted).abs().max().item()
    if not excess <= torch.finfo(x.dtype).eps ** 0.4 * lam:
        raise ValueError(
            f"x does not solve this Lasso: its optimality condition is missed by {excess:.3g}. Solve it more "
            "exactly, with exact zeros off the active set."
        )
    return correlation


def _check_independent(R: Tensor):
    from scipy.linalg.lapack import get_lapack_funcs

    rows, columns = R.shape
    if not columns:
        return
    (reciprocal_condition,) = get_lapack_funcs(("trcon",), (R.numpy(),))
    if rows < columns or reciprocal_condition(R.numpy())[0] <= columns * torch.finfo(R.dtype).eps:
        raise ValueError(
            "The active columns of D are dependent to working precision, so the solution is not unique "
            "and has no derivative. Remove columns that repeat each other."
        )


def _solve(triangle: Tensor, b: Tensor, upper: bool = True) -> Tensor:
    return torch.linalg.solve_triangular(triangle, b, upper=upper)
