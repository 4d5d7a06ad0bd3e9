"""The forum's tanh networks of lesson 4: stored weights, and the network in the form f(x, theta)."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor


class TanhWeights(NamedTuple):
    """The weights of x ↦ w2ᵀ tanh(W1 x + b1): W1 of shape (hidden, d), b1 and w2 of shape (hidden,)."""

    W1: Tensor
    b1: Tensor
    w2: Tensor


def pack(weights: TanhWeights) -> Tensor:
    """Lay the weights end to end in one flat tensor theta = (W1 row by row, b1, w2), differentiably."""
    return torch.cat([tensor.flatten() for tensor in weights])


def split(theta: Tensor, dimension: int) -> TanhWeights:
    """Undo `pack`: cut the flat theta into the weights of a network with inputs of this dimension, as views.

    Raises ValueError if theta is not flat or no whole number of hidden units fits its length.
    """
    hidden, rest = divmod(theta.numel(), dimension + 2)
    if theta.ndim != 1 or rest or not hidden:
        raise ValueError(
            f"theta needs shape (hidden·(d + 2),), here a multiple of {dimension + 2}; it has {tuple(theta.shape)}."
        )
    W1, b1, w2 = theta.split([hidden * dimension, hidden, hidden])
    return TanhWeights(W1.reshape(hidden, dimension), b1, w2)


def tanh_network(stabiliser: float = 0.0) -> Callable[[Tensor, Tensor], Tensor]:
    """Build f(x, theta) = w2ᵀ tanh(W1 x + b1) + stabiliser·‖x‖² with x of shape (d,) and a flat theta.

    Without a stabiliser f is bounded and may have no minimiser at all; the thread repairs it with 1/16.
    f returns a 0-d tensor and is differentiable in both arguments.
    Source: PyTorch forum, "gradient of an argmin".
    """

    def f(x: Tensor, theta: Tensor) -> Tensor:
        W1, b1, w2 = split(theta, x.shape[0])
        value = w2 @ torch.tanh(W1 @ x + b1)
        return value + stabiliser * (x @ x) if stabiliser else value

    return f


# The weights are stored and not drawn: torch does not promise its random streams, and the same seed gives
# another network in another dtype.
_STORED_WEIGHTS = {
    # drawn in float32 with torch.manual_seed(2023), x in R
    2023: (
        [[-0.14198791980743408], [0.44012749195098877], [0.896294355392456]],
        [-0.04068863391876221, 0.08275234699249268, 0.9811663627624512],
        [-0.10553959012031555, -0.32526248693466187, -0.3656328022480011],
    ),
    # drawn in float32 with torch.manual_seed(456), x in R
    456: (
        [[0.36302506923675537], [-0.9921144247055054], [0.4901937246322632]],
        [0.58918297290802, 0.22534680366516113, 0.36065471172332764],
        [0.5565525889396667, -0.5751050114631653, -0.39158421754837036],
    ),
    # drawn in float64 with torch.manual_seed(123), x in R³
    123: (
        [
            [-0.151386008727707, -0.5619165996957702, 0.10597845963964207],
            [-0.4703796053567262, -0.03180978160309248, 0.025439991795163857],
        ],
        [0.12133905932396792, 0.036137569002258466],
        [0.6343405101956208, -0.6269553431851804],
    ),
}


def stored_weights(seed: int) -> TanhWeights:
    """Return fresh float64 copies of the weights that the thread drew from this seed.

    2023 has one minimum and 456 none, both for x in R; 123 is for x in R³, with a Hessian of rank 2.
    Raises ValueError for any other seed.
    Source: the PyTorch forum's thread on the gradient of an argmin.
    """
    if seed not in _STORED_WEIGHTS:
        raise ValueError(f"There are stored weights for the seeds {sorted(_STORED_WEIGHTS)}, not for {seed}.")
    return TanhWeights(*(torch.tensor(values, dtype=torch.float64) for values in _STORED_WEIGHTS[seed]))


def stored_theta(seed: int) -> Tensor:
    """Return the stored weights of this seed packed into one flat float64 theta, ready for `tanh_network`."""
    return pack(stored_weights(seed))
