"""Bias-free networks, homogeneous of degree 1 in every layer if the activation is a ReLU, and their training."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from gradlab.answers import not_for

Activation = Callable[[Tensor], Tensor]
Step = Callable[[Sequence[Tensor], Callable[[Sequence[Tensor]], list[Tensor]], float], list[Tensor]]


def network(weights: Sequence[Tensor], X: Tensor, activation: Activation = torch.relu) -> Tensor:
    """Evaluate f(x) = W_{H+1} σ(W_H … σ(W_1 x)) without biases.

    The last matrix has shape (1, m). X is one point, shape (d,), for a 0-d result, or holds N samples in its columns,
    shape (d, N), for a result of shape (N,). The graph is kept.
    Source: lecture notes on ReLU networks.
    """
    not_for("layer_gradient")
    for weight in weights[:-1]:
        X = activation(weight @ X)
    return (weights[-1] @ X)[0]


def hidden_inputs(
    weights: Sequence[Tensor],
    X: Tensor,
    activation: Activation = torch.relu,
    biases: Sequence[Tensor] | None = None,
) -> list[Tensor]:
    """List the inputs z_1, …, z_H of the activations; biases, one a layer, are for a single point X of shape (d,)."""
    found = []
    for position, weight in enumerate(weights[:-1]):
        found.append(weight @ X if biases is None else weight @ X + biases[position])
        X = activation(found[-1])
    return found


def layer_gradients(weights: Sequence[Tensor], x: Tensor, activation: Activation = torch.relu) -> list[Tensor]:
    """Differentiate f(x) in every layer, by autograd; x has shape (d,). The weights given stay as they are."""
    leaves = [weight.detach().requires_grad_() for weight in weights]
    return list(torch.autograd.grad(network(leaves, x, activation), leaves))


def loss_gradients(
    weights: Sequence[Tensor], X: Tensor, Y: Tensor, activation: Activation = torch.relu
) -> list[Tensor]:
    """Differentiate ½ mean (f(X) − Y)² in every layer, by autograd; X has shape (d, N), Y has shape (N,)."""
    not_for("layer_inner_products", "layer_gradient", "balance_drift")
    leaves = [weight.detach().requires_grad_() for weight in weights]
    loss = (network(leaves, X, activation) - Y).square().mean() / 2
    return list(torch.autograd.grad(loss, leaves))


def euler_step(weights: Sequence[Tensor], field: Callable, lr: float) -> list[Tensor]:
    """One step of gradient descent, which is the explicit Euler method for the gradient flow: W − lr·∇L(W)."""
    not_for("balance_drift")
    return [weight - lr * g for weight, g in zip(weights, field(weights))]


def runge_kutta_step(weights: Sequence[Tensor], field: Callable, lr: float) -> list[Tensor]:
    """One classical Runge–Kutta step of length lr down the gradient flow, of order 4 where the gradient is smooth."""

    not_for("balance_drift")

    def moved(slope: list[Tensor], length: float) -> list[Tensor]:
        return [weight - length * g for weight, g in zip(weights, slope)]

    first = field(weights)
    second = field(moved(first, lr / 2))
    third = field(moved(second, lr / 2))
    fourth = field(moved(third, lr))
    return moved([(a + 2 * b + 2 * c + d) / 6 for a, b, c, d in zip(first, second, third, fourth)], lr)


def train(
    weights: Sequence[Tensor],
    X: Tensor,
    Y: Tensor,
    lr: float,
    time: float,
    step: Step = euler_step,
    activation: Activation = torch.relu,
) -> list[Tensor]:
    """Move down the loss ½ mean (f(X) − Y)² for round(time / lr) steps; the weights given stay as they are.

    Raises ValueError unless lr > 0 and time ≥ 0.
    Source: lecture notes on ReLU networks.
    """
    not_for("balance_drift")
    if not (lr > 0 and time >= 0):
        raise ValueError(f"Training needs lr > 0 and time ≥ 0, got lr = {lr} and time = {time}.")
    moving = [weight.detach() for weight in weights]
    for _ in range(round(time / lr)):
        moving = step(moving, lambda at: loss_gradients(at, X, Y, activation), lr)
    return moving
