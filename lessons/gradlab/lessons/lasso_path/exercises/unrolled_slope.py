"""`unrolled_slope(D, b, lam, steps)`: the derivative with respect to λ of ISTA itself, after so many steps."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case
from gradlab.exercises.draw import scalar
from gradlab.exercises.slips import CHANGED_INPUT, raises
from gradlab.lessons.lasso_path.exercises import _iteration, ista
from gradlab.probe import Answer

exercise = Exercise(
    "unrolled_slope(D, b, lam, steps)",
    look="“Differentiate the program”",
    slips=(_iteration.MIXED_DTYPES, CHANGED_INPUT),
)
slope = exercise.reference(_iteration.carried_slope)


@exercise.precise_cases(rtol=1e-8, atol=1e-9)
def cases(draw: Draw) -> Iterator[Case]:
    """Few and many steps, λ a number or a tensor; the first forward mode in a process takes seconds."""
    for D, b, lam, steps in _iteration.iterations(draw):
        yield case(D, b, lam if steps % 2 else scalar(lam), steps, seconds=18.0)


@exercise.precise_cases(rtol=1e-3, atol=1e-4, special=True)
def single(draw: Draw) -> Iterator[Case]:
    """float32, where a difference quotient has hardly a digit left."""
    for steps in (2, 4, 6):
        D, b, lam = _iteration.problem(draw, 6, 4, steps, 0.05, 0.15)
        yield case(D.float(), b.float(), lam, steps, seconds=18.0, about="float32")


@exercise.built_on(
    ista.exercise, without="lam-in-float32 lam-cut no-threshold hard-threshold solution-not-iterate last-step-graph"
)
def slope_of(ista: Callable[..., Tensor]) -> Callable[..., Any]:
    """The slope of another iteration, one backward pass an entry."""

    def unrolled_slope(D: Tensor, b: Tensor, lam: float | Tensor, steps: int) -> Any:
        at = torch.as_tensor(lam, dtype=D.dtype).detach().clone()
        return torch.autograd.functional.jacobian(lambda lam: ista(D, b, lam, steps), at)

    return unrolled_slope


@exercise.symptom("untracked-lam")
def untracked_lam(case: Case, answer: Answer) -> bool:
    """Autograd was asked for a derivative and found no graph: lam is a number, or a tensor that does not require a
    gradient. Make a tensor of your own from it that does, and start the iteration from that."""
    no_graph = raises("RuntimeError", "does not require grad", "One of the differentiated Tensors")
    return no_graph(case, answer) or raises("AttributeError", "requires_grad", "'float' object")(case, answer)


@exercise.symptom("finite-differences", repeated=True)
def finite_differences(case: Case, answer: Answer) -> bool:
    """Close, but only to a few digits: a difference quotient. In float32 hardly any digit of it is left. Let autograd
    do it, or carry the slope along."""
    share = 0.5 if case.expected.dtype is torch.float32 else 1e-3
    return _iteration.nearly(case, answer, share * float(case.expected.abs().max()))
