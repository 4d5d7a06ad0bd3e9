"""`degree(f, x)`: the L with f(αx) = α^L f(x) for α > 0, or None where there is none."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.exercises.compare import as_number
from gradlab.lessons.clarke_homogeneity.exercises._relu_networks import random_network
from gradlab.lessons.clarke_homogeneity.functions import Scalar
from gradlab.maths.homogeneous import network
from gradlab.probe import Answer, Named
from gradlab.probe.perform import build_named

CLOSE = 1e-6
ALPHAS = (0.25, 0.5, 1.0, 2.0, 8.0)
exercise = Exercise("degree(f, x)", look="“Measure a degree”")


def ratio(f: Scalar, x: Tensor, alpha: float) -> float:
    """f(αx)/f(x)."""
    return float(f(alpha * x) / f(x))


def euler_quotient(f: Scalar, x: Tensor) -> float:
    """⟨x, ∇f(x)⟩ / f(x), which is L for a homogeneous f."""
    point = x.detach().requires_grad_()
    value = f(point)
    return float((torch.autograd.grad(value, point)[0] * x).sum() / value.detach())


@exercise.reference
def reference(f: Scalar, x: Tensor) -> float | None:
    """By Euler's identity: the quotient is L all along the ray αx, or there is no degree."""
    found = [euler_quotient(f, alpha * x) for alpha in ALPHAS]
    return found[2] if max(found) - min(found) < CLOSE else None


def asked(name: str, x: Tensor, about: str, **arguments: object) -> Case:
    """One call for a function of the lesson."""
    named = Named(f"clarke_homogeneity.{name}", **arguments)
    return case(named, x, about=about)


@exercise.precise_cases(CLOSE, CLOSE)
def cases(draw: Draw) -> Iterator[Case]:
    """Degrees of every kind, functions that are negative, and functions without a degree or nearly with one."""
    if draw.fixed:
        x = tensor(1, 2, -0.5)
        yield asked("norm_power", x, "‖x‖", power=1.0, scale=1.0)
        yield asked("monomial", x, "x₁²x₂", powers=tensor(2, 1, 0))
        yield asked("norm_plus", x, "‖x‖ + 1", power=1.0, constant=1.0)
    for shape in ((3,), (2, 2), ()):
        x = draw.uniform(0.5, 2, *shape) * draw.signs(*shape)
        x = x * (draw.number(1.2, 1.6) / x.norm())
        power, scale = draw.number(0.8, 3.7) + 0.00457, draw.number(0.5, 2)  # more digits than anybody rounds to
        yield asked("norm_power", x, "a multiple of ‖x‖", power=1.0, scale=scale)
        yield asked("norm_power", x, "a power of ‖x‖", power=power, scale=scale)
        yield asked("norm_power", x, "a power of 1/‖x‖", power=-power, scale=scale)
        yield asked("norm_power", x, "minus a power of ‖x‖", power=power, scale=-scale)
        yield asked("norm_plus", x, "a power of ‖x‖ plus a constant", power=power, constant=draw.number(0.6, 1.2))
        yield asked("norm_plus", x, "a power of ‖x‖ minus a constant", power=power, constant=-0.9)
        yield asked("two_powers", x, "a sum of two powers", first=power, second=power + 1)
        yield asked("norm_plus", x, "‖x‖ plus a small constant", power=1.0, constant=0.02)
        yield asked("clipped_norm", x / x.norm(), "a clipped norm", low=0.95, high=1.1)
    x = draw.uniform(0.5, 2, 4)
    yield asked("monomial", x, "a monomial", powers=tensor(*(draw.integer(1, 2) for _ in range(4))))
    yield asked("larger_square", x[:2], "max(x₁², x₁x₂)")
    yield asked("tanh_sum", x, "Σ tanh xᵢ")
    for scale in (0.3, 0.7, 1.0, 1.3, 2.1, 2.9):
        yield asked("cosine", scale * (x + draw.uniform(0.1, 0.9, 4)), "degree 0")
    weights, x = random_network(draw, (4, 5, 3, 1), 1)
    while network(weights, -x).abs() < 0.05:  # f(−x)/f(x) is no 0, which has a logarithm as little as −1
        weights, x = random_network(draw, (4, 5, 3, 1), 1)
    yield asked("relu_net", x, "a ReLU network without biases", weights=weights, bias=0.0)
    yield asked("relu_net", x, "minus that network", weights=[*weights[:-1], -weights[-1]], bias=0.0)
    yield asked("relu_net", x, "a ReLU network with biases", weights=weights, bias=0.75)


def exponents(case: Case, count: int) -> list[float]:
    """The exponents that single α from 0.2 to 10 give."""
    (named, x), alphas = case.call.arguments, [0.2 * 50 ** (k / count) for k in range(count + 1)]
    f = build_named(named)
    return [math.log(found) / math.log(a) for a in alphas if (found := ratio(f, x, a)) > 0 and a != 1]


@exercise.symptom("rounded")
def rounded(case: Case, answer: Answer) -> bool:
    """This is L, rounded. A degree may be any number: √‖x‖ has degree ½. Return what you measured."""
    number = as_number(answer.value)
    return number is not None and any(abs(number - round(case.expected, digits)) < 1e-12 for digits in range(6))


@exercise.symptom("loose-comparison")
def loose_comparison(case: Case, answer: Answer) -> bool:
    """The exponents of several α are close to each other here, and still not the same: this f has no degree. Rounding
    makes differences of 1e-12 or so; a tolerance far above that hides what you measure."""
    found = exponents(case, 15)
    return case.expected is None and as_number(answer.value) is not None and max(found) - min(found) < 0.15


@exercise.symptom("single-alpha")
def single_alpha(case: Case, answer: Answer) -> bool:
    """This f is not homogeneous: the exponent that one α gives is not the one that another gives. Compare several α,
    below and above 1, and return None where they disagree."""
    number, found = as_number(answer.value), exponents(case, 400)
    return case.expected is None and number is not None and min(found) - CLOSE <= number <= max(found) + CLOSE


@exercise.symptom("another-word-for-none")
def another_word_for_none(case: Case, answer: Answer) -> bool:
    """There is no L for this f, and the task asks for None. This is something else."""
    return case.expected is None and answer.raised is None and answer.type != "NoneType"
