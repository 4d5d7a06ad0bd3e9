"""`envelope_gradient(f, x, theta)`: d/dθ of min_x f(x, θ), at the minimiser x."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case
from gradlab.lessons.implicit_argmin.exercises import _problems as problems
from gradlab.lessons.layers_that_solve.exercises._slips import FEW_DIGITS, TUPLE, UNTRACKED, UNUSED
from gradlab.maths.prox import soft_threshold
from gradlab.probe import Named

exercise = Exercise(
    "envelope_gradient(f, x, theta)",
    look="“Ask for the value, not the place”",
    slips=(UNUSED, UNTRACKED, TUPLE, FEW_DIGITS),
)


@exercise.reference
def along_the_minimum(f: Callable[[Tensor, Tensor], Tensor], x: Tensor, theta: Tensor) -> Tensor:
    """f_θ, from a graph in which x is fixed."""
    tracked = theta.detach().clone().requires_grad_()
    return torch.autograd.grad(f(x.detach(), tracked) + 0 * tracked.sum(), tracked)[0]


@exercise.precise_cases(rtol=1e-6, atol=1e-6)
def smooth(draw: Draw) -> Iterator[Case]:
    """Bowls, where θ moves both the place and the value."""
    for problem in problems.both_kinds(draw, (3, (4,)), (2, (2, 2)), (2, ()), (1, (3,))):
        yield problem.case()
    yield problems.quadratic(draw, 2, 3).in_float32.case()
    tracked = problems.quadratic(draw, 2, 3)
    yield tracked._replace(x=tracked.x.requires_grad_(), about="x requires a gradient").case()


@exercise.precise_cases(rtol=1e-6, atol=1e-6, special=True)
def kinked_and_constant(draw: Draw) -> Iterator[Case]:
    """A minimiser with entries at a kink, beyond it and before it, and a function that ignores θ."""
    T = draw.uniform(0.5, 1.5, 1)
    y = torch.cat([draw.uniform(0.1, 0.4, 2), draw.uniform(2, 3, 1), draw.uniform(-3, -2, 1)])
    theta = torch.cat([y, T])
    yield case(
        Named("layers_that_solve.shrinkage"), soft_threshold(y, T), theta, about="½ ‖x − y‖² + T‖x‖₁, θ = (y, T)"
    )
    bowl = Named("layers_that_solve.bowl_without_theta")
    yield case(bowl, torch.ones(2, dtype=torch.float64), draw.normal(2, 2), about="f ignores theta")
