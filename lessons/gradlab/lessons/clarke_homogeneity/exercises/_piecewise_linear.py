"""Piecewise linear functions, and points at which lesson 3 asks for their two sets of slopes."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from gradlab.exercises import Case, Draw, case
from gradlab.exercises.compare import as_number
from gradlab.exercises.describe import describe
from gradlab.exercises.symptom import slip
from gradlab.maths.piecewise_linear import PiecewiseLinear
from gradlab.probe import Answer, Named

Interval = tuple[float, float] | None
Data = tuple[tuple[float, ...], tuple[float, ...], float]  # breaks, slopes, value at zero

ROUNDING = 1e-5  # an answer may evaluate f in float32
FIGURE_ONE = ((-1.0, 0.0), (1.0, -1.0, 1.0), -2.0)
RELU = ((0.0,), (0.0, 1.0), 0.0)
ABS = ((0.0,), (-1.0, 1.0), 0.0)
WELLS = ((-1.0, 0.0, 1.0), (-1.0, 1.0, -1.0, 1.0), 1.0)
CONVEX = ((-2.0, 0.5, 1.0), (-2.0, -0.5, 0.25, 3.0), 1.0)
TWO_STEPS = ((-2.0, -1.0, 0.0), (0.5, 0.0, -2.0, 3.0), 0.0)
FALLS_AWAY = ((-1.0, 0.0, 1.0), (3.0, -0.5, 2.0, -0.25), 0.5)
LINE = ((), (0.75,), 1.0)
NEARLY_CONVEX = ((-1.0, 1.0), (-1.0, 0.0625, 0.0), 0.0)  # at 1 the bounds cross, by 1/16


def slopes_beside(f: PiecewiseLinear, x: float) -> tuple[float, float]:
    """The slopes just left and just right of x."""
    return f.slopes[bisect_left(f.breaks, x)], f.slopes[bisect_right(f.breaks, x)]


def asked(data: Data, x: float, about: str = "") -> Case:
    """One call at x; its data are the function itself and x."""
    breaks, slopes, value_at_zero = data
    named = Named("clarke_homogeneity.piecewise_linear", breaks=breaks, slopes=slopes, value_at_zero=value_at_zero)
    text = f"breaks {describe(breaks)}, slopes {describe(slopes)}, f(0) = {value_at_zero:g}"
    return case(named, x, about=f"{about}: {text}" if about else text, data=(PiecewiseLinear(*data), x))


def points(draw: Draw) -> Iterator[Case]:
    """Functions of the text at their kinks and elsewhere, then random ones: convex, nearly convex, and any."""
    for x in (-1.0, 0.0, 2.0, -0.5, -3.0):
        yield asked(FIGURE_ONE, x, f"Figure 1, min(x, |x| − 2), at {x:g}")
    for x in (0.0, 1.5, -1.5):
        yield asked(RELU, x, "relu")
    yield asked(ABS, 0.0, "|x|")
    for x in (-1.0, 0.0, 1.0):
        yield asked(WELLS, x, "||x| − 1|")
    for x in (-2.0, 0.0, 0.5, 1.0, 4.0):
        yield asked(CONVEX, x, "a convex function")
    yield asked(TWO_STEPS, 0.0, "four pieces")
    for x in (0.0, 1.0):
        yield asked(FALLS_AWAY, x, "four pieces, the last one falls")
    yield asked(LINE, -2.0, "a straight line")
    yield asked(WELLS, -1 + 1 / 64, "close to a kink, not on it")
    yield asked(NEARLY_CONVEX, 1.0, "nearly convex")
    for kind in ("convex", "nearly convex", "any") * 4:
        data = random_function(draw, kind)
        breaks = data[0]
        middles = [(a + b) / 2 for a, b in pairwise(breaks)]
        for x in [*breaks, *(b + 1 / 32 for b in breaks), *middles, breaks[0] - 3.0, breaks[-1] + 2.5]:
            yield asked(data, x)


def random_function(draw: Draw, kind: str) -> Data:
    """Breaks and slopes with few binary digits, so that the values are exact on every machine, in float32 too."""
    breaks = sorted(place / 4 - 4 for place in draw.order(33)[: draw.integer(1, 5)])
    slopes = [draw.integer(-8, 8) / 4 for _ in range(len(breaks) + 1)]
    if kind != "any":
        slopes.sort()
    if kind == "nearly convex":
        first = draw.integer(0, len(breaks) - 1)
        slopes[first], slopes[first + 1] = slopes[first + 1], slopes[first]
    return tuple(breaks), tuple(slopes), draw.integer(-8, 8) / 4


def interval(answer: Answer) -> tuple[float, float] | None:
    """The two numbers of an answer, None for everything else."""
    if answer.raised is not None or not isinstance(answer.value, (list, tuple)) or len(answer.value) != 2:
        return None
    low, high = map(as_number, answer.value)
    return None if low is None or high is None else (low, high)


@slip("one-number")
def ONE_NUMBER(case: Case, answer: Answer) -> bool:
    """This is one number. Return an interval also where it is a single point: the tuple (s, s)."""
    return case.expected is not None and answer.raised is None and as_number(answer.value) is not None
