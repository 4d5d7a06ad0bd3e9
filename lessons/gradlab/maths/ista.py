"""Proximal gradient steps for the Lasso, plain (ISTA) and with momentum (FISTA), open to autograd."""

import torch
from torch import Tensor

from gradlab.answers import not_for
from gradlab.maths.prox import soft_threshold


def ista(
    D: Tensor, b: Tensor, lam: float | Tensor, steps: int, x0: Tensor | None = None, momentum: bool = False
) -> Tensor:
    """Take so many proximal gradient steps on ½‖Dx − b‖² + lam·‖x‖₁ from x0 (default: 0).

    x ← soft_threshold(x − t·Dᵀ(Dx − b), t·lam),  t = 1/‖D‖₂²; with momentum the step starts from an extrapolated point

    D has shape (n, d), b shape (n,), x0 and the result shape (d,). The graph is kept to b, lam and x0.
    Source: Beck & Teboulle (2009), A Fast Iterative Shrinkage-Thresholding Algorithm.
    """
    not_for("ista", "unrolled_slope")
    t = (1 / torch.linalg.matrix_norm(D, 2) ** 2).item()
    x = D.new_zeros(D.shape[1]) if x0 is None else x0
    ahead, weight = x, 1.0
    for _ in range(steps):
        new = soft_threshold(ahead - t * (D.T @ (D @ ahead - b)), t * lam)
        if momentum:
            later = (1 + (1 + 4 * weight**2) ** 0.5) / 2
            ahead, weight = new + (weight - 1) / later * (new - x), later
        else:
            ahead = new
        x = new
    return x
