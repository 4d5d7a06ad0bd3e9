"""The inputs on which the elementwise functions of lesson 1 are tried."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, case, tensor
from gradlab.exercises.symptom import slip
from gradlab.probe import Answer

X_AND_LAM = "x lam"


def smooth_points(draw: Draw) -> Iterator[Case]:
    """x and λ as an elementwise function may meet them: every shape and dtype, zeros, λ a number or a tensor."""
    if draw.fixed:
        yield case(tensor([3, 0], [-3, 7.5]), 16)
        yield case(tensor(3, 0, -3, 7.5, tracked=True), 16.0, about="with the gradient with respect to x")
        yield case(torch.linspace(-2, 2, 41, dtype=torch.float64), 0.1, about="41 points")
    for shape in ((2, 5), (6,), (2, 1, 3), ()):  # no axis last: some slips fail there in a way of their own
        x = draw.normal(*shape, scale=2.0)
        yield case(x, draw.number(0.05, 9))
        yield case(x.clone().requires_grad_(True), draw.number(0.05, 9), about="with the gradient with respect to x")
        lam = draw.scalar(2, 9).requires_grad_(True)
        yield case(x.clone().requires_grad_(True), lam, about="lam is a tensor, with its gradient")
    with_zeros = torch.cat([draw.normal(3), torch.zeros(2, dtype=torch.float64)])
    yield case(with_zeros.requires_grad_(True), draw.number(0.1, 0.9), about="two entries are 0")
    single = draw.normal(4, dtype=torch.float32)
    yield case(single.clone().requires_grad_(True), draw.number(2, 9), about="float32")
    yield case(single, draw.scalar(2, 9, dtype=torch.float32).requires_grad_(True), about="float32, lam is a tensor")
    yield case(draw.normal(3), draw.integer(2, 9), about="lam is a whole number")


NUMBERS_OF_THE_TEXT = (16.0, 0.01, 0.1, 1.0, 1e-4, 1e-6)


def lam_is_fixed(right: Callable[[Tensor, float], Tensor]) -> Callable[[Case, Answer], bool]:
    """A number of the text stands in this formula where λ should."""

    def fits(case: Case, answer: Answer) -> bool:
        x = case.call.arguments[0].detach()
        return any(
            torch.allclose(answer.value.double(), right(x.double(), number), 1e-5, 1e-7)
            for number in NUMBERS_OF_THE_TEXT
        )

    return fits


@slip("nan-at-zero")
def NAN_AT_ZERO(case: Case, answer: Answer) -> bool:
    """At x = 0 this gives nan, in the value or in the gradient: it divides by x or by |x| on the way, or goes through a
    corner there. x/√(x² + λ) is smooth at 0 and needs no special case."""
    x = case.call.arguments[0].detach()
    shown = [answer.value, answer.gradients.get("0")]
    return any(isinstance(t, Tensor) and t.shape == x.shape and bool((t.isnan() & (x == 0)).any()) for t in shown)
