"""`soft_abs(x, lam)`: the rounded absolute value B = √(x² + λ), elementwise."""

from collections.abc import Iterator

from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise
from gradlab.exercises.slips import TENSOR_SLIPS
from gradlab.lessons.soft_thresholding.exercises import _points
from gradlab.maths import soft

LAM_FIXED = _points.number_for("lam", soft.soft_abs, _points.NUMBERS_FOR_LAM)
exercise = Exercise(
    "soft_abs(x, lam)",
    graph=_points.X_AND_LAM,
    look="“2 · Round the corner”",
    slips=(_points.MATRIX_PRODUCT, LAM_FIXED, *TENSOR_SLIPS),
)


@exercise.reference
def hypotenuse(x: Tensor, lam: float | Tensor) -> Tensor:
    """The hypotenuse of a triangle with the legs |x| and √λ."""
    return soft.soft_abs(x, lam)


@exercise.cases
def cases(draw: Draw) -> Iterator[Case]:
    """Values and both gradients."""
    return _points.smooth_points(draw)
