"""Lesson 3, exercise `degree`: is a function positively homogeneous, and of which degree?"""

import math

import torch

from gradlab.exercises.compare import as_number
from gradlab.checks.exercise import Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.misconceptions import both, either, plain_arguments, raises, returns, value_type
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Answer, Call, Named, Probe

LOOK = "“Measure a degree”"
CLOSE = 1e-6


def ratio(f, x: torch.Tensor, alpha: float) -> float:
    """f(αx)/f(x)."""
    return float(f(alpha * x) / f(x))


def estimate(f, x: torch.Tensor, alpha: float = 2.0) -> float:
    """The L for which f(αx) = α^L f(x) holds at this one α; nan where there is none."""
    found = ratio(f, x, alpha)
    return math.log(found) / math.log(alpha) if found > 0 else math.nan


def euler_quotient(f, x: torch.Tensor) -> float:
    """⟨x, ∇f(x)⟩ / f(x), which is L for a homogeneous f."""
    point = x.requires_grad_()
    value = f(point)
    slope = torch.autograd.grad(value, point)[0]
    return float((slope * point.detach()).sum() / value.detach())


def _of_one_alpha(case: Case, answer: Answer) -> bool:
    """Not None where it should be, but a number that some single α would give."""
    number = as_number(answer.value)
    if case.expected is not None or number is None:
        return False
    f, x = plain_arguments(case)
    alphas = [0.2 * 50 ** (k / 400) for k in range(401)]
    found = [each for alpha in alphas if alpha != 1 and not math.isnan(each := estimate(f, x, alpha))]
    return bool(found) and min(found) - CLOSE <= number <= max(found) + CLOSE


def _refuses(case: Case, answer: Answer) -> bool:
    return case.expected is not None and answer.raised is None and answer.type == "NoneType"


def _moves_with_sign(case: Case, answer: Answer) -> bool:
    """No answer where f(−x) is not f(x): what a negative α does to the ratio."""
    f, x = plain_arguments(case)
    failed = _refuses(case, answer) or _nan(case, answer)
    return failed and case.expected is not None and abs(ratio(f, x, -1.0) - 1) > CLOSE


def _nearly_homogeneous(case: Case, answer: Answer) -> bool:
    """Not None, where the exponents of several α are close to each other and not equal."""
    f, x = plain_arguments(case)
    found = [estimate(f, x, alpha) for alpha in (0.25, 0.5, 2.0, 8.0)]
    return case.expected is None and as_number(answer.value) is not None and max(found) - min(found) < 0.15


_nearly_homogeneous.formula = True  # one such case proves nothing


def _changes_sign(case: Case, answer: Answer) -> bool:
    f, x = plain_arguments(case)
    return float(f(x)) < 0 or any(ratio(f, x, alpha) <= 0 for alpha in (0.25, 0.5, 2.0, 4.0, 8.0))


def _rounded(case: Case, answer: Answer) -> bool:
    number = as_number(answer.value)
    if case.expected is None or number is None or abs(number - case.expected) <= CLOSE:
        return False
    return any(abs(number - round(case.expected, digits)) < 1e-12 for digits in range(6))


def _nan(case: Case, answer: Answer) -> bool:
    number = as_number(answer.value)
    return number is not None and not math.isfinite(number)


_log_of_negative = both(either(raises("ValueError"), _nan, value_type("NoneType")), _changes_sign)
_log_of_negative.formula = True

DEGREE = Exercise(
    name="degree",
    arguments=("f", "x"),
    misconceptions=(
        Misconception(
            "rounded",
            "This is L, rounded. A degree may be any number: √‖x‖ has degree ½. Return what you measured.",
            _rounded,
            look=LOOK,
        ),
        Misconception(
            "log-of-negative",
            "A logarithm met a number that is zero or negative. Divide first, f(αx)/f(x): for a homogeneous f that is α^L, "
            "which is positive even where f is negative. A ratio that is not positive means that there is no L.",
            _log_of_negative,
            look=LOOK,
        ),
        Misconception(
            "zero-is-a-degree",
            "L = 0 is a degree like any other: f(αx) = f(x). Only return None where there is no L at all.",
            lambda case, answer: _refuses(case, answer) and case.expected == 0,
            look=LOOK,
        ),
        Misconception(
            "any-degree",
            "L may be negative or a fraction: 1/‖x‖² has degree −2, and √‖x‖ has degree ½. Only return None where there is no L at all.",
            lambda case, answer: _refuses(case, answer) and (case.expected < 0 or case.expected != round(case.expected)),
            look=LOOK,
        ),
        Misconception(
            "negative-alpha",
            "f is homogeneous, and the answer finds no L. Positive homogeneity only speaks of α > 0: a norm has ‖−2x‖ = 2‖x‖, and "
            "a negative α has no logarithm.",
            either(_moves_with_sign, raises("ValueError", "math domain")),
            look=LOOK,
        ),
        Misconception(
            "says-none",
            "f is homogeneous, and the answer says that it is not. The exponents of several α agree up to rounding only, and for α > 0 only: "
            "compare them with a tolerance, such as 1e-9. (If it is None everywhere, a `return` is missing.)",
            _refuses,
            look=LOOK,
        ),
        Misconception(
            "loose-comparison",
            "The exponents of several α are close to each other here, and still not the same: this f has no degree. Rounding makes "
            "differences of 1e-12 or so; a tolerance far above that hides what you measure.",
            _nearly_homogeneous,
            look=LOOK,
        ),
        Misconception(
            "euler-at-one-point",
            "This is ⟨x, ∇f(x)⟩/f(x) at one point. Every function has such a quotient; only if it is the same all along the "
            "ray αx is it a degree.",
            both(lambda case, answer: case.expected is None, returns(euler_quotient)),
            look=LOOK,
        ),
        Misconception(
            "single-alpha",
            "This f is not homogeneous: the exponent that one α gives is not the one that another gives. Compare several α, "
            "below and above 1, and return None where they disagree.",
            _of_one_alpha,
            look=LOOK,
        ),
        Misconception("sign", "This is −L: the ratio, or the logarithm of α, is upside down.", returns(lambda f, x: -estimate(f, x))),
        Misconception("reciprocal", "This is 1/L: the two logarithms changed places.", returns(lambda f, x: 1 / estimate(f, x))),
        Misconception(
            "euler-not-divided",
            "This is ⟨x, ∇f(x)⟩, which is L·f(x): divide it by f(x), and see whether that is the same all along the ray αx.",
            returns(lambda f, x: euler_quotient(f, x) * float(f(x.detach()))),
            look=LOOK,
        ),
        Misconception(
            "ratio-not-exponent",
            "This is the ratio f(αx)/f(x), which is α^L. Take its logarithm and divide by log α.",
            either(*(returns(lambda f, x, a=a: ratio(f, x, a)) for a in (2.0, 3.0, 0.5, 4.0, 10.0))),
            look=LOOK,
        ),
        Misconception(
            "log-not-divided",
            "This is log(f(αx)/f(x)) = L·log α. Divide it by log α.",
            either(*(returns(lambda f, x, a=a: math.log(ratio(f, x, a))) for a in (2.0, 3.0, 0.5, 4.0, 10.0))),
            look=LOOK,
        ),
        Misconception(
            "another-word-for-none",
            "There is no L for this f, and the task asks for None. This is something else.",
            lambda case, answer: case.expected is None and answer.raised is None and answer.type != "NoneType",
            look=LOOK,
        ),
    ),
    look=LOOK,
)


def case(f: Named, x: torch.Tensor, expected: float | None, about: str) -> Case:
    """One call of `degree(f, x)`."""
    return Case(Call((f, x)), expected, rtol=CLOSE, atol=CLOSE, about=about)


def named(name: str, **arguments) -> Named:
    """A function of `gradlab.lessons.clarke_homogeneity.functions`."""
    return Named(f"clarke_homogeneity.{name}", **arguments)


def visible_cases() -> list[Case]:
    """Degrees 1, 2, 3, 0, ½, −2, a negative f, and functions without a degree."""
    x = torch.tensor([1.0, 2.0, -0.5], dtype=torch.float64)
    matrix = torch.tensor([[0.5, 1.0], [2.0, -0.25]], dtype=torch.float64)
    unit = torch.tensor([0.6, 0.8], dtype=torch.float64)
    net = [torch.tensor(w, dtype=torch.float64) for w in ([[1.0, -2.0], [3.0, 1.0], [-1.0, 1.0]], [[2.0, -1.0, 1.0]])]
    no_bias = [torch.zeros(3, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)]
    biases = [torch.tensor([1.0, -1.0, 0.5], dtype=torch.float64), torch.tensor([0.5], dtype=torch.float64)]
    point = torch.tensor([1.0, 2.0], dtype=torch.float64)
    powers = torch.tensor([2.0, 1.0, 0.0], dtype=torch.float64)
    return [
        case(named("norm_power", power=1.0, scale=1.0), x, 1.0, "‖x‖"),
        case(named("monomial", powers=powers), x, 3.0, "x₁²x₂"),
        case(named("norm_power", power=0.5, scale=3.0), matrix, 0.5, "3√‖x‖, x a matrix"),
        case(named("norm_power", power=1.23457, scale=1.0), x, 1.23457, "‖x‖ to the power of 1.23457"),
        case(named("norm_power", power=1.0, scale=-2.0), x, 1.0, "−2‖x‖"),
        case(named("norm_power", power=-2.0, scale=1.0), torch.tensor(3.0, dtype=torch.float64), -2.0, "1/x², x a number"),
        case(named("cosine"), x, 0.0, "Σxᵢ/‖x‖"),
        case(named("larger_square"), point, 2.0, "max(x₁², x₁x₂)"),
        case(named("relu_net", weights=net, biases=no_bias), point, 1.0, "a ReLU network without biases"),
        case(named("relu_net", weights=[net[0], -net[1]], biases=no_bias), point, 1.0, "minus that network"),
        case(named("relu_net", weights=net, biases=biases), point, None, "a ReLU network with biases"),
        case(named("norm_plus", power=1.0, constant=1.0), x, None, "‖x‖ + 1"),
        case(named("norm_plus", power=1.0, constant=-2.0), x, None, "‖x‖ − 2"),
        case(named("norm_plus", power=1.0, constant=0.02), x, None, "‖x‖ + 0.02"),
        case(named("two_powers", first=1.0, second=2.0), x, None, "‖x‖ + ‖x‖²"),
        case(named("clipped_norm", low=0.9, high=1.2), unit, None, "‖x‖, but between 0.9 and 1.2"),
        case(named("tanh_sum"), x, None, "Σ tanh xᵢ"),
    ]


def check_degree(probe: Probe) -> Verdict:
    """Lesson 3, `degree(f, x)`."""
    return judge(probe, DEGREE, visible_cases())
