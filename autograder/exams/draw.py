"""Random inputs for exams: float64 unless said otherwise, away from kinks, never ill-conditioned by accident."""

import torch


def normal(generator: torch.Generator, *shape: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Independent standard normal entries."""
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def uniform(generator: torch.Generator, low: float, high: float, *shape: int) -> torch.Tensor:
    """Independent entries, uniform in [low, high)."""
    return low + (high - low) * torch.rand(shape, generator=generator, dtype=torch.float64)


def number(generator: torch.Generator, low: float, high: float) -> float:
    """One uniform Python number."""
    return float(uniform(generator, low, high))
