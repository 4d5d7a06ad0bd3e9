"""`minimise(f, x0, theta, tol=1e-10)`: the strict minimum in the valley of x0, or a ValueError."""

from collections.abc import Iterator
from dataclasses import replace
from math import inf

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Raises, Verdict, case, tensor
from gradlab.exercises.compare import agrees
from gradlab.exercises.judge import describe_case, judge_cases
from gradlab.exercises.slips import raises
from gradlab.exercises.verdict import half_right
from gradlab.lessons.implicit_argmin.exercises import _problems as problems
from gradlab.lessons.implicit_argmin.exercises._problems import Problem, zeros
from gradlab.lessons.implicit_argmin.exercises._slips import FLAT, NO_MINIMUM, SINGULAR_UNCHECKED, STEP
from gradlab.maths.implicit import minimise
from gradlab.maths.stationarity import stationarity_certificate
from gradlab.probe import Answer, Named, Probe
from gradlab.probe.perform import build_named

exercise = Exercise("minimise(f, x0, theta, tol)", look=STEP, slips=(SINGULAR_UNCHECKED,))
TOL = 1e-10
exercise.reference(lambda f, x0, theta, tol=TOL: minimise(f, x0, theta))  # to full precision, whatever tol is


def search(problem: Problem, *tol: float) -> Case:
    """One call; the point may be as far from the minimum as its Newton step may be long."""
    f, _, theta, start, about = problem
    slack = 1.5 * (*tol, TOL)[0] + (1e-12 if start.dtype is torch.float64 else 1e-4)
    return case(f, start, theta, *tol, rtol=0.0, atol=slack, about=about, seconds=18.0)


@exercise.cases
def with_a_minimum(draw: Draw) -> Iterator[Case]:
    """Bowls, networks, and two valleys."""
    yield search(problems.quadratic(draw, 3, 2, 2))
    yield search(problems.soft(draw, 4, 3))
    yield search(problems.quadratic(draw, 2, 3, unit=5e-4)._replace(about="a flat bowl, curvature 0.0003 to 0.0015"))
    yield search(problems.seed_2023(draw))
    yield search(problems.stabilised(draw, 456))
    yield search(problems.stabilised(draw, 123), 1e-7)
    yield search(problems.valley(draw, -1, d=2))
    yield search(problems.valley(draw, 1, d=2))
    yield search(problems.quadratic(draw, 2, 3).in_float32, 1e-3)


@exercise.special_cases
def without_a_minimum(draw: Draw) -> Iterator[Case]:
    """A network that falls for ever."""
    yield search(problems.falling_456(draw))
    yield search(problems.falling_456(draw)._replace(start=zeros(1)))


@exercise.special_cases
def with_a_flat_direction(draw: Draw) -> Iterator[Case]:
    """Singular Hessians."""
    k, start = draw.integer(2, 5), draw.normal(2)
    floor = problems.bowl(tensor([1, k], [k, k * k]))
    yield search(Problem(floor, start, zeros(1), start, "a valley floor: no single minimum"))
    theta = problems.near_stored(draw, 123)
    yield search(Problem(problems.BARE, zeros(3), theta, zeros(3), "the 3-D network: no minimum, singular Hessian"))


@exercise.inspection
def detached(probe: Probe, draw: Draw) -> Verdict | None:
    problem = problems.quadratic(draw, 2, 3)
    asked = search(problem._replace(theta=problem.theta.requires_grad_(True)))
    if not probe.look(asked.call).requires_grad:
        return None
    attached = exercise.wrong(
        "attached",
        "The point is right, but it still requires a gradient: the record of the whole search hangs on it. Return "
        "x.detach().",
        called=describe_case(exercise, asked),
    )
    return half_right(attached)


@exercise.inspection
def beside_a_summit(probe: Probe, draw: Draw) -> Verdict | None:
    """Either valley is right here, and so is a ValueError."""
    width, start = draw.number(3.5, 5), tensor(0.25, 0)
    well = Named("implicit_argmin.double_well", width=width)
    asked = search(Problem(well, start, zeros(), start, "x0 beside the summit at 0"))
    answer = probe.look(asked.call)
    if answer.raised and "ValueError" in answer.raised.bases:
        return None
    left = isinstance(answer.value, Tensor) and answer.value.numel() > 0 and float(answer.value.flatten()[0]) < 0
    return judge_cases(exercise, probe, [replace(asked, expected=tensor(-width if left else width, 0))])


def certified(case: Case, answer: Answer, tol: float) -> bool:
    """Is the point that came back a strict minimum to this precision? Raises ValueError where it is no finite point like x0."""
    (f, start, theta), x = case.call.arguments[:3], answer.value
    like_start = isinstance(x, Tensor) and (x.shape, x.dtype) == (start.shape, start.dtype)
    if answer.raised or not like_start or not bool(torch.isfinite(x).all()):
        raise ValueError("no point")
    try:
        stationarity_certificate(build_named(f), x.double(), theta.double(), tol)
    except ValueError:
        return False
    return True


def missed(case: Case, answer: Answer) -> bool:
    """There is a minimum, and this is not it."""
    return not isinstance(case.expected, Raises) and not agrees(answer.value, case.expected, case.rtol, case.atol)


def tol_of(case: Case) -> float:
    return case.call.arguments[3] if len(case.call.arguments) > 3 else TOL


@exercise.symptom("nan", look=NO_MINIMUM)
def nan(case: Case, answer: Answer) -> bool:
    """What came back is not finite. Every comparison with nan is False, so `if step > tol: raise …` lets it pass;
    `if not step <= tol: raise …` does not."""
    return isinstance(answer.value, Tensor) and answer.raised is None and not bool(torch.isfinite(answer.value).all())


@exercise.symptom("ran-away")
def ran_away(case: Case, answer: Answer) -> bool:
    """The search ran far past the minimum. Are gradients cleared before every step? `backward` adds to .grad, and the
    forum's script, which never clears it, walks to x = 175. Or does a step go uphill?"""
    far = float((answer.value - case.expected).abs().max()) > 20 * (1 + float(case.expected.abs().max()))
    return missed(case, answer) and far


@exercise.symptom("stopped-early")
def stopped_early(case: Case, answer: Answer) -> bool:
    """The search stopped too early: the Newton step ‖H⁻¹f_x‖ at this point is longer than tol. A small gradient is not
    enough where the curvature is small. Finish with a few Newton steps."""
    curved = missed(case, answer) and certified(case, answer, inf)
    return curved and not certified(case, answer, tol_of(case))


@exercise.symptom("flat-direction", look=FLAT)
def flat_direction(case: Case, answer: Answer) -> bool:
    """The Hessian at this point is singular: along one direction f does not change, so there is no *strict* minimum.
    Compare the smallest eigenvalue with the largest one, and raise a ValueError."""
    singular = len(answer.value) > 1 and not certified(case, answer, inf)
    return isinstance(case.expected, Raises) and singular


@exercise.symptom("no-minimum", look=NO_MINIMUM)
def no_minimum(case: Case, answer: Answer) -> bool:
    """f has no minimum: it keeps falling. At the point that you returned the gradient is small and the curvature
    positive, yet the Newton step ‖H⁻¹f_x‖ is far from zero. Raise a ValueError if that step is not below tol."""
    return isinstance(case.expected, Raises) and certified(case, answer, inf)


@exercise.symptom("gives-up")
def gives_up(case: Case, answer: Answer) -> bool:
    """f has a strict minimum in the valley of x0, and you raised a ValueError. Is the search too short, or the test too
    strict? Curvature as small as 0.007 is curvature: compare eigenvalues with each other, not with a fixed number."""
    return missed(case, answer) and raises("ValueError")(case, answer)


@exercise.symptom("not-a-minimum")
def not_a_minimum(case: Case, answer: Answer) -> bool:
    """The gradient vanishes here, but the Hessian is not positive definite: this is a maximum or a saddle. Newton's
    method goes to any stationary point: let it step downhill only, and test the Hessian at the end."""
    return missed(case, answer) and not certified(case, answer, inf)


@exercise.symptom("other-valley")
def other_valley(case: Case, answer: Answer) -> bool:
    """This is a strict minimum, but in another valley. Begin at x0, and go downhill from there."""
    return missed(case, answer) and certified(case, answer, tol_of(case))
