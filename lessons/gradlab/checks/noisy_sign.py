"""Lesson 1: the Jacobian of Y = X + A ⊙ S(X), and the jump that autograd does not see."""

from collections.abc import Callable

import torch
from torch import Tensor

from gradlab.exercises.compare import as_number
from gradlab.checks.exercise import Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import Fits, raises, returns, value_type
from gradlab.checks.soft_sign import (
    CHANGED_INPUT,
    FLOAT32_INSIDE,
    LEFT_TORCH,
    ONE_NUMBER_ONLY,
    number,
    rounded,
    tensor,
)
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Answer, Call, Probe
from gradlab.probe.answer import Opaque


def on_the_diagonal(entries: Tensor) -> Tensor:
    """The (m, n, m, n) tensor with these (m, n) entries where i = k and j = l, zeros elsewhere."""
    return torch.diag(entries.reshape(-1)).reshape(*entries.shape, *entries.shape)


def diagonal(formula: Callable[[Tensor, Tensor, Tensor, float], Tensor]) -> Fits:
    """Fits if the answer is diagonal with the entries of a wrong formula of (x, a, B, λ)."""
    return returns(lambda x, a, lam: on_the_diagonal(formula(x, a, rounded(x, lam), lam)))


def shaped(formula: Callable[[int, int], tuple[int, ...]]) -> Fits:
    """Fits if the answer's shape is this function of (m, n), and wrong."""

    def fits(case: Case, answer: Answer) -> bool:
        shape = tuple(answer.value.shape) if isinstance(answer.value, Tensor) else None
        return shape == formula(*case.call.arguments[0].shape) and shape != tuple(case.expected.shape)

    return fits


NOISY_SIGN_JACOBIAN = Exercise(
    name="noisy_sign_jacobian",
    arguments=("x", "a", "lam"),
    misconceptions=(
        Misconception(
            "hard-answer",
            "This is E, the Jacobian that autograd reports for the hard sign. With the soft sign each "
            "diagonal entry also has A times the slope λ/B³.",
            diagonal(lambda x, a, b, lam: torch.ones_like(x)),
            look="“1 · Ask about the sign of noise”",
        ),
        Misconception(
            "sign-not-slope",
            "This is E + A ⊙ S: the soft sign itself stands where its derivative λ/B³ belongs.",
            diagonal(lambda x, a, b, lam: 1 + a * x / b),
        ),
        Misconception(
            "quotient-rule-cut-short",
            "This is E + A/B, the first half of the quotient rule: in S = x/B the B depends on x too.",
            diagonal(lambda x, a, b, lam: 1 + a / b),
        ),
        Misconception(
            "square-for-cube",
            "This is E + λA/B². dS = (1 − S²)/B has one more division by B: λ/B³.",
            diagonal(lambda x, a, b, lam: 1 + a * lam / b**2),
        ),
        Misconception(
            "lam-squared",
            "This is the Jacobian for λ² in place of λ: B = √(x² + λ), and λ is not squared.",
            diagonal(lambda x, a, b, lam: 1 + a * lam**2 / (x**2 + lam**2) ** 1.5),
        ),
        Misconception(
            "A-forgotten",
            "This is E + λ/B³: the constant A fell out on the way. dY = dX + A ⊙ dS.",
            diagonal(lambda x, a, b, lam: 1 + lam / b**3),
        ),
        Misconception(
            "sign-flipped",
            "This is E − λA/B³. Both terms of Y rise with X.",
            diagonal(lambda x, a, b, lam: 1 - a * lam / b**3),
        ),
        Misconception(
            "E-forgotten",
            "This is λA/B³, the derivative of A ⊙ S(X) alone. Y also contains X itself, whose Jacobian is E.",
            diagonal(lambda x, a, b, lam: a * lam / b**3),
        ),
        Misconception(
            "slope-of-sign-alone",
            "This is λ/B³, the Jacobian of the soft sign. Y is X plus A times it.",
            diagonal(lambda x, a, b, lam: lam / b**3),
        ),
        Misconception(
            "derivative-in-A",
            "This is S on the diagonal, the Jacobian with respect to A. Asked for is the one with respect to X.",
            diagonal(lambda x, a, b, lam: x / b),
        ),
        Misconception(
            "diagonal-only",
            "These are m·n numbers, one for each entry. The Jacobian of a matrix by a matrix has four "
            "indices: put them where i = k and j = l. (Y.sum().backward() gives them only because everything "
            "else is zero.)",
            shaped(lambda m, n: (m, n)),
        ),
        Misconception(
            "flattened",
            "This is the Jacobian as an mn × mn matrix. Asked for are its four indices: reshape it to (m, n, "
            "m, n).",
            shaped(lambda m, n: (m * n, m * n)),
        ),
        Misconception(
            "indices-paired-wrongly",
            "The indices come in another order than (m, n, m, n). E is δ_ik δ_jl: first index with third, "
            "second with fourth. δ_ij δ_kl and δ_il δ_jk are other tensors, and only m ≠ n shows it.",
            lambda case, answer: any(
                shaped(order)(case, answer)
                for order in (
                    lambda m, n: (m, m, n, n),
                    lambda m, n: (m, n, n, m),
                    lambda m, n: (n, m, m, n),
                    lambda m, n: (n, m, n, m),
                    lambda m, n: (n, n, m, m),
                )
            ),
        ),
        Misconception(
            "matrix-product",
            "⊙ is a product entry by entry, `*` in torch. `@` is the matrix product, which two matrices of "
            "shape (m, n) do not have.",
            raises("RuntimeError", "cannot be multiplied"),
        ),
        Misconception(
            "not-diagonal",
            "Some entries with (i, j) ≠ (k, l) are not zero. Y_ij depends on X_ij and on no other entry.",
            lambda case, answer: _off_diagonal(case, answer),
        ),
        Misconception(
            "tuple",
            "jacobian returns a tuple when you hand it a tuple of inputs. Take its first entry, or pass x "
            "itself.",
            value_type("tuple"),
        ),
        Misconception(
            "sparse",
            "This is a sparse tensor. Asked for is an ordinary, dense one: .to_dense() makes it.",
            lambda case, answer: isinstance(answer.value, Opaque) and "sparse" in answer.value.type,
        ),
        ONE_NUMBER_ONLY,
        LEFT_TORCH,
        CHANGED_INPUT,
        FLOAT32_INSIDE,
    ),
    look="“3 · Take differentials first, gradients last”",
)


def _off_diagonal(case: Case, answer: Answer) -> bool:
    value = answer.value
    if not isinstance(value, Tensor) or value.shape != case.expected.shape or not value.is_floating_point():
        return False
    side = case.call.arguments[0].numel()
    square = value.reshape(side, side)
    return bool((square - torch.diag(square.diagonal())).abs().max() > 1e-9)


def jacobian_case(x: Tensor, a: Tensor, lam: float | Tensor, about: str = "") -> Case:
    """One call of `noisy_sign_jacobian`: 1 + λa/B³ on the diagonal."""
    size = lam.detach() if isinstance(lam, Tensor) else lam
    return Case(Call((x, a, lam)), on_the_diagonal(1 + a.detach() * size / rounded(x, lam) ** 3), about=about)


def visible_jacobians() -> list[Case]:
    """Matrices that are not square first, since they tell the indices apart."""
    x, a = tensor([3.0, 0.0, -3.0], [7.5, 0.5, -1.0]), tensor([0.5, 0.25, 1.0], [0.125, 0.75, 0.1])
    tracked = x.clone().requires_grad_(True)
    tracked.grad = torch.full_like(x, 7.0)
    return [
        jacobian_case(x, a, 16.0),
        jacobian_case(x.T.contiguous(), a.T.contiguous(), 0.1, "m = 3, n = 2"),
        jacobian_case(tensor([3, 0], [-3, 7.5]), tensor([0.5, 0.25], [1, 0.125]), 16, "lam an int"),
        jacobian_case(tracked, a, 2.0, "x requires a gradient already"),
        jacobian_case(x, a, number(2.0), "lam is a tensor"),
        jacobian_case(x[:1].float(), a[:1].float(), 16.0, "m = 1, float32"),
    ]


def check_noisy_sign_jacobian(probe: Probe) -> Verdict:
    """`noisy_sign_jacobian(x, a, lam)`: on the diagonal 1.064 at x = 3, a = ½, λ = 16."""
    return judge(probe, NOISY_SIGN_JACOBIAN, visible_jacobians())


def _near(case: Case, answer: Answer) -> bool:
    found = as_number(answer.value)
    return found is not None and case.expected != 0 and 0.9 < found / case.expected < 1  # a soft sign stays below 1


_near.formula = True  # one number is near many by luck


MISSING_JUMP = Exercise(
    name="missing_jump",
    arguments=("a",),
    misconceptions=(
        Misconception(
            "trusted-autograd",
            "This is 0, as if the integral of autograd's slope gave back the whole rise. That slope is 1 "
            "everywhere, so its integral is 2; look at how far y really rises from x = −1 to x = 1.",
            returns(lambda a: 0.0),
        ),
        Misconception(
            "half-the-jump",
            "This is a, half of what is missing: the sign goes from −1 to +1, a step of 2.",
            returns(lambda a: a),
        ),
        Misconception(
            "whole-rise",
            "This is Y(1) − Y(−1), the whole rise. The integral of autograd's slope, which is 2, is still to "
            "be taken away.",
            returns(lambda a: 2 * a + 2),
        ),
        Misconception(
            "integral-only",
            "This is 2, the integral of autograd's slope. Asked for is the rise Y(1) − Y(−1) minus this.",
            returns(lambda a: 2.0),
        ),
        Misconception(
            "lost-sign",
            "This is 2|a|. For a negative a the map jumps down, and what is missing is negative too.",
            returns(lambda a: 2 * abs(a)),
        ),
        Misconception(
            "sign-flipped",
            "This is −2a: the difference was taken the other way round.",
            returns(lambda a: -2 * a),
        ),
        Misconception(
            "smoothed",
            "This is close to the jump, not equal to it: a soft sign with some λ > 0 stands in for the hard "
            "one. Asked for is y = x + a·sign(x) itself.",
            _near,
        ),
    ),
    look="“4 · Let λ go to zero: what is left, what is lost”",
)


def jump_case(a: float | Tensor) -> Case:
    """One call of `missing_jump`; loose enough for a sum over a grid in float32."""
    return Case(Call((a,)), 2 * float(a), rtol=1e-5, atol=1e-6)


def check_missing_jump(probe: Probe) -> Verdict:
    """`missing_jump(a)`: 1 for a = ½."""
    return judge(probe, MISSING_JUMP, [jump_case(a) for a in (0.5, 0.3, -0.75, number(0.8), 0.0)])
