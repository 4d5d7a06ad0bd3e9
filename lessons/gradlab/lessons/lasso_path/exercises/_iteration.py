"""Problems for ISTA on which no step comes near a kink, and its slope carried along by hand, any one part exchanged."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw
from gradlab.exercises.slips import is_right, raises
from gradlab.exercises.symptom import slip
from gradlab.maths.ista import ista
from gradlab.maths.lasso import lasso_solution
from gradlab.maths.prox import soft_threshold
from gradlab.probe import Answer

Part = Callable[[Tensor, Tensor], Tensor]


def step_length(D: Tensor) -> Tensor:
    """t = 1/‖D‖₂²."""
    return torch.linalg.matrix_norm(D, 2) ** -2


def carried_slope(
    D: Tensor,
    b: Tensor,
    lam: float,
    steps: int,
    *,
    moved: Part = lambda slope, pull: slope - pull,
    lost: Part = lambda u, t: t * u.sign(),
    dead: Part = lambda before, after: torch.zeros_like(after),
) -> Tensor:
    """dx/dλ, carried along: `moved` by the gradient step, `lost` at the threshold, `dead` where that puts out 0."""
    t, x = step_length(D), D.new_zeros(D.shape[1])
    slope = x
    for _ in range(steps):
        u, before = x - t * (D.mT @ (D @ x - b)), moved(slope, t * (D.mT @ (D @ slope)))
        x, after = soft_threshold(u, t * lam), before - lost(u, t)
        slope = torch.where(x == 0, dead(before, after), after)
    return slope


def problem(
    draw: Draw, m: int, n: int, steps: int, low: float = 0.1, high: float = 0.4
) -> tuple[Tensor, Tensor, float]:
    """D, b and λ, a share of max |Dᵀb|, such that x has entries of both signs after so many steps.

    One column of D is 0, so that its entry of every gradient step is exactly 0 on every machine. The slope is the same
    at 0.999·λ and 1.001·λ: no step comes near a kink. After one step the active set is not yet that of the solution.
    """
    while True:
        D, b, idle = draw.normal(m, n), draw.normal(m, scale=2), draw.integer(0, n - 1)
        D[:, idle] = 0
        lam = round(draw.number(low, high) * float((D.mT @ b).abs().max()), 2)
        x, (first, second, *_) = ista(D, b, lam, steps), torch.linalg.svdvals(D).tolist()
        mixed = x.max() > 0 > x.min() and int((x != 0).sum()) < m and second < 0.99 * first
        below, above = (carried_slope(D, b, lam * near, steps) for near in (0.999, 1.001))
        early = steps > 1 or not torch.equal(x == 0, lasso_solution(D, b, lam) == 0)
        if mixed and torch.allclose(below, above) and early:
            return D, b, lam


def iterations(draw: Draw) -> Iterator[tuple[Tensor, Tensor, float, int]]:
    """Problems of several sizes, with few and with more steps; in the last one a threshold λ is not too large for t."""
    for m, n, steps in ((5, 4, 1), (6, 4, 3), (7, 5, draw.integer(6, 10)), (4, 6, draw.integer(4, 8)), (9, 5, 30)):
        yield *problem(draw, m, n, steps), steps
    yield *problem(draw, 6, 4, 2, 0.01, 0.03), 2


def nearly(case: Case, answer: Answer, margin: float) -> bool:
    """A tensor like the expected one is wrong, but nowhere by more than this."""
    value, expected = answer.value, case.expected
    alike = isinstance(value, Tensor) and (value.shape, value.dtype) == (expected.shape, expected.dtype)
    return alike and not is_right(case, answer) and bool(((value - expected).abs() <= margin).all())


@slip("mixed-dtypes")
def MIXED_DTYPES(case: Case, answer: Answer) -> bool:
    """torch refused to mix two dtypes: torch.zeros(n) is float32 unless you say otherwise, and D is not. D.new_zeros(n)
    is like D."""
    return raises("RuntimeError", "dtype", "Double")(case, answer)
