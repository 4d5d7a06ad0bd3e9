"""`layer_inner_products(weights, x, biases)`: ⟨W_h, ∂f/∂W_h⟩ in every layer of a ReLU network, with biases or without."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.exercises.slips import raises
from gradlab.lessons.clarke_homogeneity.exercises import _relu_networks as shared
from gradlab.maths.homogeneous import hidden_inputs
from gradlab.probe import Answer

Tensors = list[Tensor]
LOOK = "“Weigh every layer by its own gradient”"
exercise = Exercise("layer_inner_products(weights, x, biases)", look=LOOK, slips=shared.LIST_SLIPS)


def network(
    weights: Tensors, x: Tensor, biases: Tensors | None = None, activation: Callable[[Tensor], Tensor] = torch.relu
) -> Tensor:
    """f(x) = W_{H+1} σ(… σ(W_1 x + b_1) …) + b_{H+1}, one number."""
    for k, weight in enumerate(weights):
        x = weight @ (activation(x) if k else x)
        x = x if biases is None else x + biases[k]
    return x[0]


@exercise.reference
def reference(weights: Tensors, x: Tensor, biases: Tensors | None = None) -> list[float]:
    """By hand: what ∂f/∂z_h says of the part W_h a_{h−1} of z_h."""
    inputs = [x, *map(torch.relu, hidden_inputs(weights, x, biases=biases))]
    row, found = torch.ones(1, dtype=x.dtype), []
    for weight, layer in zip(reversed(weights), reversed(inputs)):
        found.insert(0, float(row @ weight @ layer))
        row = (row @ weight) * (layer > 0)
    return found


def in_each_layer(product: Callable[[Tensor, Tensor], Tensor]) -> Callable[..., list[float]]:
    """The answer that takes some product of W_h and ∂f/∂W_h."""

    def answer(weights: Tensors, x: Tensor, biases: Tensors | None = None) -> list[float]:
        leaves = [weight.detach().requires_grad_() for weight in weights]
        gradients = torch.autograd.grad(network(leaves, x, biases), leaves)
        return [float(product(w, g)) for w, g in zip(weights, gradients)]

    return answer


def biased_network(draw: Draw, widths: tuple[int, ...]) -> tuple[Tensors, Tensor, Tensors]:
    """A network with biases and a point away from its kinks; f and the inner products differ from each other."""
    while True:
        weights = [draw.normal(after, before, scale=1.5 * before**-0.5) for before, after in pairwise(widths)]
        biases, x = [draw.normal(size) for size in widths[1:]], draw.normal(widths[0])
        clear = all(z.abs().min() > 0.02 and z.max() > 0 > z.min() for z in hidden_inputs(weights, x, biases=biases))
        numbers = torch.tensor([float(network(weights, x, biases)), *reference(weights, x, biases)])
        if clear and torch.pdist(numbers[:, None]).min() > 0.05:
            return weights, x, biases


@exercise.precise_cases(1e-9, 1e-10)
def cases(draw: Draw) -> Iterator[Case]:
    """Networks of two to four layers, with biases and without, tracked or not, with an old .grad or not."""
    if draw.fixed:
        weights, x = [tensor([1, -2], [3, 1], [-1, 1]), tensor([2, -1, 1])], tensor(1, 2)
        yield case(weights, x, about="f = −4")
        yield case(weights, x, [tensor(1, -1, 0.5), tensor(3)], about="with biases, f = 0.5")
    for position, shape in enumerate(shared.SHAPES):
        weights, x = shared.random_network(draw, *shape)
        yield case(weights, x)
        weights, x, biases = biased_network(draw, shape[0])
        yield case(weights, x, biases, about="with biases")
        if position % 2:
            tracked = [weight.clone().requires_grad_() for weight in weights]
            tracked[0].grad = torch.ones_like(tracked[0])
            yield case(tracked, x, biases, about="the weights require gradients, and the first has a .grad")


@exercise.precise_cases(1e-2, 1e-2, special=True)
def in_float32(draw: Draw) -> Iterator[Case]:
    """float32, where difference quotients have half of seven digits."""
    weights, x, biases = biased_network(draw, shared.SHAPES[0][0])
    yield case([weight.float() for weight in weights], x.float(), [bias.float() for bias in biases], about="float32")


@exercise.symptom("biases-or-none")
def biases_or_none(case: Case, answer: Answer) -> bool:
    """`biases` is a list with one bias for each layer, or None where there are none: write `biases=None` in the
    signature, and ask for None before you use it."""
    words = "NoneType", "missing 1 required positional argument", "takes 2 positional arguments but 3"
    return raises("TypeError", *words)(case, answer)
