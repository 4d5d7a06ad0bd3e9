"""`simplex_jacobian(y)`: the Jacobian of the Euclidean projection of y onto the simplex."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.exercises.slips import CHANGED_INPUT, FLOAT32_INSIDE, LEFT_TORCH, TUPLE
from gradlab.lessons.layers_that_solve.exercises._slips import UNTRACKED
from gradlab.probe import Answer

SLIPS = (UNTRACKED, LEFT_TORCH, CHANGED_INPUT, FLOAT32_INSIDE, TUPLE)
exercise = Exercise("simplex_jacobian(y)", look="“Stay on the simplex”", slips=SLIPS)


def threshold(y: Tensor) -> float:
    """The τ for which max(y − τ, 0) sums to 1, by halving."""
    low, high = y.max() - 1, y.max()
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if torch.relu(y - middle).sum() > 1 else (low, middle)
    return float(low)


def active_set(y: Tensor) -> Tensor:
    """1 where the projection is positive, else 0."""
    return (y.detach() > threshold(y.detach())).to(y.dtype)


def centred(s: Tensor) -> Tensor:
    """diag(s) − s sᵀ / Σs for an indicator s."""
    return torch.diag(s) - torch.outer(s, s) / s.sum()


@exercise.reference
def by_the_active_set(y: Tensor) -> Tensor:
    """The rows of the identity on the active set, each less their mean."""
    return centred(active_set(y))


def point(draw: Draw, d: int, spread: float, offset: float = 0.0) -> Tensor:
    """A y with no entry within 0.02 of the threshold."""
    while True:
        y = draw.normal(d, scale=spread) + offset
        if float((y - threshold(y)).abs().min()) > 0.02:
            return y


@exercise.precise_cases(rtol=1e-6, atol=1e-6)  # the entries are fractions of small numbers, by any method
def points(draw: Draw) -> Iterator[Case]:
    """Some entries active, all of them, one of them."""
    yield case(tensor(0.5, 0.9, -3))
    for d, spread in ((4, 1.0), (6, 0.5), (10, 1.0), (3, 0.1)):
        yield case(point(draw, d, spread))
    yield case(point(draw, 5, 0.5, offset=draw.number(3, 9)), about="all entries large")
    yield case(point(draw, 5, 0.5, offset=-draw.number(3, 9)), about="all entries negative")
    yield case(point(draw, 4, 0.5).float(), about="float32")
    yield case(point(draw, 4, 0.5).requires_grad_(), about="y requires a gradient")


@exercise.precise_cases(rtol=1e-6, atol=1e-6, special=True)
def corners_and_ties(draw: Draw) -> Iterator[Case]:
    yield case(tensor(0, 3, 0.5) + draw.number(0, 1), about="projected to a corner")
    a = draw.number(0.2, 0.9)
    yield case(tensor(a, a, a - 0.1, -1, -1), about="ties")
    yield case(tensor(a, a, a), about="all the same")
    yield case(draw.uniform(-2, 2, 1), about="d = 1")


@exercise.symptom("other-active-set")
def other_active_set(case: Case, answer: Answer) -> bool:
    """This is the right formula with another active set. It holds the entries above the threshold τ for which
    Σ max(y − τ, 0) = 1, and τ is no entry, mean or median of y: sort y, or halve a bracket, to find it."""
    J, active = answer.value, answer.value.abs().sum(1) > 0
    # A symmetric projection onto all vectors on the active set whose entries sum to 0: one dimension less than entries.
    projects = all(bool((gap.abs() < 1e-5).all()) for gap in (J @ J - J, J - J.mT, J.sum(1)))
    whole = abs(float(J.trace()) - max(int(active.sum()) - 1, 0)) < 0.5
    return projects and whole and not torch.equal(active, case.expected.abs().sum(1) > 0)


@exercise.symptom("argsort")
def tie_breaks(case: Case, answer: Answer) -> bool:
    """This is right except at ties in y. Count the active set by y > τ, not by places in a sorted list."""
    return case.about in ("ties", "all the same")
