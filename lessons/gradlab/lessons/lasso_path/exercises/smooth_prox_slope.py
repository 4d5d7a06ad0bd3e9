"""`smooth_prox_slope(y, T, lam)`: the slope dx*/dy of the minimiser x* of ½(x − y)² + T·√(x² + λ)."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.exercises.slips import CHANGED_INPUT
from gradlab.lessons.lasso_path.exercises._iteration import nearly
from gradlab.maths.smooth_prox import smooth_prox
from gradlab.maths.soft import soft_sign_slope
from gradlab.probe import Answer

exercise = Exercise("smooth_prox_slope(y, T, lam)", look="“Smooth the corner”", slips=(CHANGED_INPUT,))


def slope_at(x: Tensor, T: float | Tensor, lam: float | Tensor) -> Tensor:
    """1/(1 + λT/B³), B = √(x² + λ), at any x."""
    return 1 / (1 + T * soft_sign_slope(x, lam))


@exercise.reference
def slope(y: Tensor, T: float | Tensor, lam: float | Tensor) -> Tensor:
    """The slope at the minimiser."""
    return slope_at(smooth_prox(y, T, lam), T, lam)


def threshold(draw: Draw, low: int, high: int) -> float:
    """T in sixteenths, which float32 holds exactly: near the kink a rounded T would show in the slope."""
    return draw.integer(16 * low, 16 * high) / 16


@exercise.precise_cases(rtol=1e-5, atol=1e-6)
def cases(draw: Draw) -> Iterator[Case]:
    """y on both sides of 0, in the dead zone, beside the kink and at it; however x* is found."""
    if draw.fixed:
        yield case(tensor(3.3), 0.5, 16.0, about="here x* = 3 and B = 5")
    for shape in ((12,), (2, 5), ()):
        yield case(draw.uniform(-5, 5, *shape), threshold(draw, 1, 3), draw.number(0.01, 0.5))
    T, lam = threshold(draw, 2, 3), draw.number(0.002, 0.01)
    y = torch.cat([T * draw.uniform(0.3, 0.95, 5), T + draw.uniform(1, 2, 2)])
    yield case(y * draw.signs(7), T, lam, about="in and out of the dead zone")
    y = T * draw.uniform(0.3, 0.8, 6) * draw.signs(6)
    yield case(y, T, 1e-6, about="in the dead zone, where λ is tiny")
    y = T + 0.05 * draw.uniform(-1, 1, 6)
    yield case(y * draw.signs(6), T, 1e-4, about="close to the kink, where the slope turns")
    y, lam = draw.uniform(-4, 4, 3, 6), draw.scalar(0.01, 0.5)
    yield case(y, draw.uniform(0.4, 3.5, 1, 6), lam, about="T is a tensor")
    yield case(tensor(-2, 0, 1), 0.0, draw.number(0.1, 0.5), about="T = 0")
    yield case(tensor(-T, T, 2 * T), T, 1e-8, about="λ = 1e-8, at the kinks y = ±T and away from them")
    y = draw.uniform(-2, 2, 4, dtype=torch.float32)
    yield case(y, 0.8, 0.4, rtol=2e-3, atol=1e-4, about="float32")


def right_outside(case: Case, answer: Answer, region: Tensor) -> bool:
    """Some entries are wrong, and all of them lie in a region of y."""
    wrong = ~((answer.value - case.expected).abs() <= 1e-4)
    return answer.value.shape == case.expected.shape and bool(wrong.any()) and not bool((wrong & ~region).any())


@exercise.symptom("unfinished", repeated=True)
def unfinished(case: Case, answer: Answer) -> bool:
    """Close, but not accurate: the search for x* stopped too early, ran in float32, or this is a finite difference."""
    return nearly(case, answer, 0.05)


@exercise.symptom("newton-overshoots", repeated=True)
def newton_overshoots(case: Case, answer: Answer) -> bool:
    """Right for |y| > T and wrong in the dead zone: Newton's method from x = y overshoots there and jumps from one side
    to the other for ever. Halve a bracket, or start from the other side, at x = 0, where it cannot overshoot."""
    y, T, _ = case.call.arguments
    return right_outside(case, answer, (y.abs() < T) & (y != 0))


@exercise.symptom("negative-y", repeated=True)
def negative_y(case: Case, answer: Answer) -> bool:
    """Right for y ≥ 0 and wrong for y < 0. Does your search look for x* on the positive side only? The slope is even in
    y: work with |y|, or bracket from −|y| to |y|."""
    return right_outside(case, answer, case.call.arguments[0] < 0)
