"""Lesson 5: the slope of a smoothed prox, ISTA and its unrolled slope, the Lasso's slope, and λ chosen by them."""

import torch
from torch import Tensor

from gradlab.checks import ista_mistakes
from gradlab.checks import lasso_path_mistakes as mistakes
from gradlab.checks.exercise import Case, Exercise, Raises
from gradlab.checks.judge import judge, judge_in_turn
from gradlab.checks.lasso_path_formulas import Data, descend, ista, lasso, lasso_slope, slope_in_lam, smooth_slope
from gradlab.checks.verdict import Verdict
from gradlab.lessons.lasso_path.integer_example import B, B_VAL, D, D_VAL
from gradlab.probe import Call, Probe

SMOOTH_PROX_SLOPE = Exercise(
    name="smooth_prox_slope",
    arguments=("y", "T", "lam"),
    misconceptions=mistakes.SMOOTH_PROX_SLOPE,
    look="“Round the corner”",
)
ISTA = Exercise(
    name="ista",
    arguments=("D", "b", "lam", "steps"),
    graph=("b", "lam"),
    misconceptions=ista_mistakes.ISTA,
    look="“Walk to the solution”",
)
LASSO_SLOPE = Exercise(
    name="lasso_slope",
    arguments=("D", "b", "lam", "x"),
    misconceptions=mistakes.LASSO_SLOPE,
    look="“Differentiate the answer”",
)
UNROLLED_SLOPE = Exercise(
    name="unrolled_slope",
    arguments=("D", "b", "lam", "steps"),
    misconceptions=ista_mistakes.UNROLLED_SLOPE,
    look="“Differentiate the program”",
)
TUNE_LAM = Exercise(
    name="tune_lam",
    arguments=("D", "b", "D_val", "b_val", "lam0", "steps", "lr"),
    misconceptions=mistakes.TUNE_LAM,
    look="“Choose λ by its gradient”",
)


def tensor(values: list, dtype: torch.dtype = torch.float64) -> Tensor:
    """A tensor of numbers, float64 unless said otherwise."""
    return torch.tensor(values, dtype=dtype)


def smooth_case(y: Tensor, T: float | Tensor, lam: float | Tensor, expected: Tensor, about: str = "", rtol: float = 1e-6) -> Case:
    """One call of `smooth_prox_slope`; how exactly x* has to be found is left to the answer, within reason."""
    if y.dtype is torch.float32:
        return Case(Call((y, T, lam)), expected, rtol=2e-3, atol=1e-4, about=about or "float32")
    return Case(Call((y, T, lam)), expected, rtol=rtol, atol=rtol / 10, about=about)


def ista_case(
    D: Tensor,
    b: Tensor,
    lam: float | Tensor,
    steps: int,
    expected: Tensor,
    about: str = "",
    cotangent: Tensor | None = None,
    in_b: Tensor | None = None,
    in_lam: Tensor | None = None,
) -> Case:
    """One call of `ista`, and the gradients of ⟨cotangent, x⟩ in b and lam where they are given."""
    gradients = {name: wanted for name, wanted in (("1", in_b), ("2", in_lam)) if wanted is not None}
    call = Call((D, b, lam, steps), gradients=tuple(gradients), cotangent=cotangent)
    return Case(call, expected, gradients, rtol=1e-8 if D.dtype is torch.float64 else None, about=about)


def lasso_slope_case(D: Tensor, b: Tensor, lam: float | Tensor, x: Tensor, expected: object, about: str = "") -> Case:
    """One call of `lasso_slope` at a solution."""
    rtol, atol = (1e-8, 1e-9) if D.dtype is torch.float64 else (1e-3, 1e-4)
    return Case(Call((D, b, lam, x)), expected, rtol=rtol, atol=atol, about=about)


def unrolled_case(D: Tensor, b: Tensor, lam: float | Tensor, steps: int, expected: Tensor, about: str = "") -> Case:
    """One call of `unrolled_slope`; the first use of forward mode imports torch's compiler, seconds on a busy machine."""
    rtol, atol = (1e-6, 1e-8) if D.dtype is torch.float64 else (1e-3, 1e-4)
    return Case(Call((D, b, lam, steps), seconds=18.0), expected, rtol=rtol, atol=atol, about=about)


def tune_case(data: Data, lam0: float, steps: int, lr: float, expected: float, about: str = "") -> Case:
    """One call of `tune_lam`, with time for a slow solver."""
    return Case(Call((*data, lam0, steps, lr), seconds=18.0), expected, rtol=1e-6, atol=0.0, about=about)


def _smooth_cases() -> list[Case]:
    around = tensor([-5.0, -3.3, -1.2, 0.0, 1.2, 3.0, 5.0])
    many = torch.linspace(-4, 4, 41, dtype=torch.float64)
    T = tensor([[0.5], [3.0]])
    single = tensor([-2.0, 0.7, 1.5], torch.float32)
    kink = tensor([-2.6, -2.4, 2.45, 2.55, 4.0])
    return [
        smooth_case(tensor([3.3]), 0.5, 16.0, tensor([1 / 1.064]), "here x* = 3 and B = 5"),
        smooth_case(around, 3.14, 0.01, smooth_slope(around, 3.14, 0.01), "T = 3.14, on both sides of 0"),
        smooth_case(many, 1.0, 0.05, smooth_slope(many, 1.0, 0.05)),
        smooth_case(around[:6].reshape(2, 3), T, tensor(0.3), smooth_slope(around[:6].reshape(2, 3), T, 0.3), "T is a tensor"),
        smooth_case(tensor(1.5), tensor(1.0), 0.2, smooth_slope(tensor(1.5), 1.0, 0.2), "no axes"),
        smooth_case(around, 0.0, 0.3, torch.ones_like(around), "T = 0"),
        smooth_case(kink, 2.5, 0.002, smooth_slope(kink, 2.5, 0.002), "beside the kink, λ = 0.002"),
        smooth_case(tensor([5, 3.14]), 3.14, 1e-8, tensor([1.0, 0.333599]), "λ = 1e-8, away from the kink and at it", rtol=1e-2),
        smooth_case(single, 1.0, 0.5, smooth_slope(single, 1.0, 0.5), "float32"),
    ]


def check_smooth_prox_slope(probe: Probe) -> Verdict:
    """Lesson 5, `smooth_prox_slope(y, T, lam)`."""
    return judge(probe, SMOOTH_PROX_SLOPE, _smooth_cases())


def _tracked_ista_case(steps: int) -> Case:
    b, lam, weight = B.clone().requires_grad_(True), tensor(2.0).requires_grad_(True), tensor([1.0, -2.0, 0.5, 3.0])
    value = ista(D, b, lam, steps)
    in_b, in_lam = torch.autograd.grad(value, (b, lam), weight)
    return ista_case(D, b, lam, steps, value.detach(), "b and lam require gradients", weight, in_b, in_lam)


def check_ista(probe: Probe) -> Verdict:
    """Lesson 5, `ista(D, b, lam, steps)`."""
    few = [ista_case(D, B, 2.0, steps, ista(D, B, 2.0, steps), about=f"{steps} steps") for steps in (1, 2, 7)]
    few.append(ista_case(D, B, 0.7, 3, ista(D, B, 0.7, 3), "lam = 0.7"))
    single = ista(D.float(), B.float(), 2.0, 4)
    return judge(probe, ISTA, [
        *few,
        ista_case(D, B, tensor(2.0), 200, tensor([21 / 13, 0, 0, 1 / 13]), "200 steps reach the solution"),
        _tracked_ista_case(1),
        _tracked_ista_case(6),
        ista_case(D.float(), B.float(), 2.0, 4, single, "float32"),
    ])


def check_lasso_slope(probe: Probe) -> Verdict:
    """Lesson 5, `lasso_slope(D, b, lam, x)`."""
    two, three = tensor([21 / 13, 0, 0, 1 / 13]), lasso(D, B, 1.0)
    whole, first, second = tensor([3.0, -1.0, 3.0, 3.0]), tensor([0.3, 1.1, -0.7, 0.2]), tensor([1.3, -0.4, 0.9, 0.6])
    twice = torch.stack([whole, whole], 1)  # round-off leaves Cholesky a positive pivot: √28 is rounded up
    thrice = torch.stack([first, second, 0.3 * first + 0.7 * second], 1)
    some, zero, wide = tensor([0.5, 0.25, 0.75]), torch.zeros_like(two), D[:3]
    in_wide = lasso(wide, B[:3], 1.0)
    ordinary = [
        lasso_slope_case(D, B, 2.0, two, tensor([-3 / 26, 0, 0, -1 / 13]), "two active columns"),
        lasso_slope_case(D, B, tensor(6.0), lasso(D, B, 6.0), tensor([-1 / 6, 0, 0, 0]), "one active column"),
        lasso_slope_case(D, B, 1.0, three, lasso_slope(D, three), "three active columns, one entry negative"),
        lasso_slope_case(wide, B[:3], 1.0, in_wide, lasso_slope(wide, in_wide), "more columns than rows, few of them active"),
        lasso_slope_case(D, 1e-4 * B, 2e-4, 1e-4 * two, lasso_slope(D, two), "b and lam in other units: x* is small"),
        lasso_slope_case(1e-3 * D, 1e-3 * B, 2e-6, two, 1e6 * lasso_slope(D, two), "D and b in other units: D is small"),
        lasso_slope_case(D.float(), B.float(), 1.0, three.float(), lasso_slope(D, three).float(), "float32"),
    ]
    dependent = [
        lasso_slope_case(twice, target(twice, some[:2], 0.5), 0.5, some[:2], Raises(), "two equal columns, both active"),
        lasso_slope_case(thrice, target(thrice, some, 0.5), 0.5, some, Raises(), "the third column is a mixture of two others"),
    ]
    empty = [lasso_slope_case(D, B, 13.0, zero, zero, "lam = 13: x* = 0")]
    return judge_in_turn(probe, LASSO_SLOPE, ordinary, empty, dependent)


def target(D: Tensor, x: Tensor, lam: float) -> Tensor:
    """A right-hand side b for which this x solves the Lasso, all columns active: Dᵀ(b − Dx) = λ sign x."""
    return D @ x + torch.linalg.pinv(D.mT) @ (lam * torch.sign(x))


def check_unrolled_slope(probe: Probe) -> Verdict:
    """Lesson 5, `unrolled_slope(D, b, lam, steps)`."""
    slope = slope_in_lam(ista)
    few = [unrolled_case(D, B, 2.0, steps, slope(D, B, 2.0, steps), about=f"{steps} steps") for steps in (1, 2, 5, 12)]
    single = slope(D, B, 2.0, 5).float()
    return judge(probe, UNROLLED_SLOPE, [
        *few,
        unrolled_case(D, B, tensor(6.0), 7, slope(D, B, 6.0, 7), "lam is a 0-d tensor"),
        unrolled_case(D, B, 0.5, 3, slope(D, B, 0.5, 3), "lam = 0.5"),
        unrolled_case(D, B, 2.0, 100, tensor([-3 / 26, 0, 0, -1 / 13]), "100 steps reach the solution"),
        unrolled_case(D.float(), B.float(), 2.0, 5, single, "float32"),
    ])


def check_tune_lam(probe: Probe) -> Verdict:
    """Lesson 5, `tune_lam(D, b, D_val, b_val, lam0, steps, lr)`."""
    data = D, B, D_VAL, B_VAL
    descents = [(8.0, 1, 0.1), (8.0, 3, 0.15), (1.4, 3, 1.2)]
    return judge(probe, TUNE_LAM, [
        *(tune_case(data, *call, descend(data, *call), about=f"{call[1]} steps from lam = {call[0]:g}") for call in descents),
        tune_case(data, 20.0, 2, 0.1, 20.0, "x* = 0, and the slope is 0"),
    ])


CHECKS = {
    "smooth_prox_slope": check_smooth_prox_slope,
    "ista": check_ista,
    "lasso_slope": check_lasso_slope,
    "unrolled_slope": check_unrolled_slope,
    "tune_lam": check_tune_lam,
}
