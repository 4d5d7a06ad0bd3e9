"""Lesson 0: the gradient of a scalar function, and nothing left behind."""

import torch

from gradlab.exercises.compare import agrees
from gradlab.checks.exercise import Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import both, either, raises, returns, value_type
from gradlab.exercises.verdict import Verdict
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
            "summed",
            "This is the sum of the gradient's entries. The gradient has one entry for each entry of x.",
            lambda case, answer: _summed(case, answer),
        ),
        Misconception(
            "zero-without-shape",
            "Zero is right here, but a bare zero has neither the shape nor the dtype of x. torch.zeros_like(x) has both.",
            lambda case, answer: _bare_zero(case, answer),
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
            "It returned None. Is a `return` missing? Or is this `x.grad`, which backward fills only for a leaf that requires "
            "a gradient? torch.autograd.grad gives you the gradient directly.",
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
            "The gradient is right, but x came back changed: its `requires_grad` or its numbers are no longer what they "
            "were. Work on x.detach().clone().requires_grad_(), a tensor of your own.",
            lambda case, answer: "1" in answer.changed and not answer.raised,
            look="“Detach”",
        ),
        Misconception(
            "left-grad",
            "The gradient is right, but somebody's .grad is no longer what it was. backward writes into every leaf of the "
            "graph, those that f closes over included; torch.autograd.grad writes nowhere.",
            lambda case, answer: bool(answer.left_grad),
            look="“What backward leaves behind”",
        ),
        Misconception(
            "always-zero",
            "This is zero, and f does depend on x here: no graph was kept, because f ran under no_grad, or on an x that is not "
            "tracked while an `except` swallowed the error.",
            lambda case, answer: not _is_zero(case) and _all_zero(case, answer),
            look="“Ask for a gradient”",
        ),
        Misconception(
            "float32-inside",
            "These are the right numbers with only seven digits: somewhere x or the gradient went through float32. Keep the "
            "dtype of x.",
            lambda case, answer: _in_float32(case, answer),
            look="“Ask for a gradient”",
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


def _summed(case: Case, answer: object) -> bool:
    total = case.expected.sum()
    return not _is_zero(case) and case.expected.dim() > 0 and agrees(answer.value, total, 1e-6)


def _bare_zero(case: Case, answer: object) -> bool:
    value = answer.value
    if not _is_zero(case) or case.expected.dim() == 0:
        return False
    bare = type(value) in (int, float) or isinstance(value, torch.Tensor) and value.dim() == 0
    return bare and value == 0


def _all_zero(case: Case, answer: object) -> bool:
    value = answer.value
    return isinstance(value, torch.Tensor) and value.shape == case.expected.shape and not bool(value.any())


def _in_float32(case: Case, answer: object) -> bool:
    """Every entry is a float32 number, and what the gradient rounds to, give or take some units of its last digit."""
    value, expected = answer.value, case.expected
    if not isinstance(value, torch.Tensor) or value.dtype is not torch.float64 or value.shape != expected.shape:
        return False
    return torch.equal(value.float().double(), value) and torch.allclose(value, expected, 1e-6, 0.0)


def _close(case: Case, answer: object) -> bool:
    """Near the gradient in float64; in float32 and at zero too many other mistakes are near."""
    value, expected = answer.value, case.expected
    if _is_zero(case) or expected.numel() < 2 or not isinstance(value, torch.Tensor) or value.dtype != expected.dtype:
        return False
    near = 5e-3 * float(expected.abs().max())
    return value.dtype is torch.float64 and value.shape == expected.shape and torch.allclose(value, expected, 0.0, near)


def point(values: list, *, tracked: bool = False, old_grad: bool = False) -> torch.Tensor:
    """A float64 point, optionally one that already requires a gradient and has a `.grad` from earlier."""
    x = torch.tensor(values, dtype=torch.float64)
    if tracked or old_grad:
        x.requires_grad_(True)
    if old_grad:
        x.grad = torch.full_like(x, 7.0)
    return x


def case(function: Named, x: torch.Tensor, expected: torch.Tensor, about: str = "") -> Case:
    """One call of `gradient(f, x)`; twelve digits in float64, which a finite difference has not."""
    return Case(Call((function, x)), expected, rtol=1e-12 if x.dtype is torch.float64 else None, about=about)


def visible_cases() -> list[Case]:
    """f(x) = Σ wᵢxᵢ² at three kinds of points, a product, and two functions that ignore x."""
    weight = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64, requires_grad=True)
    square = Named("start_here.weighted_square", weight=weight)
    plain = point([3.0, 1.0, -2.0])
    wanted = torch.tensor([6.0, -4.0, -2.0], dtype=torch.float64)
    zeros = torch.zeros(3, dtype=torch.float64)
    sines = Named("start_here.product_of_sines", weight=torch.zeros(2, dtype=torch.float64, requires_grad=True))
    single = Named("start_here.weighted_square", weight=torch.tensor([2.0], requires_grad=True))
    return [
        case(square, plain, wanted, "f(x) = Σ wᵢ xᵢ², w = (1, −2, ½)"),
        case(square, point([3.0, 1.0, -2.0], tracked=True), wanted, "x already requires a gradient"),
        case(square, point([3.0, 1.0, -2.0], old_grad=True), wanted, "x.grad already holds something"),
        case(sines, point([0.3, 0.7]), point([0.6 * 1.49, 1.4 * 1.09]), "f(x) = (1 + x₀²)(1 + x₁²)"),
        case(Named("start_here.other_leaf", weight=weight), plain, zeros, "f(x) = Σ wᵢ³ ignores x"),
        case(Named("start_here.constant", value=4.0), plain, zeros, "f(x) = 4 has an empty graph"),
        case(single, torch.tensor([[1.5]]), torch.tensor([[6.0]]), "float32, shape (1, 1)"),
    ]


def check_gradient(probe: Probe) -> Verdict:
    """Lesson 0, `gradient(f, x)`."""
    return judge(probe, GRADIENT, visible_cases())


CHECKS = {"gradient": check_gradient}
