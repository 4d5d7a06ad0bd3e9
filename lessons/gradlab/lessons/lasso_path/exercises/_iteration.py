"""Problems for ISTA on which no step comes near a kink, and its slope carried along by hand, any one part exchanged."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw
from gradlab.exercises.slips import raises
from gradlab.exercises.symptom import slip
from gradlab.maths.ista import ista
from gradlab.maths.lasso import lasso_solution
from gradlab.maths.prox import soft_threshold
from gradlab.probe import Answer

Slope = Callable[[Tensor, Tensor], Tensor]


def step_length(D: Tensor) -> Tensor:
    """t = 1/‖D‖₂²."""
    return torch.linalg.matrix_norm(D, 2) ** -2


def gradient_steps(D: Tensor, b: Tensor, lam: float, steps: int) -> Iterator[Tensor]:
    """The points x − t·Dᵀ(Dx − b) that the threshold meets, step by step."""
    t, x = step_length(D), D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * (D.mT @ (D @ x - b))
        yield u
        x = soft_threshold(u, t * lam)


def carried_slope(
    D: Tensor,
    b: Tensor,
    lam: float,
    steps: int,
    *,
    moved: Slope = lambda slope, pull: slope - pull,
    lost: Slope = lambda u, t: t * u.sign(),
    dead: Slope = lambda before, after: torch.zeros_like(after),
) -> Tensor:
    """dx/dλ, carried along: `moved` by the gradient step, `lost` at the threshold, `dead` where that puts out 0."""
    t, slope = step_length(D), D.new_zeros(D.shape[1])
    for u in gradient_steps(D, b, lam, steps):
        before = moved(slope, t * (D.mT @ (D @ slope)))
        after = before - lost(u, t)
        slope = torch.where(u.abs() > t * lam, after, dead(before, after))
    return slope


def problem(
    draw: Draw, m: int, n: int, steps: int, low: float = 0.1, high: float = 0.4
) -> tuple[Tensor, Tensor, float]:
    """D, b and λ, a share of max |Dᵀb|, such that x has entries of both signs after so many steps.

    After one step its active set is not yet that of the solution.

    One column of D is 0, so that its entry of the gradient step is exactly 0, on every machine. All other entries stay
    clear of 0 and of the kinks ±tλ in every step: round-off decides nothing.
    """
    while True:
        D, b, idle = draw.normal(m, n), draw.normal(m, scale=2), draw.integer(0, n - 1)
        D[:, idle] = 0
        lam = round(draw.number(low, high) * float((D.mT @ b).abs().max()), 2)
        met = torch.stack([*gradient_steps(D, b, lam, steps)])[:, D.any(0)].abs() / (step_length(D) * lam)
        clear = min(float(met.min()), float((met - 1).abs().min())) > 1e-3
        x, (first, second, *_) = ista(D, b, lam, steps), torch.linalg.svdvals(D).tolist()
        mixed = x.max() > 0 > x.min() and int((x != 0).sum()) < m
        early = steps > 1 or bool(((x == 0) != (lasso_solution(D, b, lam) == 0)).any())
        if clear and mixed and early and second < 0.99 * first:
            return D, b, lam


def iterations(draw: Draw) -> Iterator[tuple[Tensor, Tensor, float, int]]:
    """Problems of several sizes, with few and with more steps; in the last one a threshold λ is not too large for t."""
    for m, n, steps in ((5, 4, 1), (6, 4, 3), (7, 5, draw.integer(6, 10)), (4, 6, draw.integer(4, 8)), (9, 5, 30)):
        yield *problem(draw, m, n, steps), steps
    yield *problem(draw, 6, 4, 2, 0.01, 0.03), 2


@slip("nan-at-zero")
def NAN_AT_ZERO(case: Case, answer: Answer) -> bool:
    """There is nan in it: the threshold divides by |u|, and u is 0 in some entry. Use sign, relu, clamp or where."""
    return any(
        isinstance(shown, Tensor) and bool(shown.isnan().any()) for shown in (answer.value, *answer.gradients.values())
    )


@slip("mixed-dtypes")
def MIXED_DTYPES(case: Case, answer: Answer) -> bool:
    """torch refused to mix two dtypes: torch.zeros(n) is float32 unless you say otherwise, and D is not. D.new_zeros(n)
    is like D."""
    return raises("RuntimeError", "dtype", "Double")(case, answer)
