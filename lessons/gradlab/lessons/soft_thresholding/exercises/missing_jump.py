"""`missing_jump(a)`: how much of the rise of y = x + a·sign(x) autograd's slope does not give back."""

from collections.abc import Iterator

from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case
from gradlab.exercises.compare import as_number
from gradlab.exercises.draw import scalar
from gradlab.probe import Answer

exercise = Exercise("missing_jump(a)", look="“4 · Let λ go to zero: what is left, what is lost”")


@exercise.reference
def rise_without_integral(a: float | Tensor) -> float:
    """Y(1) − Y(−1), minus the integral 2 of the slope 1."""
    return (1 + float(a)) - (-1 - float(a)) - 2


@exercise.precise_cases(rtol=2e-5, atol=2e-5)
def cases(draw: Draw) -> Iterator[Case]:
    """Jumps up and down, as numbers and tensors; loose enough for a sum over a grid in float32."""
    if draw.fixed:
        yield from (case(a) for a in (0.5, 0.3, -0.75, scalar(0.8)))
    yield case(draw.number(0.1, 0.9))
    yield case(-draw.number(0.1, 0.9))
    yield case(draw.scalar(1.1, 1.9))
    yield case(draw.number(1.1, 1.9))
    yield case(0.0, about="no jump")


@exercise.symptom("smoothed", repeated=True)
def smoothed(case: Case, answer: Answer) -> bool:
    """This is close to the jump, not equal to it: a soft sign with some λ > 0 stands in for the hard one. You were
    asked about y = x + a·sign(x) itself."""
    found = as_number(answer.value)
    return found is not None and case.expected != 0 and 0.9 < found / case.expected < 1  # a soft sign stays below 1
