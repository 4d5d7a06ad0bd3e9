"""Lesson 0: the gradient of a scalar function, and nothing left behind."""

import torch

from gradlab.checks.exercise import Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import both, either, raises, returns, value_type
from gradlab.checks.verdict import Verdict
from gradlab.probe import Call, Named, Probe

FUNCTION_AND_POINT = ("f", "x")


def _is_zero(case: Case) -> bool:
    return isinstance(case.expected, torch.Tensor) and bool((case.expected == 0).all())


GRADIENT = Exercise(
    name="gradient",
    arguments=FUNCTION_AND_POINT,
    misconceptions=(
        Misconception(
            "none-for-zero",
            "Autograd returned None because f does not use x, and you passed it on. A gradient that does not depend on x "
            "is zero: return zeros shaped like x.",
            both(value_type("NoneType"), lambda case, answer: _is_zero(case)),
            look="“None is not zero”",
        ),
        Misconception(
            "unused-input",
            "autograd.grad stops when f(x) does not use x. Ask it with allow_unused=True (then None means zero), or with "
            "materialize_grads=True (then it makes the zeros for you).",
            raises("RuntimeError", "not have been used in the graph"),
            look="“None is not zero”",
        ),
        Misconception(
            "untracked-input",
            "x does not require a gradient, so no graph was kept from it. Make a copy that does: "
            "x.detach().clone().requires_grad_(True), and differentiate with respect to that copy.",
            raises("RuntimeError", "One of the differentiated Tensors does not require grad"),
            look="“Ask for a gradient”",
        ),
        Misconception(
            "empty-graph",
            "f(x) has no graph at all here: nothing in it requires a gradient, and allow_unused does not help against "
            "that. Look at `requires_grad` of the value before you differentiate it.",
            raises("RuntimeError", "element 0 of tensors does not require grad"),
            look="“None is not zero”",
        ),
        Misconception(
            "grad-is-none",
            "`x.grad` is None: backward fills it only for a leaf that requires a gradient. torch.autograd.grad gives you "
            "the gradient directly.",
            value_type("NoneType"),
            look="“Ask for a gradient”",
        ),
        Misconception(
            "tuple",
            "torch.autograd.grad returns a tuple, one entry for each input you asked about. Take its first entry.",
            value_type("tuple"),
            look="“Ask for a gradient”",
        ),
        Misconception(
            "value-not-gradient",
            "This is f(x) itself, not its gradient.",
            returns(lambda f, x: f(x)),
            look="“Ask for a gradient”",
        ),
        Misconception(
            "accumulated",
            "This is the gradient plus what was in x.grad before: backward adds to .grad, it does not set it.",
            lambda case, answer: _accumulated(case, answer),
            look="“What backward leaves behind”",
        ),
        Misconception(
            "sign",
            "This is minus the gradient.",
            lambda case, answer: _multiple(case, answer, -1.0),
        ),
        Misconception(
            "requires-grad-left-on",
            "The gradient is right, but x came back changed: its `requires_grad` is no longer what it was. Work on "
            "x.detach().requires_grad_(), a new tensor that shares the numbers of x.",
            lambda case, answer: "1" in answer.changed and not answer.raised,
            look="“Detach”",
        ),
        Misconception(
            "left-grad",
            "The gradient is right, but a .grad was left behind. backward writes into every leaf of the graph, those that f closes "
            "over included; torch.autograd.grad writes nowhere.",
            lambda case, answer: bool(answer.left_grad),
            look="“What backward leaves behind”",
        ),
        Misconception(
            "finite-differences",
            "This is a finite difference: close, but only to about half the digits. Autograd has them all.",
            lambda case, answer: _close(case, answer),
            look="“Ask for a gradient”",
        ),
    ),
    look="“Ask for a gradient”",
)


def _multiple(case: Case, answer: object, factor: float) -> bool:
    value, expected = answer.value, case.expected
    return (
        isinstance(value, torch.Tensor)
        and value.shape == expected.shape
        and bool((expected != 0).any())
        and torch.allclose(value, factor * expected)
    )


def _accumulated(case: Case, answer: object) -> bool:
    x = case.call.arguments[1]
    value = answer.value
    return (
        x.grad is not None
        and isinstance(value, torch.Tensor)
        and value.shape == x.shape
        and torch.allclose(value, case.expected + x.grad)
    )


def _close(case: Case, answer: object) -> bool:
    value = answer.value
    return (
        isinstance(value, torch.Tensor)
        and value.shape == case.expected.shape
        and torch.allclose(value.double(), case.expected.double(), rtol=1e-2, atol=1e-3)
    )


def point(values: list, *, tracked: bool = False, old_grad: bool = False) -> torch.Tensor:
    """A float64 point, optionally one that already requires a gradient and has a `.grad` from earlier."""
    x = torch.tensor(values, dtype=torch.float64)
    if tracked or old_grad:
        x.requires_grad_(True)
    if old_grad:
        x.grad = torch.full_like(x, 7.0)
    return x


def case(function: Named, x: torch.Tensor, expected: torch.Tensor, about: str = "") -> Case:
    """One call of `gradient(f, x)`."""
    return Case(Call((function, x)), expected, about=about)


def visible_cases() -> list[Case]:
    """f(x) = Σ wᵢxᵢ² at three kinds of points, and two functions that ignore x."""
    weight = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64, requires_grad=True)
    square = Named("start_here.weighted_square", weight=weight)
    plain = point([3.0, 1.0, -2.0])
    wanted = torch.tensor([6.0, -4.0, -2.0], dtype=torch.float64)
    zeros = torch.zeros(3, dtype=torch.float64)
    single = Named("start_here.weighted_square", weight=torch.tensor([2.0], requires_grad=True))
    return [
        case(square, plain, wanted, "f(x) = Σ wᵢ xᵢ², w = (1, −2, ½)"),
        case(square, point([3.0, 1.0, -2.0], tracked=True), wanted, "x already requires a gradient"),
        case(square, point([3.0, 1.0, -2.0], old_grad=True), wanted, "x.grad already holds something"),
        case(Named("start_here.other_leaf", weight=weight), plain, zeros, "f(x) = Σ wᵢ³ ignores x"),
        case(Named("start_here.constant", value=4.0), plain, zeros, "f(x) = 4 has an empty graph"),
        case(single, torch.tensor([[1.5]]), torch.tensor([[6.0]]), "float32, shape (1, 1)"),
    ]


def check_gradient(probe: Probe) -> Verdict:
    """Lesson 0, `gradient(f, x)`."""
    return judge(probe, GRADIENT, visible_cases())


CHECKS = {"gradient": check_gradient}
