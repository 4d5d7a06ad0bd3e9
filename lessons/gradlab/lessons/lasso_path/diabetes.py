"""Real data for lesson 5: scikit-learn's diabetes, its cross-validated loss over λ, and that loss's hypergradient."""

from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LassoCV
from sklearn.model_selection import KFold
from torch import Tensor

from gradlab.maths.lasso import lasso_solution

FOLDS = 5


class Fold(NamedTuple):
    """The rows that x* is fitted to, and the rows held out."""

    D: Tensor
    b: Tensor
    D_val: Tensor
    b_val: Tensor


@cache
def measurements() -> tuple[np.ndarray, np.ndarray]:
    """442 patients: ten measurements, each of mean 0 and variance 1, and the progress of the disease, of mean 0."""
    D, b = load_diabetes(return_X_y=True)
    return D * len(D) ** 0.5, b - b.mean()


@cache
def folds() -> tuple[Fold, ...]:
    """The five parts in turn, as LassoCV takes them."""
    D, b = (torch.from_numpy(each) for each in measurements())
    return tuple(Fold(D[fit], b[fit], D[out], b[out]) for fit, out in KFold(FOLDS).split(D))


def held_out(weights: Tensor) -> tuple[float, Tensor]:
    """The mean square on the rows held out, and its slope with respect to the logarithm of each penalty, (10,).

    Column j has the penalty λ_j = weights_j · (rows fitted to). The problem in z_j = λ_j x_j, with the columns D_j/λ_j,
    has the penalty 1 everywhere. On the active set dx/dλ_j = −(DᵀD)⁻¹ s_j e_j, one solve for all j by the adjoint.
    """
    loss, slopes = 0.0, torch.zeros_like(weights)
    for D, b, D_val, b_val in folds():
        lam = weights * len(b)
        x = lasso_solution(D / lam, b, 1.0) / lam
        active, residual = x != 0, D_val @ x - b_val
        columns, v = D[:, active], 2 * D_val.T @ residual / len(b_val)
        adjoint = torch.linalg.solve(columns.T @ columns, v[active])
        loss += float(residual.square().mean()) / FOLDS
        slopes[active] -= lam[active] * adjoint * x[active].sign() / FOLDS
    return loss, slopes


def descend(start: float, steps: int, lr: float, one: bool = True) -> list[tuple[Tensor, float]]:
    """The weights at the start and after each step down in their logarithms, and the mean square held out there.

    With `one` all columns share one weight. No logarithm moves by more than ½ in a step.
    """
    weights, row = torch.full((10,), start, dtype=torch.float64), []
    for _ in range(steps + 1):
        loss, slopes = held_out(weights)
        row.append((weights, loss))
        step = slopes.sum().expand(10) if one else slopes
        weights = weights * torch.exp(-(lr * step).clamp(-0.5, 0.5))
    return row


def grid() -> tuple[np.ndarray, np.ndarray, float]:
    """LassoCV: a hundred α, the mean square held out at each, and the best of them."""
    D, b = measurements()
    search = LassoCV(cv=FOLDS, fit_intercept=False, tol=1e-8, max_iter=100_000, alphas=100).fit(D, b)
    return search.alphas_, search.mse_path_.mean(axis=1), float(search.alpha_)
