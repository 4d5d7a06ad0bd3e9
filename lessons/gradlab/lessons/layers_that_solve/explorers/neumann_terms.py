"""The walk to a fixed point and the Neumann terms of its derivative, both at the rate of the spectral radius."""

import math

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from gradlab.explore import choice, explore, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number

PLAIN, SHEARED = "a rotation", "the same, sheared"
COUNT = 40
TURN = torch.tensor([[math.cos(1.0), -math.sin(1.0)], [math.sin(1.0), math.cos(1.0)]], dtype=torch.float64)
SHEAR = torch.tensor([[1, 3], [0, 1]], dtype=torch.float64)
# The fixed point and the adjoint are the same for every W, and lie where a shear is felt most.
POINT, ADJOINT = torch.tensor([0, 1], dtype=torch.float64), torch.tensor([1, 0], dtype=torch.float64)
LOWEST, HIGHEST = 1e-9, 1e3


def neumann_terms(radius: float = 0.8) -> None:
    """Errors of z ← Wz + θ from 0 and of the Neumann sums for u = vᵀ(I − W)⁻¹. Starts at spectral radius `radius`."""
    controls = {
        "radius": slider(0.1, 1.05, step=0.05, start=radius, label="spectral radius ρ of W", play=True),
        "matrix": choice([PLAIN, SHEARED], label="matrix W"),
    }
    explore(errors, draw_errors, alt=tell_errors, **controls)


def matrix_of(radius: float, matrix: str) -> Tensor:
    """A matrix with two eigenvalues of this size: ρ times a rotation, or similar to it by a shear."""
    W = radius * TURN
    return W if matrix == PLAIN else SHEAR @ W @ torch.linalg.inv(SHEAR)


def errors(radius: float, matrix: str) -> dict:
    """Distance of each iterate from the fixed point, and of each partial sum from the adjoint, both of length 1."""
    W = matrix_of(radius, matrix)
    theta, v = POINT - W @ POINT, ADJOINT - W.T @ ADJOINT
    z, total, term, walk, sums = 0 * theta, 0 * v, v, [], []
    for _ in range(COUNT):
        z, total, term = W @ z + theta, total + term, W.T @ term
        walk.append((z - POINT).norm().item())
        sums.append((total - ADJOINT).norm().item())
    return {
        "radius": radius,
        "norm": torch.linalg.matrix_norm(W, 2).item(),
        "walk": walk,
        "sums": sums,
        "predicted": [radius ** (k + 1) for k in range(COUNT)],
    }


def draw_errors(data: dict) -> Figure:
    """Left: the error of the iterates. Right: the error of the Neumann sums. Dotted: ρᵏ."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 4.4), sharey=True)
    right.tick_params(labelleft=True)  # on a narrow page it stands below
    _draw(left, data, "walk", "steps $k$", "Forward: the walk to $z$", PALETTE["blue"])
    _draw(right, data, "sums", "terms $k$", "", PALETTE["vermillion"])
    left.set_ylabel("error")
    right.tick_params(labelleft=True)  # a narrow page has the halves below each other
    rates = [format_number(data[name], ".2f") for name in ("radius", "norm")]
    right.set_title("Backward: ρ = {}, ‖W‖ = {}".format(*rates), gid="title")
    return figure


def _draw(ax: Axes, data: dict, name: str, words: str, title: str, colour: str) -> None:
    k = range(1, COUNT + 1)
    # In front, to be seen also where the error is just this.
    predicted = {"color": "black", "linestyle": ":", "linewidth": 1.5, "zorder": 3}
    ax.plot(k, _within(data["predicted"]), label="$ρ^k$", gid=f"predicted {name}", **predicted)
    ax.plot(k, _within(data[name]), ".", color=colour, linestyle="-", label="error", gid=name)
    ax.set(yscale="log", ylim=(LOWEST, 30 * HIGHEST), xlim=(0, COUNT), xlabel=words)
    ax.set_title(title)
    ax.legend(loc="upper left", ncols=2)


def _within(values: list[float]) -> list[float]:
    """Values below or above the picture are drawn outside it: where a line leaves it, it is seen to leave."""
    return [min(max(value, LOWEST / 1e3), HIGHEST * 1e3) for value in values]


def tell_errors(data: dict) -> str:
    """What the picture shows, in words."""
    walk, sums = (format_number(data[name][-1], ".1e") for name in ("walk", "sums"))
    growth = max(data["sums"])
    hump = f" The error of the sums rises to {growth:.1f} first." if growth > 1.5 and data["radius"] < 1 else ""
    end = (
        "Both errors grow" if data["radius"] > 1 else "Both errors stay" if data["radius"] == 1 else "Both errors fall"
    )
    return (
        f"Errors over k on a logarithmic axis, for spectral radius {data['radius']:.2f} and norm "
        f"{data['norm']:.2f}. {end} along ρ to the power k: after {COUNT} steps the walk is off by {walk}, after as "
        f"many terms the adjoint by {sums}.{hump}"
    )
