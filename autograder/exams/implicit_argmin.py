"""Lesson 4: hidden exams. References are closed forms, or gradlab's own minimiser and plain rows of autograd."""

import torch
from torch import Tensor

from autograder.exams.draw import normal, number, uniform
from gradlab.checks.argmin_derivatives import derivatives, float64, pull_back
from gradlab.checks.argmin_layer import Problem, judge_argmin_layer, problem
from gradlab.checks.exercise import Case
from gradlab.checks.implicit_argmin import (
    judge_is_strict_minimum,
    judge_minimise,
    minimise_case,
    minimum_case,
)
from gradlab.checks.implicit_derivatives import (
    IMPLICIT_GRADIENT,
    IMPLICIT_JACOBIAN,
    derivative_case,
    judge_implicit_vjp,
)
from gradlab.checks.judge import judge, judge_in_turn
from gradlab.exercises.verdict import Verdict
from gradlab.maths.implicit import minimise
from gradlab.maths.networks import pack, stored_theta, stored_weights
from gradlab.probe import Named, Probe
from gradlab.probe.perform import build_named

BARE = Named("implicit_argmin.tanh_network")
STABILISED = Named("implicit_argmin.tanh_network", stabiliser=1 / 16)
MINIMUM_2023 = 4.3858248614026385


def bowl(generator: torch.Generator, d: int) -> Tensor:
    """A symmetric (d, d) matrix with eigenvalues in [0.6, 3], rotated at random."""
    rotation = torch.linalg.qr(normal(generator, d, d))[0]
    matrix = rotation * uniform(generator, 0.6, 3, d) @ rotation.T
    return (matrix + matrix.T) / 2


def quadratic(generator: torch.Generator, d: int, *shape: int) -> tuple[Named, Tensor, Tensor, Tensor]:
    """½xᵀPx − xᵀQθ: the function, theta of this shape, its minimum, dx*/dθ."""
    P, theta = bowl(generator, d), normal(generator, *shape)
    Q = normal(generator, d, theta.numel())
    jacobian = torch.linalg.solve(P, Q)
    f = Named("implicit_argmin.quadratic", P=P, Q=Q)
    return f, theta, jacobian @ theta.flatten(), jacobian.reshape(d, *shape)


def balanced_quadratic(generator: torch.Generator) -> tuple[Named, Tensor]:
    """½xᵀPx − xᵀQθ and a theta with Qθ = 0, of whole numbers: x* = 0, which a search in float32 reaches to any tol."""
    a, b, c, u, v, s, t = torch.randint(1, 4, (7,), generator=generator).double().tolist()
    P, Q, theta = float64([[a + b, b], [b, b + c]]), float64([[u, -v], [v, u]]), float64([s, -t])
    return Named("implicit_argmin.quadratic", P=P, Q=torch.cat([Q, -(Q @ theta)[:, None]], 1)), torch.cat([theta, float64([1])])


def soft(generator: torch.Generator, d: int, *shape: int) -> tuple[Named, Tensor, Tensor]:
    """½xᵀPx + Σ√(1 + (x − Qθ)²): the function, theta, its minimum."""
    theta = uniform(generator, -1, 1, *shape)
    f = Named("implicit_argmin.soft_quadratic", P=bowl(generator, d), Q=uniform(generator, -1, 1, d, theta.numel()))
    return f, theta, _minimum(f, torch.zeros(d).double(), theta)


def moved_2023(generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Seed 2023 with x*(αW1) = x*/α, x*(b1 + cW1) = x* − c, x*(αw2) = x*: other weights, their exact minimum."""
    W1, b1, w2 = stored_weights(2023)
    shift, stretch, scale = number(generator, -0.3, 0.3), number(generator, 0.9, 1.2), number(generator, 0.8, 1.3)
    theta = pack(type(stored_weights(2023))(stretch * W1, b1 + shift * W1[:, 0], scale * w2))
    return theta, float64([(MINIMUM_2023 - shift) / stretch])


def jitter(generator: torch.Generator, seed: int) -> Tensor:
    """Stored weights, each changed by up to 2 %."""
    theta = stored_theta(seed)
    return theta * uniform(generator, 0.98, 1.02, *theta.shape)


def _minimum(f: Named, start: Tensor, theta: Tensor) -> Tensor:
    return minimise(build_named(f), start, theta)


def _jacobian(f: Named, x: Tensor, theta: Tensor) -> Tensor:
    return derivatives(build_named(f), x, theta).jacobian


def exam_minimise(probe: Probe, generator: torch.Generator) -> Verdict:
    """`minimise(f, x0, theta, tol)` of bowls, networks, valleys, and functions without a minimum."""
    cases = []
    f, theta, x, _ = quadratic(generator, 3, 2, 2)
    cases.append(minimise_case(f, x + uniform(generator, -1, 1, 3), theta, x, "a bowl in three dimensions"))
    f, theta, x = soft(generator, 4, 3)
    cases.append(minimise_case(f, torch.zeros(4).double(), theta, x, "convex, not quadratic"))
    f, theta, x, _ = quadratic(generator, 2, 3)
    flat = Named("implicit_argmin.quadratic", **{name: 5e-4 * matrix for name, matrix in f.arguments.items()})
    cases.append(minimise_case(flat, torch.zeros(2).double(), theta, x, "a flat bowl, curvature 0.0003 to 0.0015"))
    theta, x = moved_2023(generator)
    cases.append(minimise_case(BARE, torch.zeros(1).double(), theta, x, "seed 2023, weights moved"))
    theta = jitter(generator, 456)
    start = torch.zeros(1).double()
    cases.append(minimise_case(STABILISED, start, theta, _minimum(STABILISED, start, theta), "seed 456 stabilised"))
    theta = jitter(generator, 123)
    start = torch.zeros(3).double()
    cases.append(minimise_case(STABILISED, start, theta, _minimum(STABILISED, start, theta), "3-D, stabilised", 1e-7))
    well = Named("implicit_argmin.double_well", width=number(generator, 3.5, 5))
    for side in (-1, 1):
        slope = uniform(generator, -0.2, 0.2)
        near = torch.cat([float64([side * (well.arguments["width"] - 0.4)]), normal(generator, 1)])
        cases.append(minimise_case(well, near, slope, _minimum(well, near, slope), f"two valleys, x0[0] = {float(near[0]):.3g}"))
    f, theta, x, _ = quadratic(generator, 2, 3)
    cases.append(minimise_case(f, torch.zeros(2), theta.float(), x.float(), "float32", 1e-3))
    cases.append(minimise_case(BARE, uniform(generator, -5, -3, 1), jitter(generator, 456), None, "seed 456: no minimum"))
    cases.append(minimise_case(BARE, torch.zeros(3).double(), jitter(generator, 123), None, "3-D: no minimum"))
    summit = minimise_case(well, float64([0.25, 0.0]), torch.zeros(()).double(), None, "beside the summit")
    return judge_minimise(probe, cases, summit)


def exam_is_strict_minimum(probe: Probe, generator: torch.Generator) -> Verdict:
    """`is_strict_minimum(f, x, theta, tol)` at minima, maxima, saddles, floors, on slopes, and in other units."""
    cases = []
    for d in (1, 2, 4):
        f, theta, x, _ = quadratic(generator, d, 3)
        direction = torch.nn.functional.normalize(normal(generator, d), dim=0)
        cases.append(minimum_case(f, x, theta, True, "the bottom of a bowl"))
        cases.append(minimum_case(f, x + 1e-4 * direction, theta, False, "1e-4 beside it"))
        cases.append(minimum_case(f, x + 1e-4 * direction, theta, True, "1e-4 beside it, tol 1e-2", 1e-2))
        top = Named("implicit_argmin.quadratic", P=-f.arguments["P"], Q=-f.arguments["Q"])
        cases.append(minimum_case(top, x, theta, False, "a maximum"))
    a, b, unit = number(generator, 0.5, 2), number(generator, 2.5, 4), torch.zeros(1).double()
    for P, x, expected, about in (
        ([[a, b], [b, a]], [0.0, 0.0], False, "a saddle with a positive diagonal"),
        ([[a, 0.0], [0.0, 0.0]], [0.0, b], False, "a valley floor"),
        ([[0.0, 0.0], [0.0, a]], [b, 0.0], False, "a valley floor"),
        ([[a, 0.0], [0.0, 1e-15]], [0.0, 0.0], False, "eigenvalue ratio 1e-15"),
        ([[a, 0.0], [0.0, 1e-9]], [0.0, 0.0], True, "eigenvalue ratio 1e-9"),
        ([[a * 1e-9, 0.0], [0.0, b * 1e-9]], [1.0, a], False, "small units, a step of 1 away"),
        ([[a * 1e-20, 0.0], [0.0, b * 1e-20]], [0.0, 0.0], True, "small units, at the minimum"),
        ([[a * 1e8, 0.0], [0.0, b * 1e8]], [1e-9, 1e-9], True, "large units, 1e-9 away"),
    ):
        f = Named("implicit_argmin.quadratic", P=float64(P), Q=torch.zeros(2, 1).double())
        cases.append(minimum_case(f, float64(x), unit, expected, about))
    theta, x = moved_2023(generator)
    cases.append(minimum_case(BARE, x, theta, True, "seed 2023, weights moved"))
    cases.append(minimum_case(BARE, x, theta, True, "seed 2023, weights moved, tol 1e-9", 1e-9))
    cases.append(minimum_case(BARE, x + 1e-8, theta, False, "1e-8 beside it, tol 1e-9", 1e-9))
    cases.append(minimum_case(BARE, x - 0.7, theta, False, "0.7 before it, gradient below 0.01", 1e-2))
    out = uniform(generator, -14, -11, 1)
    cases.append(minimum_case(BARE, out, stored_theta(456), False, "456 on its way out, tol 1e-3", 1e-3))
    cases.append(minimum_case(BARE, 2 * out, stored_theta(456), False, "456 further out"))
    slope = Named("implicit_argmin.falling", rate=number(generator, 0.5, 1))
    far = float64([number(generator, 40, 50), 0.3])
    cases.append(minimum_case(slope, far, float64(0.3), False, "a slope that flattens"))
    theta = jitter(generator, 123)
    x = _minimum(STABILISED, torch.zeros(3).double(), theta)
    cases.append(minimum_case(STABILISED, x, theta, True, "3-D, stabilised"))
    lost = float64([-10.278391460465638, 9.144972085336095, -8.950106669835773])
    cases.append(minimum_case(BARE, lost, stored_theta(123), False, "3-D, bare"))
    return judge_is_strict_minimum(probe, cases)


def exam_implicit_gradient(probe: Probe, generator: torch.Generator) -> Verdict:
    """`implicit_gradient(f, x, theta)` with one x and theta of several shapes."""
    cases = []
    for shape in ((), (4,), (2, 3), (2, 1, 3)):
        f, theta, x, jacobian = quadratic(generator, 1, *shape)
        cases.append(derivative_case(f, x, theta, jacobian[0], f"quadratic, theta of shape {shape}"))
        f, theta, x = soft(generator, 1, *shape)
        cases.append(derivative_case(f, x, theta, _jacobian(f, x, theta)[0], f"not quadratic, theta of shape {shape}"))
    theta, x = moved_2023(generator)
    cases.append(derivative_case(BARE, x, theta, _jacobian(BARE, x, theta)[0], "seed 2023, weights moved"))
    theta = jitter(generator, 456)
    x = _minimum(STABILISED, torch.zeros(1).double(), theta)
    cases.append(derivative_case(STABILISED, x, theta, _jacobian(STABILISED, x, theta)[0], "seed 456 stabilised"))
    f, theta, x, jacobian = quadratic(generator, 1, 3)
    cases.append(derivative_case(f, x.float(), theta.float(), jacobian[0], "float32"))
    return judge(probe, IMPLICIT_GRADIENT, cases)


def exam_implicit_jacobian(probe: Probe, generator: torch.Generator) -> Verdict:
    """`implicit_jacobian(f, x, theta)` in several dimensions, and at singular Hessians."""
    cases = []
    for d, shape in ((3, (5,)), (2, ()), (4, (2, 3)), (3, (2, 2, 2)), (1, (3,))):
        f, theta, x, jacobian = quadratic(generator, d, *shape)
        cases.append(derivative_case(f, x, theta, jacobian, f"quadratic, d = {d}, theta of shape {shape}"))
        f, theta, x = soft(generator, d, *shape)
        cases.append(derivative_case(f, x, theta, _jacobian(f, x, theta), f"not quadratic, d = {d}, theta of shape {shape}"))
    theta = jitter(generator, 123)
    x = _minimum(STABILISED, torch.zeros(3).double(), theta)
    cases.append(derivative_case(STABILISED, x, theta, _jacobian(STABILISED, x, theta), "3-D, stabilised"))
    low = 10 ** number(generator, -10, -8)
    thin = Named("implicit_argmin.quadratic", P=torch.diag(float64([1.0, low])), Q=torch.eye(2).double())
    zero = torch.zeros(2).double()
    cases.append(derivative_case(thin, zero, zero, torch.diag(float64([1.0, 1 / low])), f"eigenvalue ratio {low:.1e}"))
    f, theta, x, jacobian = quadratic(generator, 3, 2)
    tiny = Named("implicit_argmin.quadratic", **{name: 1e-20 * matrix for name, matrix in f.arguments.items()})
    cases.append(derivative_case(tiny, x, theta, jacobian, "f in other units, 1e-20 times as large"))
    f, theta, x, jacobian = quadratic(generator, 2, 3)
    cases.append(derivative_case(f, x.float(), theta.float(), jacobian, "float32"))
    return judge_in_turn(probe, IMPLICIT_JACOBIAN, cases, _singular(generator))


def _singular(generator: torch.Generator) -> list[Case]:
    k = int(torch.randint(2, 6, (), generator=generator))
    floor = Named("implicit_argmin.quadratic", P=float64([[1, k], [k, k * k]]), Q=torch.ones(2, 2).double())
    level = Named("implicit_argmin.quadratic", P=torch.diag(torch.tensor([1.0, 0.0, k])).double(), Q=torch.ones(3, 1).double())
    lost = float64([-10.278391460465638, 9.144972085336095, -8.950106669835773])
    return [
        derivative_case(floor, torch.zeros(2).double(), torch.zeros(2).double(), None, f"eigenvalues {1 + k * k} and 0"),
        derivative_case(level, torch.zeros(3).double(), torch.zeros(1).double(), None, f"eigenvalues {k}, 1 and 0"),
        derivative_case(BARE, lost, stored_theta(123), None, "3-D, bare: rank 2"),
    ]


def exam_implicit_vjp(probe: Probe, generator: torch.Generator) -> Verdict:
    """`implicit_vjp(f, x, theta, v)`, one of them with a theta of over a thousand entries."""
    cases = []
    for d, shape in ((3, (5,)), (2, ()), (6, (2, 3)), (12, (2, 2, 2)), (1, (3,))):
        v = normal(generator, d)
        f, theta, x, jacobian = quadratic(generator, d, *shape)
        cases.append(derivative_case(f, x, theta, pull_back(v, jacobian), f"quadratic, d = {d}, theta of shape {shape}", v))
        f, theta, x = soft(generator, d, *shape)
        expected = pull_back(v, _jacobian(f, x, theta))
        cases.append(derivative_case(f, x, theta, expected, f"not quadratic, d = {d}, theta of shape {shape}", v))
    theta, v = jitter(generator, 123), normal(generator, 3)
    x = _minimum(STABILISED, torch.zeros(3).double(), theta)
    cases.append(derivative_case(STABILISED, x, theta, pull_back(v, _jacobian(STABILISED, x, theta)), "3-D, stabilised", v))
    f, theta, x, jacobian = quadratic(generator, 2, 3)
    v = normal(generator, 2)
    cases.append(derivative_case(f, x.float(), theta.float(), pull_back(v, jacobian), "float32", v.float()))
    f, theta, v = Named("implicit_argmin.long_theta", P=bowl(generator, 7)), normal(generator, 31, 41), normal(generator, 7)
    x = _minimum(f, torch.zeros(7).double(), theta)
    large = derivative_case(f, x, theta, pull_back(v, _jacobian(f, x, theta)), "d = 7, theta of shape (31, 41)", v)
    return judge_implicit_vjp(probe, cases, large)


def exam_argmin_layer(probe: Probe, generator: torch.Generator) -> Verdict:
    """`argmin_layer(f, x0)`: values, gradients, the graph behind them, and one layer asked three times."""
    problems = []
    for d, shape in ((3, (4,)), (2, (2, 2)), (1, ())):
        f, theta, x = soft(generator, d, *shape)
        problems.append(problem(f, x + uniform(generator, 0.5, 1, d), theta, normal(generator, d), f"not quadratic, d = {d}"))
    f, theta, x, _ = quadratic(generator, 3, 5)
    problems.append(Problem(f, torch.zeros(3).double(), theta, x, normal(generator, 3), "quadratic"))
    theta, x = moved_2023(generator)
    problems.append(Problem(BARE, torch.zeros(1).double(), theta, x, normal(generator, 1), "seed 2023, weights moved"))
    problems.append(problem(STABILISED, torch.zeros(3).double(), jitter(generator, 123), normal(generator, 3), "3-D, stabilised"))
    f, theta = balanced_quadratic(generator)
    problems.append(Problem(f, torch.ones(2), theta.float(), torch.zeros(2), normal(generator, 2).float(), "float32"))
    well = Named("implicit_argmin.double_well", width=number(generator, 3.5, 4.5))
    near, slope = float64([-3.4]), float64(-number(generator, 0.1, 0.3))
    problems.append(problem(well, near, slope, torch.ones(1).double(), "two valleys"))
    problems.append(
        Problem(BARE, torch.zeros(1).double(), jitter(generator, 456), None, torch.ones(1).double(), "seed 456: no minimum")
    )
    return judge_argmin_layer(probe, problems, (problems[-2], float64(-4.0)))


EXAMS = {
    "minimise": exam_minimise,
    "is_strict_minimum": exam_is_strict_minimum,
    "implicit_gradient": exam_implicit_gradient,
    "implicit_jacobian": exam_implicit_jacobian,
    "implicit_vjp": exam_implicit_vjp,
    "argmin_layer": exam_argmin_layer,
}
