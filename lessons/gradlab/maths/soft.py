"""The soft absolute value and the soft sign: |x| and sign x with the corner rounded by λ > 0."""

import math
from decimal import Decimal, localcontext

import torch
from torch import Tensor


def soft_abs(x: Tensor, lam: float | Tensor) -> Tensor:
    """The rounded absolute value B(x) = √(x² + λ), elementwise.

    |x| < B ≤ |x| + √λ, with equality at x = 0. λ > 0 has the unit of x²; a number or a 0-d tensor. Computed as
    hypot(x, √λ), which neither overflows nor underflows. Source: ledger S0-2, S0-19, S0-20.
    """
    return torch.hypot(x, _root(x, lam))


def soft_sign(x: Tensor, lam: float | Tensor) -> Tensor:
    """The rounded sign S(x) = x/√(x² + λ) = dB/dx, elementwise, in (−1, 1). Source: ledger S0-6."""
    return x / soft_abs(x, lam)


def soft_sign_slope(x: Tensor, lam: float | Tensor) -> Tensor:
    """The slope dS/dx = λ/B³ of the soft sign, elementwise and to full precision.

    Computed as (√λ/B)²/B: the usual 1/B − x²/B³ cancels when λ ≪ x², and λ/B³ itself overflows or underflows.
    Source: ledger S0-9, S0-20, S0-21.
    """
    root = _root(x, lam)
    rounded = torch.hypot(x, root)
    return (root / rounded) ** 2 / rounded


def exact_soft_sign_slope(x: Tensor, lam: float) -> Tensor:
    """The slope λ/(x² + λ)^{3/2} from forty digits, in x's dtype; slow, for measuring the error of others."""
    with localcontext(prec=40):
        size = Decimal(lam)
        entries = [size / (Decimal(entry) ** 2 + size).sqrt() ** 3 for entry in x.detach().double().flatten().tolist()]
    return torch.tensor([float(entry) for entry in entries], dtype=x.dtype).reshape(x.shape)


def _root(x: Tensor, lam: float | Tensor) -> Tensor:
    return lam.sqrt().to(x.dtype) if isinstance(lam, Tensor) else x.new_tensor(math.sqrt(lam))
