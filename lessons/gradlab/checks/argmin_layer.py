"""Lesson 4, exercise 6: an argmin as a layer, looked at through the function of theta that it returns."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from gradlab.exercises import verdict
from gradlab.checks.argmin_derivatives import Derivatives, derivatives, float64, pull_back
from gradlab.exercises.compare import agrees, tensors_agree
from gradlab.exercises.describe import describe, describe_answer, describe_call
from gradlab.checks.exercise import Case, Exercise, Misconception, Raises
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import Fits, both, raises, value_type
from gradlab.exercises.verdict import Verdict
from gradlab.maths.implicit import minimise
from gradlab.maths.networks import stored_theta
from gradlab.probe import Answer, Call, Named, Probe
from gradlab.probe.answer import Opaque
from gradlab.probe.perform import build_named
from gradlab.probe.record import FEW_NODES

LAYER = "“Build the layer”"
NO_MINIMUM = "“Meet a function without a minimum”"


@dataclass(frozen=True)
class Problem:
    """A layer argmin_layer(f, x0), a theta for it, where the minimum lies (None: nowhere), and a weight on its entries."""

    f: Named
    x0: Tensor
    theta: Tensor
    minimum: Tensor | None
    v: Tensor
    about: str = ""

    def derivatives(self) -> Derivatives:
        """At the minimum."""
        return derivatives(build_named(self.f), self.minimum, self.theta)


@dataclass(frozen=True)
class LayerCase(Case):
    """A case of the kept layer that remembers its problem."""

    problem: Problem | None = None


def _gradient_is(formula) -> Fits:
    """The gradient in theta is what this wrong formula of (problem, derivatives) gives."""

    def fits(case: Case, answer: Answer) -> bool:
        found = answer.gradients.get("0")
        if answer.raised or found is None or isinstance(case.expected, Raises):
            return False
        if agrees(found, case.gradients["0"], case.rtol, case.atol):
            return False
        wrong = formula(case.problem, case.problem.derivatives())
        return found.shape == wrong.shape and tensors_agree(found.double(), wrong, 1e-4, 1e-4 * float(wrong.abs().max()))

    return fits


def _not_cut(case: Case, answer: Answer) -> bool:
    return "0" in answer.gradients and not answer.raised and isinstance(answer.value, Tensor)


def _cut(case: Case, answer: Answer) -> bool:
    return _not_cut(case, answer) and answer.gradients["0"] is None


def _roughly(case: Case, answer: Answer) -> bool:
    value, expected = answer.value, case.expected
    if not isinstance(value, Tensor) or not isinstance(expected, Tensor) or value.shape != expected.shape:
        return False
    near = bool(((value.double() - expected.double()).abs() < 0.5 * (1 + expected.double().abs())).all())
    return near and not agrees(value, expected, case.rtol, case.atol)


def _returned(case: Case, answer: Answer) -> bool:
    return isinstance(case.expected, Raises) and answer.raised is None


CALLED = Exercise(
    name="argmin_layer",
    arguments=("theta",),
    graph=("theta",),
    misconceptions=(
        Misconception(
            "no-minimum",
            "f has no minimum for this theta, and the layer returned a point. Raise a ValueError where the search finds none.",
            _returned,
            look=NO_MINIMUM,
        ),
        Misconception(
            "singular-unchecked",
            "torch.linalg stumbled over a singular Hessian. Make sure that there is a strict minimum first, and raise a ValueError.",
            raises("_LinAlgError"),
            look=NO_MINIMUM,
        ),
        Misconception(
            "apply-missing",
            "Called with theta it gave an object of a class, and no tensor. Of a torch.autograd.Function return its `apply`, not the class.",
            lambda case, answer: isinstance(answer.value, Opaque),
            look=LAYER,
        ),
        Misconception(
            "gives-up",
            "There is a strict minimum in the valley of x0, and the layer raised a ValueError. Is its tolerance one that the dtype can "
            "reach? In float32 a Newton step of 1e-10 is out of reach.",
            both(lambda case, answer: not isinstance(case.expected, Raises), raises("ValueError")),
        ),
        Misconception(
            "detached",
            "The point is right, but no gradient reaches theta: the search ends with a detached x. Attach the derivative by hand, "
            "in the backward of a torch.autograd.Function.",
            _cut,
            look=LAYER,
        ),
        Misconception(
            "sign",
            "The point is right, its gradient has the wrong sign: the minus of −H⁻¹f_xθ is missing.",
            _gradient_is(lambda problem, at: -pull_back(problem.v, at.jacobian)),
            look=LAYER,
        ),
        Misconception(
            "push-only",
            "The point is right, but backward pulls v back without the solve: first solve H u = v.",
            _gradient_is(lambda problem, at: -pull_back(problem.v, at.mixed)),
            look=LAYER,
        ),
        Misconception(
            "multiplied",
            "The point is right, but backward multiplies v by H. Solve H u = v instead.",
            _gradient_is(lambda problem, at: -pull_back(at.hessian @ problem.v, at.mixed)),
            look=LAYER,
        ),
        Misconception(
            "diagonal",
            "The point is right, but backward divides v by the diagonal of H. Solve with the whole of it.",
            _gradient_is(lambda problem, at: -pull_back(problem.v / at.hessian.diagonal(), at.mixed)),
            look=LAYER,
        ),
        Misconception(
            "v-ignored",
            "The point is right, but backward ignores the gradient that comes in: the result is that of a sum over x*.",
            _gradient_is(lambda problem, at: pull_back(torch.ones_like(problem.v), at.jacobian)),
            look=LAYER,
        ),
        Misconception(
            "unconverged",
            "This point is near the minimum and not at it: the Newton step is longer than 1e-8. The derivative of a search that "
            "stopped early is the derivative of the search.",
            _roughly,
            look="“Stop when the step is small, not the gradient”",
        ),
    ),
    look=LAYER,
)


def judge_argmin_layer(probe: Probe, problems: Iterable[Problem], returning: tuple[Problem, Tensor]) -> Verdict:
    """Each problem by a layer of its own; the graph behind one of them; one layer asked again after another theta."""
    problems = list(problems)
    for problem in problems:
        found = _judge_problem(probe, problem)
        if not found.right:
            return found
    return _judge_graph(probe, problems[0]) or _judge_memory(probe, *returning) or verdict.right("argmin_layer")


def _make(probe: Probe, problem: Problem) -> tuple[Verdict | None, int]:
    """Build the layer and keep it on the other side."""
    call = Call((problem.f, problem.x0), keep=True, seconds=18.0)
    answer = probe.look(call)
    called = describe_call("argmin_layer", ("f", "x0"), call)
    if not answer.attempted:
        return verdict.not_attempted("argmin_layer"), 0

    def wrong(label: str, sentence: str) -> tuple[Verdict, int]:
        returned = describe_answer(answer)
        traceback = answer.raised.traceback if answer.raised else ""
        return verdict.wrong("argmin_layer", label, sentence, called=called, returned=returned, look=LAYER, traceback=traceback), 0

    if answer.timed_out:
        return wrong("too-slow", "It was stopped: is there a loop that never ends?")
    if answer.raised:
        return wrong("raised", f"It raised {answer.raised.type}: argmin_layer(f, x0) only makes the layer, theta comes later.")
    if value_type("Tensor")(Case(call, None), answer):
        return wrong("value-not-layer", "It returned a tensor. The task asks for a *function of theta* that returns the minimiser.")
    if not isinstance(answer.value, Opaque) or answer.kept is None:
        return wrong("not-a-layer", "It must return a function of theta.")
    if problem.x0.numel() and answer.changed:
        return wrong("changed-input", "x0 was changed on the way.")
    return None, answer.kept


def _case(problem: Problem, target: int) -> LayerCase:
    """Call the kept layer: value, and gradient of ⟨v, x*⟩ in theta."""
    theta = problem.theta.detach().clone().requires_grad_(True)
    call = Call((theta,), target=target, gradients=("0",), cotangent=problem.v, seconds=18.0)
    if problem.minimum is None:
        return LayerCase(call, Raises(), about=problem.about, problem=problem)
    gradient = pull_back(problem.v, problem.derivatives().jacobian).to(theta.dtype)
    fine = problem.x0.dtype is torch.float64
    scale = max(float(gradient.abs().max()), float(problem.minimum.abs().max()), 1.0)
    tol = 2e-8 * scale if fine else 2e-3 * scale
    return LayerCase(
        call, problem.minimum, {"0": gradient}, rtol=1e-6 if fine else 2e-3, atol=tol, about=problem.about, problem=problem
    )


def _judge_problem(probe: Probe, problem: Problem) -> Verdict:
    trouble, kept = _make(probe, problem)
    if trouble:
        return trouble
    case = _case(problem, kept)
    found = judge(probe, CALLED, [case])
    if found.right:
        return found
    return replace(found, called=_called(problem))


def _called(problem: Problem) -> str:
    about = f"   ({problem.about})" if problem.about else ""
    layer = describe_call("argmin_layer", ("f", "x0"), Call((problem.f, problem.x0)))
    return f"{layer}(theta={describe(problem.theta)}){about}"


def _judge_graph(probe: Probe, problem: Problem) -> Verdict | None:
    """The graph of x* must not grow with the way there: look from x0, and from the minimum itself."""
    sizes = []
    for start in (problem.x0, problem.minimum):
        trouble, kept = _make(probe, replace(problem, x0=start))
        if trouble:
            return trouble
        theta = problem.theta.detach().clone().requires_grad_(True)
        sizes.append(len(probe.look(Call((theta,), target=kept, gradients=("0",), seconds=18.0)).nodes))
    if max(sizes) < FEW_NODES and sizes[0] == sizes[1]:
        return None
    size = f"{FEW_NODES} nodes or more" if max(sizes) >= FEW_NODES else f"{sizes[0]} nodes, and {sizes[1]} from the minimum itself"
    return verdict.wrong(
        "argmin_layer",
        "through-iterations",
        f"Value and gradient are right, but the graph behind x* goes through the search: from x0 it has {size}. Search without "
        "a graph, and attach one linear solve to the result.",
        called=_called(problem),
        look=LAYER,
    )


def _judge_memory(probe: Probe, problem: Problem, other: Tensor) -> Verdict | None:
    """Ask one layer for theta, for another theta, and for theta again."""
    trouble, kept = _make(probe, problem)
    if trouble:
        return trouble
    first = probe.look(Call((problem.theta,), target=kept, seconds=18.0))
    between = probe.look(Call((other,), target=kept, seconds=18.0))
    again = probe.look(Call((problem.theta,), target=kept, seconds=18.0))
    if first.changed:
        return verdict.wrong(
            "argmin_layer", "changed-input", "The answer is right, but theta was changed on the way.", called=_called(problem), look=LAYER
        )
    close = isinstance(again.value, Tensor) and tensors_agree(again.value, problem.minimum, 0.0, 1e-6)
    stuck = isinstance(between.value, Tensor) and tensors_agree(between.value, problem.minimum, 0.0, 1e-6)
    if isinstance(first.value, Tensor) and close and not stuck:
        return None
    return verdict.wrong(
        "argmin_layer",
        "remembers",
        f"The layer was asked for theta, for theta={describe(other)}, and for theta again, and "
        + (f"returned one point for {describe(problem.theta)} and for {describe(other)}" if stuck else "ended elsewhere")
        + ". Every call starts from x0: leave x0 as it is, and keep nothing from one call to the next.",
        called=_called(problem),
        returned=f"{describe_answer(first)}, later {describe_answer(again)}",
        expected=describe(problem.minimum),
        look=LAYER,
    )


def problem(f: Named, x0: Tensor, theta: Tensor, v: Tensor, about: str = "") -> Problem:
    """A problem that has a minimum in the valley of x0, found in float64."""
    found = minimise(build_named(f), x0.double(), theta.double())
    return Problem(f, x0, theta, found.to(x0.dtype), v, about)


def check_argmin_layer(probe: Probe) -> Verdict:
    """Lesson 4, `argmin_layer(f, x0)`."""
    double = torch.float64
    P = float64([[2.0, 1.0], [1.0, 3.0]])
    Q = float64([[1.0, 0.0, 2.0, 1.0], [-1.0, 1.0, 0.0, 2.0]])
    bowl, soft = Named("implicit_argmin.quadratic", P=P, Q=Q), Named("implicit_argmin.soft_quadratic", P=P, Q=Q)
    stabilised, bare = Named("implicit_argmin.tanh_network", stabiliser=1 / 16), Named("implicit_argmin.tanh_network")
    well = Named("implicit_argmin.double_well", width=4.0)
    v, start = float64([1.0, -2.0]), torch.zeros(2, dtype=double)
    theta = float64([1.0, 2.0, 3.0, -1.0])
    balanced = float64([2.0, 2.0, -1.0, 0.0])  # Qθ = 0 and x* = 0, which a search in float32 reaches to any tol
    slope, right = float64(0.25), float64([3.5])
    weight = torch.ones(1, dtype=double)
    nowhere = torch.zeros(1, dtype=double)
    return judge_argmin_layer(
        probe,
        [
            problem(soft, start, theta, v, "½xᵀPx + Σ√(1 + (x − Qθ)²)"),
            problem(bowl, start, theta.reshape(2, 2), v, "theta of shape (2, 2)"),
            problem(stabilised, torch.zeros(3, dtype=double), stored_theta(123), float64([1.0, -2.0, 0.5]),
                    "the 3-D network with a stabiliser"),
            problem(well, right, slope, weight, "two valleys, a 0-d theta"),
            problem(bowl, 1 - start.float(), balanced.float(), v.float(), "float32"),
            Problem(bare, nowhere, stored_theta(456), None, weight, "seed 456: no minimum"),
        ],
        returning=(problem(well, right, slope, weight, "two valleys"), float64(4.0)),
    )
