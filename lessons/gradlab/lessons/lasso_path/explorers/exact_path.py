"""The Lasso path of the integer example, exactly: its kinks, and the solution and its slope between them."""

from functools import cache

import torch

from gradlab.lessons.lasso_path.integer_example import B, D
from gradlab.maths.lasso import LassoPath, lasso_path


@cache
def kinks() -> LassoPath:
    """All kinks of the integer example, λ from 12 down to 0."""
    return lasso_path(D, B)


def solution_and_slope(lam: float) -> tuple[torch.Tensor, torch.Tensor]:
    """x* and dx*/dλ, read off the path: linear between its kinks, zero above the largest."""
    at, x = kinks()
    if lam >= at[0]:
        return torch.zeros_like(x[0]), torch.zeros_like(x[0])
    below = int((at > lam).sum())
    slope = (x[below] - x[below - 1]) / (at[below] - at[below - 1])
    return x[below] + (lam - at[below]) * slope, slope
