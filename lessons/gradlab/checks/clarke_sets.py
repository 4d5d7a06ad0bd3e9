"""Lesson 3, first part: the subdifferential and the Clarke differential of a piecewise linear function."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable

import torch

from gradlab.checks.compare import agrees, as_number
from gradlab.checks.describe import describe
from gradlab.checks.exercise import Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import Fits, either, plain_arguments
from gradlab.checks.verdict import Verdict
from gradlab.piecewise_linear import PiecewiseLinear
from gradlab.probe import Answer, Call, Named, Probe

Interval = tuple[float, float] | None
FUNCTION_AND_POINT = ("f", "x")
ROUNDING = 1e-6  # an answer may evaluate f in float32


def value(f: PiecewiseLinear, x: float) -> float:
    """f(x) as a number."""
    return float(f(torch.tensor(x, dtype=torch.float64)))


def neighbouring_slopes(f: PiecewiseLinear, x: float) -> tuple[float, float]:
    """The slopes just left and just right of x."""
    return f.slopes[bisect_left(f.breaks, x)], f.slopes[bisect_right(f.breaks, x)]


def slopes_below(f: PiecewiseLinear, x: float, unbounded: bool = True) -> tuple[float, float]:
    """(lo, hi) = (sup of the difference quotients on the left of x, inf of those on the right); lo > hi means empty.

    On each piece the quotient is monotone, so only breaks, x itself and ±∞ matter; unbounded=False leaves ±∞ out.
    """
    left, right = neighbouring_slopes(f, x)
    at_x = value(f, x)
    quotients = [(b < x, (value(f, b) - at_x) / (b - x)) for b in f.breaks if b != x]
    lows, highs = [left, *(q for on_left, q in quotients if on_left)], [right, *(q for on_left, q in quotients if not on_left)]
    if unbounded:
        lows, highs = [*lows, f.slopes[0]], [*highs, f.slopes[-1]]
    return max(lows), min(highs)


def subdifferential(f: PiecewiseLinear, x: float) -> Interval:
    """∂_s f(x) = {s : f(x′) ≥ f(x) + s(x′ − x) for all x′}, or None if it is empty (ledger S3-1, S3-5)."""
    low, high = slopes_below(f, x)
    return (low + 0.0, high + 0.0) if low <= high else None


def clarke(f: PiecewiseLinear, x: float) -> Interval:
    """∂f(x): the hull of the slopes on both sides of x (ledger S3-7)."""
    left, right = neighbouring_slopes(f, x)
    return min(left, right), max(left, right)


def interval_is(formula: Callable[[PiecewiseLinear, float], Interval]) -> Fits:
    """The answer is what this wrong formula gives, None included."""

    def fits(case: Case, answer: Answer) -> bool:
        return answer.raised is None and agrees(answer.value, formula(*plain_arguments(case)), ROUNDING, ROUNDING)

    return fits


def _local_slopes_below(f: PiecewiseLinear, x: float) -> Interval:
    left, right = neighbouring_slopes(f, x)
    return (left, right) if left <= right else None


def _slopes_above(f: PiecewiseLinear, x: float) -> Interval:
    flipped = subdifferential(PiecewiseLinear(f.breaks, [-s for s in f.slopes], -f.value_at_zero), x)
    return flipped and (-flipped[1], -flipped[0])


def _reported(f: PiecewiseLinear, x: float) -> Interval:
    point = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    slope = float(torch.autograd.grad(f(point), point)[0])
    return slope, slope


def _one_side(side: int) -> Callable[[PiecewiseLinear, float], Interval]:
    return lambda f, x: (neighbouring_slopes(f, x)[side],) * 2


def _average(f: PiecewiseLinear, x: float) -> Interval:
    return (sum(neighbouring_slopes(f, x)) / 2,) * 2


def _reversed(formula: Callable[[PiecewiseLinear, float], Interval]) -> Callable[[PiecewiseLinear, float], Interval]:
    def backwards(f: PiecewiseLinear, x: float) -> Interval:
        found = formula(f, x)
        return found and (found[1], found[0])

    return backwards


def _pair(answer: Answer) -> tuple[float, float] | None:
    """The two numbers of an answer, in float; None for everything else."""
    if answer.raised is not None or not isinstance(answer.value, (list, tuple)) or len(answer.value) != 2:
        return None
    low, high = map(as_number, answer.value)
    return None if low is None or high is None else (low, high)


def _forgets_far_away(case: Case, answer: Answer) -> bool:
    """Wider than the truth, but no wider than what the breaks alone allow."""
    found = _pair(answer)
    if found is None:
        return False
    f, x = plain_arguments(case)
    (low, high), (widest_low, widest_high) = slopes_below(f, x), slopes_below(f, x, unbounded=False)
    inside = widest_low - ROUNDING <= found[0] <= low + ROUNDING and high - ROUNDING <= found[1] <= widest_high + ROUNDING
    return inside and (found[0] < low - ROUNDING or found[1] > high + ROUNDING)


def _other_word_for_empty(case: Case, answer: Answer) -> bool:
    if case.expected is not None or answer.raised is not None or answer.value is None:
        return False
    if isinstance(answer.value, (list, tuple)):
        pair = _pair(answer)
        return len(answer.value) == 0 or answer.value in ((None, None), [None, None]) or (
            pair is not None and (any(map(math.isnan, pair)) or pair[0] > pair[1])
        )
    return answer.value is False or agrees(answer.value, math.nan)


def _single_number(case: Case, answer: Answer) -> bool:
    return case.expected is not None and answer.raised is None and as_number(answer.value) is not None


def _pieces_around(case: Case, answer: Answer) -> bool:
    """The hull of the slopes of several pieces, more than those that touch x."""
    found = _pair(answer)
    f, x = plain_arguments(case)
    first, last = bisect_left(f.breaks, x), bisect_right(f.breaks, x)
    return found is not None and any(
        agrees(found, (min(f.slopes[i:j]), max(f.slopes[i:j])), ROUNDING, ROUNDING)
        for i in range(first + 1)
        for j in range(last + 1, len(f.slopes) + 1)
    )


SWAPPED = "The two ends are the wrong way round: return (lo, hi) with lo ≤ hi."
NUMBER = "This is one number. Return an interval also where it is a single point: the tuple (s, s)."
AUTOGRAD = (
    "This is the one slope that autograd reports at x, as (s, s). Autograd's value belongs to the program; the exercise asks "
    "for the whole set, which belongs to the function."
)

SUBDIFFERENTIAL = Exercise(
    name="subdifferential",
    arguments=FUNCTION_AND_POINT,
    misconceptions=(
        Misconception("one-number", NUMBER, _single_number),
        Misconception(
            "none-for-empty",
            "No line supports f here, so the set is empty, and the task asks for None. This is another way to say empty.",
            _other_word_for_empty,
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "local-test",
            "This only compares the slopes just left and just right of x. A subgradient is a global thing: the line must stay "
            "below f at every x′, so the difference quotients to all breaks, and the two unbounded pieces, count too.",
            either(interval_is(_local_slopes_below), interval_is(neighbouring_slopes)),
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "clarke-instead",
            "This is the Clarke differential, which only looks at the slopes close to x. The subdifferential asks for lines "
            "that stay below f everywhere, and it may be empty.",
            interval_is(clarke),
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "superdifferential",
            "These are the slopes of lines that stay above f. A subgradient's line stays below: f(x′) ≥ f(x) + s(x′ − x).",
            interval_is(_slopes_above),
            look="“Ask for slopes that support”",
        ),
        Misconception("ends-swapped", SWAPPED, interval_is(_reversed(subdifferential))),
        Misconception("autograd-value", AUTOGRAD, interval_is(_reported), look="“Three things called gradient”"),
        Misconception(
            "forgets-unbounded",
            "Some slope in this interval fails far away: the line crosses f on one of the two pieces that go to infinity. "
            "Letting x′ → ∞ gives s ≤ the last slope, x′ → −∞ gives s ≥ the first one.",
            _forgets_far_away,
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "finds-nothing",
            "This set is not empty: None is only for points where no line supports f. In the interior of a piece, too, a "
            "line may stay below f, with the slope of that piece.",
            lambda case, answer: case.expected is not None and answer.raised is None and answer.type == "NoneType",
            look="“Ask for slopes that support”",
        ),
    ),
    look="“Ask for slopes that support”",
)

CLARKE = Exercise(
    name="clarke",
    arguments=FUNCTION_AND_POINT,
    misconceptions=(
        Misconception("one-number", NUMBER, _single_number),
        Misconception(
            "never-empty",
            "The Clarke differential of a locally Lipschitz function is never empty, not even at a maximum: it is the hull of "
            "limits of gradients, and there are always some.",
            lambda case, answer: answer.raised is None and answer.type == "NoneType",
            look="“Take limits of gradients, then the hull”",
        ),
        Misconception(
            "ends-swapped",
            "Left slope first, right slope second is not (lo, hi) where the slope drops. " + SWAPPED,
            interval_is(_reversed(clarke)),
        ),
        Misconception(
            "subdifferential-instead",
            "This is the set of slopes of lines that stay below f everywhere. The Clarke differential only looks at gradients close "
            "to x.",
            interval_is(subdifferential),
            look="“Take limits of gradients, then the hull”",
        ),
        Misconception(
            "average",
            "This is the average of the two slopes: one point of the Clarke differential. The hull holds all points between them.",
            interval_is(_average),
            look="“Take limits of gradients, then the hull”",
        ),
        Misconception(
            "one-side",
            "This is the limit of gradients from one side only. At a kink there are two limits, and the Clarke differential is "
            "the interval between them. (The lecture prints the same limit twice at −1, and still ends with the right interval.)",
            either(interval_is(_one_side(0)), interval_is(_one_side(1))),
            look="“Take limits of gradients, then the hull”",
        ),
        Misconception(
            "too-far-away",
            "This hull includes slopes of pieces that do not touch x. Only the limit at x counts: shrink the neighbourhood "
            "until it holds no other break.",
            _pieces_around,
            look="“Take limits of gradients, then the hull”",
        ),
    ),
    look="“Take limits of gradients, then the hull”",
)


def case(formula: Callable, f: tuple, x: float, about: str = "") -> Case:
    """One call at x, for f given as (breaks, slopes, value at zero)."""
    named = Named("clarke_homogeneity.piecewise_linear", breaks=f[0], slopes=f[1], value_at_zero=f[2])
    data = f"breaks {describe(f[0])}, slopes {describe(f[1])}, f(0) = {f[2]:g}"
    about = f"{about}: {data}" if about else data
    return Case(Call((named, x)), formula(PiecewiseLinear(*f), x), rtol=ROUNDING, atol=ROUNDING, about=about)


FIGURE_ONE = ((-1.0, 0.0), (1.0, -1.0, 1.0), -2.0)
RELU = ((0.0,), (0.0, 1.0), 0.0)
ABS = ((0.0,), (-1.0, 1.0), 0.0)
WELLS = ((-1.0, 0.0, 1.0), (-1.0, 1.0, -1.0, 1.0), 1.0)
CONVEX = ((-2.0, 0.5, 1.0), (-2.0, -0.5, 0.25, 3.0), 1.0)
TWO_STEPS = ((-2.0, -1.0, 0.0), (0.5, 0.0, -2.0, 3.0), 0.0)
FALLS_AWAY = ((-1.0, 0.0, 1.0), (3.0, -0.5, 2.0, -0.25), 0.5)
LINE = ((), (0.75,), 1.0)


def visible_points() -> list[tuple[tuple, float, str]]:
    """Functions and points at which both sets are asked for."""
    figure_one = [(FIGURE_ONE, x, f"Figure 1, min(x, |x| − 2), at {x:g}") for x in (-1.0, 0.0, 2.0, -0.5, -3.0)]
    convex = [(CONVEX, x, "a convex function") for x in (-2.0, 0.0, 0.5, 1.0, 4.0)]
    return [
        *figure_one,
        *((RELU, x, "relu") for x in (0.0, 1.5, -1.5)),
        (ABS, 0.0, "|x|"),
        *((WELLS, x, "||x| − 1|") for x in (-1.0, 0.0, 1.0)),
        *convex,
        (TWO_STEPS, 0.0, "four pieces"),
        *((FALLS_AWAY, x, "four pieces, the last one falls") for x in (0.0, 1.0)),
        (LINE, -2.0, "a straight line"),
        (WELLS, -1 + 1 / 64, "close to a kink, not on it"),
    ]


def check_subdifferential(probe: Probe) -> Verdict:
    """Lesson 3, `subdifferential(f, x)`."""
    return judge(probe, SUBDIFFERENTIAL, [case(subdifferential, *point) for point in visible_points()])


def check_clarke(probe: Probe) -> Verdict:
    """Lesson 3, `clarke(f, x)`."""
    return judge(probe, CLARKE, [case(clarke, *point) for point in visible_points()])
