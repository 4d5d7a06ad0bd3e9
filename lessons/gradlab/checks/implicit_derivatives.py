"""Lesson 4, exercises 3 to 5: the derivative of a minimiser as a gradient, as a Jacobian, and pulled back."""

from collections.abc import Callable
from math import prod

import torch
from torch import Tensor

from gradlab.exercises import verdict
from gradlab.checks.argmin_derivatives import Derivatives, derivatives, float64, pull_back
from gradlab.exercises.compare import agrees
from gradlab.exercises.describe import describe_call
from gradlab.checks.exercise import Case, Exercise, Misconception, Raises
from gradlab.checks.judge import judge, judge_in_turn
from gradlab.checks.misconceptions import Fits, both, either, plain_arguments, raises
from gradlab.exercises.verdict import Verdict
from gradlab.maths.implicit import minimise
from gradlab.maths.networks import stored_theta
from gradlab.probe import Answer, Call, Named, Probe
from gradlab.probe.perform import build_named

PUSH = "“Push against resistance”"
SOLVE = "“Solve, do not divide”"
ADJOINT = "“Pull one loss back with one solve”"
FLAT = "“Meet a minimum that is not one point”"

Formula = Callable[[Derivatives, Tensor | None], Tensor]


def is_formula(*formulas: Formula, rtol: float = 1e-4) -> Fits:
    """The answer is what one of these wrong formulas gives, (derivatives, v) → tensor; largest entries within rtol."""

    def fits(case: Case, answer: Answer) -> bool:
        value = answer.value
        if answer.raised or not isinstance(value, Tensor) or isinstance(case.expected, Raises):
            return False
        if agrees(value, case.expected, case.rtol, case.atol):
            return False
        f, x, theta, *rest = plain_arguments(case)
        at, v = derivatives(f, x, theta), rest[0].double() if rest else None
        right = case.expected.double()
        return any(_same(value, wrong, rtol) and not _same(right, wrong, rtol) for wrong in (each(at, v) for each in formulas))

    fits.formula = True
    return fits


def is_reshaped(*formulas: Formula) -> Fits:
    """These numbers in a shape that is not the one asked for: no luck can explain them."""
    formula = is_formula(*formulas)

    def fits(case: Case, answer: Answer) -> bool:
        return formula(case, answer) and answer.value.shape != case.expected.shape

    return fits


def _same(value: Tensor, wrong: Tensor, rtol: float) -> bool:
    scale = float(wrong.abs().max()) if wrong.numel() else 0.0
    return value.shape == wrong.shape and scale > 0 and bool(((value.double() - wrong).abs() <= rtol * scale).all())


def _first(formula: Formula) -> Formula:
    """The same for d = 1, without the axis of x."""
    return lambda at, v: formula(at, v)[0]


def _returned_for_singular(case: Case, answer: Answer) -> bool:
    return isinstance(case.expected, Raises) and answer.raised is None


def _close_only(case: Case, answer: Answer) -> bool:
    value, expected = answer.value, case.expected
    if answer.raised or not isinstance(value, Tensor) or not isinstance(expected, Tensor) or value.dtype != expected.dtype:
        return False
    return not agrees(value, expected, case.rtol, case.atol) and _same(value, expected.double(), 3e-2)


_close_only.formula = True


SIGN = "This is minus the right answer. Where the push f_xθ·δθ points up, the bottom of the bowl moves down: the minus sign stays."
PUSH_ONLY = "This is the push f_xθ alone. How far it moves the minimum depends on the resistance: H is missing."
VALUE_SLOPE = "This is f_θ, how the *value* of f changes with θ. The question is how the *place* of the minimum moves."
IS_VALUE_SLOPE = is_formula(lambda at, v: at.value_slope, lambda at, v: -at.value_slope)
FINITE_DIFFERENCES = (
    "This is close, but only to a few digits: a finite difference, a solve that stopped early, or something added to H. "
    "Autograd and one linear solve give them all."
)
NO_GRAPH = Misconception(
    "untracked",
    "Autograd was asked for a derivative and found no graph. Both x and theta need to require a gradient (make detached copies that do), "
    "and f_x itself can be differentiated only if it was made with create_graph=True.",
    either(raises("RuntimeError", "does not require grad"), raises("RuntimeError", "One of the differentiated Tensors")),
    look=PUSH,
)
FREED = Misconception(
    "graph-freed",
    "The graph of f_x was freed by the first derivative that you took of it. Ask for both in one call of autograd.grad, or keep it with "
    "retain_graph=True.",
    raises("RuntimeError", "backward through the graph a second time"),
    look=PUSH,
)
LINALG = Misconception(
    "singular-unchecked",
    "torch.linalg stumbled over a singular Hessian. Look at its eigenvalues before you solve, and raise a ValueError that "
    "says so in your own words.",
    raises("_LinAlgError"),
    look=FLAT,
)
TOO_STRICT = Misconception(
    "too-strict",
    "This Hessian is regular, and you raised a ValueError. Singular to working precision means: the ratio of the smallest to "
    "the largest eigenvalue is below d·eps. Compare eigenvalues with each other, not with a fixed number.",
    both(lambda case, answer: not isinstance(case.expected, Raises), raises("ValueError")),
    look=FLAT,
)

IMPLICIT_GRADIENT = Exercise(
    name="implicit_gradient",
    arguments=("f", "x", "theta"),
    misconceptions=(
        Misconception("sign", SIGN, is_formula(_first(lambda at, v: -at.jacobian)), look=PUSH),
        Misconception(
            "push-only",
            PUSH_ONLY,
            is_formula(_first(lambda at, v: -at.mixed), _first(lambda at, v: at.mixed)),
            look=PUSH,
        ),
        Misconception(
            "reciprocal",
            "This is the reciprocal: resistance over push. A stiffer bowl moves less, so f_xx belongs below.",
            is_formula(
                _first(lambda at, v: -at.hessian[0, 0] / at.mixed), _first(lambda at, v: at.hessian[0, 0] / at.mixed)
            ),
            look=PUSH,
        ),
        Misconception(
            "multiplied",
            "This is push times resistance. Halve the curvature, and the minimum must move twice as far: divide.",
            is_formula(_first(lambda at, v: -at.hessian[0, 0] * at.mixed), _first(lambda at, v: at.hessian[0, 0] * at.mixed)),
            look=PUSH,
        ),
        Misconception(
            "value-slope",
            VALUE_SLOPE,
            IS_VALUE_SLOPE,
            look=PUSH,
        ),
        Misconception(
            "value-slope-divided",
            "This divides f_θ by f_xx. The push is f_xθ: differentiate f_x in θ, not f.",
            is_formula(
                lambda at, v: -at.value_slope / at.hessian[0, 0], lambda at, v: at.value_slope / at.hessian[0, 0]
            ),
            look=PUSH,
        ),
        Misconception(
            "extra-axis",
            "The numbers are right, but the shape has the axis of x in it. The result is shaped like theta.",
            is_reshaped(
                lambda at, v: at.jacobian, lambda at, v: at.jacobian.flatten(), lambda at, v: at.jacobian.movedim(0, -1)
            ),
        ),
        NO_GRAPH,
        FREED,
        Misconception("finite-differences", FINITE_DIFFERENCES, _close_only, look=PUSH),
    ),
    look=PUSH,
)

IMPLICIT_JACOBIAN = Exercise(
    name="implicit_jacobian",
    arguments=("f", "x", "theta"),
    misconceptions=(
        LINALG,
        TOO_STRICT,
        Misconception("sign", SIGN, is_formula(lambda at, v: -at.jacobian), look=SOLVE),
        Misconception("push-only", PUSH_ONLY, is_formula(lambda at, v: -at.mixed, lambda at, v: at.mixed), look=SOLVE),
        Misconception(
            "diagonal",
            "You divided by the diagonal of the Hessian. That forgets how the entries of x hang together: solve a linear system "
            "with the whole of H.",
            is_formula(lambda at, v: at.solve(torch.diag(at.hessian.diagonal()))),
            look=SOLVE,
        ),
        Misconception(
            "row-sums",
            "You divided by the row sums of the Hessian: `backward` of the whole gradient adds its rows. Take the rows one by "
            "one, and solve.",
            is_formula(lambda at, v: at.solve(torch.diag(at.hessian.sum(1)))),
            look=SOLVE,
        ),
        Misconception(
            "multiplied",
            "You multiplied by the Hessian. A stiffer bowl moves less: solve with H, which multiplies by its inverse.",
            is_formula(
                lambda at, v: -torch.tensordot(at.hessian, at.mixed, dims=1),
                lambda at, v: torch.tensordot(at.hessian, at.mixed, dims=1),
            ),
            look=SOLVE,
        ),
        Misconception(
            "singular-accepted",
            "The Hessian is singular here: along one direction f is flat, so x* is not one point and has no derivative. "
            "A pseudo-inverse, or an inverse full of 1e16, hides that. Compare the eigenvalues, and raise a ValueError.",
            _returned_for_singular,
            look=FLAT,
        ),
        Misconception(
            "accumulated",
            "The first row is right, each later one holds the sum of all rows up to it: gradients were added up between backward "
            "calls. torch.autograd.grad adds nothing up.",
            is_formula(lambda at, v: at.jacobian.cumsum(0)),
            look="“Audit the printed rows”",
        ),
        Misconception(
            "transposed",
            "The numbers are right, but the axes are not: x comes first, then those of theta.",
            is_formula(lambda at, v: at.jacobian.movedim(0, -1)),
        ),
        Misconception(
            "flattened",
            "The numbers are right, but theta was laid flat. Give its axes back: shape (d, *theta.shape).",
            is_reshaped(
                lambda at, v: at.jacobian.reshape(at.jacobian.shape[0], -1), lambda at, v: at.jacobian.flatten()
            ),
        ),
        Misconception(
            "rows-added",
            "The rows were added up: this is vᵀ times the Jacobian for v = (1, …, 1). The Jacobian has a row for every entry of x.",
            is_formula(lambda at, v: at.jacobian.sum(0), lambda at, v: -at.jacobian.sum(0)),
            look=SOLVE,
        ),
        Misconception(
            "theta-not-laid-out",
            "torch.linalg.solve takes a matrix on the right. With a theta of two axes f_xθ has three: lay it out with d rows, solve, and "
            "give theta its axes back.",
            either(is_formula(lambda at, v: -torch.linalg.solve(at.hessian, at.mixed)), raises("RuntimeError", "Incompatible shapes")),
            look=SOLVE,
        ),
        NO_GRAPH,
        FREED,
        Misconception("finite-differences", FINITE_DIFFERENCES, _close_only, look=SOLVE),
    ),
    look=SOLVE,
)

IMPLICIT_VJP = Exercise(
    name="implicit_vjp",
    arguments=("f", "x", "theta", "v"),
    misconceptions=(
        LINALG,
        Misconception(
            "jacobian-not-vjp",
            "This is the whole Jacobian. The task asks for vᵀ times it, which has the shape of theta.",
            is_reshaped(lambda at, v: at.jacobian, lambda at, v: -at.jacobian),
            look=ADJOINT,
        ),
        Misconception("sign", SIGN, is_formula(lambda at, v: -pull_back(v, at.jacobian)), look=ADJOINT),
        Misconception(
            "push-only",
            "This is vᵀ f_xθ: the solve is missing. First solve H u = v, then pull u back.",
            is_formula(lambda at, v: pull_back(v, at.mixed), lambda at, v: -pull_back(v, at.mixed)),
            look=ADJOINT,
        ),
        Misconception(
            "multiplied",
            "You multiplied v by H instead of solving H u = v.",
            is_formula(
                lambda at, v: -pull_back(at.hessian @ v, at.mixed), lambda at, v: pull_back(at.hessian @ v, at.mixed)
            ),
            look=ADJOINT,
        ),
        Misconception(
            "diagonal",
            "You divided v by the diagonal of the Hessian. Solve with the whole of it.",
            is_formula(lambda at, v: -pull_back(v / at.hessian.diagonal(), at.mixed)),
            look=ADJOINT,
        ),
        Misconception(
            "row-sums",
            "You divided v by the row sums of the Hessian: `backward` of the whole gradient adds its rows. Take the rows one by one, and "
            "solve.",
            is_formula(lambda at, v: -pull_back(v / at.hessian.sum(1), at.mixed)),
            look=ADJOINT,
        ),
        Misconception(
            "adjoint-only",
            "This is u, the solution of H u = v. It is shaped like x; pull it back to theta: −uᵀ f_xθ.",
            is_reshaped(lambda at, v: torch.linalg.solve(at.hessian, v), lambda at, v: -torch.linalg.solve(at.hessian, v)),
            look=ADJOINT,
        ),
        Misconception(
            "value-slope",
            VALUE_SLOPE,
            IS_VALUE_SLOPE,
            look=ADJOINT,
        ),
        Misconception(
            "v-ignored",
            "This is the right answer for v = (1, …, 1). Use the v that was given: it says how much each entry of x* matters.",
            is_formula(lambda at, v: pull_back(torch.ones_like(v), at.jacobian)),
            look=ADJOINT,
        ),
        Misconception(
            "cg-too-short",
            "This is what conjugate gradients give when they stop too soon. They need up to d steps: watch the residual.",
            is_formula(lambda at, v: _after(at, v, 1), lambda at, v: _after(at, v, 2), lambda at, v: _after(at, v, 3)),
            look=ADJOINT,
        ),
        NO_GRAPH,
        FREED,
        Misconception("finite-differences", FINITE_DIFFERENCES, _close_only, look=ADJOINT),
    ),
    look=ADJOINT,
)


def _after(at: Derivatives, v: Tensor, steps: int) -> Tensor:
    """The pull-back with conjugate gradients stopped after so many steps."""
    u, residual = torch.zeros_like(v), v.clone()
    direction = residual.clone()
    for _ in range(min(steps, len(v) - 1)):
        image = at.hessian @ direction
        length = (residual @ residual) / (direction @ image)
        u, new = u + length * direction, residual - length * image
        direction, residual = new + (new @ new) / (residual @ residual) * direction, new
    return -pull_back(u, at.mixed)


def derivative_case(f: Named, x: Tensor, theta: Tensor, expected: Tensor | None, about: str, v: Tensor | None = None) -> Case:
    """One call of any of the three; expected None: a ValueError is due. Tolerances are those of the largest entry."""
    call = Call((f, x, theta) if v is None else (f, x, theta, v))
    if expected is None:
        return Case(call, Raises(), about=about)
    # Conjugate gradients are welcome in `implicit_vjp`, and stop where their residual says so.
    loose = (1e-7 if v is None else 5e-5) if x.dtype is torch.float64 else 2e-3
    scale = max(float(expected.abs().max()), 1e-300)
    return Case(call, expected.to(x.dtype), rtol=loose, atol=loose * scale, about=about)


def judge_implicit_vjp(probe: Probe, cases: list[Case], large: Case) -> Verdict:
    """The cases, `large` among them; then no tensor of d·|θ| numbers may go into any operation of the large one."""
    found = judge(probe, IMPLICIT_VJP, [*cases, large])
    if not found.right:
        return found
    arguments, seconds = large.call.arguments, large.call.seconds
    entries = arguments[1].numel() * arguments[2].numel()
    answer = probe.look(Call(arguments, record=True, seconds=seconds))
    shapes = {shape for _, shapes in answer.operations for shape in shapes if prod(shape) >= entries}
    if not shapes:
        return found
    return verdict.wrong(
        "implicit_vjp",
        "whole-jacobian",
        f"The value is right, but on the way a tensor of shape {min(shapes)} was built: d·|θ| = {entries} numbers or more. "
        "Solve H u = v first (d numbers), then pull u back to theta with one call of autograd.",
        called=describe_call("implicit_vjp", IMPLICIT_VJP.arguments, large.call),
        look=ADJOINT,
    )


def _visible() -> tuple[Tensor, Tensor]:
    P = float64([[2.0, 1.0], [1.0, 3.0]])
    return P, float64([[1.0, 0.0, 2.0], [-1.0, 1.0, 0.0]])


def check_implicit_gradient(probe: Probe) -> Verdict:
    """Lesson 4, `implicit_gradient(f, x, theta)`."""
    double = torch.float64
    parabola = Named("implicit_argmin.quadratic", P=float64([[4.0]]), Q=float64([[2.0]]))
    six = Named(
        "implicit_argmin.quadratic", P=float64([[2.0]]), Q=float64([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]])
    )
    net = Named("implicit_argmin.tanh_network")
    published = float64(
        [2.820596678066787, -8.893903313977244, -0.07908433965507838, -1.6799849160641873, -2.771969986120113,
         -0.020659915656001553, 13.707411880571115, -4.415952079275663, -0.028255331394795587])
    prox = float64([0.995199605322448, -0.9937713143484823, 0.44751834589663947])
    return judge(
        probe,
        IMPLICIT_GRADIENT,
        [
            derivative_case(parabola, float64([3.0]), float64(6.0), float64(0.5),
                            "f = 2x² − 2xθ, a 0-d theta: x* = θ/2"),
            derivative_case(six, float64([10.5]), torch.ones(2, 3).double(),
                            float64([[0.5, 1.0, 1.5], [2.0, 2.5, 3.0]]), "theta of shape (2, 3)"),
            derivative_case(net, float64([4.3858248614026385]), stored_theta(2023), published,
                            "the network of seed 2023: W1, b1, w2"),
            derivative_case(Named("implicit_argmin.smooth_prox"), float64([1.8645064664759383]),
                            float64([5.0, 3.14, 0.01]), prox, "½(x−y)² + T√(x²+λ), theta = (y, T, λ)"),
            derivative_case(parabola, torch.tensor([3.0]), torch.tensor(6.0), torch.tensor(0.5), "float32"),
        ],
    )


def check_implicit_jacobian(probe: Probe) -> Verdict:
    """Lesson 4, `implicit_jacobian(f, x, theta)`."""
    double = torch.float64
    P, Q = _visible()
    bowl = Named("implicit_argmin.quadratic", P=P, Q=Q)
    J = float64([[0.8, -0.2, 1.2], [-0.6, 0.4, -0.4]])
    theta = float64([1.0, 2.0, 3.0])
    minimum = J @ theta
    column = Named("implicit_argmin.quadratic", P=P, Q=Q[:, :1])
    tiny = Named("implicit_argmin.quadratic", P=1e-20 * P, Q=1e-20 * Q)
    square = Named("implicit_argmin.quadratic", P=P, Q=torch.cat([Q, Q[:, :1]], 1))
    net, weights = Named("implicit_argmin.tanh_network", stabiliser=1 / 16), stored_theta(123)
    x123 = float64([-1.2495071116824454, 1.7242912043739704, -0.2530487695428358])
    thin = Named("implicit_argmin.quadratic", P=torch.diag(float64([1.0, 1e-9])), Q=torch.eye(2).double())
    floor = Named("implicit_argmin.quadratic", P=float64([[1.0, 2.0], [2.0, 4.0]]), Q=torch.ones(2, 1).double())
    lost = float64([-10.278391460465638, 9.144972085336095, -8.950106669835773])
    f123 = Named("implicit_argmin.tanh_network")
    return judge_in_turn(
        probe,
        IMPLICIT_JACOBIAN,
        [
            derivative_case(bowl, minimum, theta, J, "½xᵀPx − xᵀQθ: dx*/dθ = P⁻¹Q"),
            derivative_case(column, J[:, 0] * 2, float64(2.0), J[:, 0], "a 0-d theta"),
            derivative_case(square, J[:, 0] * 0, torch.zeros(2, 2).double(), torch.cat([J, J[:, :1]], 1).reshape(2, 2, 2),
                            "theta of shape (2, 2)"),
            derivative_case(net, x123, weights, _reference(net, x123, weights), "the 3-D network with a stabiliser"),
            derivative_case(thin, torch.zeros(2).double(), torch.zeros(2).double(),
                            torch.diag(float64([1.0, 1e9])), "eigenvalues 1 and 1e-9: regular"),
            derivative_case(tiny, minimum, theta, J, "f in other units, 1e-20 times as large: regular"),
            derivative_case(bowl, minimum.float(), theta.float(), J, "float32"),
        ],
        [
            derivative_case(floor, torch.zeros(2).double(), torch.zeros(1).double(), None, "eigenvalues 5 and 0: singular"),
            derivative_case(f123, lost, weights, None, "the bare 3-D network where the forum stopped: rank 2"),
        ],
    )


def _reference(f: Named, x: Tensor, theta: Tensor) -> Tensor:
    return derivatives(*plain_arguments(Case(Call((f, x, theta)), None))).jacobian


def check_implicit_vjp(probe: Probe) -> Verdict:
    """Lesson 4, `implicit_vjp(f, x, theta, v)`."""
    double = torch.float64
    P, Q = _visible()
    bowl = Named("implicit_argmin.quadratic", P=P, Q=Q)
    J = float64([[0.8, -0.2, 1.2], [-0.6, 0.4, -0.4]])
    theta, v = float64([1.0, 2.0, 3.0]), float64([1.0, 2.0])
    column = Named("implicit_argmin.quadratic", P=P, Q=Q[:, :1])
    net, weights = Named("implicit_argmin.tanh_network", stabiliser=1 / 16), stored_theta(123)
    x123 = float64([-1.2495071116824454, 1.7242912043739704, -0.2530487695428358])
    w = float64([1.0, -2.0, 0.5])
    spread = torch.arange(7.0, dtype=double)
    f = Named("implicit_argmin.long_theta", P=torch.diag(1 + spread / 4) + 0.1)
    long, u = torch.sin(torch.arange(1200.0, dtype=double)).reshape(30, 40), torch.cos(spread)
    x = minimise(build_named(f), torch.zeros(7, dtype=double), long)
    return judge_implicit_vjp(
        probe,
        [
            derivative_case(bowl, J @ theta, theta, v @ J, "½xᵀPx − xᵀQθ: dx*/dθ = P⁻¹Q", v),
            derivative_case(column, J[:, 0] * 2, float64(2.0), v @ J[:, 0], "a 0-d theta", v),
            derivative_case(net, x123, weights, pull_back(w, _reference(net, x123, weights)), "the 3-D network with a stabiliser", w),
            derivative_case(bowl, (J @ theta).float(), theta.float(), v @ J, "float32", v.float()),
        ],
        large=derivative_case(f, x, long, pull_back(u, _reference(f, x, long)), "d = 7, theta of shape (30, 40)", u),
    )
