"""Lesson 1: the slope of soft-thresholding, never None, any of [0, 1] at a kink."""

import torch
from torch import Tensor

from gradlab.checks.exercise import Between, Case, Exercise, Misconception
from gradlab.checks.judge import judge_in_turn
from gradlab.checks.misconceptions import both, either, raises, returns, value_type
from gradlab.checks.soft_sign import FLOAT32_INSIDE, LEFT_TORCH, ONE_NUMBER_ONLY, nan_at_zero, number, tensor
from gradlab.checks.soft_threshold import NEGATIVE_T_BY_TORCH, PYTHON_BRANCH, Y_AND_T, refused_case
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Answer, Call, Probe

SOFT_THRESHOLD_SLOPE = Exercise(
    name="soft_threshold_slope",
    arguments=Y_AND_T,
    misconceptions=(
        Misconception(
            "none-for-zero",
            "In the dead zone autograd found no path from the value to y and said None, and you passed it "
            "on. Here None means that nothing depends on y: the slope is 0, as a tensor.",
            value_type("NoneType"),
        ),
        Misconception(
            "int-for-zero",
            "In the dead zone this is the Python int 0, elsewhere a tensor. Whoever calls it has to handle "
            "both. Return the same type from every branch: torch.zeros_like(y).",
            value_type("int", "float"),
        ),
        PYTHON_BRANCH,
        Misconception(
            "empty-graph",
            "In the dead zone the value was made without y and has no graph at all; allow_unused does not "
            "help against that. Look at `requires_grad` of the value first, or use a spelling that always "
            "keeps y in the graph.",
            both(
                either(raises("RuntimeError", "element 0 of tensors"), raises("TypeError", "not iterable")),
                lambda case, answer: _tracked(case),
            ),
        ),
        Misconception(
            "untracked-input",
            "y does not require a gradient, so autograd kept no graph from it. Work on a copy that does: "
            "y.detach().clone().requires_grad_(True).",
            both(raises("RuntimeError", "does not require grad"), lambda case, answer: not _tracked(case)),
        ),
        Misconception(
            "unused-input",
            "autograd.grad stops where the value does not depend on y, as in the dead zone of a version with "
            "branches. Ask with allow_unused=True and turn None into zeros, or with materialize_grads=True.",
            raises("RuntimeError", "not have been used in the graph"),
        ),
        Misconception(
            "not-a-number-to-differentiate",
            "autograd differentiates one number. Take the sum first: every entry depends on its own y alone, "
            "so the gradient of the sum holds the slopes.",
            raises("RuntimeError", "only for scalar outputs"),
        ),
        Misconception(
            "tuple",
            "torch.autograd.grad returns a tuple, one entry for each input you asked about. Take its first "
            "entry.",
            value_type("tuple"),
        ),
        Misconception(
            "accumulated",
            "This is the slope plus what was in y.grad before: backward adds to .grad. torch.autograd.grad "
            "writes nowhere.",
            lambda case, answer: _accumulated(case, answer),
        ),
        Misconception(
            "mask",
            "This is a mask of True and False. A slope is a number of y's dtype: .to(y.dtype).",
            lambda case, answer: isinstance(answer.value, Tensor) and answer.value.dtype is torch.bool,
        ),
        Misconception(
            "value-not-slope",
            "This is the soft-thresholded y itself. Asked for is its derivative, 0 in the dead zone and 1 "
            "outside.",
            returns(lambda y, T: torch.sign(y) * torch.relu(y.abs() - T)),
        ),
        Misconception(
            "definition-typo",
            "The slope is 1 in the dead zone too: this differentiates the published definition, whose third "
            "case reads y < T in place of y < −T; or the dead zone was left out.",
            returns(lambda y, T: torch.ones_like(y + T)),
            look="“6 · Shrink: the soft threshold”",
        ),
        Misconception(
            "dead-everywhere",
            "This is 0 everywhere, also outside the dead zone. There the function rises like y: its slope is 1.",
            returns(lambda y, T: torch.zeros_like(y + T)),
        ),
        Misconception(
            "mean-not-sum",
            "This is the slope divided by the number of entries: a mean was differentiated. Take the sum.",
            returns(lambda y, T: (y.abs() > T).to(y.dtype) / y.numel()),
        ),
        Misconception(
            "T-fixed",
            "This is the same for every T: a number stands in the code where the argument T should.",
            either(*(returns(lambda y, T, fixed=fixed: (y.abs() > fixed).to(y.dtype)) for fixed in (3.14, 3.14159, 3.0, 1.0))),
        ),
        Misconception(
            "odd-slope",
            "The slope is −1 for y < −T here. The function rises there as well: y + T has slope +1.",
            returns(lambda y, T: torch.sign(y) * (y.abs() > T)),
        ),
        Misconception(
            "inside-out",
            "This is 1 in the dead zone and 0 outside, the slope of what soft-thresholding takes away.",
            returns(lambda y, T: (y.abs() < T).to(y.dtype)),
        ),
        Misconception(
            "one-sided",
            "This is right for positive y only: for y < −T the slope is 1 as well.",
            returns(lambda y, T: (y > T).to(y.dtype)),
        ),
        Misconception(
            "slope-in-T",
            "This is the derivative with respect to T, −sign(y) outside the dead zone. Asked for is the one "
            "in y.",
            returns(lambda y, T: -torch.sign(y) * (y.abs() > T)),
        ),
        Misconception(
            "whole-jacobian",
            "This is a whole Jacobian, one row for each entry. Every entry depends on its own y alone: the "
            "slopes are its diagonal.",
            lambda case, answer: _one_row_an_entry(case, answer),
        ),
        Misconception(
            "nan-at-zero",
            "At y = 0 this gives nan: the spelling that was differentiated divides by |y|.",
            nan_at_zero,
            look="“7 · One kink, nine spellings”",
        ),
        Misconception(
            "outside-the-Clarke-set",
            "At a kink every slope from 0 to 1 is right, and this one lies outside: no line with that slope "
            "lies between the two branches.",
            lambda case, answer: _outside(case, answer),
        ),
        Misconception(
            "softshrink-takes-a-number",
            "F.softshrink takes T as a bare number and refuses a tensor. Differentiate another spelling, or "
            "write the slope down: it is 1 where |y| > T.",
            raises("TypeError", "softshrink()"),
            look="“7 · One kink, nine spellings”",
        ),
        Misconception(
            "requires-grad-left-on",
            "The slope is right, but y came back changed: its `requires_grad` is no longer what it was. Work "
            "on y.detach().clone().requires_grad_(True).",
            lambda case, answer: answer.raised is None and "0" in answer.changed,
        ),
        NEGATIVE_T_BY_TORCH,
        ONE_NUMBER_ONLY,
        LEFT_TORCH,
        FLOAT32_INSIDE,
    ),
    look="“6 · Shrink: the soft threshold”",
)


def _tracked(case: Case) -> bool:
    return case.call.arguments[0].requires_grad


def _one_row_an_entry(case: Case, answer: Answer) -> bool:
    y, value = case.call.arguments[0], answer.value
    return isinstance(value, Tensor) and y.dim() > 0 and tuple(value.shape) == (*y.shape, *y.shape)


def _outside(case: Case, answer: Answer) -> bool:
    value, expected = answer.value, case.expected
    same_form = (
        isinstance(value, Tensor) and isinstance(expected, Between) and value.dtype is expected.low.dtype
    )
    return same_form and value.shape == expected.low.shape


def _accumulated(case: Case, answer: Answer) -> bool:
    old, value, expected = case.call.arguments[0].grad, answer.value, case.expected
    same_shape = old is not None and isinstance(value, Tensor) and value.shape == old.shape
    return same_shape and torch.allclose(value.to(old.dtype), expected + old)


def slope_case(y: Tensor, T: float | Tensor, about: str = "") -> Case:
    """One call away from the kinks: 1 where |y| > T, else 0."""
    size = T.detach() if isinstance(T, Tensor) else T
    return Case(Call((y, T)), (y.detach().abs() > size).to(y.dtype), about=about)


def slope_at_kink_case(T: float) -> Case:
    """y = −T and y = T: any slope in [0, 1] is right."""
    anything = Between(torch.zeros(2, dtype=torch.float64), torch.ones(2, dtype=torch.float64))
    return Case(Call((tensor(-T, T), T)), anything, about="at the kinks, any slope in [0, 1]")


def visible_slopes() -> list[Case]:
    """The slope 1, 0, 0, 0, 1 at five points, then every form that y and T may take."""
    y = tensor(-5.0, -1.2, 0.0, 1.2, 5.0)
    used = y.clone().requires_grad_(True)
    used.grad = torch.full_like(y, 7.0)
    return [
        slope_case(y, 3.14),
        slope_case(torch.linspace(-10, 10, 41, dtype=torch.float64), 3.14, "41 points"),
        slope_case(number(1.2, tracked=True), 3.14, "no axis, in the dead zone"),
        slope_case(number(-5.0), 3.14, "no axis"),
        slope_case(y.clone().requires_grad_(), 3.14, "y requires a gradient already"),
        slope_case(used, 3.14, "y.grad already holds something"),
        slope_case(y, number(3.14, tracked=True), "T is a tensor that requires a gradient"),
        slope_case(
            tensor([-4.0, 0.5, 2.5], [1.0, -0.2, 3.0]), tensor(2.0, 0.4, 1.0), "one T for each column"
        ),
        slope_case(tensor(-5.0, 0.0, 2.5, dtype=torch.float32), 2, "float32, T an int"),
        slope_case(tensor(-3.0, 2.0), 0.0, "T = 0"),
    ]


def visible_edges() -> list[Case]:
    """The kinks, and thresholds that must be refused."""
    y = tensor(-5.0, -1.2, 5.0)
    return [slope_at_kink_case(2.0), refused_case(y, -1.0), refused_case(y, tensor(1.0, -0.5, 2.0))]


def check_soft_threshold_slope(probe: Probe) -> Verdict:
    """`soft_threshold_slope(y, T)`."""
    return judge_in_turn(probe, SOFT_THRESHOLD_SLOPE, visible_slopes(), visible_edges())
