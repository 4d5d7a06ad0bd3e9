"""The Euclidean projection onto the simplex {x ≥ 0, Σx = 1}, and its derivative by the active set."""

import torch
from torch import Tensor

from gradlab.answers import not_for


def simplex_threshold(y: Tensor) -> Tensor:
    """The number τ for which max(y − τ, 0) sums to 1, y of shape (d,); the result has no axes.

    Source: Held, Wolfe & Crowder (1974), Validation of subgradient optimization.
    """
    not_for("simplex_jacobian")
    if y.ndim != 1 or not len(y):
        raise ValueError(f"y needs shape (d,) with d ≥ 1, got {tuple(y.shape)}.")
    falling = y.sort(descending=True).values
    candidates = (falling.cumsum(0) - 1) / torch.arange(1, len(y) + 1, dtype=y.dtype)
    return candidates[(falling > candidates).sum() - 1]


def project_onto_simplex(y: Tensor) -> Tensor:
    """The point of the simplex that is nearest to y, shape (d,): max(y − τ, 0).

    The graph is kept; autograd's derivative is that of the active set y > τ.
    """
    not_for("simplex_jacobian")
    return torch.relu(y - simplex_threshold(y))


def simplex_jacobian(y: Tensor) -> Tensor:
    """The Jacobian of the projection at y, shape (d, d), where no entry of y equals the threshold.

    J = diag(s) − s sᵀ / Σs with s the indicator of the active set y > τ, which is a projector: J² = J = Jᵀ
    """
    not_for("simplex_jacobian")
    y = y.detach()
    active = (y > simplex_threshold(y)).to(y.dtype)
    return torch.diag(active) - torch.outer(active, active) / active.sum()
