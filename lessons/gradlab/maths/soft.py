"""The soft absolute value and the soft sign: |x| and sign x with the corner smoothed by λ > 0."""

import math
from decimal import Decimal, localcontext

import torch
from torch import Tensor

from gradlab.answers import not_for


def soft_abs(x: Tensor, lam: float | Tensor) -> Tensor:
    """The soft absolute value B(x) = √(x² + λ), elementwise.

    |x| < B ≤ |x| + √λ, with equality at x = 0. λ > 0 has the unit of x²; a number or a 0-d tensor. Computed as
    hypot(x, √λ), which neither overflows nor underflows. Source: a mathematics forum on the sign of noise.
    """
    not_for("soft_abs", "soft_sign", "soft_sign_slope", "noisy_sign_jacobian", "straight_through")
    return torch.hypot(x, _root(x, lam))


def soft_sign(x: Tensor, lam: float | Tensor) -> Tensor:
    """The soft sign S(x) = x/√(x² + λ) = dB/dx, elementwise, in (−1, 1)."""
    not_for("soft_abs", "soft_sign", "soft_sign_slope", "noisy_sign_jacobian", "straight_through")
    return x / soft_abs(x, lam)


def soft_sign_slope(x: Tensor, lam: float | Tensor) -> Tensor:
    """The slope dS/dx = λ/B³ of the soft sign, elementwise and to full precision.

    It subtracts nothing, and no power on the way leaves the range of floats.
    Source: a mathematics forum on the sign of noise.
    """
    not_for("soft_abs", "soft_sign", "soft_sign_slope", "noisy_sign_jacobian", "straight_through")
    root = _root(x, lam)
    smooth = torch.hypot(x, root)  # (√λ/B)²/B: 1/B − x²/B³ cancels, and λ/B³ leaves the range of floats
    return (root / smooth) ** 2 / smooth


def exact_soft_sign_slope(x: Tensor, lam: float) -> Tensor:
    """The slope λ/(x² + λ)^{3/2} from forty digits, in x's dtype; slow, for measuring the error of others."""
    with localcontext(prec=40):
        size = Decimal(lam)
        entries = [size / (Decimal(entry) ** 2 + size).sqrt() ** 3 for entry in x.detach().double().flatten().tolist()]
    return torch.tensor([float(entry) for entry in entries], dtype=x.dtype).reshape(x.shape)


def _root(x: Tensor, lam: float | Tensor) -> Tensor:
    not_for("soft_abs", "soft_sign", "soft_sign_slope", "noisy_sign_jacobian", "straight_through")
    return lam.sqrt().to(x.dtype) if isinstance(lam, Tensor) else x.new_tensor(math.sqrt(lam))
