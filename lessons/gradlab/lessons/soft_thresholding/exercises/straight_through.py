"""`straight_through(x)`: the value of sign(x), with the gradient of the identity."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.exercises.slips import CHANGED_INPUT, FLOAT32_INSIDE, LEFT_TORCH, ONE_NUMBER_ONLY, is_right
from gradlab.lessons.soft_thresholding.exercises._points import NAN_AT_ZERO
from gradlab.lessons.soft_thresholding.exercises._thresholds import PYTHON_BRANCH
from gradlab.probe import Answer

SLIPS = (NAN_AT_ZERO, PYTHON_BRANCH, ONE_NUMBER_ONLY, LEFT_TORCH, CHANGED_INPUT, FLOAT32_INSIDE)
exercise = Exercise(
    "straight_through(x)", graph="x", look="“5 · A third answer: straight through”", slips=SLIPS, half=False
)


class _SignForward(torch.autograd.Function):
    """Two rules written down: the sign on the way there, nothing on the way back."""

    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        return torch.sign(x)

    @staticmethod
    def backward(ctx, cotangent: Tensor) -> Tensor:
        return cotangent


@exercise.reference
def by_rule(x: Tensor) -> Tensor:
    """A function with a derivative of its own."""
    return _SignForward.apply(x)


def value_only(x: Tensor, value: Tensor, slope: Tensor) -> Tensor:
    """This value with this slope, for the mistakes."""
    return value.detach() + slope.detach() * (x - x.detach())


@exercise.cases
def ordinary(draw: Draw) -> Iterator[Case]:
    """Several shapes, tracked or not; unequal weights tell whether every entry has its own slope of 1."""
    if draw.fixed:
        yield case(tensor(-2.0, -0.5, 0.25, 3.0), rtol=1e-12)
        yield case(tensor(-2.0, -0.5, 0.25, 3.0, tracked=True), rtol=1e-12, about="with its gradient")
    for shape in ((5,), (2, 3), (2, 1, 3), ()):
        x = draw.uniform(0.05, 2.9, *shape) * draw.signs(*shape)
        yield case(x, rtol=1e-12)
        weights = draw.uniform(0.5, 2, *shape)
        yield case(x.clone().requires_grad_(True), cotangent=weights, rtol=1e-12, about="with its gradient, weighted")
    single = draw.uniform(0.05, 2.9, 4, dtype=torch.float32) * draw.signs(4, dtype=torch.float32)
    yield case(single.requires_grad_(True), about="float32")


@exercise.cases
def edges(draw: Draw) -> Iterator[Case]:
    """Entries that are 0, tiny, or up to 10⁶ in size, where a sign is still a sign."""
    yield case(tensor(-1.5, 0.0, 2.0, tracked=True), rtol=1e-12, atol=1e-12, about="one entry is 0: sign(0) = 0")
    # Not just below a power of two: there 1 + x is rounded, whoever adds the sign to x first loses digits that others keep.
    large = 2.0 ** draw.integer(16, 19) * draw.uniform(1.05, 1.85, 4) * draw.signs(4)
    yield case(large.requires_grad_(True), rtol=1e-12, atol=1e-12, about="large entries")
    tiny = 10.0 ** draw.uniform(-14, -9, 4) * draw.signs(4)
    yield case(tiny.requires_grad_(True), rtol=1e-12, atol=0.0, about="tiny entries")


@exercise.symptom("no-gradient")
def no_gradient(case: Case, answer: Answer) -> bool:
    """The value is right, and no gradient comes back to x: what was detached has no path, and the sign itself passes on a
    slope of 0. Add something to the detached sign whose value is 0 and whose slope is 1."""
    found = answer.gradients.get("0")
    silent = "0" in answer.gradients and (found is None or not bool(found.any()))
    return silent and is_right(case, answer)


@exercise.symptom("nearly-a-sign")
def nearly_a_sign(case: Case, answer: Answer) -> bool:
    """This is a smooth relative of the sign, or was divided by a size with something added. The value must be the sign
    itself, to 1e-12, for tiny and for large entries."""
    value, x = answer.value, case.call.arguments[0].detach()
    if not isinstance(value, Tensor) or value.shape != x.shape or is_right(case, answer):
        return False
    return bool(((value * x.sign() >= -1e-9) & (value.abs() <= 1 + 1e-9)).all())
