"""`layer_gradient(weights, x, h)`: ∂f/∂W_h of a bias-free ReLU network, by a product of matrices, without autograd."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gradlab.exercises import Between, Case, Draw, Exercise, Verdict, case, tensor
from gradlab.exercises.compare import agrees
from gradlab.exercises.writing import names_used
from gradlab.lessons.clarke_homogeneity.exercises import _relu_networks as shared
from gradlab.maths.homogeneous import hidden_inputs, layer_gradients
from gradlab.probe import Answer, Probe

DIFFERENTIATORS = (
    ".autograd .backward .grad .func .functorch .vjp .jvp .jacrev .jacfwd .jacobian .grad_and_value .hessian .linearize"
    " .forward_ad .dual_level .make_dual .layer_gradients .loss_gradients getattr(…) eval exec"
)
LOOK = "“Write the gradient as a product of matrices”"
exercise = Exercise("layer_gradient(weights, x, h)", look=LOOK, slips=(shared.TWO_LAYERS_ONLY,))


@exercise.reference
def reference(weights: list[Tensor], x: Tensor, h: int) -> Tensor:
    """By autograd, away from kinks."""
    return layer_gradients(weights, x)[h - 1]


def step(z: Tensor) -> Tensor:
    """σ′(z) of the ReLU, 0 at z = 0."""
    return (z > 0).to(z.dtype)


def slopes(weights: list[Tensor], x: Tensor, slope: Callable[[Tensor], Tensor] = step) -> list[Tensor]:
    """The diagonals of A_1, …, A_H: slope(z_h) in each layer."""
    return [slope(z) for z in hidden_inputs(weights, x)]


def product(weights: list[Tensor], diagonals: list[Tensor], x: Tensor, h: int) -> Tensor:
    """(W_{H+1}A_H … W_{h+1}A_h)ᵀ (A_{h−1}W_{h−1} … A_1W_1x)ᵀ with A_k = diag(diagonals[k − 1])."""
    above, below = torch.ones(1, dtype=x.dtype), x
    for weight, diagonal in reversed([*zip(weights[h:], diagonals[h - 1 :])]):
        above = (above @ weight) * diagonal
    for weight, diagonal in zip(weights[: h - 1], diagonals):
        below = diagonal * (weight @ below)
    return torch.outer(above, below)


@exercise.precise_cases(1e-12, 1e-12)
def cases(draw: Draw) -> Iterator[Case]:
    """Every layer of networks of two to four layers, to digits that no difference quotient has."""
    if draw.fixed:
        for h in (1, 2):
            yield case([tensor([1, -2], [3, 1], [-1, 1]), tensor([2, -1, 1])], tensor(1, 2), h, about="f = −4")
    for shape in shared.SHAPES:
        weights, x = shared.random_network(draw, *shape)
        for h in range(1, len(weights) + 1):
            yield case(weights, x, h)


@exercise.special_cases
def at_kinks(draw: Draw) -> Iterator[Case]:
    """One unit has z = 0; the gradient is linear in its slope."""
    for layer in (1, 2):
        weights, x = shared.network_with_kink(draw, layer)
        off, on = slopes(weights, x), slopes(weights, x, lambda z: 1 - step(-z))
        for h in range(1, len(weights) + 1):
            ends = product(weights, off, x, h), product(weights, on, x, h)
            expected = Between(torch.minimum(*ends), torch.maximum(*ends))
            yield case(weights, x, h, expected=expected, about="one unit has z = 0: any slope in [0, 1]")


@exercise.precise_cases(1e-3, 1e-3, special=True)
def in_float32(draw: Draw) -> Iterator[Case]:
    """The dtype stays."""
    weights, x = shared.random_network(draw, *shared.SHAPES[1])
    for h in range(1, len(weights) + 1):
        yield case([weight.float() for weight in weights], x.float(), h, about="float32")


@exercise.inspection
def differentiates(probe: Probe, draw: Draw) -> Verdict | None:
    """Wrong if the answer leaves the work to autograd: read off its text, or seen in the graph that it builds."""
    nodes = probe(*shared.random_network(draw, *shared.SHAPES[0]), 1, record=True).node_count
    if nodes == 0 and names_used(probe.source, exercise.name).isdisjoint(DIFFERENTIATORS.split()):
        return None
    return exercise.wrong("autograd", "Autograd computed this. You were asked for the product of matrices, by hand.")


@exercise.symptom("slope-by-division")
def slope_by_division(case: Case, answer: Answer) -> bool:
    """σ(z)/z is 0/0 where z = 0. Ask whether z is positive."""
    return bool(torch.isnan(answer.value).any())


@exercise.symptom("finite-differences")
def finite_differences(case: Case, answer: Answer) -> bool:
    """This is close to the gradient, to some digits: a difference quotient. The matrix formula has them all."""
    close = answer.value.dtype is case.expected.dtype and agrees(answer.value, case.expected, 1e-3, 1e-3)
    return close and not agrees(answer.value, case.expected, case.rtol, case.atol)
