"""Inputs for the cases of an exercise: short and always the same for a check, random for an exam."""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

Item = TypeVar("Item")
ALWAYS = 2026  # the seed of every check


def tensor(*entries: Any, dtype: torch.dtype = torch.float64, tracked: bool = False) -> Tensor:
    """A tensor of these entries, in float64 unless said otherwise: tensor(3, 0), tensor([1, 2], [3, 4])."""
    return torch.tensor(list(entries), dtype=dtype, requires_grad=tracked)


def scalar(value: float, dtype: torch.dtype = torch.float64, tracked: bool = False) -> Tensor:
    """A tensor without axes."""
    return torch.tensor(value, dtype=dtype, requires_grad=tracked)


class Draw:
    """Draws the inputs of one check or exam.

    Without a seed the draw is `fixed`: it gives the same short numbers (two decimals, none of them 0) on every machine,
    so that a learner can read and repeat the call. With a seed it gives random numbers.
    """

    def __init__(self, seed: int | None = None):
        self.fixed = seed is None
        self._random = np.random.default_rng(ALWAYS if seed is None else seed)

    @property
    def position(self) -> dict[str, Any]:
        """How far the draw has come, as plain data; set, it goes on from there."""
        return dict(self._random.bit_generator.state)

    @position.setter
    def position(self, position: dict[str, Any]) -> None:
        self._random.bit_generator.state = position

    def number(self, low: float, high: float) -> float:
        """One Python number from [low, high), uniform."""
        return float(self._short(self._random.uniform(low, high, 1), low, high)[0])

    def power_of_ten(self, low: float, high: float) -> float:
        """10 to a power that is uniform in [low, high)."""
        return 10.0 ** self.number(low, high)

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return int(self._random.integers(low, high + 1))

    def choice(self, items: Sequence[Item]) -> Item:
        """One of these."""
        return items[self.integer(0, len(items) - 1)]

    def order(self, count: int) -> list[int]:
        """The numbers 0 … count − 1 in random order."""
        return [int(place) for place in self._random.permutation(count)]

    def uniform(self, low: float, high: float, *shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
        """Independent entries, uniform in [low, high)."""
        return self._tensor(self._short(self._random.uniform(low, high, shape), low, high), dtype)

    def normal(self, *shape: int, scale: float = 1.0, dtype: torch.dtype = torch.float64) -> Tensor:
        """Independent normal entries of mean 0 and this standard deviation."""
        return self._tensor(self._short(scale * self._random.standard_normal(shape)), dtype)

    def signs(self, *shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
        """Entries 1 and −1, each with probability ½."""
        return self._tensor(2.0 * self._random.integers(0, 2, shape) - 1.0, dtype)

    def scalar(self, low: float, high: float, dtype: torch.dtype = torch.float64) -> Tensor:
        """A tensor without axes, uniform in [low, high)."""
        return torch.tensor(self.number(low, high), dtype=dtype)

    def _short(self, values: np.ndarray, low: float = -np.inf, high: float = np.inf) -> np.ndarray:
        """Two decimals, or two digits below 1, none of them 0, within the bounds; random numbers stay as they are."""
        if not self.fixed:
            return values
        decimals = 2 if high - low > 0.5 else int(2 - np.floor(np.log10(high - low)))
        short = np.round(values, decimals)
        return np.clip(np.where(short == 0, 0.25 if low < 0.25 < high else values, short), low, high)

    @staticmethod
    def _tensor(values: np.ndarray, dtype: torch.dtype) -> Tensor:
        return torch.from_numpy(np.asarray(values, dtype=np.float64)).to(dtype)
