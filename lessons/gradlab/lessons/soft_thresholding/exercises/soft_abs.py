"""`soft_abs(x, lam)`: the soft absolute value B = √(x² + λ), elementwise."""

from gradlab.exercises import Exercise
from gradlab.exercises.slips import TENSOR_SLIPS
from gradlab.lessons.soft_thresholding.exercises import _points
from gradlab.maths import soft

LAM_FIXED = _points.number_for("lam", soft.soft_abs, _points.NUMBERS_FOR_LAM)
SLIPS = (_points.MATRIX_PRODUCT, LAM_FIXED, *TENSOR_SLIPS)
exercise = Exercise("soft_abs(x, lam)", graph="x lam", look="“2 · Smooth the corner”", slips=SLIPS)
exercise.reference(soft.soft_abs)
exercise.cases(_points.smooth_points)
