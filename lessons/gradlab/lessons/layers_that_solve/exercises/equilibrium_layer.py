"""`equilibrium_layer(phi, z0)(theta)`: the fixed point as a layer, differentiable through one linear system."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Verdict, case
from gradlab.exercises.layers import LAYER_SLIPS, graph_through_search, memory_between_calls
from gradlab.lessons.layers_that_solve.exercises import _contractions as contractions
from gradlab.lessons.layers_that_solve.exercises._contractions import Map
from gradlab.lessons.layers_that_solve.exercises._jacobians import Jacobians, eye, jacobians
from gradlab.lessons.layers_that_solve.exercises._searches import SEARCH_SLIPS
from gradlab.lessons.layers_that_solve.functions import Function
from gradlab.maths.fixed_points import fixed_point
from gradlab.probe import Answer, Probe
from gradlab.probe.perform import build_named

exercise = Exercise(
    "equilibrium_layer(phi, z0)(theta)",
    graph="theta",
    look="“Build the equilibrium layer”",
    slips=(*LAYER_SLIPS, *SEARCH_SLIPS),
    half=False,
)


def layer(matrix: Callable[[Jacobians], Tensor]) -> Callable[[Function, Tensor], Callable[[Tensor], Tensor]]:
    """An answer whose values are right, and whose derivative with respect to theta is some matrix times φ_θ."""

    def equilibrium(phi: Function, z0: Tensor, theta: Tensor) -> Tensor:
        z = fixed_point(phi, z0, theta)
        at = jacobians(phi, z, theta)
        slope = torch.tensordot(matrix(at), at.in_theta, dims=1)
        return z + torch.tensordot(slope, theta - theta.detach(), dims=theta.dim())

    return lambda phi, z0: partial(equilibrium, phi, z0)


exercise.reference(layer(lambda at: torch.linalg.inv(eye(at.in_z) - at.in_z)))


def asked(draw: Draw, given: Map, tracked: bool = True) -> Case:
    """The value, and the gradient of ⟨v, z⟩ with respect to theta."""
    phi, theta, start, about = given
    rtol, atol = (1e-6, 1e-6) if start.dtype is torch.float64 else (2e-3, 2e-3)
    theta, v = theta.clone().requires_grad_(tracked), draw.normal(len(start), dtype=start.dtype)
    return case(theta, construct=(phi, start), cotangent=v, rtol=rtol, atol=atol, about=about)


@exercise.cases
def contractions_of_several_kinds(draw: Draw) -> Iterator[Case]:
    yield asked(draw, contractions.affine(draw, 3, 4))
    for d, shape in ((4, (3,)), (2, (2, 2)), (3, ())):
        yield asked(draw, contractions.neurons(draw, d, *shape))
    yield asked(draw, contractions.neurons(draw, 1, 2, factor=0.5))


@exercise.cases
def in_float32(draw: Draw) -> Iterator[Case]:
    yield asked(draw, contractions.zero_in_float32(draw))


@exercise.cases
def without_a_fixed_point(draw: Draw) -> Iterator[Case]:
    yield from (asked(draw, given) for given in contractions.without_a_fixed_point(draw))


@exercise.cases
def untracked(draw: Draw) -> Iterator[Case]:
    yield asked(draw, contractions.neurons(draw, 3, 2)._replace(about="theta needs no gradient"), tracked=False)


@exercise.inspection
def no_graph_through_the_search(probe: Probe, draw: Draw) -> Verdict | None:
    given = contractions.neurons(draw, 3, 4)
    found = fixed_point(build_named(given.phi), given.start, given.theta)
    return graph_through_search(exercise, probe, asked(draw, given), asked(draw, given._replace(start=found)))


@exercise.inspection
def nothing_kept_between_calls(probe: Probe, draw: Draw) -> Verdict | None:
    """An affine φ has the opposite fixed point for −θ."""
    one = asked(draw, contractions.affine(draw, 3, 2), tracked=False)
    (theta,) = one.call.arguments
    return memory_between_calls(exercise, probe, one, replace(one, call=replace(one.call, arguments=(-theta,))))


@exercise.symptom("bare-function")
def bare_function(case: Case, answer: Answer) -> bool:
    """backward of a torch.autograd.Function must return one gradient for each argument of forward, in their order;
    None for those that need none."""
    words = answer.gradient_error + (answer.raised.message if answer.raised else "")
    return "returned an incorrect number of gradients" in words
