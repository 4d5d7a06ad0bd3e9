"""`root_vjp(F, z, theta, v)`: vᵀ dz/dθ at a root of F(z, θ) = 0, by one linear system with Kᵀ."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Raises, Verdict, case, tensor
from gradlab.exercises.slips import raises
from gradlab.lessons.layers_that_solve.exercises._jacobians import jacobians
from gradlab.lessons.layers_that_solve.exercises._slips import DERIVATIVE_SLIPS, FOLD, whole_jacobian
from gradlab.lessons.layers_that_solve.functions import Function
from gradlab.probe import Answer, Named, Probe
from gradlab.probe.perform import build_named

exercise = Exercise("root_vjp(F, z, theta, v)", look="“Ask how a root moves”", slips=DERIVATIVE_SLIPS)


@exercise.reference
def by_the_whole_jacobian(F: Function, z: Tensor, theta: Tensor, v: Tensor) -> Tensor:
    """v times −K⁻¹ F_θ, after a look at the singular values of K."""
    at = jacobians(F, z, theta)
    sizes = torch.linalg.svdvals(at.in_z)
    if not sizes.min() > len(z) * torch.finfo(z.dtype).eps * sizes.max():
        raise ValueError("K is singular")
    moved = -torch.linalg.solve(at.in_z, at.in_theta.reshape(len(z), -1))
    return (v @ moved).reshape(theta.shape)


def matrix(draw: Draw, d: int) -> Tensor:
    """A matrix far from symmetric, with singular values between 1 and 3."""
    W = draw.normal(d, d)
    return 2 * torch.eye(d, dtype=W.dtype) + W / torch.linalg.matrix_norm(W, 2)


def asked(F: Named, z: Tensor, theta: Tensor, v: Tensor, about: str = "") -> Case:
    """A call at a root; in float32 three digits are asked for."""
    tol = None if z.dtype is torch.float64 else 2e-3
    return case(F, z, theta, v, rtol=tol, atol=tol, about=about)


def linear(draw: Draw, K: Tensor, *shape: int, about: str = "") -> Case:
    theta = draw.normal(*shape)
    Q = draw.normal(len(K), theta.numel())
    F = Named("layers_that_solve.linear_equations", K=K, Q=K @ Q)
    return asked(F, Q @ theta.flatten(), theta, draw.normal(len(K)), about)


def curved(draw: Draw, d: int, *shape: int) -> Case:
    z, theta, K = draw.normal(d), draw.normal(*shape), matrix(draw, d)
    parts = {"K": K, "Q": draw.normal(d, theta.numel())}
    shift = build_named(Named("layers_that_solve.curved_equations", shift=0 * z, **parts))(z, theta)
    F = Named("layers_that_solve.curved_equations", shift=shift, **parts)
    return asked(F, z, theta, draw.normal(d), f"not linear, d = {d}, theta of shape {shape}")


@exercise.precise_cases(rtol=1e-7, atol=1e-7)
def regular(draw: Draw) -> Iterator[Case]:
    yield linear(draw, tensor([2, 1], [0, 3]), 3)
    yield linear(draw, matrix(draw, 3), 4)
    for d, shape in ((3, (4,)), (6, (2, 3)), (2, (2, 2)), (2, ()), (1, (3,))):
        yield curved(draw, d, *shape)
    one = linear(draw, matrix(draw, 4), 2)
    F, *tensors = one.call.arguments
    yield asked(F, *(each.float() for each in tensors), about="float32")
    z, theta, v = tensors
    yield asked(F, z.clone().requires_grad_(), theta.clone().requires_grad_(), v, "z and theta require a gradient")


@exercise.precise_cases(rtol=1e-7, atol=1e-7, special=True)
def without_theta(draw: Draw) -> Iterator[Case]:
    F = Named("layers_that_solve.equations_without_theta", K=matrix(draw, 3))
    yield asked(F, 0 * draw.normal(3), draw.normal(2, 2), draw.normal(3), "F ignores theta")


def scaled(call: Case, unit: float) -> Case:
    """The same roots of equations in another unit."""
    F, *rest = call.call.arguments
    other = Named(F.name, **{name: unit * value for name, value in F.arguments.items()})
    return asked(other, *rest, about=f"F in other units: K has singular values near {unit:.0e}")


@exercise.precise_cases(rtol=1e-7, atol=1e-7, special=True)
def regular_in_other_units(draw: Draw) -> Iterator[Case]:
    yield scaled(linear(draw, matrix(draw, 5), 2), 1e-12)
    cycle = torch.diag(draw.uniform(0.5, 2, 3))[[1, 2, 0]]
    yield linear(draw, cycle, 2, about="K permutes the axes: zeros on its diagonal")


@exercise.special_cases
def singular(draw: Draw) -> Iterator[Case]:
    """The third K has eigenvalues 1 and 1."""
    a, b = draw.number(1, 3), draw.number(1, 3)
    for K in (tensor([a, 0], [b, 0]), tensor([a, b, 0], [0, a, 0], [0, 0, 1e-20]), tensor([1, a * 1e10], [0, 1])):
        F = Named("layers_that_solve.linear_equations", K=K, Q=draw.normal(len(K), 2))
        zeros = torch.zeros(2, dtype=torch.float64)
        yield asked(F, torch.zeros(len(K), dtype=torch.float64), zeros, draw.normal(len(K)), "K is singular")


@exercise.precise_cases(rtol=1e-7, atol=1e-7)
def many_parameters(draw: Draw) -> Iterator[Case]:
    d, z, theta, K = 7, draw.normal(7), draw.normal(31, 41), matrix(draw, 7)
    shift = build_named(Named("layers_that_solve.long_theta_equations", K=K, shift=0 * z))(z, theta)
    F = Named("layers_that_solve.long_theta_equations", K=K, shift=shift)
    yield asked(F, z, theta, draw.normal(d), "d = 7, theta of shape (31, 41)")


@exercise.inspection
def jacobian_is_not_built(probe: Probe, draw: Draw) -> Verdict | None:
    """No tensor of d·|θ| numbers goes into any operation."""
    (one,) = many_parameters(draw)
    entries = one.call.arguments[1].numel() * one.call.arguments[2].numel()
    remedy = "Solve Kᵀ u = v first (d numbers), then pull u back to theta with one call of autograd."
    return whole_jacobian(exercise, probe, one, entries, remedy)


@exercise.symptom("singular-accepted", look=FOLD)
def singular_accepted(case: Case, answer: Answer) -> bool:
    """K is singular to working precision here, and you returned a number. Neither a zero determinant nor an eigenvalue
    tells: K = [[1, 1e10], [0, 1]] has determinant 1. Compare its smallest singular value with its largest."""
    return isinstance(case.expected, Raises) and answer.raised is None


@exercise.symptom("gives-up", look=FOLD)
def gives_up(case: Case, answer: Answer) -> bool:
    """K is regular here, and you raised a ValueError. Compare the smallest singular value of K with its largest, never
    with a fixed number; a small determinant or a zero on the diagonal proves nothing, and eigvalsh reads one half of K
    only."""
    return not isinstance(case.expected, Raises) and raises("ValueError")(case, answer)
