"""Norm balance of layers: what gradient flow on a homogeneous network keeps, and how a step breaks it."""

from collections.abc import Sequence

import torch
from torch import Tensor

from gradlab.answers import not_for


def balancedness(weights: Sequence[Tensor]) -> Tensor:
    """Return ½‖W_h‖² − ½‖W_{h+1}‖² (Frobenius norms) for each pair of neighbouring layers, h = 1 … H.

    For a positively homogeneous network without biases these H differences stay constant under gradient flow;
    the norms themselves do not. weights are H + 1 tensors; the result has shape (H,) and keeps the graph.
    Raises ValueError if there are fewer than two layers.
    Source: Du, Hu & Lee (2018); lecture notes on ReLU networks.
    """
    not_for("balance_drift")
    if len(weights) < 2:
        raise ValueError(f"Balance is a matter of at least two layers, got {len(weights)}.")
    halves = torch.stack([weight.square().sum() / 2 for weight in weights])
    return halves[:-1] - halves[1:]


def predicted_drift(gradients: Sequence[Tensor], lr: float) -> Tensor:
    """Return the exact change of `balancedness` in one step W_h ← W_h − lr·G_h of gradient descent.

    ½ lr² (‖G_h‖² − ‖G_{h+1}‖²),  because the first-order term ⟨W_h, G_h⟩ is the same for every layer

    gradients are those of the loss in the layers, in the order of the weights; the result has shape (H,).
    Raises ValueError if there are fewer than two layers.
    Source: lecture notes on ReLU networks.
    """
    not_for("balance_drift")
    return lr**2 * balancedness(gradients)
