"""Lesson 3: the two sets of slopes of a piecewise linear function, right and wrong on purpose."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable

import torch

from gradlab.maths.piecewise_linear import PiecewiseLinear

Interval = tuple[float, float] | None
Formula = Callable[[PiecewiseLinear, float], Interval]


def value(f: PiecewiseLinear, x: float) -> float:
    """f(x) as a number."""
    return float(f(torch.tensor(x, dtype=torch.float64)))


def neighbouring_slopes(f: PiecewiseLinear, x: float) -> tuple[float, float]:
    """The slopes just left and just right of x."""
    return f.slopes[bisect_left(f.breaks, x)], f.slopes[bisect_right(f.breaks, x)]


def quotients(f: PiecewiseLinear, x: float) -> tuple[list[float], list[float]]:
    """The difference quotients to the breaks on the left of x, and those to the breaks on the right."""
    both = [(b < x, (value(f, b) - value(f, x)) / (b - x)) for b in f.breaks if b != x]
    return [q for on_left, q in both if on_left], [q for on_left, q in both if not on_left]


def slopes_below(f: PiecewiseLinear, x: float) -> tuple[float, float]:
    """(lo, hi) = (sup of the difference quotients on the left of x, inf of those on the right); lo > hi means empty.

    On each piece the quotient is monotone, so only breaks, x itself and ±∞ matter.
    """
    near, far = neighbouring_slopes(f, x), (f.slopes[0], f.slopes[-1])
    lows, highs = quotients(f, x)
    return max(near[0], far[0], *lows), min(near[1], far[1], *highs)


def subdifferential(f: PiecewiseLinear, x: float) -> Interval:
    """∂_s f(x) = {s : f(x′) ≥ f(x) + s(x′ − x) for all x′}, or None if it is empty (ledger S3-1, S3-5)."""
    low, high = slopes_below(f, x)
    return (low + 0.0, high + 0.0) if low <= high else None


def clarke(f: PiecewiseLinear, x: float) -> Interval:
    """∂f(x): the hull of the slopes on both sides of x (ledger S3-7)."""
    left, right = neighbouring_slopes(f, x)
    return min(left, right), max(left, right)


def bounds_crossed(f: PiecewiseLinear, x: float) -> Interval:
    """Wrong: the interval between the two bounds, also where they crossed and the set is empty."""
    low, high = slopes_below(f, x)
    return min(low, high), max(low, high)


def or_none(low: float, high: float) -> Interval:
    """The interval from low to high, None where that is empty."""
    return (low, high) if low <= high else None


def loosest_bounds(f: PiecewiseLinear, x: float) -> Interval:
    """Wrong: the smallest bound from the left and the largest from the right."""
    left, right = quotients(f, x)
    return or_none(min([f.slopes[0], *left]), max([f.slopes[-1], *right]))


def quotients_turned_round(f: PiecewiseLinear, x: float) -> Interval:
    """Wrong: (f(x) − f(x′))/(x′ − x)."""
    left, right = quotients(f, x)
    return or_none(max([f.slopes[0], *(-q for q in left)]), min([f.slopes[-1], *(-q for q in right)]))


def infinities_swapped(f: PiecewiseLinear, x: float) -> Interval:
    """Wrong: the first and the last slope in each other's place."""
    left, right = quotients(f, x)
    return or_none(max([f.slopes[-1], *left]), min([f.slopes[0], *right]))


def far_away_only(f: PiecewiseLinear, x: float) -> Interval:
    """Wrong: what x′ → ±∞ says, and no break."""
    return or_none(f.slopes[0], f.slopes[-1])


def next_breaks_only(f: PiecewiseLinear, x: float) -> Interval:
    """Wrong: what x′ → ±∞ and the next break on either side say."""
    left, right = quotients(f, x)
    return or_none(max([f.slopes[0], *left[-1:]]), min([f.slopes[-1], *right[:1]]))


def local_slopes_below(f: PiecewiseLinear, x: float) -> Interval:
    """Wrong: what the pieces that touch x say."""
    left, right = neighbouring_slopes(f, x)
    return (left, right) if left <= right else None


def slopes_above(f: PiecewiseLinear, x: float) -> Interval:
    """Wrong: the slopes of lines that stay above f."""
    flipped = subdifferential(PiecewiseLinear(f.breaks, [-s for s in f.slopes], -f.value_at_zero), x)
    return flipped and (-flipped[1], -flipped[0])


def reported(f: PiecewiseLinear, x: float) -> Interval:
    """Wrong: what autograd reports."""
    point = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    slope = float(torch.autograd.grad(f(point), point)[0])
    return slope, slope


def one_side(side: int) -> Formula:
    """Wrong: the slope on the left (0) or right (1) of x."""
    return lambda f, x: (neighbouring_slopes(f, x)[side],) * 2


def average(f: PiecewiseLinear, x: float) -> Interval:
    """Wrong: the mean of the slopes on both sides."""
    return (sum(neighbouring_slopes(f, x)) / 2,) * 2


def turned_round(formula: Formula) -> Formula:
    """Wrong: (hi, lo)."""
    def backwards(f: PiecewiseLinear, x: float) -> Interval:
        found = formula(f, x)
        return found and (found[1], found[0])

    return backwards
