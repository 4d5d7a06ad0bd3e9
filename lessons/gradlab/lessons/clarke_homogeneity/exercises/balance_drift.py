"""`balance_drift(weights, X, Y, lr, time)`: what gradient descent does to ½‖W_h‖² of each layer."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.exercises.compare import agrees
from gradlab.lessons.clarke_homogeneity.exercises import _relu_networks as shared
from gradlab.maths.homogeneous import euler_step, loss_gradients, network, train
from gradlab.probe import Answer

Layers = list[Tensor]
TEN_STEPS = (0.02, 0.2)  # lr and time
BELOW, ABOVE = ((0.05, 0.35), (0.05, 0.3)), ((0.02, 0.14), (0.03, 0.27))  # time/lr is a hair beside a whole number
SECONDS = 15.0  # the first step of a torch.optim optimiser imports the compiler, for seconds
LOOK = "“Watch what descent keeps”"
exercise = Exercise("balance_drift(weights, X, Y, lr, time)", look=LOOK, slips=shared.LIST_SLIPS)


def grown(before: Tensor, after: Tensor) -> Tensor:
    """What ½‖W‖² has grown by."""
    return (after.square().sum() - before.square().sum()) / 2


def changes(before: Layers, after: Layers, change: Callable[[Tensor, Tensor], Tensor] = grown) -> list[float]:
    """Some change in each layer."""
    return [float(change(a.detach(), b)) for a, b in zip(before, after)]


@exercise.reference
def reference(weights: Layers, X: Tensor, Y: Tensor, lr: float, time: float) -> list[float]:
    """By gradlab's own training loop."""
    return changes(weights, train(weights, X, Y, lr, time))


def along(gradients: Callable[[Layers, Tensor, Tensor], Layers] = loss_gradients) -> Callable[..., list[float]]:
    """The answer that steps along something else than the gradients of the loss at (weights, X, Y)."""

    def answer(weights: Layers, X: Tensor, Y: Tensor, lr: float, time: float) -> list[float]:
        moving = [weight.detach() for weight in weights]
        for _ in range(round(time / lr)):
            moving = euler_step(moving, lambda at: gradients(at, X, Y), lr)
        return changes(weights, moving)

    return answer


@exercise.precise_cases(1e-9, 1e-10)
def cases(draw: Draw) -> Iterator[Case]:
    """Networks of two and three layers; numbers of steps that int() and ceil() get wrong among them."""
    if draw.fixed:
        one = tensor([1])
        yield asked([2.0 * one, 0.5 * one], one, tensor(3), 0.1, 0.1, "f = uv, one step")
    for widths, samples, (lr, time), about in (
        ((3, 4, 1), 5, TEN_STEPS, ""),
        ((2, 5, 3, 1), 6, draw.choice(BELOW), ""),
        ((4, 2, 1), 3, draw.choice(ABOVE), "the weights require gradients, and the first has a .grad"),
    ):
        weights, X, Y = random_task(draw, widths, samples)
        if about:
            weights = [weight.requires_grad_() for weight in weights]
            weights[0].grad = torch.ones_like(weights[0])
        yield asked(weights, X, Y, lr, time, about)


def asked(weights: Layers, X: Tensor, Y: Tensor, lr: float, time: float, about: str) -> Case:
    """One call; its data are what other numbers of steps give, up to about twice as many."""
    right, moving, others = round(time / lr), [weight.detach() for weight in weights], []
    for steps in range(2 * right + 2):
        others += [changes(weights, moving)] if steps != right else []
        moving = train(moving, X, Y, lr, lr)
    return case(weights, X, Y, lr, time, about=about, data=others, seconds=SECONDS)


def random_task(draw: Draw, widths: tuple[int, ...], samples: int) -> tuple[Layers, Tensor, Tensor]:
    """Weights, inputs and targets such that f has both signs: what follows one of them only, shows."""
    while True:
        weights, x = shared.random_network(draw, widths, -1)
        X, Y = torch.column_stack([x, draw.normal(widths[0], samples - 1)]), draw.normal(samples)
        if network(weights, X).max() > 0.05:
            return weights, X, Y


@exercise.symptom("another-number-of-steps")
def another_number_of_steps(case: Case, answer: Answer) -> bool:
    """The number of steps is not round(time/lr)."""
    return any(agrees(answer.value, other, 1e-6, 1e-9) for other in case.data)
