"""The inputs on which the elementwise functions of lesson 1 are tried, and the slips in them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, case, tensor
from gradlab.exercises.compare import agrees
from gradlab.exercises.slips import is_right, raises
from gradlab.exercises.symptom import Symptom, slip
from gradlab.probe import Answer

NUMBERS_FOR_LAM = (16.0, 0.01, 0.1, 1.0, 1e-4, 1e-6)  # they stand in the text


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
    single, lam = draw.normal(4, dtype=torch.float32), draw.scalar(2, 9, dtype=torch.float32).requires_grad_(True)
    yield case(single.clone().requires_grad_(True), draw.number(2, 9), rtol=1e-4, atol=1e-5, about="float32")
    yield case(single, lam, rtol=1e-4, atol=1e-5, about="float32, lam is a tensor")
    yield case(draw.normal(3), draw.integer(2, 9), about="lam is a whole number")


def number_for(argument: str, right: Callable[[Tensor, Any], Tensor], numbers: Sequence[float]) -> Symptom:
    """The slip that one of these numbers stands in a right formula of two arguments where the second should."""

    def fits(case: Case, answer: Answer) -> bool:
        first, expected = case.call.arguments[0].detach().double(), case.expected
        if is_right(case, answer) or agrees(
            answer.value, expected, 1e-5, 1e-7
        ):  # right to a few digits is no other number
            return False
        return any(torch.allclose(answer.value.double(), right(first, number), 1e-5, 1e-7) for number in numbers)

    sentence = (
        f"This is the same for every {argument}: a number stands in the code where the argument {argument} should."
    )
    return Symptom(f"{argument}-fixed", sentence, fits, repeated=True)


@slip("matrix-product")
def MATRIX_PRODUCT(case: Case, answer: Answer) -> bool:
    """⊙ is a product entry by entry: `*` in torch, and X⊙X is `x * x` or `x**2`. `x @ x`, matrix_power and inv belong
    to matrix products, which need fitting shapes and mix the entries."""
    words = ("cannot be multiplied", "batches of square matrices", "both arguments to matmul", "size mismatch")
    return raises("RuntimeError", *words, "inconsistent tensor size", "Expected size for first two")(case, answer)


@slip("nan-at-zero")
def NAN_AT_ZERO(case: Case, answer: Answer) -> bool:
    """At an entry 0 this gives nan, in the value or in the gradient: it divides by 0 on the way, or goes through a
    corner there. A torch.where around it saves the value and not the gradient, since 0 · nan = nan."""
    first = case.call.arguments[0].detach()
    shown = [answer.value, answer.gradients.get("0")]
    return any(
        isinstance(t, Tensor) and t.shape == first.shape and bool((t.isnan() & (first == 0)).any()) for t in shown
    )
