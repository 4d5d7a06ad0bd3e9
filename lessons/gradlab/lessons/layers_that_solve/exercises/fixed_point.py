"""`fixed_point(phi, z0, theta, tol=1e-10)`: a fixed point of φ(·, θ), or a ValueError."""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Verdict, case
from gradlab.exercises.judge import describe_case, judge_cases
from gradlab.exercises.slips import raises
from gradlab.exercises.verdict import half_right
from gradlab.lessons.layers_that_solve.exercises import _contractions as contractions
from gradlab.lessons.layers_that_solve.exercises._contractions import Map
from gradlab.lessons.layers_that_solve.exercises._searches import SEARCH_SLIPS
from gradlab.lessons.layers_that_solve.exercises._slips import WALK
from gradlab.lessons.layers_that_solve.functions import Function
from gradlab.maths import fixed_points
from gradlab.probe import Answer, Probe

exercise = Exercise("fixed_point(phi, z0, theta, tol)", look=WALK, slips=SEARCH_SLIPS)
TOL = 1e-10


@exercise.reference
def to_full_precision(phi: Function, z0: Tensor, theta: Tensor, tol: float = TOL) -> Tensor:
    """Newton's method near the end of an iteration, whatever tol is."""
    z = fixed_points.fixed_point(phi, z0, theta, 1e-8)
    for _ in range(3):
        slope = torch.func.jacrev(phi)(z, theta.detach())
        z = z - torch.linalg.solve(slope - torch.eye(len(z), dtype=z.dtype), phi(z, theta.detach()) - z)
    return z


def search(given: Map, *tol: float) -> Case:
    """One call; where φ contracts with factor 0.9, a residual of tol leaves the point within 10 tol, a hundredth of this."""
    phi, theta, start, about = given
    slack = 1000 * (*tol, TOL)[0]
    return case(phi, start, theta, *tol, rtol=slack, atol=slack, about=about)


@exercise.cases
def contractions_of_several_kinds(draw: Draw) -> Iterator[Case]:
    """From near and far, slow and fast, loose and tight."""
    yield search(contractions.affine(draw, 3, 2, 2))
    yield search(contractions.neurons(draw, 4, 3))
    yield search(contractions.neurons(draw, 1, factor=0.5))
    yield search(contractions.slow(draw))
    yield search(contractions.uneven(draw))
    yield search(contractions.affine(draw, 3, 2, factor=0.9), 1e-6)
    yield search(contractions.zero_in_float32(draw), 1e-4)
    given = contractions.neurons(draw, 3, 2)
    yield search(given._replace(theta=given.theta.requires_grad_(), about="theta requires a gradient"))


@exercise.cases
def far_and_large(draw: Draw) -> Iterator[Case]:
    """The last fixed point is so large that float64 has no digits left for a residual of 1e-10."""
    yield search(contractions.affine(draw, 3, 2, factor=0.9, start=1e6)._replace(about="z0 is far away"))
    yield search(contractions.slow(draw, size=1e2, d=12))  # as long a search, and digits enough
    yield search(contractions.slow(draw, size=1e8, d=12))


@exercise.special_cases
def nothing_to_find(draw: Draw) -> Iterator[Case]:
    yield from (search(given) for given in contractions.without_a_fixed_point(draw))


@exercise.inspection
def elsewhere(probe: Probe, draw: Draw) -> Verdict | None:
    """Maps that swing for ever: their fixed point is right here, and so is a ValueError."""
    for given, point in contractions.swings(draw):
        asked = search(given)
        answer = probe.look(asked.call)
        if answer.raised and "ValueError" in answer.raised.bases:
            continue
        verdict = judge_cases(exercise, probe, [replace(asked, expected=point)])
        if verdict:
            return verdict
    return None


@exercise.inspection
def detached(probe: Probe, draw: Draw) -> Verdict | None:
    given = contractions.neurons(draw, 3, 2)
    asked = search(given._replace(theta=given.theta.requires_grad_(), start=given.start.requires_grad_()))
    if not probe.look(asked.call).requires_grad:
        return None
    attached = exercise.wrong(
        "attached",
        "The point is right, but it still requires a gradient: the record of the whole search hangs on it. Search "
        "under torch.no_grad(), or return z.detach().",
        called=describe_case(exercise, asked),
    )
    return half_right(attached)


@exercise.symptom("absolute-tolerance")
def absolute_tolerance(case: Case, answer: Answer) -> bool:
    """Here ‖z‖ is of size 1e8, and rounding alone leaves a residual above tol. Is your test tol·max(1, ‖z‖), as in the task,
    and does a search of somebody else's (SciPy's) that stops by a test of its own get that far?"""
    large = isinstance(case.expected, Tensor) and float(case.expected.abs().max()) > 1e6
    return large and (answer.timed_out or raises("ValueError")(case, answer))
