"""Is a returned value what was expected? One place for tolerances."""

import math
from typing import Any

import torch

from gradlab.exercises.cases import Anything, Between

TOLERANCE = {torch.float64: (1e-9, 1e-12), torch.float32: (2e-5, 2e-6)}


def tolerances(dtype: torch.dtype, rtol: float | None, atol: float | None) -> tuple[float, float]:
    """(relative, absolute) tolerance: what the case says, else by dtype."""
    default = TOLERANCE.get(dtype, (0.0, 0.0))
    return (default[0] if rtol is None else rtol, default[1] if atol is None else atol)


def tensors_agree(value: torch.Tensor, expected: Any, rtol: float | None = None, atol: float | None = None) -> bool:
    """Same shape, and every entry within rtol·|expected| + atol·(largest |expected|, at least 1 by default)."""
    if isinstance(expected, Between):
        low, high = expected.low.to(torch.float64), expected.high.to(torch.float64)
        slack = 1e-9 if value.dtype is torch.float64 else 1e-5
        value = value.to(torch.float64)
        return value.shape == low.shape and bool(((value >= low - slack) & (value <= high + slack)).all())
    if tuple(value.shape) != tuple(expected.shape):
        return False
    if not (value.is_floating_point() or expected.is_floating_point()):
        return bool(torch.equal(value.to(torch.float64), expected.to(torch.float64)))
    relative, absolute = tolerances(expected.dtype, rtol, atol)
    if atol is None:
        finite = expected[torch.isfinite(expected)]
        absolute *= max(1.0, float(finite.abs().max())) if finite.numel() else 1.0
    return bool(
        torch.allclose(
            value.to(torch.float64), expected.to(torch.float64), rtol=relative, atol=absolute, equal_nan=True
        )
    )


def as_number(value: Any) -> float | None:
    """A Python number or a tensor with one entry and no axis as a float; None for everything else, a bool included."""
    if isinstance(value, torch.Tensor) and value.dim() == 0 and value.dtype is not torch.bool:
        return float(value)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    try:
        return float(value)
    except OverflowError:  # a whole number of more digits than float64 reaches
        return math.inf if value > 0 else -math.inf


def as_bool(value: Any) -> bool | None:
    """True or False, also as a 0-d bool tensor; None for everything else."""
    if isinstance(value, torch.Tensor) and value.dim() == 0 and value.dtype is torch.bool:
        return bool(value)
    return value if isinstance(value, bool) else None


def agrees(value: Any, expected: Any, rtol: float | None = None, atol: float | None = None) -> bool:
    """Does a returned value agree with the expected one, entry by entry?"""
    if isinstance(expected, Anything):
        return True
    if isinstance(expected, (torch.Tensor, Between)):
        return isinstance(value, torch.Tensor) and tensors_agree(value, expected, rtol, atol)
    if isinstance(expected, bool):
        return as_bool(value) is expected
    if isinstance(expected, (int, float)):
        number = as_number(value)
        if number is None:
            return False
        if math.isnan(expected) or math.isinf(expected):
            return number == expected or (math.isnan(number) and math.isnan(expected))
        relative, absolute = tolerances(torch.float64, rtol, atol)
        return math.isclose(number, expected, rel_tol=relative, abs_tol=absolute)
    if isinstance(expected, (list, tuple)):
        return (
            isinstance(value, (list, tuple))
            and len(value) == len(expected)
            and all(agrees(item, wanted, rtol, atol) for item, wanted in zip(value, expected))
        )
    return type(value) is type(expected) and value == expected
