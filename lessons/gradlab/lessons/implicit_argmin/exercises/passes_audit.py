"""`passes_audit(W1, dW1, x_star, tol=1e-3)`: does a printed row ∂x*/∂W1 satisfy Σ W1 ∂x*/∂W1 = −x*?"""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Verdict, case, tensor
from gradlab.exercises.draw import scalar
from gradlab.exercises.slips import raises
from gradlab.exercises.verdict import half_right
from gradlab.maths.networks import stored_weights
from gradlab.probe import Answer, Probe

exercise = Exercise("passes_audit(W1, dW1, x_star, tol)", look="“Audit the printed rows”")
PRINTED = tensor([2.8206], [-8.8939], [-0.0791]), 4.385826110839844  # by the forum's own formula, converged
UNCONVERGED = tensor([2.6780], [-5.9816], [-0.1180]), 3.650812  # by the library, after too short a search


def decided_by(test: Callable[[Tensor, Tensor, float, float], bool]) -> Callable[..., bool]:
    """An answer that decides by some test of (W1, dW1, x*, tol)."""
    return lambda W1, dW1, x_star, tol=1e-3: bool(test(W1.detach(), dW1.detach(), float(x_star), tol))


def total(W1: Tensor, dW1: Tensor) -> float:
    """Σ W1 ∂x*/∂W1."""
    return float(torch.tensordot(W1, dW1))


exercise.reference(decided_by(lambda W1, dW1, x, tol: abs(total(W1, dW1) + x) <= tol * abs(x)))


def row(draw: Draw, x_star: float, defect: float, size: int = 3) -> tuple[Tensor, Tensor]:
    """W1, and a dW1 with Σ W1·dW1 = −x*·(1 + defect), both of shape (size, 1)."""
    W1, dW1 = draw.uniform(0.2, 2, size, 1) * draw.signs(size, 1), draw.normal(size, 1, scale=abs(x_star))
    excess = (W1 * dW1).sum() + x_star * (1 + defect)
    return W1, dW1 - excess * W1 / (W1 * W1).sum()


@exercise.cases
def audits(draw: Draw) -> Iterator[Case]:
    """Rows that pass and rows that fail, by far, from both sides, for x* of both signs and of every size."""
    W1 = stored_weights(2023).W1
    yield case(W1, *PRINTED, about="the row that the thread's formula gave")
    yield case(W1, *UNCONVERGED, about="the row that the thread printed for the library")
    for x_star in (draw.number(2, 5), -draw.number(2, 5)):
        yield case(*row(draw, x_star, 0.0), x_star, about="the sum is −x*")
        yield case(*row(draw, x_star, draw.number(0.2, 0.5), 5), scalar(x_star), about="the sum is too large in size")
        yield case(*row(draw, x_star, -draw.number(0.2, 0.5)), tensor(x_star), about="the sum is too small in size")
        yield case(*row(draw, x_star, -2.0), x_star, about="the sum is +x*")
    far, near = draw.number(2e3, 5e3), draw.number(2e-5, 5e-5)
    yield case(*row(draw, far, 1e-4), far, about="the sum is off by 1e-4 of x*, and x* is large")
    yield case(*row(draw, near, 0.3), near, about="the sum is off by 0.3 of x*, and x* is tiny")
    yield case(*row(draw, 4.0, 1e-4), 4.0, 1e-6, about="the sum is off by 1e-4 of x*, tol 1e-6")
    yield case(*row(draw, -4.0, 0.1), -4.0, 0.4, about="the sum is off by 0.1 of x*, tol 0.4")
    yield case(*row(draw, 4.0, 0.75), 4.0, 0.5, about="the sum is off by 0.75 of x*, tol 0.5")
    yield case(torch.ones(2, 1).double(), tensor([1.5], [-4.0]), 2.5, about="every weight is 1")
    W1, dW1 = row(draw, 3.0, 0.0)
    yield case(W1, torch.cat([dW1[:2], tensor([float("nan")])]), 3.0, about="a printed nan")
    yield case(W1, dW1, float("nan"), about="x* is nan")
    yield case(W1, dW1 * float("nan"), float("nan"), about="the row is nan, and so is x*")
    yield case(*row(draw, near * 1e-6, 0.3), near * 1e-6, about="the sum is off by 0.3 of x*, and x* is 1e-11 or so")
    yield case(*row(draw, 2.0, 0.0, 1), tensor([2.0]), about="one unit, x_star of shape (1, 1)")


@exercise.inspection
def a_python_bool(probe: Probe, draw: Draw) -> Verdict | None:
    x_star = draw.number(2, 5)
    if probe(*row(draw, x_star, 0.0), x_star).type == "bool":
        return None
    told = exercise.wrong("tensor-not-bool", "Right, but this is a tensor. Return a Python bool: bool(…) makes one.")
    return half_right(told)


@exercise.symptom("element-asked")
def element_asked(case: Case, answer: Answer) -> bool:
    """It stumbles over x_star. That may be a Python number, which has no .item(), or a tensor of one element:
    float(x_star) takes both."""
    return raises("AttributeError", "'float' object")(case, answer) or raises("TypeError", "must be real")(case, answer)
