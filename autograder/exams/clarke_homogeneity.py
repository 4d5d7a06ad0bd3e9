"""Lesson 3: hidden exams."""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Generator, Tensor

from autograder.exams.draw import normal, number, uniform
from gradlab.checks import clarke_sets, homogeneity, norm_balance
from gradlab.checks.clarke_sets import CLARKE, SUBDIFFERENTIAL
from gradlab.checks.exercise import Case
from gradlab.checks.homogeneity import DEGREE, named
from gradlab.checks.impostor import judge_impostor
from gradlab.checks.judge import judge
from gradlab.checks.layer_inner_products import INNER_PRODUCTS, inner_case, rounding_case
from gradlab.checks.norm_balance import BALANCE_DRIFT
from gradlab.checks.relu_formulas import hidden_inputs, network
from gradlab.checks.relu_layers import GRADIENT, differentiates, gradient_case
from gradlab.exercises.verdict import Verdict
from gradlab.maths.piecewise_linear import PiecewiseLinear
from gradlab.probe import Probe

Data = tuple[tuple[float, ...], tuple[float, ...], float]


def whole(generator: Generator, low: int, high: int, *shape: int) -> Tensor:
    """Independent whole numbers from low to high, both included."""
    return torch.randint(low, high + 1, shape, generator=generator)


def random_function(generator: Generator, kind: str) -> Data:
    """Breaks and slopes with few binary digits, so that values are exact and no interval is empty by rounding."""
    count = int(whole(generator, 1, 5))
    breaks = torch.randperm(33, generator=generator)[:count].sort().values / 4 - 4
    slopes = whole(generator, -8, 8, count + 1) / 4
    if kind != "any":
        slopes = slopes.sort().values
    if kind == "nearly convex":
        first = int(whole(generator, 0, count - 1))
        slopes[[first, first + 1]] = slopes[[first + 1, first]]
    return tuple(breaks.tolist()), tuple(slopes.tolist()), float(whole(generator, -8, 8)) / 4


def random_points(f: Data) -> list[float]:
    """Every break, a point close to it, the middle of every piece, and a point far out on either side."""
    breaks = f[0]
    middles = [(a + b) / 2 for a, b in pairwise(breaks)]
    return [*breaks, *(b + 1 / 32 for b in breaks), *middles, breaks[0] - 3.0, breaks[-1] + 2.5]


def _decided(low: float, high: float) -> bool:
    """Rounding cannot make this interval empty: it has a length, or its point has few binary digits."""
    return abs(low - high) > 1e-3 or (low == high and float(64 * low).is_integer())


def set_cases(generator: Generator, formula: Callable) -> list[Case]:
    """Random convex, nearly convex and other functions at all kinds of points."""
    cases = []
    for kind in ("convex", "nearly convex", "any") * 6:
        data = random_function(generator, kind)
        f = PiecewiseLinear(*data)
        decided = [x for x in random_points(data) if _decided(*clarke_sets.slopes_below(f, x))]
        cases += [clarke_sets.case(formula, data, x) for x in decided]
    return cases


def exam_subdifferential(probe: Probe, generator: Generator) -> Verdict:
    """Random piecewise linear functions, and the visible ones."""
    known = [clarke_sets.case(clarke_sets.subdifferential, *point) for point in clarke_sets.visible_points()]
    return judge(probe, SUBDIFFERENTIAL, [*set_cases(generator, clarke_sets.subdifferential), *known])


def exam_clarke(probe: Probe, generator: Generator) -> Verdict:
    """Random piecewise linear functions, and the visible ones."""
    return judge(probe, CLARKE, [*set_cases(generator, clarke_sets.clarke), *clarke_sets.clarke_cases()])


def exam_impostor(probe: Probe, generator: Generator) -> Verdict:
    """Random coefficients of both signs, 0 and a large one; points of all sizes."""
    coefficients = [number(generator, 1, 10), number(generator, -10, -1), 0.0, float(whole(generator, 200, 5000)), -0.015625]
    points = normal(generator, 990) * 10 ** uniform(generator, -6, 3, 990)
    small = normal(generator, 10) * 1e-20
    return judge_impostor(probe, coefficients, torch.cat([points, small]))


def away_from_zero(generator: Generator, *shape: int) -> Tensor:
    """Entries between ½ and 2 in size, of either sign."""
    return uniform(generator, 0.5, 2, *shape) * (2 * whole(generator, 0, 1, *shape) - 1)


def exam_degree(probe: Probe, generator: Generator) -> Verdict:
    """Random degrees and random functions without one."""
    cases = []
    for shape in ((3,), (2, 2), ()):
        x = away_from_zero(generator, *shape)
        x = x * number(generator, 1.2, 1.6) / x.norm()
        power, scale, shift = number(generator, 0.8, 3.7), number(generator, 0.5, 2), number(generator, 0.6, 1.2)
        cases += [
            homogeneity.case(named("norm_power", power=power, scale=scale), x, power, "a power of ‖x‖"),
            homogeneity.case(named("norm_power", power=-power, scale=scale), x, -power, "a power of 1/‖x‖"),
            homogeneity.case(named("norm_power", power=power, scale=-scale), x, power, "minus a power of ‖x‖"),
            homogeneity.case(named("norm_plus", power=power, constant=shift), x, None, "a power of ‖x‖ plus a constant"),
            homogeneity.case(named("norm_plus", power=power, constant=-0.9), x, None, "a power of ‖x‖ minus a constant"),
            homogeneity.case(named("two_powers", first=power, second=power + 1), x, None, "a sum of two powers"),
            homogeneity.case(named("norm_plus", power=1.0, constant=0.02), x, None, "‖x‖ plus a small constant"),
            homogeneity.case(named("clipped_norm", low=0.95, high=1.1), x / x.norm(), None, "a clipped norm"),
        ]
    x = away_from_zero(generator, 4)
    powers = whole(generator, 0, 2, 4).double()
    positive = torch.where(x.sum() < 0, -x, x) + 0.3
    net = [normal(generator, 5, 4), normal(generator, 3, 5), normal(generator, 1, 3)]
    none = [torch.zeros(len(w), dtype=torch.float64) for w in net]
    cases += [
        homogeneity.case(named("monomial", powers=powers), x, float(powers.sum()), "a monomial"),
        *(homogeneity.case(named("cosine"), scale * positive, 0.0, "degree 0") for scale in (0.3, 0.7, 1.0, 1.3, 2.1, 2.9)),
        homogeneity.case(named("larger_square"), x[:2].abs(), 2.0, "max(x₁², x₁x₂)"),
        homogeneity.case(named("tanh_sum"), x.abs(), None, "Σ tanh xᵢ"),
    ]
    while float(network(net, x).abs()) < 0.05:
        x, net[0] = away_from_zero(generator, 4), normal(generator, 5, 4)
        net[1], net[2] = normal(generator, 3, 5), normal(generator, 1, 3)
    for each in (net, [net[0], net[1], -net[2]]):
        cases.append(homogeneity.case(named("relu_net", weights=each, biases=none), x, 1.0, "a ReLU network without biases"))
    return judge(probe, DEGREE, cases)


def random_network(generator: Generator, widths: tuple[int, ...], sign: int) -> tuple[list[Tensor], Tensor]:
    """A network and a point at which its value has this sign, and at least 0.02 away from kinks, in every layer some
    unit on and some unit off."""
    while True:
        weights = [normal(generator, after, before) for before, after in pairwise(widths)]
        x = normal(generator, widths[0])
        hidden = hidden_inputs(weights, x)
        mixed = all(bool((z > 0).any()) and bool((z < 0).any()) and float(z.abs().min()) > 0.02 for z in hidden)
        if mixed and sign * float(network(weights, x)) > 0.02:
            return weights, x


def with_kink(generator: Generator, layer: int) -> tuple[list[Tensor], Tensor]:
    """A network of whole numbers with one hidden unit whose input is exactly 0."""
    while True:
        weights = [whole(generator, -3, 3, *shape).double() for shape in ((4, 3), (5, 4), (1, 5))]
        x = whole(generator, 1, 3, 3).double()
        zeros = [int((z == 0).sum()) for z in hidden_inputs(weights, x)]
        if zeros == [int(layer == 0), int(layer == 1)] and float(network(weights, x)) != 0:
            return weights, x


SHAPES = (((3, 4, 1), 1), ((2, 5, 3, 1), -1), ((4, 3, 5, 2, 1), 1), ((5, 2, 1), -1))
"""Widths of the layers, and the sign of the value."""


def exam_layer_inner_products(probe: Probe, generator: Generator) -> Verdict:
    """Random networks of two to four layers, tracked or not, float64 and float32, and one with a unit on its kink."""
    cases = []
    for position, shape in enumerate(SHAPES):
        weights, x = random_network(generator, *shape)
        if position % 2:
            weights = [w.requires_grad_() for w in weights]
            weights[0].grad = torch.ones_like(weights[0])
        cases.append(inner_case(weights, x))
    weights, x = random_network(generator, (3, 4, 1), 1)
    cases.append(inner_case([w.float() for w in weights], x.float()))
    cases.append(inner_case(*with_kink(generator, 0), "one unit has z = 0"))
    cases.append(rounding_case())
    return judge(probe, INNER_PRODUCTS, cases)


def exam_layer_gradient(probe: Probe, generator: Generator) -> Verdict:
    """Every layer of random networks, float64 and float32, and of networks with one unit on its kink."""
    networks = [(*random_network(generator, *shape), "") for shape in SHAPES]
    weights, x = networks[1][:2]
    networks.append(([w.float() for w in weights], x.float(), "float32"))
    networks += [(*with_kink(generator, layer), "one unit has z = 0") for layer in (0, 1)]
    cases = [gradient_case(w, x, h, about) for w, x, about in networks for h in range(1, len(w) + 1)]
    found = judge(probe, GRADIENT, cases)
    return (differentiates(probe, weights, x) or found) if found.right else found


def exam_balance_drift(probe: Probe, generator: Generator) -> Verdict:
    """Random networks, data, rates and times, and the visible cases."""
    cases = []
    for widths, samples, steps in (((3, 4, 1), 5, 12), ((2, 5, 3, 1), 6, 9), ((4, 2, 1), 3, 25)):
        lr = round(number(generator, 0.02, 0.06), 3)
        while True:
            weights = [normal(generator, after, before) / before**0.5 for before, after in pairwise(widths)]
            X, Y = normal(generator, widths[0], samples), normal(generator, samples)
            case = norm_balance.case(weights, X, Y, lr, lr * steps, f"{steps} steps")
            if all(1e-3 < abs(change) < 10 for change in case.expected):
                break
        cases.append(case)
    return judge(probe, BALANCE_DRIFT, [*cases, *norm_balance.visible_cases()])


EXAMS = {
    "subdifferential": exam_subdifferential,
    "clarke": exam_clarke,
    "impostor": exam_impostor,
    "degree": exam_degree,
    "layer_inner_products": exam_layer_inner_products,
    "layer_gradient": exam_layer_gradient,
    "balance_drift": exam_balance_drift,
}
