"""Lesson 1: soft-thresholding, elementwise and with a gradient in T."""

import torch
from torch import Tensor

from gradlab.checks.exercise import Between, Case, Exercise, Misconception, Raises
from gradlab.checks.judge import judge_in_turn
from gradlab.checks.misconceptions import both, either, raises, returns
from gradlab.checks.soft_sign import (
    CHANGED_INPUT,
    FLOAT32_INSIDE,
    LEFT_TORCH,
    ONE_NUMBER_ONLY,
    nan_at_zero,
    number,
    second_argument_cut,
    tensor,
)
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Answer, Call, Probe

Y_AND_T = ("y", "T")

PYTHON_BRANCH = Misconception(
    "python-branch",
    "A Python `if` (or `and`, `max`, `min`) decides once, for one number. A tensor with several entries, "
    "some of them on either side of T, has no single truth. torch.where, torch.clamp or torch.relu decide "
    "for each entry; .any() asks about all of them.",
    raises("RuntimeError", "Boolean value of Tensor"),
    look="“7 · One kink, nine spellings”",
)
NEGATIVE_T_BY_TORCH = Misconception(
    "negative-T-by-torch",
    "For T < 0 the exception came from inside torch. Test for T < 0 yourself, before anything else, and "
    "raise a ValueError with a sentence of your own.",
    both(lambda case, answer: isinstance(case.expected, Raises), raises("RuntimeError", "lambda must be")),
)


def typo(y: Tensor, T: float | Tensor) -> Tensor:
    """The printed definition, whose third case reads y < T (ledger S2-1)."""
    return torch.where(y < T, y + T, torch.where(y > T, y - T, torch.zeros_like(y)))


def _several_thresholds(case: Case, answer: Answer) -> bool:
    T = case.call.arguments[1]
    return isinstance(T, Tensor) and T.numel() > 1


SOFT_THRESHOLD = Exercise(
    name="soft_threshold",
    arguments=Y_AND_T,
    graph=Y_AND_T,
    misconceptions=(
        PYTHON_BRANCH,
        Misconception(
            "definition-typo",
            "This adds T wherever y < T, as a published definition of this function says: f(1.2) = 4.34 for "
            "T = 3.14. Its third case overlaps with the first; it must read y < −T.",
            returns(typo),
            look="“6 · Shrink: the soft threshold”",
        ),
        Misconception(
            "hard-threshold",
            "This is hard-thresholding: outside the dead zone y comes back as it was. Soft-thresholding also "
            "moves it towards 0 by T, which is what makes it continuous.",
            returns(lambda y, T: torch.where(y.abs() > T, y, torch.zeros_like(y))),
        ),
        Misconception(
            "clipped",
            "This is y clipped to [−T, T], which is what soft-thresholding takes away: the answer is y minus "
            "this.",
            returns(lambda y, T: torch.minimum(torch.maximum(y, y * 0 - T), y * 0 + T)),
        ),
        Misconception(
            "one-sided",
            "This is max(y − T, 0), right for positive y only. The function is odd: f(−y) = −f(y).",
            returns(lambda y, T: torch.relu(y - T)),
        ),
        Misconception(
            "lost-sign",
            "This is max(|y| − T, 0): the sign of y was lost. The function is odd: f(−y) = −f(y).",
            returns(lambda y, T: torch.relu(y.abs() - T)),
        ),
        Misconception(
            "away-from-zero",
            "This moves y away from zero: T is added on the right and subtracted on the left. Shrinking is "
            "the other way round.",
            either(
                returns(lambda y, T: torch.where(y.abs() > T, y + T * torch.sign(y), torch.zeros_like(y))),
                returns(lambda y, T: y + T * torch.sign(y)),
            ),
        ),
        Misconception(
            "no-dead-zone",
            "This is y − T·sign(y), also where |y| ≤ T, and there it jumps to the other side of 0. Between "
            "−T and T the answer is 0.",
            either(
                returns(lambda y, T: y - T * torch.sign(y)),
                returns(lambda y, T: torch.where(y > 0, y - T, y + T)),
                returns(lambda y, T: torch.where(y >= 0, y - T, y + T)),
            ),
        ),
        Misconception(
            "below-not-mirrored",
            "Below −T this takes T away once more, which moves y further from 0. There T is added: y + T. The function is odd.",
            returns(lambda y, T: torch.where(y.abs() > T, y - T, torch.zeros_like(y))),
        ),
        Misconception(
            "dead-zone-kept",
            "Between −T and T this gives y back. There the answer is 0: what is small is taken for noise.",
            returns(lambda y, T: torch.where(y.abs() > T, y - T * torch.sign(y), y)),
        ),
        Misconception(
            "slope-not-value",
            "This is the slope, 0 or 1, the exercise after this one. Asked for is the shrunk y itself.",
            returns(lambda y, T: (y.abs() > T).to(y.dtype)),
        ),
        Misconception(
            "T-fixed",
            "This is the same for every T: a number stands in the code where the argument T should.",
            either(*(returns(lambda y, T, fixed=fixed: y - y.clamp(-fixed, fixed)) for fixed in (3.14, 3.14159, 3.0, 1.0))),
        ),
        Misconception(
            "nan-at-zero",
            "At y = 0 this gives nan, in the value or in the gradient: somewhere it divides by |y|. A "
            "torch.where around it saves the value and not the gradient, since 0 · nan = nan. torch.sign(y) "
            "needs no division.",
            nan_at_zero,
            look="“7 · One kink, nine spellings”",
        ),
        Misconception(
            "softshrink-takes-a-number",
            "F.softshrink takes T as a bare number: it refuses a tensor that wants a gradient or has several "
            "entries, and knows no derivative in T. Write the function out with sign, relu, clamp or where.",
            raises("TypeError", "softshrink()"),
            look="“7 · One kink, nine spellings”",
        ),
        Misconception(
            "T-cut",
            "No gradient flows back to T: float(T), T.item() and T.detach() turn it into a bare number and cut the "
            "graph. (The first two also refuse a T with several entries.)",
            either(second_argument_cut, both(_several_thresholds, ONE_NUMBER_ONLY.fits)),
        ),
        NEGATIVE_T_BY_TORCH,
        ONE_NUMBER_ONLY,
        LEFT_TORCH,
        CHANGED_INPUT,
        FLOAT32_INSIDE,
    ),
    look="“6 · Shrink: the soft threshold”",
)


def soft_threshold_case(y: Tensor, T: float | Tensor, about: str = "") -> Case:
    """One call away from the kinks (|y| ≠ T); gradients 1 and −sign(y) where |y| > T, else 0."""
    flat, size = y.detach(), T.detach() if isinstance(T, Tensor) else T
    active = (flat.abs() > size).to(y.dtype)
    value = active * (flat - torch.sign(flat) * size)
    gradients = {"0": active} if y.requires_grad else {}
    if isinstance(T, Tensor) and T.requires_grad:
        gradients["1"] = (-active * torch.sign(flat)).sum_to_size(T.shape)
    return Case(Call((y, T), gradients=tuple(gradients)), value, gradients, about=about)


def kink_case(T: float, dtype: torch.dtype = torch.float64) -> Case:
    """y = −T and y = T: any slope in [0, 1] is right in y, and its counterpart in T."""
    y, threshold = tensor(-T, T, dtype=dtype, tracked=True), tensor(T, T, dtype=dtype, tracked=True)
    zeros, ones = torch.zeros(2, dtype=dtype), torch.ones(2, dtype=dtype)
    in_T = Between(tensor(0, -1, dtype=dtype), tensor(1, 0, dtype=dtype))
    gradients = {"0": Between(zeros, ones), "1": in_T}
    return Case(
        Call((y, threshold), gradients=("0", "1")),
        zeros,
        gradients,
        about="at the kinks, any slope in [0, 1]",
    )


def refused_case(y: Tensor, T: float | Tensor) -> Case:
    """A negative threshold: a ValueError with a message."""
    return Case(Call((y, T)), Raises(), about="T < 0")


def visible_thresholds() -> list[Case]:
    """Five literal values at T = 3.14, then every form that y and T may take."""
    y = tensor(-5.0, -1.2, 0.0, 1.2, 5.0)
    literal = Case(Call((y, 3.14)), tensor(-1.86, 0, 0, 0, 1.86))
    single = torch.float32
    matrix = tensor([-4.0, 0.5, 2.5], [1.0, -0.2, 3.0], tracked=True)
    return [
        literal,
        soft_threshold_case(torch.linspace(-10, 10, 41, dtype=torch.float64), 3.14, "41 points"),
        soft_threshold_case(y.clone().requires_grad_(), 3.14, "with the gradient in y"),
        soft_threshold_case(
            y.clone().requires_grad_(), number(3.14, tracked=True), "T is a tensor, with its gradient"
        ),
        soft_threshold_case(matrix, tensor(2.0, 0.4, 1.0, tracked=True), "one T for each column"),
        soft_threshold_case(matrix, tensor([2.0], [0.4], tracked=True), "one T for each row"),
        soft_threshold_case(tensor(-5.0, 0.0, 2.5, dtype=single, tracked=True), 2, "float32, T an int"),
        soft_threshold_case(tensor(-5.0, 0.0, 2.5, dtype=single), tensor(2.0, 1.0, 0.5, dtype=single), "float32, T a tensor"),
        soft_threshold_case(number(5.0, tracked=True), 3.14, "no axis"),
        soft_threshold_case(number(1.2, tracked=True), 3.14, "no axis, in the dead zone"),
        Case(Call((tensor(-3.0, 0.0, 2.0), 0.0)), tensor(-3.0, 0.0, 2.0), about="T = 0 changes nothing"),
    ]


def visible_edges() -> list[Case]:
    """The kinks, and thresholds that must be refused."""
    y = tensor(-5.0, -1.2, 5.0)
    return [kink_case(2.0), refused_case(y, -1.0), refused_case(y, tensor(1.0, -0.5, 2.0))]


def check_soft_threshold(probe: Probe) -> Verdict:
    """`soft_threshold(y, T)`."""
    return judge_in_turn(probe, SOFT_THRESHOLD, visible_thresholds(), visible_edges())
