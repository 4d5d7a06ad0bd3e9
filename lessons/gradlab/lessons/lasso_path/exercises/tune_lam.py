"""`tune_lam(D, b, D_val, b_val, lam0, steps, lr)`: λ after steps down the held-out loss in log λ."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case
from gradlab.exercises.compare import as_number
from gradlab.exercises.slips import CHANGED_INPUT, is_right, value_type
from gradlab.lessons.lasso_path.exercises import lasso_slope
from gradlab.lessons.lasso_path.exercises._iteration import MIXED_DTYPES
from gradlab.lessons.lasso_path.integer_example import B_VAL, D_VAL, B, D
from gradlab.maths.ista import ista
from gradlab.maths.lasso import lasso_solution, lasso_vjp
from gradlab.probe import Answer

Function = Callable[..., Any]
exercise = Exercise(
    "tune_lam(D, b, D_val, b_val, lam0, steps, lr)",
    look="“Choose λ by its gradient”",
    slips=(MIXED_DTYPES, CHANGED_INPUT),
)


def held_out(solve: Function = lasso_solution, slope: Function = lasso_slope.slope_of_solution) -> Function:
    """d/dλ of ½‖D_val x*(λ) − b_val‖², by this solver and this slope of x*."""

    def held_out_slope(D: Tensor, b: Tensor, D_val: Tensor, b_val: Tensor, lam: float) -> float:
        x = solve(D, b, lam)
        return float((D_val @ x - b_val) @ (D_val @ slope(D, b, lam, x)))

    return held_out_slope


held_out_slope = held_out()


def descent(
    slope: Function = held_out_slope, step: Function = lambda lam, slope, lr: lam * math.exp(-lr * lam * slope)
) -> Function:
    """The recipe with another slope or another step."""

    def tune_lam(D: Tensor, b: Tensor, D_val: Tensor, b_val: Tensor, lam0: float, steps: int, lr: float) -> float:
        lam = lam0
        for _ in range(steps):
            lam = step(lam, slope(D, b, D_val, b_val, lam), lr)
        return lam

    return tune_lam


reference = exercise.reference(descent())
too_early = descent(held_out(lambda D, b, lam: ista(D, b, lam, 20)))
exercise.built_on(lasso_slope.exercise, without="sign mean-loss no-half log-slope active-only small-entries-dropped")(
    lambda slope: descent(held_out(slope=slope))
)


def problem(draw: Draw, m: int, n: int, steps: int, low: float, high: float) -> Case:
    """A descent from a share of the smallest λ with x* = 0 that stays well away from kinks and from small λ.

    D has singular values from 1 to 2.5: every solver is quick, and twenty steps of ISTA are too few all the same.
    """
    while True:
        U, V = (torch.linalg.qr(draw.normal(*shape)).Q for shape in ((m, n), (n, n)))
        D, D_val = U * torch.linspace(1, 2.5, n) @ V.mT, draw.normal(m + 1, n)
        truth = 8 * draw.signs(n) * (torch.arange(n) < n - 1)
        b, b_val = D @ truth + draw.normal(m, scale=2), D_val @ truth + draw.normal(m + 1, scale=2)
        lam0 = round(draw.number(low, high) * float((D.mT @ b).abs().max()), 2)
        lr = draw.number(0.25, 0.5) / abs(lam0 * held_out_slope(D, b, D_val, b_val, lam0))
        try:
            way = [reference(D, b, D_val, b_val, lam0, taken, lr) for taken in range(steps + 1)]
            margins = [lasso_vjp(D, b, lam, x := lasso_solution(D, b, lam), x).margin / lam for lam in way]
        except ValueError:  # lam has come so close to 0 that no solution is exact enough: another draw
            continue
        early = too_early(D, b, D_val, b_val, lam0, steps, lr)
        if min(way) > 1 and min(margins) > 0.03 and abs(early / way[-1] - 1) > 1e-4:
            return case(D, b, D_val, b_val, lam0, steps, lr, seconds=18.0)


@exercise.precise_cases(rtol=1e-6)
def descents(draw: Draw) -> Iterator[Case]:
    """Short descents, the last one from a small λ, at which λ·m would still leave some x* ≠ 0."""
    if draw.fixed:
        yield case(D, B, D_VAL, B_VAL, 8.0, 1, 0.1, about="the lesson's example: lam = 8·exp(−0.4)")
    for m, n, steps, low, high in ((7, 4, 2, 0.15, 0.7), (9, 5, 3, 0.15, 0.7), (6, 3, 4, 0.03, 0.1)):
        yield problem(draw, m, n, steps, low, high)


@exercise.precise_cases(rtol=1e-6, special=True)
def nothing_active(draw: Draw) -> Iterator[Case]:
    """A start at which x* = 0, and the slope is 0."""
    yield case(D, B, D_VAL, B_VAL, lam0 := draw.number(20, 30), 2, 0.1, expected=lam0, about="x* = 0: the slope is 0")


@exercise.symptom("history")
def history(case: Case, answer: Answer) -> bool:
    """This is a row of values. Return the last lam alone."""
    return value_type("list", "tuple")(case, answer)


@exercise.symptom("no-active-column")
def no_active_column(case: Case, answer: Answer) -> bool:
    """Where lam is so large that x* = 0, no column is active and the hypergradient is 0: lam stays. No error is due."""
    return answer.raised is not None and case.expected == case.call.arguments[4]


@exercise.symptom("unfinished", repeated=True)
def unfinished(case: Case, answer: Answer) -> bool:
    """Close, but not what an accurate solution gives: the hypergradient was taken at an unfinished iterate, or unrolled
    through too few steps. Solve until x* is accurate to 1e-10: more steps, or one linear solve on the active set."""
    number = as_number(answer.value)
    return number is not None and not is_right(case, answer) and abs(number / case.expected - 1) <= 0.1
