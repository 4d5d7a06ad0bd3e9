"""`gradient(f, x)`: the gradient of a scalar function, and nothing left behind."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.exercises.slips import EMPTY_GRAPH, UNTRACKED_INPUT, UNUSED_INPUT, value_type
from gradlab.probe import Answer, Named

LOOK = "“Ask for a gradient”"
exercise = Exercise("gradient(f, x)", look=LOOK, slips=(UNUSED_INPUT, UNTRACKED_INPUT, EMPTY_GRAPH))


@exercise.reference
def forward_mode(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """The directional derivatives along all axes, forward mode."""
    return torch.func.jacfwd(lambda point: f(point) + 0.0 * point.sum())(x.detach())


def asked(f: Named, x: Tensor, about: str) -> Case:
    """Twelve digits in float64, which a finite difference does not have."""
    return case(f, x, rtol=1e-12 if x.dtype is torch.float64 else None, about=about)


@exercise.cases
def cases(draw: Draw) -> Iterator[Case]:
    """Functions of x at points of several shapes: tracked or not, with an old .grad or not."""
    for shape in ((3,), (2, 3), ()):
        weight, x = draw.normal(*shape).requires_grad_(True), draw.normal(*shape)
        tracked = x.clone().requires_grad_(True)
        used = x.clone().requires_grad_(True)
        used.grad = draw.uniform(3, 8, *shape)
        square = Named("start_here.weighted_square", weight=weight)
        yield asked(square, x, "f(x) = Σ wᵢ xᵢ²")
        yield asked(square, tracked, "x already requires a gradient")
        yield asked(square, used, "x.grad already holds something")
        yield asked(Named("start_here.product_of_sines", weight=weight), x, "f(x) = Σ sin(wᵢ xᵢ) + Πⱼ (1 + xⱼ²)")
    weight = tensor(2.0, -0.5, dtype=torch.float32, tracked=True)
    yield asked(Named("start_here.weighted_square", weight=weight), draw.normal(2, dtype=torch.float32), "float32")


@exercise.cases
def ignored(draw: Draw) -> Iterator[Case]:
    """Functions that do not use x, with a graph that does not reach it, or with none."""
    for shape in ((3,), (2, 3), ()):
        weight, x = draw.normal(*shape).requires_grad_(True), draw.normal(*shape)
        yield asked(Named("start_here.other_leaf", weight=weight), x, "f(x) = Σ wᵢ³ ignores x")
        yield asked(Named("start_here.constant", value=draw.number(1, 5)), x, "f(x) is a constant: its graph is empty")


def is_zero(case: Case) -> bool:
    """The right answer is zero."""
    return not bool(case.expected.any())


def is_like(case: Case, value: Any) -> bool:
    """A float64 tensor of the right shape."""
    return isinstance(value, Tensor) and value.dtype is torch.float64 and value.shape == case.expected.shape


@exercise.symptom("none-for-zero", look="“None is not zero”")
def none_for_zero(case: Case, answer: Answer) -> bool:
    """Autograd returned None because f does not use x, and you passed it on. A gradient that does not depend on x is
    zero: return zeros shaped like x."""
    return value_type("NoneType")(case, answer) and is_zero(case)


@exercise.symptom("zero-without-shape", look="“None is not zero”")
def zero_without_shape(case: Case, answer: Answer) -> bool:
    """Zero is right here, but a bare zero has neither the shape nor the dtype of x. torch.zeros_like(x) has both."""
    value = answer.value
    bare = type(value) in (int, float) or (isinstance(value, Tensor) and value.dim() == 0)
    return is_zero(case) and case.expected.dim() > 0 and bare and value == 0


@exercise.symptom("grad-is-none")
def grad_is_none(case: Case, answer: Answer) -> bool:
    """It returned None. Is a `return` missing? Or is this `x.grad`, which backward fills only for a leaf that requires a
    gradient? torch.autograd.grad gives you the gradient directly."""
    return value_type("NoneType")(case, answer)


@exercise.symptom("tuple")
def is_tuple(case: Case, answer: Answer) -> bool:
    """torch.autograd.grad returns a tuple, one entry for each input you asked about. Take its first entry."""
    return value_type("tuple")(case, answer)


@exercise.symptom("requires-grad-left-on", look="“Detach: the same numbers without the record”")
def requires_grad_left_on(case: Case, answer: Answer) -> bool:
    """The gradient is right, but x came back changed: its `requires_grad` or its numbers are no longer what they were.
    Work on x.detach().clone().requires_grad_(), a tensor of your own."""
    return "1" in answer.changed and answer.raised is None


@exercise.symptom("left-grad", look="“See what backward leaves behind”")
def left_grad(case: Case, answer: Answer) -> bool:
    """The gradient is right, but somebody's .grad is no longer what it was. backward writes into every leaf of the graph,
    those that f closes over included; torch.autograd.grad writes nowhere."""
    return bool(answer.left_grad)


@exercise.symptom("always-zero")
def always_zero(case: Case, answer: Answer) -> bool:
    """This is zero, and f does depend on x here. Is f called at all, on an x that requires a gradient, and not under
    no_grad? Does an `except` swallow an error?"""
    same_shape = isinstance(answer.value, Tensor) and answer.value.shape == case.expected.shape
    return same_shape and not is_zero(case) and not bool(answer.value.any())


@exercise.symptom("float32-inside")
def float32_inside(case: Case, answer: Answer) -> bool:
    """These are the right numbers with only seven digits: somewhere x or the gradient went through float32. Keep the
    dtype of x."""
    value = answer.value
    every_entry = is_like(case, value) and torch.equal(value.float().double(), value)
    return every_entry and torch.allclose(value, case.expected, 1e-6, 0.0)


@exercise.symptom("finite-differences")
def finite_differences(case: Case, answer: Answer) -> bool:
    """This is a finite difference: close, but only to about half the digits. Autograd has them all."""
    if is_zero(case) or case.expected.numel() < 2 or not is_like(case, answer.value):
        return False
    return torch.allclose(answer.value, case.expected, 0.0, 5e-3 * float(case.expected.abs().max()))
