"""`is_strict_minimum(f, x, theta, tol=1e-6)`: is H positive definite, and the Newton step at most tol?"""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.exercises.draw import scalar
from gradlab.exercises.slips import raises
from gradlab.lessons.implicit_argmin.exercises import _problems as problems
from gradlab.lessons.implicit_argmin.exercises._derivatives import Derivatives, derivatives
from gradlab.lessons.implicit_argmin.exercises._problems import BARE, bowl, zeros
from gradlab.lessons.implicit_argmin.exercises._slips import FLAT, SINGULAR_UNCHECKED
from gradlab.maths.networks import stored_theta
from gradlab.probe import Answer, Named

exercise = Exercise("is_strict_minimum(f, x, theta, tol)", look=FLAT, slips=(SINGULAR_UNCHECKED,))


def decided_by(test: Callable[[Derivatives, float], bool | Tensor]) -> Callable[..., bool]:
    """An answer that decides by some test (derivatives, tol)."""
    return lambda f, x, theta, tol=1e-6: bool(test(derivatives(f, x, theta), tol))


exercise.reference(decided_by(lambda at, tol: at.positive_definite and at.newton_step <= tol))


@exercise.cases
def patterns(draw: Draw) -> Iterator[Case]:
    """Points that tell one wrong test from another by yes and no, whatever fixed number stands in it.

    In units of 1e-20 every gradient and eigenvalue is below such a number, in units of 1e12 above it. Nothing here is
    decided by round-off: where two eigenvalues are far apart, or one of them is 0, the Hessian is diagonal.
    """
    a, b = draw.number(0.5, 2), draw.number(2.5, 4)

    def at(P: Tensor, x: Tensor, about: str, *tol: float) -> Case:
        return case(bowl(P), x, zeros(1), *tol, about=about)

    for d in (1, 2, 12):
        f, x, theta, *_ = problems.quadratic(draw, d, 3)
        yield case(f, x, theta, about="the bottom of a bowl")
        yield case(f, x + 0.5 / d**0.5, theta, about="0.5 beside the bottom of a bowl")
    yield case(f, 1e3 * x, 1e3 * theta, 1e-9, about="the bottom of a bowl far out, tol 1e-9")
    yield problems.stabilised(draw, 456).case()
    yield problems.stabilised(draw, 123).case()
    tiny, near, nearer = 1e-20 * tensor([a, 0], [0, b]), draw.number(2e-5, 6e-5), draw.number(2e-8, 8e-8)
    away = torch.full((2,), 0.5**0.5, dtype=torch.float64)
    yield at(tiny, zeros(2), "eigenvalues about 1e-20, at the minimum")
    yield at(tiny, near * away, f"eigenvalues about 1e-20, Newton step {near:.1e}, tol 1e-6")
    yield at(tiny, near * away, f"eigenvalues about 1e-20, Newton step {near:.1e}, tol 1e-3", 1e-3)
    yield at(tiny, nearer * away, f"eigenvalues about 1e-20, Newton step {nearer:.1e}, tol 1e-9", 1e-9)
    yield at(1e32 * tiny, 1e-13 * away, "gradient about 0.1, Newton step 1e-13")
    rate = draw.number(0.8, 1.2)
    slope = Named("implicit_argmin.falling", rate=rate)
    yield case(slope, tensor(23 / rate, 0.3), scalar(0.3), about="a slope that flattens: gradient about 1e-10")
    yield case(BARE, -draw.uniform(33, 36, 1), stored_theta(456), about="456 far out: tiny gradient, Newton step 1.4")
    yield at(-problems.resistance(draw, 2), zeros(2), "a maximum")
    yield at(tensor([a, b], [b, a]), zeros(2), "a saddle with a positive diagonal")
    yield at(tensor([a, 0], [0, 0]), tensor(0, b), "a valley floor: one eigenvalue is 0")
    yield at(tensor([0, 0], [0, a]), tensor(b, 0), "a valley floor: one eigenvalue is 0")
    yield at(tensor([a * 1e20, 0], [0, a * 1e6]), zeros(2), "eigenvalue ratio 1e-14")
    yield at(tensor([a * 1e12, 0], [0, b * 1e3]), zeros(2), "eigenvalue ratio about 1e-9")


@exercise.cases
def points_of_the_text(draw: Draw) -> Iterator[Case]:
    """Stops of the forum's searches, and Hessians that are singular up to round-off."""
    f, x, theta, _, about = problems.seed_2023(draw)
    yield case(f, x, theta, 1e-9, about=f"{about}, at its minimum")
    yield case(f, x + draw.number(2e-8, 8e-8), theta, 1e-9, about=f"{about}, just beside its minimum, tol 1e-9")
    yield case(f, x - 0.7, theta, 1e-2, about=f"{about}, 0.7 before its minimum: gradient below 0.01, tol 1e-2")
    yield case(BARE, -draw.uniform(11, 14, 1), stored_theta(456), 1e-3, about="456: small gradient, Newton step 1.4")
    yield case(BARE, problems.LOST, stored_theta(123), about="the 3-D network where the forum stopped")
    k = draw.integer(2, 5)
    yield case(bowl(tensor([1, k], [k, k * k])), zeros(2), zeros(1), about=f"eigenvalues {1 + k * k} and 0")


@exercise.symptom("raises-instead")
def raises_instead(case: Case, answer: Answer) -> bool:
    """The question is yes or no. Where x is no strict minimum the answer is False, never an error."""
    refused = raises("ValueError")(case, answer) or raises("AssertionError")(case, answer)
    return case.expected is False and refused
