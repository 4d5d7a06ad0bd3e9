"""`root_vjp(F, z, theta, v)`: vᵀ dz/dθ at a root of F(z, θ) = 0, by one linear system with Kᵀ."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Raises, Verdict, tensor
from gradlab.exercises.slips import raises
from gradlab.lessons.layers_that_solve.exercises import _equations as equations
from gradlab.lessons.layers_that_solve.exercises._jacobians import jacobians
from gradlab.lessons.layers_that_solve.exercises._slips import DERIVATIVE_SLIPS, FOLD, whole_jacobian
from gradlab.lessons.layers_that_solve.functions import Function
from gradlab.probe import Answer, Named, Probe

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


@exercise.precise_cases(rtol=1e-7, atol=1e-7)
def regular(draw: Draw) -> Iterator[Case]:
    yield equations.linear(draw, tensor([2, 1], [0, 3]), 3)
    yield equations.linear(draw, equations.matrix(draw, 3), 4)
    for d, shape in ((3, (4,)), (6, (2, 3)), (2, (2, 2)), (2, ()), (1, (3,))):
        yield equations.curved(draw, d, *shape)
    F, z, theta, v = equations.linear(draw, equations.matrix(draw, 4), 2).call.arguments
    yield equations.asked(F, z.float(), theta.float(), v.float(), "float32")
    tracked = (each.clone().requires_grad_() for each in (z, theta))
    yield equations.asked(F, *tracked, v, "z and theta require a gradient")


@exercise.precise_cases(rtol=1e-7, atol=1e-7, special=True)
def without_theta(draw: Draw) -> Iterator[Case]:
    F = Named("layers_that_solve.equations_without_theta", K=equations.matrix(draw, 3))
    yield equations.asked(F, 0 * draw.normal(3), draw.normal(2, 2), draw.normal(3), "F ignores theta")


@exercise.precise_cases(rtol=1e-7, atol=1e-7, special=True)
def regular_in_other_units(draw: Draw) -> Iterator[Case]:
    one = equations.linear(draw, equations.matrix(draw, 5), 2)
    yield equations.rescaled(one, torch.full((5,), 1e-12, dtype=torch.float64), "F in other units: K is of size 1e-12")
    one = equations.linear(draw, torch.diag(draw.uniform(1, 2, 3)), 2)
    yield equations.rescaled(one, tensor(1e-9, 1, 10), "one equation in other units: K has a condition of about 1e10")
    cycle = torch.diag(draw.uniform(0.5, 2, 3))[[1, 2, 0]]
    yield equations.linear(draw, cycle, 2, about="K permutes the axes: zeros on its diagonal")


@exercise.special_cases
def singular(draw: Draw) -> Iterator[Case]:
    """The third K has eigenvalues 1 and 1."""
    a, b = draw.number(1, 3), draw.number(1, 3)
    for K in (tensor([a, 0], [b, 0]), tensor([a, b, 0], [0, a, 0], [0, 0, 1e-20]), tensor([1, a * 1e10], [0, 1])):
        F, z, theta, v = equations.linear(draw, K, 2).call.arguments
        yield equations.asked(F, 0 * z, 0 * theta, v, "K is singular")


@exercise.precise_cases(rtol=1e-7, atol=1e-7)
def many_parameters(draw: Draw) -> Iterator[Case]:
    yield equations.with_long_theta(draw, 7, 31, 41)


@exercise.inspection
def jacobian_is_not_built(probe: Probe, draw: Draw) -> Verdict | None:
    """No tensor of d·|θ| numbers goes into any operation."""
    (one,) = many_parameters(draw)
    remedy = "Solve Kᵀ u = v first (d numbers), then pull u back to theta with one call of autograd."
    return whole_jacobian(exercise, probe, one, 7 * 31 * 41, remedy)


@exercise.symptom("singular-accepted", look=FOLD)
def singular_accepted(case: Case, answer: Answer) -> bool:
    """K is singular to working precision here, and you returned a number. A determinant or an eigenvalue does not tell:
    [[1, 1e10], [0, 1]] has determinant 1. Compare the smallest singular value of K with its largest."""
    return isinstance(case.expected, Raises) and answer.raised is None


@exercise.symptom("gives-up", look=FOLD)
def gives_up(case: Case, answer: Answer) -> bool:
    """K is regular here, and you raised a ValueError. Compare the smallest singular value of K with d·eps times its
    largest; a small determinant or a zero on the diagonal proves nothing, and eigvalsh reads one half of K only."""
    return not isinstance(case.expected, Raises) and raises("ValueError")(case, answer)
