"""Lesson 1: the slope λ/B³ of the soft sign, to full precision."""

from collections.abc import Callable

import torch
from torch import Tensor

from gradlab.checks.compare import tensors_agree
from gradlab.checks.exercise import Case, Exercise, Misconception
from gradlab.checks.judge import judge_in_turn
from gradlab.checks.misconceptions import returns
from gradlab.checks.soft_sign import (
    SLIPS_OF_A_TENSOR_FUNCTION,
    X_AND_LAM,
    elementwise_case,
    points_of_every_kind,
    rounded,
    tensor,
)
from gradlab.checks.verdict import Verdict
from gradlab.maths.soft import exact_soft_sign_slope as exact_slope
from gradlab.probe import Answer, Call, Probe

def _measured(case: Case, answer: Answer) -> bool:
    """Far out, where the slope is small, the value is the slope and noise of either sign; a wrong formula errs to one side."""
    x, lam = (argument.detach() if isinstance(argument, Tensor) else argument for argument in case.call.arguments)
    if answer.value.shape != x.shape or bool((x.abs() < 100 * lam**0.5).any()) or tensors_agree(answer.value, case.expected, 1e-5, 0.0):
        return False
    error = answer.value - case.expected
    return bool((error.abs() <= 1e-6).all()) and bool((error > 0).any()) and bool((error < 0).any())


SOFT_SIGN_SLOPE = Exercise(
    name="soft_sign_slope",
    arguments=X_AND_LAM,
    graph=X_AND_LAM,
    misconceptions=(
        Misconception(
            "small-number-added",
            "A small number in the denominator (B³ + 1e-12, or a clamp) keeps it from 0 and changes the result wherever B³ is not "
            "far larger. Never form B³; then nothing can vanish.",
            lambda case, answer: _guarded(case, answer),
            look="“5 · A right formula can be a wrong number”",
        ),
        Misconception(
            "overflow",
            "The formula is right, but B³ (or another power on the way) leaves the range of floats: it "
            "underflows to 0 or overflows to infinity while the result itself is an ordinary number. Divide "
            "by B three times, or square √λ/B.",
            lambda case, answer: _wrong_only(case, answer, _cube_out_of_range),
            look="“5 · A right formula can be a wrong number”",
        ),
        Misconception(
            "cancellation",
            "The formula is right and its digits are lost: where λ is far below x², it subtracts two numbers "
            "that agree in almost all their digits (1/B − x²/B³, or 1 − S²; autograd of x/B does the same). "
            "λ/B³ subtracts nothing.",
            lambda case, answer: _wrong_only(case, answer, _cancelled),
            look="“5 · A right formula can be a wrong number”",
        ),
        Misconception(
            "quotient-rule-cut-short",
            "This is 1/B, the first half of the quotient rule: B depends on x too.",
            returns(lambda x, lam: 1 / rounded(x, lam)),
        ),
        Misconception(
            "square-for-cube",
            "This is λ/B², which is 1 − S². One more division by B is missing.",
            returns(lambda x, lam: lam / (x**2 + lam)),
        ),
        Misconception(
            "lam-squared",
            "This is the slope for λ² in place of λ: λ stands beside x² as it is.",
            returns(lambda x, lam: lam**2 / (x**2 + lam**2) ** 1.5),
        ),
        Misconception(
            "sign-not-slope",
            "This is the soft sign itself. Asked for is its slope dS/dx = λ/B³.",
            returns(lambda x, lam: x / rounded(x, lam)),
        ),
        Misconception(
            "lam-forgotten",
            "This is 1/B³: the numerator λ is missing.",
            returns(lambda x, lam: 1 / rounded(x, lam) ** 3),
        ),
        Misconception(
            "sign-flipped",
            "This is −λ/B³. The soft sign only ever rises.",
            returns(lambda x, lam: -lam / rounded(x, lam) ** 3),
        ),
        Misconception(
            "hard-slope",
            "This is 0 everywhere, the slope that autograd reports for the hard sign. The soft sign rises.",
            lambda case, answer: answer.value.shape == case.expected.shape and not bool(answer.value.any()),
        ),
        Misconception(
            "finite-differences",
            "This is a finite difference of the soft sign: close where the slope is large, noise where it is small, and never good "
            "to more than some ten digits. The formula λ/B³ has them all.",
            _measured,
        ),
        *SLIPS_OF_A_TENSOR_FUNCTION,
    ),
    look="“3 · Take differentials first, gradients last”",
)


def _wrong_only(case: Case, answer: Answer, where: Callable[[Tensor, float, Tensor, Tensor], Tensor]) -> bool:
    """Every entry that is off by more than the tolerance lies where this excuse holds."""
    x, lam = (
        argument.detach() if isinstance(argument, Tensor) else argument for argument in case.call.arguments
    )
    value, expected = answer.value, case.expected
    if (value.dtype, value.shape) != (expected.dtype, expected.shape) or tensors_agree(value, expected, case.rtol, case.atol):
        return False
    off = ~((value - expected).abs() <= (case.rtol or 1e-9) * expected.abs())
    return bool(where(x, float(lam), value, expected)[off].all())


def _guarded(case: Case, answer: Answer) -> bool:
    """Where the value is off, it is λ/B³ with a small number added to B³ or to B, or with a least B."""
    x, lam = (argument.detach() if isinstance(argument, Tensor) else argument for argument in case.call.arguments)
    value, expected, B = answer.value, case.expected, rounded(x, lam)
    if value.shape != expected.shape or value.dtype is torch.float32:
        return False
    error = (value - expected).abs()
    off = ~(error <= (case.rtol or 1e-9) * expected.abs())
    if not bool(off.any()) or not bool(value[off].isfinite().all()):
        return False
    for eps in (10.0**-k for k in (*range(4, 17), 20, 30, 50, 100, 200, 300)):
        for guarded in (lam / (B**3 + eps), lam / (B + eps) ** 3, lam / B.clamp(min=eps) ** 3):
            slack = torch.minimum(0.01 * error + 1e-15 * guarded, 1e-6 * guarded + 1e-300)
            if bool(((value - guarded).abs() <= slack)[off].all()):
                return True
    return False


def _cube_out_of_range(x: Tensor, lam: float, value: Tensor, expected: Tensor) -> Tensor:
    B = torch.hypot(x, torch.full_like(x, lam**0.5))
    decades = torch.maximum(torch.log10(B).abs(), torch.log10(B / lam**0.5).abs())
    return 3 * decades > (290 if x.dtype is torch.float64 else 35)


def _cancelled(x: Tensor, lam: float, value: Tensor, expected: Tensor) -> Tensor:
    rounding = 100 * torch.finfo(x.dtype).eps / torch.hypot(x, torch.full_like(x, lam**0.5))
    return ((value - expected).abs() <= rounding) | _cube_out_of_range(x, lam, value, expected)


def slope_case(x: Tensor, lam: float | Tensor, about: str = "") -> Case:
    """One call of `soft_sign_slope` at ordinary sizes; gradients −3λx/B⁵ and Σ (x² − λ/2)/B⁵."""
    b, point = rounded(x, lam), x.detach()
    size = lam.detach() if isinstance(lam, Tensor) else lam
    return elementwise_case(
        x, lam, size / b**3, -3 * size * point / b**5, (point**2 - size / 2) / b**5, about
    )


def precise_slope_case(x: Tensor, lam: float, about: str) -> Case:
    """One call of `soft_sign_slope` judged to a relative error of 1e-12 in float64, 1e-5 in float32."""
    rtol = 1e-12 if x.dtype is torch.float64 else 1e-5
    return Case(Call((x, lam)), exact_slope(x, lam), rtol=rtol, atol=0.0, about=about)


FAR_OUT = (torch.linspace(700, 2000, 12, dtype=torch.float64), 1.0, "far from 0, where the slope is small")


def precise_cases() -> list[Case]:
    """Points where digits cancel, and points where B³ leaves the range of floats."""
    return [
        precise_slope_case(tensor(1.0, -1.0, 30.0, 0.0), 1e-16, "λ far below x²"),
        precise_slope_case(tensor(-2.0, 1e-3, 1e4), 1e-20, "λ far below x²"),
        precise_slope_case(tensor(1.0, -8.0, dtype=torch.float32), 1e-8, "λ far below x², float32"),
        precise_slope_case(tensor(0.0), 1e-220, "B³ underflows, the result is 1e110"),
        precise_slope_case(tensor(0.0, 1e-150), 1e-300, "B³ underflows"),
        precise_slope_case(tensor(0.0, 1e-150, -1e150), 1e300, "B³ overflows"),
        precise_slope_case(tensor(1e100, -1e90), 1.0, "x is huge"),
        precise_slope_case(tensor(1e-10, -3e-20), 1e-240, "the cube of x/√λ overflows"),
    ]


def check_soft_sign_slope(probe: Probe) -> Verdict:
    """`soft_sign_slope(x, lam)`: on the first points λ/B³ = 0.128, 0.25, 0.128, 0.02605…"""
    ordinary = [slope_case(*point) for point in (*points_of_every_kind(), FAR_OUT)]
    return judge_in_turn(probe, SOFT_SIGN_SLOPE, ordinary, precise_cases())
