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

Data = tuple[tuple[float, ...], tuple[float, ...], float]  # breaks, slopes, value at zero

ROUNDING = 1e-5  # an answer may evaluate f in float32
WELLS = ((-1.0, 0.0, 1.0), (-1.0, 1.0, -1.0, 1.0), 1.0)
KNOWN = (  # functions of the text and others, and points
    (((-1.0, 0.0), (1.0, -1.0, 1.0), -2.0), (-1.0, 0.0, 2.0, -0.5, -3.0), "Figure 1, min(x, |x| − 2)"),
    (((0.0,), (0.0, 1.0), 0.0), (0.0, 1.5, -1.5), "relu"),
    (((0.0,), (-1.0, 1.0), 0.0), (0.0,), "|x|"),
    (WELLS, (-1.0, 0.0, 1.0), "||x| − 1|"),
    (((-2.0, 0.5, 1.0), (-2.0, -0.5, 0.25, 3.0), 1.0), (-2.0, 0.0, 0.5, 1.0, 4.0), "a convex function"),
    (((-2.0, -1.0, 0.0), (0.5, 0.0, -2.0, 3.0), 0.0), (0.0,), "four pieces"),
    (((-1.0, 0.0, 1.0), (3.0, -0.5, 2.0, -0.25), 0.5), (0.0, 1.0), "four pieces, the last one falls"),
    (((), (0.75,), 1.0), (-2.0,), "a straight line"),
    (WELLS, (-1 + 1 / 64,), "close to a kink, not on it"),
    (((-1.0, 1.0), (-1.0, 0.0625, 0.0), 0.0), (1.0,), "nearly convex: at 1 the bounds cross, by 1/16"),
)


def slopes_beside(f: PiecewiseLinear, x: float) -> tuple[float, float]:
    """The slopes just left and just right of x."""
    return f.slopes[bisect_left(f.breaks, x)], f.slopes[bisect_right(f.breaks, x)]


def asked(data: Data, x: float, about: str = "") -> Case:
    """One call at x."""
    breaks, slopes, value_at_zero = data
    named = Named("clarke_homogeneity.piecewise_linear", breaks=breaks, slopes=slopes, value_at_zero=value_at_zero)
    text = f"breaks {describe(breaks)}, slopes {describe(slopes)}, f(0) = {value_at_zero:g}"
    return case(named, x, about=f"{about}: {text}" if about else text)


def function_of(case: Case) -> tuple[PiecewiseLinear, float]:
    """The function and the place of a call."""
    named, x = case.call.arguments
    return PiecewiseLinear(**named.arguments), x


def points(draw: Draw) -> Iterator[Case]:
    """Functions that we know, then random ones: convex, nearly convex, and any."""
    for data, points_of_it, about in KNOWN:
        for x in points_of_it:
            yield asked(data, x, about)
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
