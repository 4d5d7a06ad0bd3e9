"""`soft_threshold_slope(y, T)`: the derivative of soft-thresholding at each entry, never None; ValueError for T < 0."""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from gradlab.exercises import Between, Case, Draw, Exercise, case, tensor
from gradlab.exercises.compare import tensors_agree
from gradlab.exercises.slips import REQUIRES_GRAD_LEFT_ON, TUPLE, UNUSED_INPUT, raises, value_type
from gradlab.lessons.soft_thresholding.exercises import _points, _thresholds
from gradlab.maths import prox
from gradlab.probe import Answer

T_FIXED = _points.number_for("T", lambda y, T: prox.soft_threshold(y, T).sign() ** 2, _thresholds.NUMBERS_FOR_T)
SLIPS = (T_FIXED, replace(UNUSED_INPUT, look=""), TUPLE, REQUIRES_GRAD_LEFT_ON, *_thresholds.SLIPS)
exercise = Exercise("soft_threshold_slope(y, T)", look=_thresholds.LOOK, slips=SLIPS)


@exercise.reference
def slope(y: Tensor, T: float | Tensor) -> Tensor:
    """Autograd of the sum of all entries."""
    point = y.detach().clone().requires_grad_()
    return torch.autograd.grad(prox.soft_threshold(point, T).sum(), point)[0]


@exercise.cases
def ordinary(draw: Draw) -> Iterator[Case]:
    """The inputs of soft-thresholding, and y with an old .grad."""
    yield from _thresholds.ordinary(draw)
    used = draw.normal(5).requires_grad_()
    used.grad = draw.uniform(3, 8, 5)
    yield case(used, 0.705, about="y.grad already holds something")
    yield case(draw.scalar(-0.9, 0.9), 1.0, about="no axis, in the dead zone")


exercise.special_cases(_thresholds.broadcast)


@exercise.special_cases
def edges(draw: Draw) -> Iterator[Case]:
    """The kinks, where any slope in [0, 1] is right; negative thresholds."""
    T, anything = draw.number(0.5, 3), Between(tensor(0.0, 0.0), tensor(1.0, 1.0))
    yield case(tensor(-T, T), T, expected=anything, about="at the kinks, any slope in [0, 1]")
    yield from _thresholds.refused(draw)


@exercise.symptom("none-for-zero")
def none_for_zero(case: Case, answer: Answer) -> bool:
    """In the dead zone autograd found no path from the value to y and said None, and you passed it on. Here None means
    that nothing depends on y: the slope is 0, as a tensor."""
    return value_type("NoneType")(case, answer)


@exercise.symptom("int-for-zero")
def int_for_zero(case: Case, answer: Answer) -> bool:
    """In the dead zone this is the Python int 0, elsewhere a tensor. Whoever calls it has to handle both. Return the
    same type from every branch: torch.zeros_like(y)."""
    return value_type("int", "float")(case, answer)


@exercise.symptom("empty-graph")
def empty_graph(case: Case, answer: Answer) -> bool:
    """In the dead zone the value was made without y and has no graph at all; allow_unused does not help against that.
    Look at `requires_grad` of the value first, or use a spelling that always keeps y in the graph."""
    empty = raises("RuntimeError", "element 0 of tensors")(case, answer) or raises("TypeError", "not iterable")(
        case, answer
    )
    return empty and case.call.arguments[0].requires_grad


@exercise.symptom("untracked-input")
def untracked_input(case: Case, answer: Answer) -> bool:
    """y does not require a gradient, so autograd kept no graph from it. Work on a copy that does:
    y.detach().clone().requires_grad_(True)."""
    return raises("RuntimeError", "does not require grad")(case, answer) and not case.call.arguments[0].requires_grad


@exercise.symptom("not-a-number-to-differentiate")
def not_a_number_to_differentiate(case: Case, answer: Answer) -> bool:
    """autograd differentiates one number. Take the sum first: every entry depends on its own y alone, so the gradient
    of the sum holds the slopes."""
    return raises("RuntimeError", "only for scalar outputs")(case, answer)


@exercise.symptom("accumulated")
def accumulated(case: Case, answer: Answer) -> bool:
    """This is the slope plus what was in y.grad before: backward adds to .grad. torch.autograd.grad writes nowhere."""
    old = case.call.arguments[0].grad
    return old is not None and tensors_agree(answer.value, case.expected + old)


@exercise.symptom("finite-differences")
def finite_differences(case: Case, answer: Answer) -> bool:
    """This is right to a few digits only: a finite difference. The slope of a straight piece is 0 or 1 exactly."""
    off = not tensors_agree(answer.value, case.expected) and answer.value.dtype is case.expected.dtype
    return off and tensors_agree(answer.value, case.expected, 1e-4, 1e-4)


@exercise.symptom("outside-the-Clarke-set")
def outside_the_clarke_set(case: Case, answer: Answer) -> bool:
    """At a kink every slope from 0 to 1 is right, and this one lies outside: no line with that slope lies between the
    two branches."""
    wanted = case.expected.low
    return (answer.value.shape, answer.value.dtype) == (wanted.shape, wanted.dtype)
