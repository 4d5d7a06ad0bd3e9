"""`implicit_gradient(f, x, theta)`: −f_xθ/f_xx for x of shape (1,), shaped like theta."""

from collections.abc import Callable, Iterator

from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, tensor
from gradlab.exercises.verdict import Verdict
from gradlab.lessons.implicit_argmin.exercises import _problems as problems
from gradlab.lessons.implicit_argmin.exercises._derivatives import Derivatives, derivatives
from gradlab.lessons.implicit_argmin.exercises._slips import DERIVATIVE_SLIPS, PUSH, searched_again
from gradlab.maths.stationarity import Objective
from gradlab.probe import Named, Probe

exercise = Exercise("implicit_gradient(f, x, theta)", look=PUSH, slips=DERIVATIVE_SLIPS)


def formula(of: Callable[[Derivatives], Tensor]) -> Callable[[Objective, Tensor, Tensor], Tensor]:
    """An answer that evaluates some formula of the derivatives of f."""
    return lambda f, x, theta: of(derivatives(f, x, theta))


exercise.reference(formula(lambda at: at.jacobian[0]))


@exercise.precise_cases(rtol=1e-7, atol=1e-7)
def thetas_of_several_shapes(draw: Draw) -> Iterator[Case]:
    """Right to seven digits, which a careful difference in x of f_θ reaches too."""
    yield from (each.case() for each in problems.both_kinds(draw, (1, (4,)), (1, ()), (1, (2, 3)), (1, (2, 1, 3))))
    yield problems.seed_2023(draw).case()
    yield problems.stabilised(draw, 456).case()
    prox, theta = (
        Named("implicit_argmin.smooth_prox"),
        tensor(draw.number(3, 6), draw.number(1, 2), draw.number(0.1, 1)),
    )
    yield problems.problem(prox, theta, tensor(2), "½(x−y)² + T√(x²+λ), theta = (y, T, λ)").case()
    yield problems.quadratic(draw, 1, 3).in_float32.case()


@exercise.inspection
def nothing_is_minimised_again(probe: Probe, draw: Draw) -> Verdict | None:
    return searched_again(exercise, probe, problems.seed_2023(draw).case())
