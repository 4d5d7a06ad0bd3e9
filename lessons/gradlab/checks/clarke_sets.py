"""Lesson 3, first part: the subdifferential and the Clarke differential of a piecewise linear function."""

import math

from gradlab.checks.clarke_formulas import (
    Formula, average, bounds_crossed, clarke, far_away_only, infinities_swapped, local_slopes_below, loosest_bounds,
    next_breaks_only, neighbouring_slopes, one_side, quotients_turned_round, reported, slopes_above, slopes_below, subdifferential,
    turned_round,
)  # fmt: skip
from gradlab.exercises.compare import agrees, as_number
from gradlab.exercises.describe import describe
from gradlab.checks.exercise import Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import Fits, either, plain_arguments, raises
from gradlab.exercises.verdict import Verdict
from gradlab.maths.piecewise_linear import PiecewiseLinear
from gradlab.probe import Answer, Call, Named, Probe

FUNCTION_AND_POINT = ("f", "x")
ROUNDING = 1e-6  # an answer may evaluate f in float32


def interval_is(formula: Formula) -> Fits:
    """The answer is what this wrong formula gives, None included."""

    def fits(case: Case, answer: Answer) -> bool:
        return answer.raised is None and agrees(answer.value, formula(*plain_arguments(case)), ROUNDING, ROUNDING)

    fits.formula = True
    return fits


def _pair(answer: Answer) -> tuple[float, float] | None:
    """The two numbers of an answer, in float; None for everything else."""
    if answer.raised is not None or not isinstance(answer.value, (list, tuple)) or len(answer.value) != 2:
        return None
    low, high = map(as_number, answer.value)
    return None if low is None or high is None else (low, high)


def _too_wide(case: Case, answer: Answer) -> bool:
    """Every slope that supports f is in the interval, and others too."""
    found = _pair(answer)
    if found is None or found[0] > found[1] + ROUNDING:
        return False
    low, high = slopes_below(*plain_arguments(case))
    outside = found[0] < low - ROUNDING or found[1] > high + ROUNDING
    return outside and (low > high or (found[0] <= low + ROUNDING and high - ROUNDING <= found[1]))


def _fails_far_away(case: Case, answer: Answer) -> bool:
    """Too wide, and with a slope whose line lies above f on an unbounded piece."""
    f, _ = plain_arguments(case)
    found = _pair(answer)
    return _too_wide(case, answer) and (found[0] < f.slopes[0] - ROUNDING or found[1] > f.slopes[-1] + ROUNDING)


def _other_word_for_empty(case: Case, answer: Answer) -> bool:
    if case.expected is not None or answer.raised is not None or answer.value is None:
        return False
    if isinstance(answer.value, (list, tuple)):
        pair = _pair(answer)
        return len(answer.value) == 0 or answer.value in ((None, None), [None, None]) or (
            pair is not None and (any(map(math.isnan, pair)) or pair[0] > pair[1] + ROUNDING)
        )
    return answer.value is False or agrees(answer.value, math.nan)


def _single_number(case: Case, answer: Answer) -> bool:
    return case.expected is not None and answer.raised is None and as_number(answer.value) is not None


def _pieces_around(case: Case, answer: Answer) -> bool:
    """Wider than the Clarke differential, and within the hull of all slopes."""
    found = _pair(answer)
    if found is None:
        return False
    f, x = plain_arguments(case)
    low, high = clarke(f, x)
    within = min(f.slopes) - ROUNDING <= found[0] <= found[1] <= max(f.slopes) + ROUNDING
    return within and (found[0] < low - ROUNDING or found[1] > high + ROUNDING)


def _few_digits(case: Case, answer: Answer) -> bool:
    """Right to three digits or so, and not as exactly as float32 allows."""
    return case.expected is not None and answer.raised is None and agrees(answer.value, case.expected, 2e-3, 2e-3)


SWAPPED = "The two ends are the wrong way round: return (lo, hi) with lo ≤ hi."
NUMBER = "This is one number. Return an interval also where it is a single point: the tuple (s, s)."
DIGITS = "This is right to a few digits only. f(torch.tensor(x)) computes in float32: use torch.tensor(x, dtype=torch.float64). "
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
            "break-at-x",
            "x may itself be a break, and then b − x is 0: leave that break out of the quotients.",
            raises("ZeroDivisionError"),
        ),
        Misconception(
            "none-for-empty",
            "No line supports f here, so the set is empty, and the task asks for None. This is another way to say empty.",
            _other_word_for_empty,
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "bounds-crossed",
            "Where the largest bound from the left is above the smallest bound from the right, no slope satisfies both: the set is "
            "empty, None, and not the interval between the two.",
            interval_is(bounds_crossed),
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "next-breaks-only",
            "This asks the next break on either side, and infinity. A break further out may forbid more.",
            interval_is(next_breaks_only),
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "local-test",
            "This only compares the slopes just left and just right of x. A subgradient is a global thing: the line must stay "
            "below f at every x′, so the difference quotients to all breaks, and the two unbounded pieces, count too.",
            either(interval_is(local_slopes_below), interval_is(neighbouring_slopes)),
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
            interval_is(slopes_above),
            look="“Ask for slopes that support”",
        ),
        Misconception("ends-swapped", SWAPPED, interval_is(turned_round(subdifferential))),
        Misconception("autograd-value", AUTOGRAD, interval_is(reported), look="“Three things called gradient”"),
        Misconception(
            "loosest-bounds",
            "Each point on the right says s ≤ its quotient, and s must obey all of them: their smallest counts. On the left, where "
            "each says s ≥, it is the largest.",
            interval_is(loosest_bounds),
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "quotient-sign",
            "The difference quotients have the wrong sign: (f(x′) − f(x))/(x′ − x), with x′ first on top and below.",
            interval_is(quotients_turned_round),
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "infinities-swapped",
            "The two unbounded pieces changed places: x′ → −∞ gives s ≥ the first slope, x′ → ∞ gives s ≤ the last one.",
            interval_is(infinities_swapped),
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "only-far-away",
            "These are the bounds from x′ → ±∞ alone. The points in between speak too: ask the difference quotient to every break.",
            interval_is(far_away_only),
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "few-digits",
            DIGITS + "And a point far away is not infinity: the first and the last of f.slopes are the limits.",
            _few_digits,
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "forgets-unbounded",
            "Some slope in this interval fails far away: the line crosses f on one of the two pieces that go to infinity. "
            "Letting x′ → ∞ gives s ≤ the last slope, x′ → −∞ gives s ≥ the first one.",
            _fails_far_away,
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "finds-nothing",
            "This set is not empty: None is only for points where no line supports f. In the interior of a piece, too, a "
            "line may stay below f, with the slope of that piece. (If it is None everywhere, a `return` is missing.)",
            lambda case, answer: case.expected is not None and answer.raised is None and answer.type == "NoneType",
            look="“Ask for slopes that support”",
        ),
        Misconception(
            "too-wide",
            "Some slope in this interval does not support f: at some x′ its line lies above f. Every break has a say, not only the "
            "closest.",
            lambda case, answer: _too_wide(case, answer) and not _fails_far_away(case, answer),
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
            "only-breaks",
            "x need not be a break. Between two breaks both limits are the slope of the piece, and the set is (s, s).",
            raises("ValueError", "not in tuple"),
            look="“Take limits of gradients, then the hull”",
        ),
        Misconception(
            "never-empty",
            "The Clarke differential of a locally Lipschitz function is never empty, not even at a maximum: it is the hull of "
            "limits of gradients, and there are always some. (If it is None everywhere, a `return` is missing.)",
            lambda case, answer: answer.raised is None and answer.type == "NoneType",
            look="“Take limits of gradients, then the hull”",
        ),
        Misconception(
            "ends-swapped",
            "Left slope first, right slope second is not (lo, hi) where the slope drops. " + SWAPPED,
            interval_is(turned_round(clarke)),
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
            interval_is(average),
            look="“Take limits of gradients, then the hull”",
        ),
        Misconception(
            "one-side",
            "This is the limit of gradients from one side only. At a kink there are two limits, and the Clarke differential is "
            "the interval between them. (The lecture prints the same limit twice at −1, and still ends with the right interval.)",
            either(interval_is(one_side(0)), interval_is(one_side(1))),
            look="“Take limits of gradients, then the hull”",
        ),
        Misconception(
            "few-digits",
            DIGITS + "A difference over a short step loses digits too; f.slopes has the slopes themselves.",
            _few_digits,
            look="“Take limits of gradients, then the hull”",
        ),
        Misconception(
            "example-only",
            "(−1, 1) is the answer for |x| and for Figure 1. Here the slopes on the two sides are other numbers.",
            either(interval_is(lambda f, x: (-1.0, 1.0)), interval_is(lambda f, x: (-1.0, 1.0) if x in f.breaks else clarke(f, x))),
            look="“Take limits of gradients, then the hull”",
        ),
        Misconception(
            "too-far-away",
            "This interval includes slopes of pieces that do not touch x. Only the limit at x counts: shrink the neighbourhood "
            "until it holds no other break.",
            _pieces_around,
            look="“Take limits of gradients, then the hull”",
        ),
    ),
    look="“Take limits of gradients, then the hull”",
)


def case(formula: Formula, f: tuple, x: float, about: str = "") -> Case:
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
NEARLY_CONVEX = ((-1.0, 1.0), (-1.0, 0.0625, 0.0), 0.0)  # at 1 the bounds cross, by 1/16
TENTHS = ((0.1, 0.7), (-0.5, 1.5, 0.25), 1.0)


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
        (NEARLY_CONVEX, 1.0, "nearly convex"),
    ]


def clarke_cases() -> list[Case]:
    """Where the Clarke differential is asked for: also at breaks that float32 rounds."""
    points = [*visible_points(), *((TENTHS, x, "breaks at 0.1 and 0.7") for x in TENTHS[0])]
    return [case(clarke, *point) for point in points]


def check_subdifferential(probe: Probe) -> Verdict:
    """Lesson 3, `subdifferential(f, x)`."""
    return judge(probe, SUBDIFFERENTIAL, [case(subdifferential, *point) for point in visible_points()])


def check_clarke(probe: Probe) -> Verdict:
    """Lesson 3, `clarke(f, x)`."""
    return judge(probe, CLARKE, clarke_cases())
