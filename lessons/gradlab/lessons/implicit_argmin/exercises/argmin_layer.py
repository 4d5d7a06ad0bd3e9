"""`argmin_layer(f, x0)(theta)`: the minimum in the valley of x0 as a layer, differentiable through one linear solve."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Raises, Verdict, case, tensor
from gradlab.exercises.compare import agrees
from gradlab.exercises.layers import LAYER_SLIPS, graph_through_search, memory_between_calls
from gradlab.exercises.slips import raises
from gradlab.lessons.implicit_argmin.exercises import _problems as problems
from gradlab.lessons.implicit_argmin.exercises._derivatives import Derivatives, derivatives
from gradlab.lessons.implicit_argmin.exercises._problems import Problem, zeros
from gradlab.lessons.implicit_argmin.exercises._slips import NO_MINIMUM, SINGULAR_UNCHECKED, STEP
from gradlab.maths.implicit import minimise
from gradlab.maths.stationarity import Objective
from gradlab.probe import Answer, Probe

exercise = Exercise(
    "argmin_layer(f, x0)(theta)",
    graph="theta",
    look="“Build the layer”",
    slips=(*LAYER_SLIPS, SINGULAR_UNCHECKED),
    half=False,
)


def layer(jacobian: Callable[[Derivatives], Tensor]) -> Callable[[Objective, Tensor], Callable[[Tensor], Tensor]]:
    """An answer whose values are right, and whose derivative with respect to theta is what some formula says."""

    def argmin(f: Objective, x0: Tensor, theta: Tensor) -> Tensor:
        x = minimise(f, x0, theta)
        return x + torch.tensordot(jacobian(derivatives(f, x, theta)), theta - theta.detach(), dims=theta.dim())

    return lambda f, x0: partial(argmin, f, x0)


exercise.reference(layer(lambda at: at.jacobian))


def asked(draw: Draw, problem: Problem, tracked: bool = True) -> Case:
    """The value, and the gradient of ⟨v, x*⟩ with respect to theta."""
    f, _, theta, start, about = problem
    rtol, atol = (1e-6, 1e-7) if start.dtype is torch.float64 else (2e-3, 2e-3)
    theta, v = theta.clone().requires_grad_(tracked), draw.normal(len(start), dtype=start.dtype)
    return case(theta, construct=(f, start), cotangent=v, rtol=rtol, atol=atol, about=about, seconds=18.0)


@exercise.cases
def with_a_minimum(draw: Draw) -> Iterator[Case]:
    for d, shape in ((3, (4,)), (2, (2, 2)), (1, ())):
        yield asked(draw, problems.soft(draw, d, *shape))
    for problem in (problems.quadratic(draw, 3, 5), problems.seed_2023(draw), problems.stabilised(draw, 123)):
        yield asked(draw, problem)
    yield asked(draw, problems.valley(draw, -1))


@exercise.cases
def in_float32_and_without_a_minimum(draw: Draw) -> Iterator[Case]:
    """In float32 x* = 0 and all numbers are whole, so that a search reaches it to any tolerance."""
    a, b, c, u, v, s, t = (draw.integer(1, 3) for _ in range(7))
    Q, theta = tensor([u, -v], [v, u]), tensor(s, -t)
    f = problems.bowl(tensor([a + b, b], [b, b + c]), torch.cat([Q, -(Q @ theta)[:, None]], 1))
    yield asked(draw, Problem(f, zeros(2), torch.cat([theta, tensor(1)]), 1 + zeros(2)).in_float32)
    yield asked(draw, problems.falling_456(draw))


@exercise.cases
def untracked(draw: Draw) -> Iterator[Case]:
    yield asked(draw, problems.valley(draw, 1)._replace(about="theta needs no gradient"), tracked=False)


@exercise.inspection
def no_graph_through_the_search(probe: Probe, draw: Draw) -> Verdict | None:
    problem = problems.soft(draw, 3, 4)
    return graph_through_search(exercise, probe, asked(draw, problem), asked(draw, problem._replace(start=problem.x)))


@exercise.inspection
def nothing_kept_between_calls(probe: Probe, draw: Draw) -> Verdict | None:
    """The other theta tilts f so much that one valley alone is left."""
    problem = problems.valley(draw, 1)
    one = asked(draw, problem, tracked=False)
    return memory_between_calls(exercise, probe, one, replace(one, call=replace(one.call, arguments=(4 + zeros(),))))


@exercise.symptom("no-minimum", look=NO_MINIMUM)
def no_minimum(case: Case, answer: Answer) -> bool:
    """f has no minimum for this theta, and the layer returned a point. Raise a ValueError where the search finds
    none."""
    return isinstance(case.expected, Raises) and answer.raised is None


@exercise.symptom("gives-up")
def gives_up(case: Case, answer: Answer) -> bool:
    """There is a strict minimum in the valley of x0, and the layer raised a ValueError. Is its tolerance one that the
    dtype can reach? In float32 a Newton step of 1e-10 is out of reach."""
    return not isinstance(case.expected, Raises) and raises("ValueError")(case, answer)


@exercise.symptom("unconverged", look=STEP)
def unconverged(case: Case, answer: Answer) -> bool:
    """This point is near the minimum and not at it: the Newton step is longer than 1e-8. The derivative of a search
    that stopped early is the derivative of the search."""
    near = agrees(answer.value, case.expected, rtol=0.5, atol=0.5)
    return near and not agrees(answer.value, case.expected, case.rtol, case.atol)
