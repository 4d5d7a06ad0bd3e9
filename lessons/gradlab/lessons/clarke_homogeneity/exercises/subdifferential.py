"""`subdifferential(f, x)`: the slopes of the lines through (x, f(x)) that stay below a piecewise linear f."""

import math
from collections.abc import Iterator
from dataclasses import replace

import torch

from gradlab.exercises import Case, Draw, Exercise
from gradlab.exercises.compare import agrees
from gradlab.lessons.clarke_homogeneity.exercises import _piecewise_linear as shared
from gradlab.lessons.clarke_homogeneity.exercises._piecewise_linear import ROUNDING, slopes_beside
from gradlab.maths.piecewise_linear import PiecewiseLinear
from gradlab.probe import Answer

exercise = Exercise("subdifferential(f, x)", look="“Ask for slopes that support”", slips=(shared.ONE_NUMBER,))


def limits(f: PiecewiseLinear, x: float) -> tuple[list[float], list[float]]:
    """What s must not be below, and what it must not be above: difference quotients from −∞ over the breaks to ∞."""
    *heights, here = f(torch.tensor([*f.breaks, x], dtype=torch.float64)).tolist()
    quotients = [(b, (height - here) / (b - x)) for b, height in zip(f.breaks, heights) if b != x]
    return [f.slopes[0], *(q for b, q in quotients if b < x)], [*(q for b, q in quotients if b > x), f.slopes[-1]]


def bounds(f: PiecewiseLinear, x: float) -> tuple[float, float]:
    """The largest slope that the left of x asks for, and the smallest that the right allows; they may cross.

    On each piece the quotient is monotone, so only the breaks, x itself and ±∞ matter.
    """
    (left, right), (lows, highs) = slopes_beside(f, x), limits(f, x)
    return max(left, *lows), min(right, *highs)


def unless_empty(low: float, high: float) -> tuple[float, float] | None:
    """The interval, None where it is empty."""
    return (low, high) if low <= high else None


@exercise.reference
def reference(f: PiecewiseLinear, x: float) -> tuple[float, float] | None:
    """∂_s f(x) = {s : f(x′) ≥ f(x) + s(x′ − x) for all x′}, None if it is empty."""
    return unless_empty(*bounds(f, x))


@exercise.precise_cases(ROUNDING, ROUNDING)
def cases(draw: Draw) -> Iterator[Case]:
    """All points at which rounding cannot make the set empty: it has a length, or its slope has few binary digits.

    The data of a case are the bounds, which cross where the set is empty.
    """
    for each in shared.points(draw):
        low, high = bounds(*shared.function_of(each))
        if abs(low - high) > 1e-3 or (low == high and float(64 * low).is_integer()):
            yield replace(each, data=(low, high))


@exercise.symptom("none-for-empty")
def none_for_empty(case: Case, answer: Answer) -> bool:
    """No line supports f here, so the set is empty, and the task asks for None. This is another way to say empty."""
    if case.expected is not None or answer.value is None:
        return False
    if pair := shared.interval(answer):
        return any(map(math.isnan, pair)) or pair[0] > pair[1] + ROUNDING
    other_words = ((), [], (None, None), [None, None])
    return answer.value is False or answer.value in other_words or agrees(answer.value, math.nan)


@exercise.symptom("few-digits")
def few_digits(case: Case, answer: Answer) -> bool:
    """This is right to a few digits only. f(torch.tensor(x)) computes in float32: use torch.tensor(x,
    dtype=torch.float64). And a point far away is not infinity: the first and the last of f.slopes are the limits."""
    return case.expected is not None and agrees(answer.value, case.expected, 0.01, 0.01)


def too_wide_by(case: Case, answer: Answer) -> tuple[float, float] | None:
    """An interval with every slope that supports f and others too; None for everything else."""
    found, (low, high) = shared.interval(answer), case.data
    if found is None or found[0] > found[1] + ROUNDING or (found[0] >= low - ROUNDING and found[1] <= high + ROUNDING):
        return None
    return found if low > high or (found[0] <= low + ROUNDING and high - ROUNDING <= found[1]) else None


@exercise.symptom("forgets-unbounded")
def forgets_unbounded(case: Case, answer: Answer) -> bool:
    """Some slope in this interval fails far away: the line crosses f on one of the two pieces that go to infinity.
    Letting x′ → ∞ gives s ≤ the last slope, x′ → −∞ gives s ≥ the first one."""
    found, (f, _) = too_wide_by(case, answer), shared.function_of(case)
    return found is not None and (found[0] < f.slopes[0] - ROUNDING or found[1] > f.slopes[-1] + ROUNDING)


@exercise.symptom("too-wide")
def too_wide(case: Case, answer: Answer) -> bool:
    """The line of some slope in this interval lies above f at some x′. Every break has a say, not only the closest."""
    return too_wide_by(case, answer) is not None
