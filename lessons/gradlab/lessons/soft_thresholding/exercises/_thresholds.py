"""The inputs on which soft-thresholding and its slope are tried, and the slips in both."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Raises, case, tensor
from gradlab.exercises.slips import FLOAT32_INSIDE, LEFT_TORCH, ONE_NUMBER_ONLY, raises
from gradlab.exercises.symptom import slip
from gradlab.lessons.soft_thresholding.exercises._points import NAN_AT_ZERO
from gradlab.probe import Answer

NUMBERS_FOR_T = (3.14, 3.14159, 3.0, 1.0)  # they stand in the text, or nearly
LOOK = "“7 · Shrink: the soft threshold”"
SPELLINGS = "“8 · One kink, nine spellings”"


def ordinary(draw: Draw) -> Iterator[Case]:
    """y away from the kinks, about half of it in the dead zone; T a number or a tensor without axes."""
    if draw.fixed:
        y = tensor(-5.0, -1.2, 0.0, 1.2, 5.0)
        yield case(y, 3.14)
        yield case(torch.linspace(-10, 10, 41, dtype=torch.float64), 3.14, about="41 points")
        yield case(y.clone().requires_grad_(), 3.14, about="y requires a gradient")
    for shape in ((7,), (2, 5), (2, 3, 4), ()):
        for tracked in (False, True):
            for T in (draw.number(0.4, 2), draw.scalar(0.4, 2).requires_grad_(tracked)):
                yield case(away_from(T, draw, *shape).requires_grad_(tracked), T)
    yield case(draw.scalar(-0.9, 0.9).requires_grad_(), 1.0, about="no axis, in the dead zone")
    T = draw.number(0.4, 2)
    yield case(away_from(T, draw, 6).float().requires_grad_(), T, rtol=1e-4, atol=3e-5, about="float32")
    yield case(tensor(0.0, 4.5, -0.2, 0.0, tracked=True), draw.integer(1, 4), about="T is a whole number")
    yield case(draw.normal(5), 0.0, about="T = 0")


def broadcast(draw: Draw) -> Iterator[Case]:
    """A threshold for each column, entry or row."""
    for part, shape in (("column", (5,)), ("entry", (3, 5)), ("row", (3, 1))):
        T = draw.uniform(0.4, 2, *shape)
        yield case(away_from(T, draw, 3, 5).requires_grad_(), T.requires_grad_(), about=f"one T for each {part}")
    T = draw.uniform(0.4, 2, 6, dtype=torch.float32).requires_grad_()
    yield case(away_from(T, draw, 6).float().requires_grad_(), T, rtol=1e-4, atol=3e-5, about="float32")


def away_from(T: float | Tensor, draw: Draw, *shape: int) -> Tensor:
    """Random y, none of it within 0.01 of T or −T."""
    y, T = draw.normal(*shape, scale=2.0), T.detach() if isinstance(T, Tensor) else T
    return torch.where((y.abs() - T).abs() < 0.01, y + 0.05 * y.sign(), y)


def refused(draw: Draw) -> Iterator[Case]:
    """Thresholds for five entries that are negative, or one of which is."""
    one_of_five = torch.cat([torch.ones(4, dtype=torch.float64), -draw.uniform(0.01, 1, 1)])
    for T in (-draw.number(0.01, 2), one_of_five, -draw.scalar(0.01, 2)):
        yield case(draw.normal(5), T, expected=Raises(), about="T < 0")


@slip("python-branch", look=SPELLINGS)
def PYTHON_BRANCH(case: Case, answer: Answer) -> bool:
    """A Python `if` (or `and`, `max`, `min`) decides once, for one number. A tensor with several entries, some of them
    on either side of T, has no single truth. torch.where, torch.clamp or torch.relu decide for each entry; .any() asks
    about all of them."""
    return raises("RuntimeError", "Boolean value of Tensor")(case, answer)


@slip("softshrink-takes-a-number", look=SPELLINGS)
def SOFTSHRINK(case: Case, answer: Answer) -> bool:
    """F.softshrink takes T as a bare number: it refuses a tensor that wants a gradient or has several entries, and
    knows no derivative with respect to T. Use another spelling, with sign, relu, clamp or where."""
    return raises("TypeError", "softshrink()")(case, answer)


@slip("negative-T-by-torch")
def NEGATIVE_T(case: Case, answer: Answer) -> bool:
    """For T < 0 the exception came from inside torch. Test for T < 0 yourself, before anything else, and raise a
    ValueError with a sentence of your own."""
    return isinstance(case.expected, Raises) and raises("RuntimeError", "lambda must be")(case, answer)


SLIPS = (PYTHON_BRANCH, NAN_AT_ZERO, SOFTSHRINK, NEGATIVE_T, ONE_NUMBER_ONLY, LEFT_TORCH, FLOAT32_INSIDE)
"""Slips in soft-thresholding and in its slope."""
