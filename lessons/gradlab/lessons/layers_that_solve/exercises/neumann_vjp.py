"""`neumann_vjp(phi, z, theta, v, terms)`: the first terms of the Neumann series, by vector-Jacobian products only."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Raises, Verdict, case
from gradlab.lessons.layers_that_solve.exercises import _contractions as contractions
from gradlab.lessons.layers_that_solve.exercises._contractions import Map
from gradlab.lessons.layers_that_solve.exercises._jacobians import Jacobians, jacobians
from gradlab.lessons.layers_that_solve.exercises._slips import DERIVATIVE_SLIPS, whole_jacobian
from gradlab.lessons.layers_that_solve.functions import Function
from gradlab.probe import Answer, Named, Probe

exercise = Exercise("neumann_vjp(phi, z, theta, v, terms)", look="“Do without the solve”", slips=DERIVATIVE_SLIPS)


def series(at: Jacobians, first: int, last: int) -> Tensor:
    """Σ Φ_zʲ from j = first to last − 1."""
    powers = (torch.linalg.matrix_power(at.in_z, j) for j in range(first, last))
    return sum(powers, torch.zeros_like(at.in_z))


@exercise.reference
def by_powers(phi: Function, z: Tensor, theta: Tensor, v: Tensor, terms: int) -> Tensor:
    """v times the powers of Φ_z, written out, times Φ_θ."""
    if terms < 1:
        raise ValueError("no term")
    at = jacobians(phi, z, theta)
    return at.pull(v @ series(at, 0, terms))


def asked(draw: Draw, given: Map, terms: int, about: str = "") -> Case:
    """A call at a point that is no fixed point."""
    phi, theta, z, _ = given
    tol = None if z.dtype is torch.float64 else 2e-3
    v = draw.normal(len(z), dtype=z.dtype)
    return case(phi, z, theta, v, terms, rtol=tol, atol=tol, about=about)


@exercise.precise_cases(rtol=1e-7, atol=1e-7)
def points(draw: Draw) -> Iterator[Case]:
    for terms, d, shape in ((2, 3, (4,)), (3, 2, (2, 2)), (1, 3, (2,)), (6, 4, (3,)), (4, 2, ()), (2, 1, (2,))):
        yield asked(draw, contractions.neurons(draw, d, *shape), terms)
    given = contractions.affine(draw, 3, 2)
    yield asked(draw, given, 5)
    single = given._replace(theta=given.theta.float(), start=given.start.float())
    yield asked(draw, single, 3, "float32")
    tracked = given._replace(theta=given.theta.clone().requires_grad_(), start=given.start.clone().requires_grad_())
    yield asked(draw, tracked, 3, "z and theta require a gradient")


@exercise.inspection
def only_products(probe: Probe, draw: Draw) -> Verdict | None:
    """No tensor of d² numbers goes into any operation: φ itself has none."""
    d, phi = 12, Named("layers_that_solve.ring", weight=draw.number(0.2, 0.6))
    one = asked(draw, Map(phi, draw.normal(3), draw.normal(d), ""), 3, f"d = {d}, no matrix in phi")
    remedy = "A term is the one before times Φ_z: one vector-Jacobian product, autograd.grad(value, z, term)."
    return whole_jacobian(exercise, probe, one, d * d, remedy)


@exercise.precise_cases(rtol=1e-7, atol=1e-7, special=True)
def ignored_arguments(draw: Draw) -> Iterator[Case]:
    theta, z = draw.normal(2, 2), draw.normal(3)
    without_theta = Named("layers_that_solve.without_theta", W=contractions.matrix(draw, 3, 0.8))
    yield asked(draw, Map(without_theta, theta, z, ""), 3, "phi ignores theta")
    without_z = Named("layers_that_solve.without_z", d=3)
    yield asked(draw, Map(without_z, theta, z, ""), 3, "phi ignores z")


@exercise.special_cases
def no_terms(draw: Draw) -> Iterator[Case]:
    given = contractions.affine(draw, 2, 2)
    yield from (asked(draw, given, terms) for terms in (0, -2))


@exercise.symptom("no-terms")
def no_terms_accepted(case: Case, answer: Answer) -> bool:
    """With terms < 1 there is nothing to add. The task asks for a ValueError with a message."""
    return isinstance(case.expected, Raises) and answer.raised is None
