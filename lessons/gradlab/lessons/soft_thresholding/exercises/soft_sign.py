"""`soft_sign(x, lam)`: the rounded sign S = x/√(x² + λ), elementwise."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise
from gradlab.exercises.slips import TENSOR_SLIPS
from gradlab.lessons.soft_thresholding.exercises import _points
from gradlab.maths import soft

LAM_FIXED = _points.number_for("lam", soft.soft_sign, _points.NUMBERS_FOR_LAM)
exercise = Exercise(
    "soft_sign(x, lam)",
    graph=_points.X_AND_LAM,
    look="“2 · Round the corner”",
    slips=(_points.MATRIX_PRODUCT, LAM_FIXED, _points.NAN_AT_ZERO, *TENSOR_SLIPS),
)


@exercise.reference
def sine(x: Tensor, lam: float | Tensor) -> Tensor:
    """The sine of the angle whose tangent is x/√λ."""
    return torch.sin(torch.atan(x / lam**0.5))


@exercise.cases
def cases(draw: Draw) -> Iterator[Case]:
    """Values and both gradients."""
    return _points.smooth_points(draw)
