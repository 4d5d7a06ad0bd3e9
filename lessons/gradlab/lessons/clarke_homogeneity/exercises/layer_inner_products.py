"""`layer_inner_products(weights, x)`: ⟨W_h, ∂f/∂W_h⟩ in every layer of a bias-free ReLU network."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.lessons.clarke_homogeneity.exercises import _relu_networks as shared
from gradlab.maths.homogeneous import layer_gradients, network

LOOK = "“Weigh every layer by its own gradient”"
exercise = Exercise("layer_inner_products(weights, x)", look=LOOK, slips=shared.LIST_SLIPS)


@exercise.reference
def reference(weights: list[Tensor], x: Tensor) -> list[float]:
    """By Euler's identity it is f, in every layer."""
    return [float(network(weights, x))] * len(weights)


def in_each_layer(product: Callable[[Tensor, Tensor], Tensor]) -> Callable[[list[Tensor], Tensor], list[float]]:
    """The answer that takes some product of W_h and ∂f/∂W_h."""
    return lambda weights, x: [float(product(w, g)) for w, g in zip(weights, layer_gradients(weights, x))]


@exercise.precise_cases(1e-9, 1e-10)
def cases(draw: Draw) -> Iterator[Case]:
    """Networks of two to four layers, tracked or not, with an old .grad or not, and one with a unit on its kink."""
    if draw.fixed:
        yield case([tensor([1, -2], [3, 1], [-1, 1]), tensor([2, -1, 1])], tensor(1, 2), about="f = −4")
    for position, shape in enumerate(shared.SHAPES):
        weights, x = shared.random_network(draw, *shape)
        yield case(weights, x)
        if position % 2:
            tracked = [weight.clone().requires_grad_() for weight in weights]
            tracked[0].grad = torch.ones_like(tracked[0])
            yield case(tracked, x, about="the weights require gradients, and the first has a .grad")
    yield case(*shared.network_with_kink(draw, 1), about="one unit has z = 0")


@exercise.precise_cases(1e-2, 1e-2, special=True)
def in_float32(draw: Draw) -> Iterator[Case]:
    """float32, where difference quotients have half of seven digits."""
    weights, x = shared.random_network(draw, *shared.SHAPES[0])
    yield case([weight.float() for weight in weights], x.float(), about="float32")
