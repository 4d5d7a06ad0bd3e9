"""Lesson 3, exercise `balance_drift`: what gradient descent does to the squared norms of the layers."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gradlab.exercises.compare import agrees, as_number
from gradlab.checks.exercise import Case, Exercise, Misconception
from gradlab.checks.judge import judge
from gradlab.checks.layer_inner_products import TWO_LAYERS
from gradlab.checks.misconceptions import Fits, either, is_one_number, returns
from gradlab.checks.relu_formulas import matrices
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Answer, Call, Probe

LOOK = "“Watch what descent keeps”"
Residual = Callable[[Tensor, Tensor], Tensor]
CLOSE = 1e-6
SECONDS = 15.0  # the first step of a torch.optim optimiser imports the compiler, for seconds


def mean_residual(f: Tensor, Y: Tensor) -> Tensor:
    """∂/∂f of ½ mean (f − Y)²."""
    return (f - Y) / len(Y)


def loss_gradients(weights: list[Tensor], X: Tensor, Y: Tensor, residual: Residual = mean_residual) -> list[Tensor]:
    """The gradient of the loss in every layer of the bias-free ReLU network, by backpropagation over samples in columns."""
    values = [X]
    for weight in weights[:-1]:
        values.append(torch.relu(weight @ values[-1]))
    delta = residual((weights[-1] @ values[-1])[0], Y)[None, :]
    gradients = []
    for weight, value in zip(reversed(weights), reversed(values)):
        gradients.insert(0, delta @ value.T)
        delta = (weight.T @ delta) * (value > 0)
    return gradients


def linear_gradients(weights: list[Tensor], X: Tensor, Y: Tensor) -> list[Tensor]:
    """Wrong: the gradient of the loss of the network without its ReLUs."""
    leaves = [weight.detach().clone().requires_grad_() for weight in weights]
    value = X
    for leaf in leaves:
        value = leaf @ value
    return list(torch.autograd.grad((value[0] - Y).square().mean() / 2, leaves))


def descend(
    weights: list[Tensor], X: Tensor, Y: Tensor, lr: float, steps: int, residual: Residual = mean_residual
) -> list[Tensor]:
    """The weights after so many steps of gradient descent."""
    for _ in range(steps):
        weights = [w - lr * g for w, g in zip(weights, loss_gradients(weights, X, Y, residual))]
    return weights


def half_squares(weights: list[Tensor]) -> list[float]:
    """½‖W_h‖² for each layer."""
    return [float((w * w).sum()) / 2 for w in weights]


def drift(weights: list[Tensor], X: Tensor, Y: Tensor, lr: float, time: float, **other) -> list[float]:
    """The change of ½‖W_h‖² over round(time/lr) steps, for each layer (ledger S3-37, S3-40)."""
    steps = other.pop("steps", round(time / lr))
    after = descend(weights, X, Y, lr, steps, **other)
    return [b - a for a, b in zip(half_squares(weights), half_squares(after))]


def _scaled(factor: float) -> Callable:
    return lambda *arguments: [factor * change for change in drift(*arguments)]


def _of_norms(weights: list[Tensor], X: Tensor, Y: Tensor, lr: float, time: float) -> list[float]:
    after = descend(weights, X, Y, lr, round(time / lr))
    return [float(b.norm() - a.norm()) for a, b in zip(weights, after)]


def _halved(formula: Callable) -> Callable:
    return lambda *arguments: [change / 2 for change in formula(*arguments)]


def _final(weights: list[Tensor], X: Tensor, Y: Tensor, lr: float, time: float) -> list[float]:
    return half_squares(descend(weights, X, Y, lr, round(time / lr)))


def _accumulating(weights: list[Tensor], X: Tensor, Y: Tensor, lr: float, time: float) -> list[float]:
    start, total = half_squares(weights), [torch.zeros_like(w) for w in weights]
    for _ in range(round(time / lr)):
        total = [t + g for t, g in zip(total, loss_gradients(weights, X, Y))]
        weights = [w - lr * t for w, t in zip(weights, total)]
    return [b - a for a, b in zip(start, half_squares(weights))]


def _distances(weights: list[Tensor], X: Tensor, Y: Tensor, lr: float, time: float) -> list[float]:
    after = descend(weights, X, Y, lr, round(time / lr))
    return half_squares([b - a for a, b in zip(weights, after)])


def _without_relus(weights: list[Tensor], X: Tensor, Y: Tensor, lr: float, time: float) -> list[float]:
    start = half_squares(weights)
    for _ in range(round(time / lr)):
        weights = [w - lr * g for w, g in zip(weights, linear_gradients(weights, X, Y))]
    return [b - a for a, b in zip(start, half_squares(weights))]


def _second_order(weights: list[Tensor], X: Tensor, Y: Tensor, lr: float, time: float) -> list[float]:
    total = [0.0] * len(weights)
    for _ in range(round(time / lr)):
        gradients = loss_gradients(weights, X, Y)
        total = [t + lr**2 * half for t, half in zip(total, half_squares(gradients))]
        weights = [w - lr * g for w, g in zip(weights, gradients)]
    return total


def _one_gradient(weights: list[Tensor], X: Tensor, Y: Tensor, lr: float, time: float) -> list[float]:
    return drift(weights, X, Y, round(time / lr) * lr, time, steps=1)


def _rectified_residual(f: Tensor, Y: Tensor) -> Tensor:
    """The residual of a network with a ReLU on its output."""
    return (f > 0) * (f - Y) / len(Y)


def _layer_by_layer(backwards: bool) -> Callable:
    def formula(weights: list[Tensor], X: Tensor, Y: Tensor, lr: float, time: float) -> list[float]:
        start, order = half_squares(weights), list(range(len(weights)))
        weights = list(weights)
        for _ in range(round(time / lr)):
            for h in reversed(order) if backwards else order:
                weights[h] = weights[h] - lr * loss_gradients(weights, X, Y)[h]
        return [b - a for a, b in zip(start, half_squares(weights))]

    return formula


def _differences(weights: list[Tensor], X: Tensor, Y: Tensor, lr: float, time: float) -> list[float]:
    changes = drift(weights, X, Y, lr, time)
    return [a - b for a, b in zip(changes, changes[1:])]


def _other_steps(count: Callable[[float, float], int]) -> Fits:
    def formula(weights: list[Tensor], X: Tensor, Y: Tensor, lr: float, time: float) -> list[float] | None:
        return drift(weights, X, Y, lr, time, steps=count(time, lr))

    return returns(formula)


def _all_zero(case: Case, answer: Answer) -> bool:
    return agrees(answer.value, [0.0] * len(case.expected), 0.0, 1e-15)


def _other_residual(residual: Residual) -> Fits:
    return returns(lambda *arguments: drift(*arguments, residual=residual))


def _entries_with_axes(case: Case, answer: Answer) -> bool:
    return isinstance(answer.value, (list, tuple)) and any(isinstance(v, Tensor) and v.dim() > 0 for v in answer.value)


def _few_digits(case: Case, answer: Answer) -> bool:
    return agrees(answer.value, case.expected, 1e-3, 1e-5) and not agrees(answer.value, case.expected, case.rtol, case.atol)


def _overflows(case: Case, answer: Answer) -> bool:
    return isinstance(answer.value, (list, tuple)) and any(
        (number := as_number(v)) is not None and not abs(number) < 1e6 for v in answer.value
    )


def _broadcast(f: Tensor, Y: Tensor) -> Tensor:
    """The residual of mean((f[:, None] − Y)²)/2, an N×N table by accident."""
    return (f - Y.mean()) / len(Y)


BALANCE_DRIFT = Exercise(
    name="balance_drift",
    arguments=("weights", "X", "Y", "lr", "time"),
    misconceptions=(
        TWO_LAYERS,
        Misconception(
            "one-number",
            "This is one number. Return a list with the change of each layer.",
            is_one_number,
            look=LOOK,
        ),
        Misconception(
            "missing-half",
            "This is twice the change: the ½ of ½‖W‖² is missing, as in the first line of the lecture's proof.",
            returns(_scaled(2.0)),
            look=LOOK,
        ),
        Misconception("sign", "This is before minus after: the change is after minus before.", returns(_scaled(-1.0)), look=LOOK),
        Misconception(
            "relu-on-output",
            "The last layer has no ReLU: f may be negative, and where it is the gradient is not 0.",
            _other_residual(_rectified_residual),
            look=LOOK,
        ),
        Misconception(
            "compares-with-itself",
            "Every change is exactly 0: were the old norms taken from the same tensors that the steps changed in place? Take "
            "them before the first step, and work on copies.",
            _all_zero,
            look=LOOK,
        ),
        Misconception(
            "norm-not-squared",
            "This is the change of the norm, not of half its square.",
            either(returns(_of_norms), returns(_halved(_of_norms))),
            look=LOOK,
        ),
        Misconception(
            "final-value",
            "This is ½‖W‖² at the end. The exercise asks for its change: subtract the value at the start.",
            returns(_final),
            look=LOOK,
        ),
        Misconception(
            "differences-of-layers",
            "These are differences between neighbouring layers. Return the change of each layer; the lesson compares them.",
            returns(_differences),
            look=LOOK,
        ),
        Misconception(
            "steps-cut-off",
            "One step is missing: time/lr is a hair below a whole number here, and int() cuts it off. Use round(time / lr).",
            _other_steps(lambda time, lr: int(time / lr)),
            look=LOOK,
        ),
        Misconception(
            "another-number-of-steps",
            "The number of steps is not round(time/lr).",
            either(
                _other_steps(lambda time, lr: round(time)),
                _other_steps(lambda time, lr: 1),
                _other_steps(lambda time, lr: round(time / lr) + 1),
                _other_steps(lambda time, lr: math.ceil(time / lr)),
                _other_steps(lambda time, lr: round(time / lr) - 1),
                _other_steps(lambda time, lr: round(time * lr)),
            ),
            look=LOOK,
        ),
        Misconception(
            "loss-without-half",
            "The steps are twice too long: the loss is ½ mean (f − Y)², with the ½.",
            _other_residual(lambda f, Y: 2 * (f - Y) / len(Y)),
            look=LOOK,
        ),
        Misconception(
            "sum-not-mean",
            "The steps are too long by the number of samples: the loss is the mean over samples, not the sum.",
            either(_other_residual(lambda f, Y: f - Y), _other_residual(lambda f, Y: 2 * (f - Y))),
            look=LOOK,
        ),
        Misconception(
            "broadcast",
            "f and Y were subtracted as a column and a row: that makes an N×N table of all differences. Bring the output to "
            "the shape (N,) first.",
            either(_other_residual(_broadcast), _other_residual(lambda f, Y: 2 * _broadcast(f, Y))),
            look=LOOK,
        ),
        Misconception(
            "uphill",
            "These steps go uphill: subtract lr times the gradient.",
            either(_other_residual(lambda f, Y: -mean_residual(f, Y)), _overflows),
            look=LOOK,
        ),
        Misconception(
            "accumulated",
            "Gradients of earlier steps were added up: clear .grad after each step, or use torch.autograd.grad.",
            returns(_accumulating),
            look=LOOK,
        ),
        Misconception(
            "no-relu",
            "These are steps of the network without its ReLUs. There is one after each matrix but the last.",
            returns(_without_relus),
            look=LOOK,
        ),
        Misconception(
            "distance-moved",
            "This is ½‖W − W₀‖², how far the weights went. The exercise asks how much ½‖W‖² changed.",
            returns(_distances),
            look=LOOK,
        ),
        Misconception(
            "one-gradient",
            "Every step used the gradients at the start. Take them anew at the weights where each step begins.",
            returns(_one_gradient),
            look=LOOK,
        ),
        Misconception(
            "second-order-only",
            "This is the sum of ½η²‖G_h‖², the part in which layers differ. The part −η⟨W_h, G_h⟩ is the same for all, and not 0.",
            returns(_second_order),
            look=LOOK,
        ),
        Misconception(
            "layer-by-layer",
            "The layers were updated one after the other, each with gradients at weights that had already moved. Take all "
            "gradients first, then move all layers.",
            either(returns(_layer_by_layer(False)), returns(_layer_by_layer(True))),
            look=LOOK,
        ),
        Misconception(
            "float32-inside",
            "This is right to a few digits only: somewhere float64 became float32. Keep the dtype of the weights.",
            _few_digits,
            look=LOOK,
        ),
        Misconception(
            "entries-with-axes",
            "An entry of the list still has axes: ‖W‖² is the sum of all squared entries, one number.",
            _entries_with_axes,
            look=LOOK,
        ),
    ),
    look=LOOK,
)


def case(weights: list[Tensor], X: Tensor, Y: Tensor, lr: float, time: float, about: str = "") -> Case:
    """One call of `balance_drift(weights, X, Y, lr, time)`."""
    expected = drift([w.detach() for w in weights], X, Y, lr, time)
    call = Call((weights, X, Y, lr, time), seconds=SECONDS)
    return Case(call, expected, rtol=CLOSE, atol=1e-9, about=about)


MOVED_NET = ([[1, -0.5], [0.5, 1], [-1, 0.9]], [[1, -0.5, 0.5], [0.5, 1, 1]], [[1, -1]])
"""The ledger's rational network, moved off the kink on which it starts (S3-40)."""


def visible_cases() -> list[Case]:
    """The rational network at three rates, and a two-layer one; numbers of steps that int() gets wrong among them."""
    net, pair = matrices(*MOVED_NET), matrices([[1, -2], [3, 1], [-1, 0.8]], [[0.5, -0.25, 1]])
    X = torch.tensor([[1.0, 0.0, 1.0, -1.0], [0.0, 1.0, 1.0, 1.0]], dtype=torch.float64)
    Y = torch.tensor([1.0, 0.0, -1.0, 2.0], dtype=torch.float64)
    tracked = [w.clone().requires_grad_() for w in pair]
    tracked[0].grad = torch.ones_like(tracked[0])
    return [
        case(net, X, Y, 0.1, 1.0, "10 steps"),
        case(net, X, Y, 0.05, 0.35, "7 steps"),
        case(pair, X[:, :3] + 0.25, Y[1:] + 0.5, 0.03, 0.18, "6 steps, two layers"),
        case(net, X, Y, 0.01, 0.07, "7 steps"),
        case(tracked, X, Y, 0.05, 0.15, "the weights require gradients, and the first has a .grad"),
    ]


def check_balance_drift(probe: Probe) -> Verdict:
    """Lesson 3, `balance_drift(weights, X, Y, lr, time)`."""
    return judge(probe, BALANCE_DRIFT, visible_cases())
