"""Lesson 4: find a minimum, make sure of it, differentiate it. Exercises 1 and 2, and the list of checks."""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from gradlab.exercises import verdict
from gradlab.checks.argmin_derivatives import Derivatives, derivatives, float64
from gradlab.checks.argmin_layer import check_argmin_layer
from gradlab.exercises.compare import agrees, as_bool
from gradlab.exercises.describe import describe, describe_call
from gradlab.checks.exercise import Case, Exercise, Misconception, Raises
from gradlab.checks.implicit_derivatives import (
    check_implicit_gradient,
    check_implicit_jacobian,
    check_implicit_vjp,
)
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import Fits, both, either, plain_arguments, raises
from gradlab.exercises.verdict import Verdict
from gradlab.maths.networks import stored_theta
from gradlab.probe import Answer, Call, Named, Probe

TOL = 1e-10
STEP = "“Stop when the step is small, not the gradient”"
NO_MINIMUM = "“Meet a function without a minimum”"
FLAT = "“Meet a minimum that is not one point”"


# --- minimise ------------------------------------------------------------------------------------------------------


def _at(case: Case, answer: Answer) -> Derivatives | None:
    """The derivatives at the point that came back, if it is a finite point of the right shape."""
    f, start, theta, *_ = plain_arguments(case)
    x = answer.value
    if answer.raised or not isinstance(x, Tensor) or x.shape != start.shape or x.dtype != start.dtype:
        return None
    if not bool(torch.isfinite(x).all()):
        return None
    return derivatives(f, x, theta)


def _point_is(judgement: Callable[[Case, Tensor, Derivatives, float], bool]) -> Fits:
    """The returned point has this property: (case, point, derivatives there, tolerance)."""

    def fits(case: Case, answer: Answer) -> bool:
        there = _at(case, answer)
        tol = case.call.arguments[3] if len(case.call.arguments) > 3 else TOL
        return there is not None and judgement(case, answer.value, there, tol)

    return fits


def _no_minimum(case: Case, answer: Answer) -> bool:
    return isinstance(case.expected, Raises)


def _missed(case: Case, answer: Answer) -> bool:
    return not _no_minimum(case, answer) and not agrees(answer.value, case.expected, case.rtol, case.atol)


def _far_away(case: Case, answer: Answer) -> bool:
    return float((answer.value - case.expected).abs().max()) > 20 * (1 + float(case.expected.abs().max()))


def _is_nan(case: Case, answer: Answer) -> bool:
    return isinstance(answer.value, Tensor) and answer.raised is None and not bool(torch.isfinite(answer.value).all())


MINIMISE = Exercise(
    name="minimise",
    arguments=("f", "x0", "theta", "tol"),
    misconceptions=(
        Misconception(
            "nan",
            "What came back is not finite. Every comparison with nan is False, so `if step > tol: raise …` lets it "
            "pass; `if not step <= tol: raise …` does not.",
            _is_nan,
            look=NO_MINIMUM,
        ),
        Misconception(
            "singular-unchecked",
            "torch.linalg stumbled over a singular Hessian. Look at its eigenvalues first, and raise a ValueError that says "
            "so in your own words.",
            raises("_LinAlgError"),
            look=FLAT,
        ),
        Misconception(
            "ran-away",
            "The search ran far past the minimum. Are gradients cleared before every step? `backward` adds to .grad, and the forum's "
            "script, which never clears it, walks to x = 175. Or does a step go uphill?",
            both(_missed, _point_is(lambda case, x, at, tol: True), _far_away),
            look=STEP,
        ),
        Misconception(
            "stopped-early",
            "The search stopped too early: the Newton step ‖H⁻¹f_x‖ at this point is longer than tol. A small gradient is not "
            "enough where the curvature is small. Finish with a few Newton steps.",
            both(_missed, _point_is(lambda case, x, at, tol: at.positive_definite and at.newton_step > tol)),
            look=STEP,
        ),
        Misconception(
            "flat-direction",
            "The Hessian at this point is singular: along one direction f does not change, so there is no *strict* minimum. "
            "Compare the smallest eigenvalue with the largest one, and raise a ValueError.",
            both(_no_minimum, _point_is(lambda case, x, at, tol: not at.positive_definite and at.newton_step < 1e3)),
            look=FLAT,
        ),
        Misconception(
            "no-minimum",
            "f has no minimum: it keeps falling. At the point that you returned the gradient is small and the curvature "
            "positive, yet the Newton step ‖H⁻¹f_x‖ is far from zero. Raise a ValueError if that step is not below tol.",
            both(_no_minimum, _point_is(lambda case, x, at, tol: True)),
            look=NO_MINIMUM,
        ),
        Misconception(
            "gives-up",
            "f has a strict minimum in the valley of x0, and you raised a ValueError. Is the search too short, or the test "
            "too strict? Curvature as small as 0.007 is curvature: compare eigenvalues with each other, not with a fixed number.",
            both(_missed, raises("ValueError")),
            look=STEP,
        ),
        Misconception(
            "not-a-minimum",
            "The gradient vanishes here, but the Hessian is not positive definite: this is a maximum or a saddle. Newton's "
            "method goes to any stationary point; let it only step downhill.",
            both(_missed, _point_is(lambda case, x, at, tol: not at.positive_definite)),
            look=STEP,
        ),
        Misconception(
            "other-valley",
            "This is a strict minimum, but in another valley. Begin at x0, and go downhill from there.",
            both(_missed, _point_is(lambda case, x, at, tol: at.newton_step <= tol)),
        ),
    ),
    look=STEP,
)


def minimise_case(f: Named, start: Tensor, theta: Tensor, minimum: Tensor | None, about: str, tol: float | None = None) -> Case:
    """One call of `minimise`; no minimum: a ValueError is due."""
    arguments = (f, start, theta) if tol is None else (f, start, theta, tol)
    round_off = 1e-12 if start.dtype is torch.float64 else 1e-4
    expected = Raises() if minimum is None else minimum
    return Case(Call(arguments, seconds=18.0), expected, rtol=0.0, atol=1.5 * (tol or TOL) + round_off, about=about)


def judge_minimise(probe: Probe, cases: list[Case], summit: Case) -> Verdict:
    """The cases; then what they cannot say: is the result detached, and where does a start beside a summit lead?"""
    found = judge(probe, MINIMISE, cases)
    if not found.right:
        return found
    f, start, theta = cases[0].call.arguments[:3]
    call = Call((f, start, theta.detach().requires_grad_(True)), seconds=18.0)
    answer = probe.look(call)
    if answer.requires_grad:
        return _wrong_minimise(
            call,
            "attached",
            "The point is right, but it still requires a gradient: the record of the whole search hangs on it. Return x.detach().",
        )
    answer = probe.look(summit.call)
    at = _at(summit, answer)
    if at is not None and not at.positive_definite:
        return _wrong_minimise(
            summit.call,
            "not-a-minimum",
            "From a start beside a summit the search climbed it: the gradient vanishes there and the curvature is negative. "
            "Let Newton's method step downhill only, and test the Hessian at the end.",
            returned=describe(answer.value),
        )
    return found


def _wrong_minimise(call: Call, label: str, sentence: str, returned: str = "") -> Verdict:
    called = describe_call("minimise", MINIMISE.arguments, call)
    return verdict.wrong("minimise", label, sentence, called=called, returned=returned, look=STEP)


def check_minimise(probe: Probe) -> Verdict:
    """Lesson 4, `minimise(f, x0, theta, tol=1e-10)`."""
    P, Q = float64([[2.0, 1.0], [1.0, 3.0]]), float64([[1.0, 0.0, 2.0], [-1.0, 1.0, 0.0]])
    bare, stabilised = Named("implicit_argmin.tanh_network"), Named("implicit_argmin.tanh_network", stabiliser=1 / 16)
    well = Named("implicit_argmin.double_well", width=4.0)
    flat = torch.zeros(())
    return judge_minimise(
        probe,
        [
            minimise_case(
                Named("implicit_argmin.quadratic", P=P, Q=Q), torch.zeros(2).double(), float64([1, 2, 3]), float64([4, -1]),
                "a bowl: ½xᵀPx − xᵀQθ",
            ),
            minimise_case(
                Named("implicit_argmin.quadratic", P=5e-4 * P, Q=5e-4 * Q), torch.zeros(2).double(), float64([1, 2, 3]),
                float64([4, -1]), "a flat bowl, curvature 0.0007, tol 1e-8", 1e-8,
            ),
            minimise_case(bare, float64([0]), stored_theta(2023), float64([4.3858248614026385]), "the network of seed 2023"),
            minimise_case(stabilised, float64([0]), stored_theta(456), float64([-1.1468871161192833]), "seed 456 with a stabiliser"),
            minimise_case(well, float64([3.5]), flat.double(), float64([4]), "two valleys, x0 in the right one"),
            minimise_case(well, float64([-3.5]), flat.double(), float64([-4]), "two valleys, x0 in the left one"),
            minimise_case(bare, float64([0]), stored_theta(456), None, "seed 456: no minimum"),
            minimise_case(bare, float64([-4]), stored_theta(456), None, "seed 456 from further out: no minimum"),
            minimise_case(bare, float64([0, 0, 0]), stored_theta(123), None, "the 3-D network: no minimum, singular Hessian"),
        ],
        summit=minimise_case(well, float64([0.25]), flat.double(), float64([4]), "x0 beside the summit at 0"),
    )


# --- is_strict_minimum ---------------------------------------------------------------------------------------------

Test = Callable[[Derivatives, float], bool]


def _smallest_above(threshold: float) -> Test:
    return lambda at, tol: float(at.eigenvalues[0]) > threshold and at.newton_step <= tol


def _gradient_below(threshold: float, curved: bool = False, definite: bool = False) -> Test:
    """A small gradient, by a fixed number, and positive curvature if asked for."""

    def test(at: Derivatives, tol: float) -> bool:
        small = float(at.gradient.norm()) < threshold
        return small and (not curved or float(at.eigenvalues[0]) > 0) and (not definite or at.positive_definite)

    return test


def _step_below(threshold: float) -> Test:
    return lambda at, tol: at.positive_definite and at.newton_step <= threshold


def _higher_beside(distance: float) -> Test:
    """f is larger a little way off along every axis, both ways, to second order."""

    def test(at: Derivatives, tol: float) -> bool:
        return bool((distance / 2 * at.hessian.diagonal() > at.gradient.abs()).all())

    return test


def _regular(at: Derivatives, tol: float) -> bool:
    """H has full rank and the step is short."""
    size = at.eigenvalues.abs()
    return float(size.min()) > 1e-12 * float(size.max()) and at.newton_step <= tol


WRONG_TESTS: tuple[tuple[str, str, str, tuple[Test, ...]], ...] = (
    (
        "curvature-only",
        "You test the curvature only. At 456 it is positive all the way out, and there is no minimum: the point must be "
        "stationary as well, with a Newton step below tol.",
        NO_MINIMUM,
        (lambda at, tol: at.positive_definite, lambda at, tol: float(at.eigenvalues[0]) > 0),
    ),
    (
        "tol-ignored",
        "The Newton step is compared with a fixed number. It must be at most the tol that was given.",
        STEP,
        (
            *(_step_below(10.0**-k) for k in range(1, 13)),
                    ),
    ),
    (
        "gradient-and-curvature",
        "You test for a small gradient and positive curvature. At 456 both hold and there is no minimum. Measure how far "
        "away the minimum would be: the Newton step ‖H⁻¹f_x‖.",
        STEP,
        (
            lambda at, tol: at.positive_definite and float(at.gradient.norm()) <= tol,
            *(_gradient_below(10.0**-k, curved=True) for k in range(2, 9)),
            *(_gradient_below(10.0**-k, definite=True) for k in range(2, 9)),
        ),
    ),
    (
        "gradient-only",
        "You test the gradient only. It also vanishes at a maximum, at a saddle, and far out on a slope that flattens.",
        STEP,
        (lambda at, tol: float(at.gradient.norm()) <= tol, *(_gradient_below(10.0**-k) for k in range(2, 9))),
    ),
    (
        "step-only",
        "The Newton step alone leads to any stationary point, maxima and saddles included. The Hessian must be positive "
        "definite as well.",
        STEP,
        (lambda at, tol: at.newton_step <= tol, _regular),
    ),
    (
        "largest-eigenvalue",
        "You look at the largest eigenvalue, or at any: one of a saddle's is positive too. The smallest one decides.",
        FLAT,
        (lambda at, tol: float(at.eigenvalues[-1]) > 0 and at.newton_step <= tol,),
    ),
    (
        "maximum",
        "You accept maxima: at a minimum the eigenvalues are positive.",
        STEP,
        (lambda at, tol: float(at.eigenvalues[-1]) < 0 and at.newton_step <= tol,),
    ),
    (
        "compares-values",
        "You compare f with its values a little way off. Steps along the axes miss a saddle that lies across them, and a slope that is "
        "nearly flat. Look at the gradient and at the eigenvalues.",
        FLAT,
        tuple(_higher_beside(10.0**-k) for k in range(1, 9)),
    ),
    (
        "semidefinite",
        "You accept a Hessian with an eigenvalue zero. Along that direction f is flat, and the minimiser is not one point: "
        "ask for λ_min > 1e-12 λ_max.",
        FLAT,
        (lambda at, tol: float(at.eigenvalues[0]) >= -1e-12 * float(at.eigenvalues.abs().max()) and at.newton_step <= tol,),
    ),
    (
        "absolute-threshold",
        "You compare the smallest eigenvalue with a fixed number. Multiply f by 1e-8: its minimum stays where it is, and the "
        "eigenvalues shrink. Compare λ_min with λ_max.",
        FLAT,
        tuple(_smallest_above(10.0**-k) for k in range(2, 17)),
    ),
    (
        "diagonal-only",
        "You look at the diagonal of the Hessian only. [[1, 2], [2, 1]] has a positive diagonal and the eigenvalue −1: a "
        "saddle. Look at the eigenvalues.",
        FLAT,
        (lambda at, tol: bool((at.hessian.diagonal() > 0).all()) and at.newton_step <= tol,),
    ),
    (
        "determinant",
        "You test the determinant. It is positive at a maximum in two dimensions, and its size depends on the units of f. "
        "Look at the eigenvalues.",
        FLAT,
        (lambda at, tol: float(torch.linalg.det(at.hessian)) > 0 and at.newton_step <= tol,),
    ),
    (
        "always-true",
        "You accept everything.",
        STEP,
        (lambda at, tol: True,),
    ),
    (
        "always-false",
        "You reject everything, minima included.",
        STEP,
        (lambda at, tol: False,),
    ),
)
"""Label, sentence, where to look, and the tests (derivatives, tol) → bool that somebody may have written instead."""

IS_STRICT_MINIMUM = Exercise(
    name="is_strict_minimum",
    arguments=("f", "x", "theta", "tol"),
    misconceptions=(
        Misconception(
            "singular-unchecked",
            "torch.linalg stumbled over a singular Hessian. Look at the eigenvalues before you solve: without a positive "
            "definite Hessian the answer is False already.",
            raises("_LinAlgError"),
            look=FLAT,
        ),
        Misconception(
            "raises-instead",
            "The question is yes or no. Where x is no strict minimum the answer is False, never an error.",
            both(lambda case, answer: case.expected is False, either(raises("ValueError"), raises("AssertionError"))),
            look=STEP,
        ),
    ),
    look=STEP,
)


def minimum_case(f: Named, x: Tensor, theta: Tensor, expected: bool, about: str, tol: float | None = None) -> Case:
    """One call of `is_strict_minimum`."""
    arguments = (f, x, theta) if tol is None else (f, x, theta, tol)
    return Case(Call(arguments), expected, about=about)


def judge_is_strict_minimum(probe: Probe, cases: Iterable[Case]) -> Verdict:
    """The cases; a wrong True or False is named by the pattern that it makes over all of them."""
    cases = list(cases)
    found = judge(probe, IS_STRICT_MINIMUM, cases)
    if found.misconception != "wrong-value":
        return found
    said = [as_bool(probe.look(case.call).value) for case in cases]
    seen = [(derivatives(*plain_arguments(case)[:3]), (*case.call.arguments, 1e-6)[3]) for case in cases]
    differing = [
        min(sum(test(at, tol) is not answer for (at, tol), answer in zip(seen, said)) for test in tests)
        for _, _, _, tests in WRONG_TESTS
    ]
    if min(differing) > 1:  # one may differ, where round-off decides
        return found
    label, sentence, look, _ = WRONG_TESTS[differing.index(min(differing))]
    return verdict.wrong(
        "is_strict_minimum",
        label,
        sentence,
        called=found.called,
        returned=found.returned,
        expected=found.expected,
        look=look,
    )


def check_is_strict_minimum(probe: Probe) -> Verdict:
    """Lesson 4, `is_strict_minimum(f, x, theta, tol=1e-6)`."""
    bare, stabilised = Named("implicit_argmin.tanh_network"), Named("implicit_argmin.tanh_network", stabiliser=1 / 16)
    one = float64([0])

    def bowl(*rows: list[float]) -> Named:
        return Named("implicit_argmin.quadratic", P=float64(rows), Q=torch.zeros(len(rows), 1).double())

    x123 = float64([-10.278391460465638, 9.144972085336095, -8.950106669835773])
    y123 = float64([-1.2495071116824454, 1.7242912043739704, -0.2530487695428358])
    return judge_is_strict_minimum(
        probe,
        [
            minimum_case(bare, float64([4.3858248614026385]), stored_theta(2023), True, "seed 2023 at its minimum"),
            minimum_case(bare, float64([3.650812]), stored_theta(2023), False, "seed 2023 on the way, gradient 0.0074", 1e-2),
            minimum_case(bare, float64([4.3859]), stored_theta(2023), False, "seed 2023: Newton step 7.5e-5, tol 1e-6"),
            minimum_case(bare, float64([4.3859]), stored_theta(2023), True, "seed 2023: Newton step 7.5e-5, tol 1e-3", 1e-3),
            minimum_case(bare, float64([4.3858248614026385]), stored_theta(2023), True, "seed 2023 at its minimum, tol 1e-9", 1e-9),
            minimum_case(bare, float64([4.3858248714026385]), stored_theta(2023), False, "seed 2023: 1e-8 beside it, tol 1e-9", 1e-9),
            minimum_case(bare, float64([-12.196703910827637]), stored_theta(456), False, "456: gradient 4e-4, Newton step 1.4", 1e-3),
            minimum_case(bare, float64([-25]), stored_theta(456), False, "456 further out: gradient 3e-8, Newton step 1.4"),
            minimum_case(stabilised, float64([-1.1468871161192833]), stored_theta(456), True, "456 with a stabiliser"),
            minimum_case(bare, x123, stored_theta(123), False, "the 3-D network where the forum stopped"),
            minimum_case(stabilised, y123, stored_theta(123), True, "the 3-D network with a stabiliser"),
            minimum_case(bowl([-1.0, 0.0], [0.0, -2.0]), float64([0, 0]), one, False, "a maximum: eigenvalues −1, −2"),
            minimum_case(bowl([1.0, 2.0], [2.0, 1.0]), float64([0, 0]), one, False, "a saddle: eigenvalues 3, −1"),
            minimum_case(bowl([1.0, 0.0], [0.0, 0.0]), float64([0, 3]), one, False, "a valley floor: eigenvalues 1, 0"),
            minimum_case(bowl([1.0, 0.0], [0.0, 1e-15]), float64([0, 0]), one, False, "eigenvalues 1, 1e-15"),
            minimum_case(bowl([1.0, 0.0], [0.0, 1e-9]), float64([0, 0]), one, True, "eigenvalues 1, 1e-9"),
            minimum_case(bowl([2e-9, 0.0], [0.0, 1e-9]), float64([1, 1]), one, False, "eigenvalues 2e-9, 1e-9; minimum at (0, 0)"),
            minimum_case(bowl([2e-20, 0.0], [0.0, 1e-20]), float64([0, 0]), one, True, "eigenvalues 2e-20, 1e-20, at the minimum"),
            minimum_case(bowl([2e8, 0.0], [0.0, 1e8]), float64([1e-9, 0]), one, True, "gradient 0.2, Newton step 1e-9"),
        ],
    )


CHECKS = {
    "minimise": check_minimise,
    "is_strict_minimum": check_is_strict_minimum,
    "implicit_gradient": check_implicit_gradient,
    "implicit_jacobian": check_implicit_jacobian,
    "implicit_vjp": check_implicit_vjp,
    "argmin_layer": check_argmin_layer,
}
