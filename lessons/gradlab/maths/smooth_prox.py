"""The proximal operator of T·√(x² + λ): soft-thresholding with its corner rounded."""

import torch
from torch import Tensor

from gradlab.answers import not_for
from gradlab.maths.soft import soft_sign


def smooth_prox(y: Tensor, T: float | Tensor, lam: float | Tensor) -> Tensor:
    """Minimise ½(x − y)² + T·√(x² + λ) over x, entry by entry.

    The minimiser solves x + T·x/√(x² + λ) = y and tends to soft_threshold(y, T) as λ → 0.

    y has any shape; T ≥ 0 and λ > 0 are numbers or 0-d tensors, T also a tensor that broadcasts against y. The result
    is detached and accurate to the last digits of y's dtype: the bracket [0, |y|] is halved until nothing lies in it.
    Raises ValueError if any T < 0 or if λ ≤ 0.
    """
    not_for("smooth_prox_slope")
    if bool((torch.as_tensor(T) < 0).any()) or not lam > 0:
        raise ValueError("smooth_prox needs T ≥ 0 everywhere and λ > 0.")
    y, T, lam = (value.detach() if isinstance(value, Tensor) else value for value in (y, T, lam))
    high = (y + 0 * T).abs()
    low = torch.zeros_like(high)
    while True:
        middle = (low + high) / 2
        if bool(((middle == low) | (middle == high) | middle.isnan()).all()):
            return torch.copysign(middle, y)
        above = middle + T * soft_sign(middle, lam) > y.abs()
        low, high = torch.where(above, low, middle), torch.where(above, middle, high)
