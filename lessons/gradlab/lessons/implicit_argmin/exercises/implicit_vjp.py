"""`implicit_vjp(f, x, theta, v)`: vᵀ dx*/dθ shaped like theta, with one linear solve."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import prod

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Verdict
from gradlab.exercises.judge import describe_case
from gradlab.lessons.implicit_argmin.exercises import _problems as problems
from gradlab.lessons.implicit_argmin.exercises._derivatives import Derivatives, formula
from gradlab.lessons.implicit_argmin.exercises._problems import Problem
from gradlab.lessons.implicit_argmin.exercises._slips import DERIVATIVE_SLIPS, no_search
from gradlab.maths.stationarity import Objective
from gradlab.probe import Answer, Named, Probe

exercise = Exercise(
    "implicit_vjp(f, x, theta, v)",
    look="“Pull one loss back with one solve”",
    slips=DERIVATIVE_SLIPS,
)
Formula = Callable[[Derivatives, Tensor], Tensor]


def pulled(adjoint: Formula) -> Callable[[Objective, Tensor, Tensor, Tensor], Tensor]:
    """An answer that computes some u from the derivatives and v, and pulls it back to theta: −uᵀ f_xθ."""
    return formula(lambda at, v: -torch.tensordot(adjoint(at, v), at.mixed, dims=1))


exercise.reference(formula(lambda at, v: torch.tensordot(v, at.jacobian, dims=1)))


def conjugate_gradients(at: Derivatives, v: Tensor, steps: int) -> Tensor:
    """So many steps towards the solution u of H u = v."""
    u, residual, direction = torch.zeros_like(v), v, v
    for _ in range(steps):
        image = at.hessian @ direction
        length = (residual @ residual) / (direction @ image)
        u, rest = u + length * direction, residual - length * image
        direction, residual = rest + (rest @ rest) / (residual @ residual) * direction, rest
    return u


@exercise.inspection
def a_pull_back_of_gradlab(probe: Probe, draw: Draw) -> Verdict | None:
    """Asked first: what stops early in gradlab's own functions is right in some problems and a little off in others."""
    asked = pull(draw, problems.quadratic(draw, 3, 5))
    probe.look(asked.call)
    ready = [name for name in probe.borrowed if name.endswith("_vjp")]
    if not ready:
        return None
    return exercise.wrong(
        "not-your-own",
        f"This comes from gradlab's own `{ready[0]}`, which is what this exercise asks you to write. Write it yourself: "
        "one linear solve, and one call of torch.autograd.grad.",
        called=describe_case(exercise, asked),
    )


@exercise.precise_cases(rtol=5e-5, atol=5e-5)
def vectors(draw: Draw) -> Iterator[Case]:
    """Right to four digits: conjugate gradients are welcome, and stop where their residual says so."""
    yield from (pull(draw, each) for each in problems.many(draw))


def pull(draw: Draw, problem: Problem) -> Case:
    return problem.case(draw.normal(len(problem.x), dtype=problem.x.dtype))


no_search(exercise, lambda draw: pull(draw, problems.stabilised(draw, 123)))


@exercise.precise_cases(rtol=5e-5, atol=5e-5)
def many_parameters(draw: Draw) -> Iterator[Case]:
    f = Named("implicit_argmin.long_theta", P=problems.resistance(draw, 7))
    yield pull(draw, problems.problem(f, draw.normal(31, 41), problems.zeros(7), "d = 7, theta of shape (31, 41)"))


@exercise.cases
def not_moved_by_theta(draw: Draw) -> Iterator[Case]:
    """The result is zeros, shaped like theta."""
    for value_moves, about in ((True, "theta enters f and not f_x"), (False, "f ignores theta")):
        f = Named("implicit_argmin.unmoved", P=problems.resistance(draw, 3), value_moves=value_moves)
        yield pull(draw, Problem(f, problems.zeros(3), draw.normal(2, 2), problems.zeros(3), about))


@exercise.inspection
def jacobian_is_not_built(probe: Probe, draw: Draw) -> Verdict | None:
    """No tensor of d·|θ| numbers goes into any operation."""
    (asked,) = many_parameters(draw)
    entries = asked.call.arguments[1].numel() * asked.call.arguments[2].numel()
    operations = probe.look(replace(asked.call, record=True)).operations
    shapes = {shape for _, inputs in operations for shape in inputs if prod(shape) >= entries}
    if not shapes:
        return None
    return exercise.wrong(
        "whole-jacobian",
        f"The value is right, but on the way a tensor of shape {min(shapes)} was built: d·|θ| = {entries} numbers or "
        "more. Solve H u = v first (d numbers), then pull u back to theta with one call of autograd.",
        called=describe_case(exercise, asked),
    )


@exercise.symptom("not-moved")
def not_moved(case: Case, answer: Answer) -> bool:
    """Here theta does not move the minimum, and autograd finds no path from f_x to theta. Then the derivative is zeros,
    shaped like theta: torch.autograd.grad gives them with materialize_grads=True."""
    still = case.call.arguments[0].name == "implicit_argmin.unmoved"
    return still and (answer.raised is not None or answer.value is None)
