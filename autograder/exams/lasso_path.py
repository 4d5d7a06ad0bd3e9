"""Lesson 5: hidden exams. References in NumPy: active sets and forward sensitivities; inputs well away from kinks."""

import math
from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy
import torch
from torch import Generator, Tensor

from autograder.exams.draw import normal, number, uniform
from gradlab.checks import lasso_path as lesson
from gradlab.checks.exercise import Case, Raises
from gradlab.checks.judge import judge, judge_in_turn
from gradlab.checks.lasso_path_formulas import TUNE_WAYS
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Probe

Array = numpy.ndarray
EPS = numpy.finfo(float).eps


def signs(generator: Generator, *shape: int) -> Tensor:
    """±1, each with probability ½."""
    return torch.sign(uniform(generator, -1, 1, *shape))


def whole(generator: Generator, low: int, high: int) -> int:
    """A whole number in [low, high]."""
    return int(torch.randint(low, high + 1, (), generator=generator))


def drawn_until(draw: Callable[[], object], good: Callable[[object], bool]) -> object:
    """The first draw that is good; the generators of this module need a handful of them."""
    for _ in range(2000):
        with suppress(numpy.linalg.LinAlgError):  # singular by accident: not good
            found = draw()
            if good(found):
                return found
    raise RuntimeError("no input of the wanted kind was found")


# --- smooth_prox_slope: x* is drawn and y computed from it, so no root has to be found here ---


def smooth_pair(x: Tensor, T: float | Tensor, lam: float | Tensor) -> tuple[Tensor, Tensor]:
    """The y that has the minimiser x, and the slope there."""
    B = torch.sqrt(x**2 + lam)
    return x + T * x / B, 1 / (1 + lam * T / B**3)


def exam_smooth_prox_slope(probe: Probe, generator: Generator) -> Verdict:
    """Random minimisers on both sides of 0, T a number or a tensor, and the kink itself at a small λ."""
    cases = []
    for shape in ((12,), (2, 5), ()):
        T, lam = number(generator, 0.4, 3.5), number(generator, 0.01, 0.5)
        x = uniform(generator, 0.02, 1.5, *shape) * signs(generator, *shape)
        y, slope = smooth_pair(x, T, lam)
        cases.append(lesson.smooth_case(y, T, lam, slope, rtol=1e-5))
    T, lam = number(generator, 2.0, 3.5), number(generator, 0.002, 0.01)
    x = math.sqrt(lam) * uniform(generator, 0.3, 1.0, 5) * signs(generator, 5)
    y, slope = smooth_pair(torch.cat([x, uniform(generator, 1.0, 2.0, 2)]), T, lam)
    cases.append(lesson.smooth_case(y, T, lam, slope, "in and out of the dead zone", rtol=1e-5))
    x = 1e-4 ** (1 / 3) * uniform(generator, 0.5, 1.5, 5) * signs(generator, 5)
    y, slope = smooth_pair(x, T, 1e-4)
    cases.append(lesson.smooth_case(y, T, 1e-4, slope, "close to the kink, where the slope turns", rtol=1e-5))
    T, lam = uniform(generator, 0.4, 3.5, 1, 6), number(generator, 0.01, 0.5)
    y, slope = smooth_pair(uniform(generator, 0.02, 1.5, 3, 6) * signs(generator, 3, 6), T, torch.tensor(lam).double())
    cases.append(lesson.smooth_case(y, T, torch.tensor(lam).double(), slope, "T is a tensor", rtol=1e-5))
    T = torch.tensor(number(generator, 0.4, 3.5), dtype=torch.float64)
    cases.append(lesson.smooth_case(T.reshape(1) * -1, T, 1e-8, torch.full((1,), 1 / 3).double(), "the kink y = −T", rtol=1e-2))
    y, slope = smooth_pair(uniform(generator, 0.3, 2.0, 4) * signs(generator, 4), 0.8, 0.4)
    cases.append(lesson.smooth_case(y.float(), 0.8, 0.4, slope.float()))
    return judge(probe, lesson.SMOOTH_PROX_SLOPE, cases)


# --- ista and its slope, by forward sensitivities ---


def sensitivities(D: Array, b: Array, lam: float, steps: int) -> tuple[Array, Array, Array, float]:
    """x after so many steps, its derivatives in λ (n,) and b (n, m), and how near a kink it came, in units of tλ."""
    t = 1 / numpy.linalg.svd(D, compute_uv=False)[0] ** 2
    x, in_lam, in_b = numpy.zeros(D.shape[1]), numpy.zeros(D.shape[1]), numpy.zeros(D.T.shape)
    margin = math.inf
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        margin = min(margin, numpy.abs(numpy.abs(u) / (t * lam) - 1).min())
        on = numpy.abs(u) > t * lam
        move = numpy.eye(D.shape[1]) - t * D.T @ D
        in_lam = on * (move @ in_lam - t * numpy.sign(u))
        in_b = on[:, None] * (move @ in_b + t * D.T)
        x = on * (u - t * lam * numpy.sign(u))
    return x, in_lam, in_b, margin


def problem(
    generator: Generator, m: int, n: int, steps: int, share: tuple[float, float] = (0.1, 0.4)
) -> tuple[Tensor, Tensor, float]:
    """D, b, λ (this share of max |Dᵀb|): the iterate has entries of both signs and a zero, and no step came near a kink."""

    def draw() -> tuple[Tensor, Tensor, float]:
        D, b = normal(generator, m, n), 2 * normal(generator, m)
        D[:, whole(generator, 0, n - 1)] = 0  # a column whose entry of u is exactly 0
        return D, b, number(generator, *share) * float((D.mT @ b).abs().max())

    def good(found: tuple[Tensor, Tensor, float]) -> bool:
        D, b, lam = found
        x, _, _, margin = sensitivities(D.numpy(), b.numpy(), lam, steps)
        return margin > 1e-3 and (x > 0).any() and (x < 0).any()

    return drawn_until(draw, good)


def iterations(generator: Generator) -> Iterator[tuple[Tensor, Tensor, float, int]]:
    """Problems of several sizes, with few and with more steps."""
    for m, n, steps in ((5, 4, 1), (6, 4, 3), (7, 5, whole(generator, 6, 10)), (4, 6, whole(generator, 4, 8)), (9, 5, 30)):
        yield *problem(generator, m, n, steps), steps
    yield *problem(generator, 6, 4, 2, (0.01, 0.03)), 2  # a threshold that was not scaled does not swallow everything


def exam_ista(probe: Probe, generator: Generator) -> Verdict:
    """Values and, with a random cotangent, gradients in b and λ."""
    cases = []
    for D, b, lam, steps in iterations(generator):
        x, in_lam, in_b, _ = map(torch.as_tensor, sensitivities(D.numpy(), b.numpy(), lam, steps))
        weight = normal(generator, D.shape[1])
        tracked = b.clone().requires_grad_(True), torch.tensor(lam, dtype=torch.float64, requires_grad=True)
        cases.append(lesson.ista_case(D, b, lam, steps, x, f"{steps} steps"))
        about = f"{steps} steps; b and lam require gradients"
        cases.append(lesson.ista_case(D, *tracked, steps, x, about, weight, weight @ in_b, weight @ in_lam))
    D, b, lam = problem(generator, 5, 3, 4)
    x = torch.as_tensor(sensitivities(D.numpy(), b.numpy(), lam, 4)[0])
    cases.append(lesson.ista_case(D.float(), b.float(), lam, 4, x.float(), "float32"))
    return judge(probe, lesson.ISTA, cases)


def exam_unrolled_slope(probe: Probe, generator: Generator) -> Verdict:
    """The slope in λ after few and after many steps."""
    cases = []
    for D, b, lam, steps in iterations(generator):
        slope = torch.as_tensor(sensitivities(D.numpy(), b.numpy(), lam, steps)[1])
        given = torch.tensor(lam, dtype=torch.float64) if steps % 2 else lam
        cases.append(lesson.unrolled_case(D, b, given, steps, slope, f"{steps} steps"))
    D, b, lam = problem(generator, 5, 3, 4)
    slope = torch.as_tensor(sensitivities(D.numpy(), b.numpy(), lam, 4)[1])
    cases.append(lesson.unrolled_case(D.float(), b.float(), lam, 4, slope.float(), "float32"))
    return judge(probe, lesson.UNROLLED_SLOPE, cases)


# --- the solution and its slope, by the active set ---


def solution(D: Array, b: Array, lam: float) -> tuple[Array, float]:
    """x*, and its distance from a kink: the smallest active entry and the smallest slack off the active set, relative.

    A distance that is not positive says that this is not the solution: the search for its signs was cut short.
    """
    x, squares = numpy.zeros(D.shape[1]), (D**2).sum(0)
    for _ in range(400):
        before = x.copy()
        for j in range(len(x)):
            c = D[:, j] @ (b - D @ x) + squares[j] * x[j]
            x[j] = math.copysign(max(abs(c) - lam, 0.0), c) / squares[j]
        if numpy.abs(x - before).max() <= 1e-13 * max(1.0, numpy.abs(x).max()):
            break
    on, s = x != 0, numpy.sign(x)
    x[on] = numpy.linalg.solve(D[:, on].T @ D[:, on], D[:, on].T @ b - lam * s[on])
    slack = 1 - numpy.abs(D.T @ (b - D @ x))[~on] / lam
    return x, float(min([*(s * x)[on], *slack], default=0.0))


def slope_at(D: Array, x: Array) -> Array:
    """dx*/dλ."""
    on, slope = x != 0, numpy.zeros_like(x)
    slope[on] = -numpy.linalg.solve(D[:, on].T @ D[:, on], numpy.sign(x[on]))
    return slope


def lasso_problem(generator: Generator, m: int, n: int) -> tuple[Tensor, Tensor, float, Tensor]:
    """D, b, λ and the solution, which has entries of both signs and zeros and stands well away from a kink."""

    def draw() -> tuple[Tensor, Tensor, float]:
        D, b = normal(generator, m, n), 2 * normal(generator, m)
        return D, b, number(generator, 0.05, 0.5) * float((D.mT @ b).abs().max())

    def good(found: tuple[Tensor, Tensor, float]) -> bool:
        D, b, lam = found
        x, margin = solution(D.numpy(), b.numpy(), lam)
        on = x != 0
        mixed = (x > 0).any() and (x < 0).any() and not on.all()
        return mixed and margin > 0.03 and numpy.linalg.cond(D.numpy()[:, on]) < 30

    D, b, lam = drawn_until(draw, good)
    return D, b, lam, torch.as_tensor(solution(D.numpy(), b.numpy(), lam)[0])


def dependent_problem(generator: Generator, m: int, k: int) -> tuple[Tensor, Tensor, float, Tensor]:
    """A Lasso whose solution has k active columns that are dependent, by any sensible test of it."""

    def draw() -> Tensor:
        free = normal(generator, m, min(m, k - 1))
        weights = uniform(generator, 0.2, 1.0, free.shape[1], k - free.shape[1])
        return torch.cat([free, free @ (weights / weights.sum(0))], 1)  # so that Dᵀr = λ·1 has a solution r

    def plainly_dependent(D: Tensor) -> bool:
        A, G = D.numpy(), (D.mT @ D).numpy()
        eigenvalues = numpy.linalg.eigvalsh(G)
        diagonal = numpy.abs(numpy.diagonal(numpy.linalg.qr(A)[1]))
        try:
            torch.linalg.solve(D.mT @ D, torch.ones(k, dtype=D.dtype))
            torch.linalg.cholesky(D.mT @ D)
        except RuntimeError:  # round-off shall hide it from those who wait for an exception
            return False
        return (
            numpy.linalg.matrix_rank(A) < k
            and numpy.linalg.matrix_rank(G) < k
            and eigenvalues[0] < 0.3 * k * EPS * eigenvalues[-1]
            and numpy.linalg.cond(G) > 2 / EPS
            and (m < k or (diagonal.min() < 1e-14 * diagonal.max() and numpy.linalg.cond(A) > 2 / EPS))
        )

    D = drawn_until(draw, plainly_dependent)
    x, lam = uniform(generator, 0.3, 1.5, k), number(generator, 0.3, 1.0)
    return D, lesson.target(D, x, lam), lam, x


def exam_lasso_slope(probe: Probe, generator: Generator) -> Verdict:
    """Solutions with several active columns, none, and dependent ones."""
    cases = []
    for m, n in ((5, 7), (12, 9), (6, 4), (8, 5)):
        D, b, lam, x = lasso_problem(generator, m, n)
        cases.append(lesson.lasso_slope_case(D, b, lam, x, torch.as_tensor(slope_at(D.numpy(), x.numpy()))))
    zero, slope = torch.zeros_like(x), torch.as_tensor(slope_at(D.numpy(), x.numpy()))
    small = 10 ** number(generator, -5, -4)
    cases.append(lesson.lasso_slope_case(D, small * b, small * lam, small * x, slope, "b and lam in other units"))
    D_small, lam_small = 1e-3 * D, 1e-6 * lam
    cases.append(lesson.lasso_slope_case(D_small, 1e-3 * b, lam_small, x, 1e6 * slope, "D and b in other units"))
    cases.append(lesson.lasso_slope_case(D.float(), b.float(), lam, x.float(), slope.float(), "float32"))
    empty = [lesson.lasso_slope_case(D, b, torch.tensor(1e3).double(), zero, zero, "x* = 0")]
    dependent = []
    for m, k in ((6, 3), (5, 4), (2, 3)):
        about = "dependent active columns" if m >= k else "more active columns than rows"
        dependent.append(lesson.lasso_slope_case(*dependent_problem(generator, m, k), Raises(), about))
    return judge_in_turn(probe, lesson.LASSO_SLOPE, cases, empty, dependent)


# --- tune_lam ---


def descent(data: tuple[Array, ...], lam: float, steps: int, lr: float) -> tuple[float, float]:
    """λ after the steps, and the smallest distance from a kink on the way."""
    D, b, D_val, b_val = data
    nearest = math.inf
    for _ in range(steps):
        x, margin = solution(D, b, lam)
        nearest = min(nearest, margin)
        lam *= math.exp(-lr * lam * float((D_val @ x - b_val) @ D_val @ slope_at(D, x)))
    return lam, nearest


def tune_problem(generator: Generator, m: int, n: int, steps: int, low: float = 0.15, high: float = 0.7) -> Case:
    """A descent on which every tempting recipe ends elsewhere, and every accurate solver in the same place.

    lam0 lies between low and high, in units of the smallest λ with x* = 0.
    """

    def draw() -> tuple[tuple[Tensor, ...], float, float]:
        U, V = (torch.linalg.qr(normal(generator, *shape))[0] for shape in ((m, n), (n, n)))
        D = U * uniform(generator, 1.0, 2.5, n) @ V.mT  # well-conditioned: every solver is quick
        truth = 2 * signs(generator, n) * (torch.arange(n) < n - 1)
        b, D_val = D @ truth + 0.5 * normal(generator, m), normal(generator, m + 1, n)
        b_val = D_val @ truth + 0.5 * normal(generator, m + 1)
        lam0 = number(generator, low, high) * float((D.mT @ b).abs().max())
        data = D, b, D_val, b_val
        slope = abs(math.log(descent(tuple(each.numpy() for each in data), lam0, 1, 1.0)[0] / lam0))
        return data, lam0, number(generator, 0.25, 0.5) / max(slope, 1e-6)

    def good(found: tuple[tuple[Tensor, ...], float, float]) -> bool:
        data, lam0, lr = found
        end, margin = descent(tuple(each.numpy() for each in data), lam0, steps, lr)
        if not (margin > 0.03 and 0.01 < end / lam0 < 100):
            return False
        return all(far(way, data, lam0, lr, end) for label, way in TUNE_WAYS.items() if not label.startswith("un"))

    def far(way: Callable, data: tuple[Tensor, ...], lam0: float, lr: float, end: float) -> bool:
        try:
            return abs(way(data, lam0, steps, lr) / end - 1) > 2e-3
        except ArithmeticError:
            return True

    data, lam0, lr = drawn_until(draw, good)
    end, _ = descent(tuple(each.numpy() for each in data), lam0, steps, lr)
    return lesson.tune_case(data, lam0, steps, lr, end, f"{steps} steps from lam = {lam0:.3g}")


def exam_tune_lam(probe: Probe, generator: Generator) -> Verdict:
    """Short descents, and a start where x* = 0."""
    cases = [tune_problem(generator, m, n, steps) for m, n, steps in ((7, 4, 2), (9, 5, 3))]
    cases.append(tune_problem(generator, 6, 3, 4, 0.03, 0.1))  # even lam0·m leaves some x* ≠ 0
    *data, lam0, _, lr = cases[0].call.arguments
    large = 1.5 * float((data[0].mT @ data[1]).abs().max())
    cases.append(lesson.tune_case(tuple(data), large, 2, lr, large, "x* = 0, and the slope is 0"))
    return judge(probe, lesson.TUNE_LAM, cases)


EXAMS = {
    "smooth_prox_slope": exam_smooth_prox_slope,
    "ista": exam_ista,
    "lasso_slope": exam_lasso_slope,
    "unrolled_slope": exam_unrolled_slope,
    "tune_lam": exam_tune_lam,
}
