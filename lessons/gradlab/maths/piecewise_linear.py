"""Continuous piecewise linear functions of one variable, the test objects of lesson 3."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class PiecewiseLinear:
    """The continuous function on all of R with slope slopes[i] between breaks[i − 1] and breaks[i].

    f(x) = slopes[i]·x + cᵢ on the i-th piece; the cᵢ make f continuous and f(0) = value_at_zero

    breaks are increasing numbers (there may be none); slopes are one more, the first and the last belong to
    the two unbounded pieces. Call it on a floating-point tensor of any shape. At a break autograd reports the
    slope of the piece on the right, which lies in the Clarke differential.
    Raises ValueError if the breaks do not increase, if a number is not finite, or if the counts do not fit.
    """

    breaks: tuple[float, ...]
    slopes: tuple[float, ...]
    value_at_zero: float = 0.0

    def __post_init__(self):
        for name in ("breaks", "slopes"):
            object.__setattr__(self, name, tuple(float(number) for number in getattr(self, name)))
        object.__setattr__(self, "value_at_zero", float(self.value_at_zero))
        if not all(map(math.isfinite, (*self.breaks, *self.slopes, self.value_at_zero))):
            raise ValueError("A PiecewiseLinear needs finite breaks, slopes and value_at_zero.")
        if any(left >= right for left, right in zip(self.breaks, self.breaks[1:])):
            raise ValueError(f"The breaks must increase, got {self.breaks}.")
        if len(self.slopes) != len(self.breaks) + 1:
            raise ValueError(
                f"{len(self.breaks)} breaks make {len(self.breaks) + 1} pieces, but there are "
                f"{len(self.slopes)} slopes."
            )

    def __call__(self, x: Tensor) -> Tensor:
        if not (isinstance(x, Tensor) and x.is_floating_point()):
            raise ValueError("Call a PiecewiseLinear on a floating-point tensor, such as torch.tensor(0.5).")
        piece = torch.bucketize(x.detach(), x.new_tensor(self.breaks), right=True).reshape(-1)
        slope, constant = (
            x.new_tensor(each).index_select(0, piece).reshape(x.shape) for each in (self.slopes, self._constants())
        )
        return slope * x + constant

    def _constants(self) -> list[float]:
        constants = [0.0]
        for left, right, at in zip(self.slopes, self.slopes[1:], self.breaks):
            constants.append(constants[-1] + (left - right) * at)
        piece_of_zero = sum(at <= 0 for at in self.breaks)
        shift = self.value_at_zero - constants[piece_of_zero]
        return [constant + shift for constant in constants]


def figure_one() -> PiecewiseLinear:
    """Rebuild Figure 1 of the source on Clarke differentials: f(x) = min(x, |x| − 2), kinks at −1 and 0.

    The figure itself is lost. This is the simplest function with slopes ±1 that fits what the text says of
    it: f(−2) = −2, f(−1) = −1, f(1) = −1.
    Source: lecture notes on ReLU networks.
    """
    return PiecewiseLinear(breaks=(-1.0, 0.0), slopes=(1.0, -1.0, 1.0), value_at_zero=-2.0)
