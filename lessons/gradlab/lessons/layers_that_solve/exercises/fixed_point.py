"""`fixed_point(phi, z0, theta, tol=1e-10)`: a fixed point of φ(·, θ), or a ValueError."""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Raises, Verdict, case
from gradlab.exercises.compare import agrees
from gradlab.exercises.judge import describe_case, judge_cases
from gradlab.exercises.slips import raises
from gradlab.exercises.verdict import half_right
from gradlab.lessons.layers_that_solve.exercises import _contractions as contractions
from gradlab.lessons.layers_that_solve.exercises._contractions import Map
from gradlab.lessons.layers_that_solve.exercises._slips import SINGULAR_UNCHECKED, WALK
from gradlab.lessons.layers_that_solve.functions import Function
from gradlab.maths import fixed_points
from gradlab.probe import Answer, Probe
from gradlab.probe.perform import build_named

exercise = Exercise("fixed_point(phi, z0, theta, tol)", look=WALK, slips=(SINGULAR_UNCHECKED,))
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
    yield search(contractions.affine(draw, 3, 2, factor=0.9), 1e-6)
    yield search(contractions.zero_in_float32(draw), 1e-4)
    given = contractions.neurons(draw, 3, 2)
    yield search(given._replace(theta=given.theta.requires_grad_(), about="theta requires a gradient"))


@exercise.cases
def far_and_large(draw: Draw) -> Iterator[Case]:
    """The last fixed point is so large that float64 has no digits left for a residual of 1e-10."""
    yield search(contractions.affine(draw, 3, 2, factor=0.9, start=1e6)._replace(about="z0 is far away"))
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


def missed(case: Case, answer: Answer) -> bool:
    """There is a fixed point, and this is not it."""
    return not isinstance(case.expected, Raises) and not agrees(answer.value, case.expected, case.rtol, case.atol)


@exercise.symptom("not-finite")
def not_finite(case: Case, answer: Answer) -> bool:
    """What came back is not finite. Every comparison with nan is False, so `while step > tol` ends at nan. Look at
    torch.isfinite, and raise a ValueError."""
    return isinstance(answer.value, Tensor) and answer.raised is None and not bool(torch.isfinite(answer.value).all())


@exercise.symptom("no-fixed-point")
def no_fixed_point(case: Case, answer: Answer) -> bool:
    """φ has no fixed point here, and a point came back. Test the residual ‖φ(z, θ) − z‖ at the end, and raise a
    ValueError if it is larger than tol·max(1, ‖z‖)."""
    return isinstance(case.expected, Raises) and bool(torch.isfinite(answer.value).all())


@exercise.symptom("absolute-tolerance")
def absolute_tolerance(case: Case, answer: Answer) -> bool:
    """Here ‖z‖ is of size 1e8, and rounding alone leaves a residual above tol. Compare it with tol·max(1, ‖z‖), as the
    task says, or the search never ends."""
    large = isinstance(case.expected, Tensor) and float(case.expected.abs().max()) > 1e6
    return large and (answer.timed_out or raises("ValueError")(case, answer))


@exercise.symptom("gives-up")
def gives_up(case: Case, answer: Answer) -> bool:
    """φ contracts here, and you raised a ValueError. Is the search too short? With factor 0.9 it wins a digit in 22
    steps: from far away that takes hundreds. And in float32 only a tol of its own can be reached."""
    return missed(case, answer) and raises("ValueError")(case, answer)


@exercise.symptom("stopped-early")
def stopped_early(case: Case, answer: Answer) -> bool:
    """This point is on its way to the fixed point and not there: ‖φ(z, θ) − z‖ is larger than tol·max(1, ‖z‖). A fixed
    number of steps is too few for a map that contracts slowly; repeat until the residual passes."""
    phi, start, theta = case.call.arguments[:3]
    if not missed(case, answer) or answer.value.shape != start.shape:
        return False
    ahead = (answer.value - case.expected).norm() < 0.9 * (start - case.expected).norm()
    return bool(ahead) and bool((build_named(phi)(answer.value, theta) - answer.value).norm() > 0)
