"""`implicit_jacobian(f, x, theta)`: −H⁻¹ f_xθ of shape (d, *theta.shape), or a ValueError where H is singular."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Raises, tensor
from gradlab.exercises.slips import raises
from gradlab.lessons.implicit_argmin.exercises import _problems as problems
from gradlab.lessons.implicit_argmin.exercises._derivatives import Derivatives, formula
from gradlab.lessons.implicit_argmin.exercises._problems import Problem, bowl, zeros
from gradlab.lessons.implicit_argmin.exercises._slips import DERIVATIVE_SLIPS, FLAT, no_search
from gradlab.maths.networks import stored_theta
from gradlab.probe import Answer

exercise = Exercise("implicit_jacobian(f, x, theta)", look="“Solve, do not divide”", slips=DERIVATIVE_SLIPS)


@exercise.reference
@formula
def row_by_row(at: Derivatives) -> Tensor:
    """The singular values of H tell whether there is a Jacobian."""
    sizes = torch.linalg.svdvals(at.hessian)
    if sizes[-1] < len(sizes) * torch.finfo(sizes.dtype).eps * sizes[0]:
        raise ValueError("H is singular to working precision")
    return at.jacobian


@exercise.precise_cases(rtol=1e-9, atol=1e-9)
def regular(draw: Draw) -> Iterator[Case]:
    yield from (each.case() for each in problems.many(draw))


@exercise.precise_cases(rtol=1e-9, atol=1e-9, special=True)
def regular_and_extreme(draw: Draw) -> Iterator[Case]:
    """Hessians that only a test by a fixed number takes for singular."""
    ratio = draw.number(1, 100) * 1e-10
    thin = bowl(torch.diag(tensor(1, ratio)), torch.eye(2).double())
    yield Problem(thin, zeros(2), zeros(2), zeros(2), f"eigenvalues 1 and {ratio:.1e}: regular").case()
    tiny = problems.quadratic(draw, 3, 2, unit=1e-20)
    yield tiny._replace(about="f in other units, 1e-20 times as large: regular").case()


@exercise.special_cases
def singular(draw: Draw) -> Iterator[Case]:
    k = draw.integer(2, 5)
    floor = bowl(tensor([1, k], [k, k * k]), torch.ones(2, 2).double())
    yield Problem(floor, zeros(2), zeros(2), zeros(2), f"eigenvalues {1 + k * k} and 0: singular").case()
    level = bowl(torch.diag(tensor(1, 0, k)), torch.ones(3, 1).double())
    yield Problem(level, zeros(3), zeros(1), zeros(3), f"eigenvalues {k}, 1 and 0: singular").case()
    about = "the bare 3-D network where the forum stopped: rank 2"
    yield Problem(problems.BARE, problems.LOST, stored_theta(123), zeros(3), about).case()


no_search(exercise, lambda draw: problems.stabilised(draw, 123).case())


@exercise.symptom("too-strict", look=FLAT)
def too_strict(case: Case, answer: Answer) -> bool:
    """This Hessian is regular, and you raised a ValueError. Singular to working precision means: the ratio of the
    smallest to the largest eigenvalue is below d·eps. Compare eigenvalues with each other, not with a fixed number."""
    return not isinstance(case.expected, Raises) and raises("ValueError")(case, answer)


@exercise.symptom("singular-unchecked", look=FLAT)
def singular_unchecked(case: Case, answer: Answer) -> bool:
    """A singular H must raise a ValueError, in words of your own; here torch.linalg raised an error of its own. Do not wait
    for it, it misses most singular matrices: compare the eigenvalues before you solve."""
    return isinstance(case.expected, Raises) and raises("_LinAlgError")(case, answer)


@exercise.symptom("singular-accepted", look=FLAT)
def singular_accepted(case: Case, answer: Answer) -> bool:
    """The Hessian is singular here: along one direction f is flat, so x* is not one point and has no derivative. A
    pseudo-inverse, or an inverse full of 1e16, hides that. Compare the eigenvalues, and raise a ValueError."""
    return isinstance(case.expected, Raises) and answer.raised is None
