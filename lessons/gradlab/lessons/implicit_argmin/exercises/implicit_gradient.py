"""`implicit_gradient(f, x, theta)`: −f_xθ/f_xx for x of shape (1,), shaped like theta."""

from collections.abc import Iterator

from gradlab.exercises import Case, Draw, Exercise, tensor
from gradlab.lessons.implicit_argmin.exercises import _problems as problems
from gradlab.lessons.implicit_argmin.exercises._derivatives import formula
from gradlab.lessons.implicit_argmin.exercises._slips import DERIVATIVE_SLIPS, PUSH, no_search
from gradlab.probe import Named

exercise = Exercise("implicit_gradient(f, x, theta)", look=PUSH, slips=DERIVATIVE_SLIPS)
exercise.reference(formula(lambda at: at.jacobian[0]))


@exercise.precise_cases(rtol=1e-7, atol=1e-7)
def thetas_of_several_shapes(draw: Draw) -> Iterator[Case]:
    """Right to seven digits, which a careful difference in x of f_θ reaches too."""
    yield from (each.case() for each in problems.both_kinds(draw, (1, (4,)), (1, ()), (1, (2, 3)), (1, (2, 1, 3))))
    yield problems.seed_2023(draw).case()
    yield problems.stabilised(draw, 456).case()
    theta = tensor(draw.number(3, 6), draw.number(1, 2), draw.number(0.1, 1))
    prox = problems.problem(Named("implicit_argmin.smooth_prox"), theta, tensor(2), "theta = (y, T, λ)")
    yield prox.case()
    near_0 = problems.quadratic(draw, 1, 3)  # there float32 has digits enough for a difference in x, too
    yield near_0._replace(x=1e-3 * near_0.x, theta=1e-3 * near_0.theta).in_float32.case()


no_search(exercise, lambda draw: problems.seed_2023(draw).case())
