"""Lesson 3: bias-free ReLU networks by hand, right and wrong on purpose, and small ones to ask about."""

from collections.abc import Callable

import torch
from torch import Tensor

Slope = Callable[[Tensor], Tensor]


def step(z: Tensor, at_zero: float = 0.0) -> Tensor:
    """σ′(z) of the ReLU, with a choice at z = 0."""
    return (z > 0).to(z.dtype) + at_zero * (z == 0).to(z.dtype)


def layer_gradients(
    weights: list[Tensor], x: Tensor, slope: Slope = step, own: bool = True, below: bool = True, activate: Slope = torch.relu
) -> list[Tensor]:
    """∂f/∂W_h = (W_{H+1}A_H … W_{h+1}A_h)ᵀ (A_{h−1}W_{h−1} … W_1x)ᵀ with A_h = diag(slope(z_h)) (ledger S3-28).

    own=False forgets A_h in the first bracket, below=False every A in the second, another `activate` makes other z_h: ways
    to get it wrong.
    """
    weights, inputs, masks = [weight.detach() for weight in weights], [x.detach()], []
    value = x.detach()
    for weight in weights[:-1]:
        z = weight @ value
        value = activate(z)
        masks.append(slope(z))
        inputs.append((masks[-1] if below else 1) * (weight @ inputs[-1]))
    gradients = [inputs[-1][None, :]]
    row = weights[-1]
    for h in range(len(weights) - 2, -1, -1):
        gradients.insert(0, torch.outer((row * (masks[h] if own else 1)).reshape(-1), inputs[h]))
        row = (row * masks[h]) @ weights[h]
    return gradients


def network(weights: list[Tensor], x: Tensor, activate: Slope = torch.relu) -> Tensor:
    """f(x), a 0-d tensor."""
    for weight in weights[:-1]:
        x = activate(weight @ x)
    return (weights[-1] @ x)[0]


def hidden_inputs(weights: list[Tensor], x: Tensor) -> list[Tensor]:
    """z_1, …, z_H."""
    found = []
    for weight in weights[:-1]:
        found.append(weight.detach() @ x.detach())
        x = torch.relu(found[-1])
    return found


def matrices(*rows: list, dtype: torch.dtype = torch.float64) -> list[Tensor]:
    """The layers of a network from nested lists."""
    return [torch.tensor(each, dtype=dtype) for each in rows]


INTEGER_NET = ([[1, -2], [3, 1], [-1, 1]], [[2, -1, 1]])
THREE_LAYERS = ([[1, -0.5, 2], [0.5, 1, -1]], [[1, -1], [2, 1], [-0.5, 1], [-1, 2]], [[1, -2, 0.5, 1]])
KINK_NET = ([[2, -1], [3, 1], [-1, 1]], [[2, -1, 1]])
TENTHS_NET = ([[0.7, -0.1], [-0.3, 0.9], [0.2, 0.6]], [[1.1, 0.3, -1.2]])


def visible_networks(dtype: torch.dtype = torch.float64) -> list[tuple[list[Tensor], Tensor, str]]:
    """Two small networks, at points away from kinks."""
    return [
        (matrices(*INTEGER_NET, dtype=dtype), torch.tensor([1, 2], dtype=dtype), "f = −4"),
        (matrices(*THREE_LAYERS, dtype=dtype), torch.tensor([1.0, 0.5, -0.75], dtype=dtype), "three layers"),
    ]
