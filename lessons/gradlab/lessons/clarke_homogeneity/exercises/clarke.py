"""`clarke(f, x)`: the Clarke differential of a piecewise linear function, the hull of the slopes at x."""

from collections.abc import Iterator

from gradlab.exercises import Case, Draw, Exercise
from gradlab.exercises.compare import agrees
from gradlab.lessons.clarke_homogeneity.exercises import _piecewise_linear as shared
from gradlab.lessons.clarke_homogeneity.exercises._piecewise_linear import ROUNDING, slopes_beside
from gradlab.maths.piecewise_linear import PiecewiseLinear
from gradlab.probe import Answer

TENTHS = ((0.1, 0.7), (-0.5, 1.5, 0.25), 1.0)
exercise = Exercise("clarke(f, x)", look="“Take limits of gradients, then the hull”", slips=(shared.ONE_NUMBER,))


@exercise.reference
def reference(f: PiecewiseLinear, x: float) -> tuple[float, float]:
    """∂f(x), from the slopes on both sides of x."""
    return min(slopes_beside(f, x)), max(slopes_beside(f, x))


@exercise.precise_cases(ROUNDING, ROUNDING)
def cases(draw: Draw) -> Iterator[Case]:
    """All points, and breaks that float32 rounds."""
    yield from shared.points(draw)
    for x in TENTHS[0]:
        yield shared.asked(TENTHS, x, "breaks at 0.1 and 0.7")


@exercise.symptom("few-digits")
def few_digits(case: Case, answer: Answer) -> bool:
    """This is right to a few digits only. f(torch.tensor(x)) computes in float32: use torch.tensor(x,
    dtype=torch.float64). A difference over a short step loses digits too; f.slopes has the slopes themselves."""
    return agrees(answer.value, case.expected, 0.01, 0.01)


@exercise.symptom("too-far-away")
def too_far_away(case: Case, answer: Answer) -> bool:
    """This interval includes slopes of pieces that do not touch x. Only the limit at x counts: shrink the neighbourhood
    until it holds no other break."""
    (f, _), found = shared.function_of(case), shared.interval(answer)
    if found is None:
        return False
    (low, high), (least, most) = case.expected, (min(f.slopes), max(f.slopes))
    within = least - ROUNDING <= found[0] <= found[1] <= most + ROUNDING
    return within and (found[0] < low - ROUNDING or found[1] > high + ROUNDING)
