"""`soft_sign_slope(x, lam)`: the slope λ/B³ of the soft sign, B = √(x² + λ), to full precision."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.exercises.slips import TENSOR_SLIPS
from gradlab.lessons.soft_thresholding.exercises._points import smooth_points
from gradlab.maths import soft
from gradlab.probe import Answer

LOST = "“6 · A right formula can be a wrong number”"
LOOK = "“3 · Take differentials first, gradients last”"
exercise = Exercise("soft_sign_slope(x, lam)", graph="x lam", look=LOOK, slips=TENSOR_SLIPS)


@exercise.reference
def slope(x: Tensor, lam: float | Tensor) -> Tensor:
    """λ/B³ from forty digits; its graph is that of the formula, which ordinary sizes allow."""
    formula = lam / torch.sqrt(x**2 + lam) ** 3
    return soft.exact_soft_sign_slope(x, float(lam)) + (formula - formula.detach()).nan_to_num()


@exercise.cases
def ordinary(draw: Draw) -> Iterator[Case]:
    """Ordinary sizes, and points far from 0."""
    yield from smooth_points(draw)
    yield case(1e3 * draw.uniform(0.7, 2, 12), draw.number(0.5, 2), about="far from 0, where the slope is small")


@exercise.precise_cases(rtol=3e-11, special=True)
def precise(draw: Draw) -> Iterator[Case]:
    """Points where digits cancel, and where B³ leaves the range of floats; looser than the task's 1e-12, for safety."""
    if draw.fixed:
        yield case(tensor(1.0, -1.0, 30.0, 0.0), 1e-16, about="λ far below x²")
        yield case(tensor(0.0), 1e-220, about="B³ underflows, the result is 1e110")
    for _ in range(3):
        size = draw.power_of_ten(-3, 3)
        x = size * torch.cat([draw.uniform(1, 2, 3), -draw.uniform(1, 2, 2)])
        yield case(x, size**2 * draw.power_of_ten(-22, -17), about="λ far below x²")
    yield case(draw.uniform(1, 2, 3).float(), draw.power_of_ten(-10, -8.5), rtol=2e-4, about="λ far below x², float32")
    for low, high in ((-300, -230), (-300, -230), (-120, 120), (230, 300), (230, 300)):
        lam = draw.power_of_ten(low, high)
        x = torch.cat([10 ** draw.uniform(-150, 150, 40), tensor(0.0, lam**0.5)]).clamp(max=1e150) * draw.signs(42)
        result = slope(x, lam)
        yield case(x[(result > 1e-300) & (result < 1e300)], lam, about="over the whole range of floats")


def parts(case: Case, answer: Answer) -> tuple[Tensor, float, Tensor, Tensor, Tensor]:
    """x, λ, B, the error, and where it is too large. Raises ValueError for a value that is not like x, or right."""
    x, lam = case.call.arguments[0].detach(), float(case.call.arguments[1])
    error = answer.value - case.expected
    off = ~(error.abs() <= (case.rtol or 1e-9) * case.expected)
    if answer.value.dtype is not x.dtype or answer.value.shape != x.shape or not bool(off.any()):
        raise ValueError("not a wrong value like x")
    return x, lam, torch.hypot(x, torch.full_like(x, lam**0.5)), error, off


def out_of_range(x: Tensor, lam: float, B: Tensor) -> Tensor:
    """Where B³, or the cube of B/√λ, is near the ends of the range of floats."""
    decades = torch.maximum(torch.log10(B).abs(), torch.log10(B / lam**0.5).abs())
    return 3 * decades > (290 if x.dtype is torch.float64 else 35)


@exercise.symptom("small-number-added", look=LOST)
def small_number_added(case: Case, answer: Answer) -> bool:
    """A small number in the denominator (B³ + 1e-12, or a clamp) keeps it from 0 and changes the result wherever B³ is
    not far larger. Never form B³; then nothing can vanish."""
    x, lam, B, error, off = parts(case, answer)
    for eps in (10.0**-power for power in (*range(4, 17), 20, 30, 50, 100, 200, 300)):
        for guarded in (lam / (B**3 + eps), lam / (B + eps) ** 3, lam / B.clamp(min=eps) ** 3):
            slack = torch.minimum(0.01 * error.abs() + 1e-15 * guarded, 1e-6 * guarded + 1e-300)
            if bool(((answer.value - guarded).abs() <= slack)[off].all()):
                return x.dtype is torch.float64
    return False


@exercise.symptom("overflow", look=LOST)
def overflow(case: Case, answer: Answer) -> bool:
    """The formula is right, but B³ (or another power on the way) leaves the range of floats: it underflows to 0 or
    overflows to infinity while the result itself is an ordinary number. Divide by B three times, or square √λ/B."""
    x, lam, B, error, off = parts(case, answer)
    lost = (error.abs() > 1e-3 * case.expected) | answer.value.isnan()
    return bool(out_of_range(x, lam, B)[off].all() and lost.any())


@exercise.symptom("cancellation", look=LOST)
def cancellation(case: Case, answer: Answer) -> bool:
    """The formula is right and its digits are lost: where λ is far below x², it subtracts two numbers that agree in
    almost all their digits (1/B − x²/B³, or 1 − S²; autograd of x/B does the same). λ/B³ subtracts nothing."""
    x, lam, B, error, off = parts(case, answer)
    excused = (error.abs() <= 100 * torch.finfo(x.dtype).eps / B) | out_of_range(x, lam, B)
    return bool(excused[off].all())


@exercise.symptom("finite-differences")
def finite_differences(case: Case, answer: Answer) -> bool:
    """This is a finite difference of the soft sign: close where the slope is large, noise where it is small, and never
    good to more than some ten digits. The formula λ/B³ has them all."""
    x, lam, _, error, _ = parts(case, answer)
    far = (x.abs() >= 100 * lam**0.5) & (error.abs() <= 1e-6)
    return bool(far.all() and (error > 0).any() and (error < 0).any())
