"""Lesson 1: hidden exams."""

import torch
from gradlab.checks.exercise import Case
from gradlab.checks.judge import judge, judge_in_turn
from gradlab.checks.noisy_sign import MISSING_JUMP, NOISY_SIGN_JACOBIAN, jacobian_case, jump_case
from gradlab.checks.soft_sign import (
    LAM_FOR_ERROR,
    SOFT_ABS,
    SOFT_SIGN,
    lam_case,
    soft_abs_case,
    soft_sign_case,
)
from gradlab.checks.soft_sign_slope import SOFT_SIGN_SLOPE, precise_slope_case
from gradlab.checks.soft_sign_slope import slope_case as sign_slope_case
from gradlab.checks.soft_threshold import SOFT_THRESHOLD, kink_case, refused_case, soft_threshold_case
from gradlab.checks.soft_threshold_slope import SOFT_THRESHOLD_SLOPE, slope_at_kink_case, slope_case
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Probe

from autograder.exams.draw import normal, number, uniform

SMALLEST_NORMAL, LARGEST = 1e-300, 1e300


def scalar(generator: torch.Generator, low: float, high: float) -> torch.Tensor:
    """A float64 tensor without axes."""
    return uniform(generator, low, high)


def smooth_points(generator: torch.Generator) -> list[tuple]:
    """Random (x, λ): every shape and dtype, zeros among the entries, λ a number or a tensor."""
    points = []
    for shape in ((2, 5), (6,), (2, 1, 3), ()):  # no axis last: some slips fail there in a way of their own
        x = 2 * normal(generator, *shape)
        points.append((x, number(generator, 0.05, 9)))
        points.append((x.clone().requires_grad_(True), number(generator, 0.05, 9)))
        points.append((x.clone().requires_grad_(True), scalar(generator, 2, 9).requires_grad_(True)))
    with_zeros = torch.cat([normal(generator, 3), torch.zeros(2, dtype=torch.float64)])
    single = normal(generator, 4, dtype=torch.float32)
    return [
        *points,
        (with_zeros.requires_grad_(True), number(generator, 0.1, 0.9)),
        (single.clone().requires_grad_(True), number(generator, 2, 9)),
        (single, scalar(generator, 2, 9).float().requires_grad_(True)),
        (normal(generator, 3), int(number(generator, 2, 9))),
    ]


def exam_soft_abs(probe: Probe, generator: torch.Generator) -> Verdict:
    """`soft_abs(x, lam)` and its gradients at random points."""
    return judge(probe, SOFT_ABS, [soft_abs_case(*point) for point in smooth_points(generator)])


def exam_soft_sign(probe: Probe, generator: torch.Generator) -> Verdict:
    """`soft_sign(x, lam)` and its gradients at random points."""
    return judge(probe, SOFT_SIGN, [soft_sign_case(*point) for point in smooth_points(generator)])


def exam_soft_sign_slope(probe: Probe, generator: torch.Generator) -> Verdict:
    """`soft_sign_slope(x, lam)` at ordinary points, where digits cancel, and over the whole range."""
    far_out = (1e3 * uniform(generator, 1, 2, 12), number(generator, 0.5, 2), "far from 0")
    ordinary = [sign_slope_case(*point) for point in (*smooth_points(generator), far_out)]
    cases = []
    for _ in range(3):
        size = 10 ** number(generator, -3, 3)
        x = size * torch.cat([1 + uniform(generator, 0, 1, 3), -1 - uniform(generator, 0, 1, 2)])
        cases.append(precise_slope_case(x, size**2 * 10 ** number(generator, -22, -17), "λ far below x²"))
    cases.append(
        precise_slope_case(
            1 + uniform(generator, 0, 1, 3).float(), 10 ** number(generator, -10, -8.5), "float32"
        )
    )
    for low, high in ((-300, -230), (-300, -230), (-120, 120), (230, 300), (230, 300)):
        cases.append(whole_range_case(generator, 10 ** number(generator, low, high)))
    return judge_in_turn(probe, SOFT_SIGN_SLOPE, ordinary, cases)


def whole_range_case(generator: torch.Generator, lam: float) -> Case:
    """x over 300 decades and x = 0, wherever the result is a normal number."""
    exponents = uniform(generator, -150, 150, 40)
    sizes = torch.cat(
        [10**exponents, torch.zeros(1, dtype=torch.float64), torch.tensor([lam**0.5], dtype=torch.float64)]
    )
    x = sizes.clamp(max=1e150) * torch.where(uniform(generator, -1, 1, 42) < 0, -1.0, 1.0)
    every = precise_slope_case(x, lam, "").expected
    kept = x[(every > SMALLEST_NORMAL) & (every < LARGEST)]
    return precise_slope_case(kept, lam, "over the whole range of floats")


def exam_noisy_sign_jacobian(probe: Probe, generator: torch.Generator) -> Verdict:
    """`noisy_sign_jacobian(x, a, lam)` for random shapes, m ≠ n among them."""
    cases = []
    for m, n in ((2, 3), (4, 2), (1, 5), (3, 3)):
        x, a = 2 * normal(generator, m, n), uniform(generator, 0.1, 1, m, n)
        cases.append(jacobian_case(x, a, number(generator, 1.5, 9)))
        cases.append(jacobian_case(x.clone().requires_grad_(True), a, scalar(generator, 0.1, 0.9)))
    x, a = normal(generator, 2, 3, dtype=torch.float32), uniform(generator, 0.1, 1, 2, 3).float()
    cases.append(jacobian_case(x, a, number(generator, 1.5, 9), "float32"))
    return judge(probe, NOISY_SIGN_JACOBIAN, cases)


def exam_lam_for_error(probe: Probe, generator: torch.Generator) -> Verdict:
    """`lam_for_error(eps)` for random errors below and above 1."""
    errors = [number(generator, 1e-3, 1e-2), number(generator, 0.05, 0.4), number(generator, 2.2, 5)]
    return judge(probe, LAM_FOR_ERROR, [lam_case(eps) for eps in errors])


def thresholds(generator: torch.Generator) -> list[tuple]:
    """Random (y, T) away from the kinks: T a number, a tensor without axes, or one that broadcasts."""
    pairs = []
    for shape in ((7,), (2, 5), (2, 3, 4), ()):
        for tracked in (False, True):
            T = number(generator, 0.4, 2)
            pairs.append((away_from(T, generator, *shape).requires_grad_(tracked), T))
            size = scalar(generator, 0.4, 2)
            pairs.append(
                (away_from(size, generator, *shape).requires_grad_(tracked), size.requires_grad_(tracked))
            )
    for shape in ((5,), (3, 5), (3, 1)):
        T = uniform(generator, 0.4, 2, *shape)
        pairs.append((away_from(T, generator, 3, 5).requires_grad_(True), T.requires_grad_(True)))
    single = number(generator, 0.4, 2)
    pairs.append((away_from(single, generator, 6).float().requires_grad_(True), single))
    T = uniform(generator, 0.4, 2, 6)
    pairs.append((away_from(T, generator, 6).float().requires_grad_(True), T.float().requires_grad_(True)))
    pairs.append(
        (
            torch.tensor([0.0, 4.5, -0.2, 0.0], dtype=torch.float64).requires_grad_(True),
            int(number(generator, 1, 4)),
        )
    )
    return pairs


def away_from(T: float | torch.Tensor, generator: torch.Generator, *shape: int) -> torch.Tensor:
    """Random y, about half of it in the dead zone, none of it within 1e-3 of T or −T."""
    y = 2 * T * normal(generator, *shape)
    return torch.where((y.abs() - T).abs() < 1e-3, 1.1 * y, y)


def negative(generator: torch.Generator) -> list[float | torch.Tensor]:
    """Thresholds for five entries that must be refused: all negative, or one of them."""
    one_of_five = torch.cat([torch.ones(4, dtype=torch.float64), -uniform(generator, 0.01, 1, 1)])
    return [-number(generator, 0.01, 2), one_of_five, -scalar(generator, 0.01, 2)]


def exam_soft_threshold(probe: Probe, generator: torch.Generator) -> Verdict:
    """`soft_threshold(y, T)`: values, gradients in y and T, T = 0; then kinks and negative T."""
    y, zero = normal(generator, 5), torch.zeros((), dtype=torch.float64)
    ordinary = [
        *(soft_threshold_case(*pair) for pair in thresholds(generator)),
        soft_threshold_case(y, 0.0, "T = 0 changes nothing"),
        soft_threshold_case(torch.cat([y, zero[None]]), zero, "T = 0 changes nothing"),
    ]
    edges = [kink_case(number(generator, 0.5, 3)), *(refused_case(y, T) for T in negative(generator))]
    return judge_in_turn(probe, SOFT_THRESHOLD, ordinary, edges)


def exam_soft_threshold_slope(probe: Probe, generator: torch.Generator) -> Verdict:
    """`soft_threshold_slope(y, T)`: the same inputs, y with and without an old .grad."""
    y = normal(generator, 5)
    used = y.clone().requires_grad_(True)
    used.grad = normal(generator, 5)
    ordinary = [
        *(slope_case(*pair) for pair in thresholds(generator)),
        slope_case(used, 0.7, "y.grad already holds something"),
        *(
            slope_case(scalar(generator, -0.9, 0.9).requires_grad_(t), 1.0, "in the dead zone")
            for t in (False, True)
        ),
        slope_case(y, 0.0, "T = 0"),
    ]
    edges = [
        slope_at_kink_case(number(generator, 0.5, 3)),
        *(refused_case(y, T) for T in negative(generator)),
    ]
    return judge_in_turn(probe, SOFT_THRESHOLD_SLOPE, ordinary, edges)


def exam_missing_jump(probe: Probe, generator: torch.Generator) -> Verdict:
    """`missing_jump(a)` for random jumps up and down, as numbers and tensors."""
    sizes = [
        number(generator, 0.1, 0.9),
        -number(generator, 0.1, 0.9),
        scalar(generator, 1.1, 1.9),
        number(generator, 1.1, 1.9),
    ]
    return judge(probe, MISSING_JUMP, [jump_case(a) for a in sizes])


EXAMS = {
    "soft_abs": exam_soft_abs,
    "soft_sign": exam_soft_sign,
    "soft_sign_slope": exam_soft_sign_slope,
    "noisy_sign_jacobian": exam_noisy_sign_jacobian,
    "lam_for_error": exam_lam_for_error,
    "soft_threshold": exam_soft_threshold,
    "soft_threshold_slope": exam_soft_threshold_slope,
    "missing_jump": exam_missing_jump,
}
