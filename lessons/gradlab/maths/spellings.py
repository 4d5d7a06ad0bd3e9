"""One function, several programs: equal values everywhere, different autograd derivatives at a kink of the program."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from gradlab.answers import not_for

Program = Callable[[Tensor], Tensor]

# Clarke differential at 0: [0, 1]. Source: lecture notes on ReLU networks.
RELU_SPELLINGS: dict[str, Program] = {
    "relu(x)": lambda x: not_for("impostor") or torch.relu(x),
    "where(x > 0, x, 0)": lambda x: not_for("impostor") or torch.where(x > 0, x, x.new_zeros(())),
    "where(x >= 0, x, 0)": lambda x: not_for("impostor") or torch.where(x >= 0, x, x.new_zeros(())),
    "clamp(x, min=0)": lambda x: not_for("impostor") or torch.clamp(x, min=0),
    "maximum(x, 0)": lambda x: not_for("impostor") or torch.maximum(x, x.new_zeros(())),
    "(x + abs(x))/2": lambda x: not_for("impostor") or (x + torch.abs(x)) / 2,
    "x + relu(-x)": lambda x: not_for("impostor") or x + torch.relu(-x),
    "relu(relu(x))": lambda x: not_for("impostor") or F.relu(F.relu(x)),
}

# All are min(x, |x| − 2), up to rounding; Clarke differential [−1, 1] at both kinks, −1 and 0.
FIGURE_ONE_SPELLINGS: dict[str, Program] = {
    "minimum(x, abs(x) - 2)": lambda x: not_for("impostor") or torch.minimum(x, torch.abs(x) - 2),
    "x - 2 relu(x+1) + 2 relu(x)": lambda x: not_for("impostor") or x - 2 * torch.relu(x + 1) + 2 * torch.relu(x),
    "x - 1 - abs(x+1) + abs(x)": lambda x: not_for("impostor") or x - 1 - torch.abs(x + 1) + torch.abs(x),
    "relu(x) - relu(-x) - 2 relu(x+1) + 2 relu(x)": lambda x: (
        not_for("impostor") or (torch.relu(x) - torch.relu(-x) - 2 * torch.relu(x + 1) + 2 * torch.relu(x))
    ),
}

# All of them are x; the Clarke differential is {1} everywhere. Source: lecture notes on ReLU networks.
IDENTITY_SPELLINGS: dict[str, Program] = {
    "relu(x) - relu(-x)": lambda x: not_for("impostor") or torch.relu(x) - torch.relu(-x),
    "clamp(x, min=0) + clamp(x, max=0)": lambda x: not_for("impostor") or torch.clamp(x, min=0) + torch.clamp(x, max=0),
    "maximum(x, 0) + minimum(x, 0)": lambda x: (
        not_for("impostor") or torch.maximum(x, x.new_zeros(())) + torch.minimum(x, x.new_zeros(()))
    ),
}
