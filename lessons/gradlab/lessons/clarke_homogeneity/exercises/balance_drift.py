"""`balance_drift(weights, X, Y, lr, time)`: what gradient descent does to ½‖W_h‖² of each layer."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.exercises.compare import agrees
from gradlab.lessons.clarke_homogeneity.exercises import _relu_networks as shared
from gradlab.maths.homogeneous import euler_step, hidden_inputs, loss_gradients, network, train
from gradlab.probe import Answer

Layers = list[Tensor]
TEN_STEPS = (0.02, 0.2)  # lr and time
BELOW, ABOVE = ((0.05, 0.35), (0.05, 0.3)), ((0.02, 0.14), (0.03, 0.27))  # time/lr is a hair beside a whole number
SECONDS = 15.0  # the first step of a torch.optim optimiser imports the compiler, for seconds
exercise = Exercise(
    "balance_drift(weights, X, Y, lr, time)", look="“Watch what descent keeps”", slips=shared.LIST_SLIPS
)


def changes(before: Layers, after: Layers) -> list[float]:
    """½‖W_h‖² after minus before, for each layer."""
    return [float(b.square().sum() - a.detach().square().sum()) / 2 for a, b in zip(before, after)]


@exercise.reference
def reference(weights: Layers, X: Tensor, Y: Tensor, lr: float, time: float) -> list[float]:
    """By gradlab's own training loop."""
    return changes(weights, train(weights, X, Y, lr, time))


def descended(
    weights: Layers, X: Tensor, Y: Tensor, lr: float, steps: int, gradients: Callable = loss_gradients
) -> Layers:
    """The weights after so many steps along some gradients(weights, X, Y)."""
    moving = [weight.detach() for weight in weights]
    for _ in range(steps):
        moving = euler_step(moving, lambda at: gradients(at, X, Y), lr)
    return moving


@exercise.precise_cases(1e-9, 1e-10)
def cases(draw: Draw) -> Iterator[Case]:
    """Networks of two and three layers; numbers of steps that int() and ceil() get wrong among them."""
    if draw.fixed:
        one = tensor([1])
        yield case([2.0 * one, 0.5 * one], one, tensor(3), 0.1, 0.1, about="f = uv, one step", seconds=SECONDS)
    for widths, samples, (lr, time), about in (
        ((3, 4, 1), 5, TEN_STEPS, ""),
        ((2, 5, 3, 1), 6, draw.choice(BELOW), ""),
        ((4, 2, 1), 3, draw.choice(ABOVE), "the weights require gradients, and the first has a .grad"),
    ):
        weights, X, Y = random_task(draw, widths, samples)
        if about:
            weights = [weight.requires_grad_() for weight in weights]
            weights[0].grad = torch.ones_like(weights[0])
        yield case(weights, X, Y, lr, time, about=about, seconds=SECONDS)


def random_task(draw: Draw, widths: tuple[int, ...], samples: int) -> tuple[Layers, Tensor, Tensor]:
    """Weights, inputs and targets; descent starts away from kinks, and f has both signs."""
    while True:
        weights = [draw.normal(after, before, scale=before**-0.5) for before, after in pairwise(widths)]
        X, Y = draw.normal(widths[0], samples), draw.normal(samples)
        f = network(weights, X)
        if all(z.abs().min() > 0.01 for z in hidden_inputs(weights, X)) and f.min() < -0.05 and f.max() > 0.05:
            return weights, X, Y


@exercise.symptom("another-number-of-steps")
def another_number_of_steps(case: Case, answer: Answer) -> bool:
    """The number of steps is not round(time/lr)."""
    weights, X, Y, lr, time = case.call.arguments
    counts = (descended(weights, X, Y, lr, steps) for steps in range(2 * round(time / lr) + 2))
    return any(agrees(answer.value, changes(weights, after), 1e-6, 1e-9) for after in counts)
