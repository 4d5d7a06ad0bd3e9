"""The Lasso's path in λ, its slope, and the slope of n steps of ISTA."""

import math

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, log_slider
from gradlab.explore.figures import LINE_STYLES, PALETTE
from gradlab.explore.format_number import format_number
from gradlab.lessons.lasso_path.explorers.exact_path import kinks, solution_and_slope
from gradlab.lessons.lasso_path.integer_example import B, D

COLOURS = list(PALETTE.values())
SHAPES = ("o", "s", "D", "^")  # of the four coefficients: filled implicit, hollow unrolled
SMALLEST, LARGEST = 0.2, 16.0


def path(lam: float = 2.0, steps: int = 10) -> None:
    """Coefficients and slopes of the integer example over λ, implicit and unrolled. Starts at `lam` and `steps`."""
    controls = {
        "lam": log_slider(SMALLEST, LARGEST, positions=39, start=lam, label="λ", play=True, panel=0),
        "steps": choice([5, 10, 20, 50], start=steps, label="steps of ISTA"),
    }
    explore(slopes, draw_slopes, alt=tell_slopes, **controls)


def unrolled(lam: float, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """x and dx/dλ after so many steps of ISTA from 0, the sensitivity carried along."""
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = slope = torch.zeros(D.shape[1], dtype=D.dtype)
    for _ in range(steps):
        u, du = x - t * D.T @ (D @ x - B), slope - t * D.T @ (D @ slope)
        on = u.abs() > t * lam
        x, slope = on * (u - t * lam * u.sign()), on * (du - t * u.sign())
    return x, slope


def slopes(lam: float, steps: int) -> dict:
    """The path, the slopes between its kinks, and both slopes at λ."""
    at, x = kinks()
    ends = torch.cat([torch.tensor([LARGEST], dtype=at.dtype), at])
    middles = (ends[1:] + ends[:-1]) / 2
    return {
        "lam": lam,
        "steps": steps,
        "kinks": at,
        "x": x,
        "ends": ends,
        "pieces": torch.stack([solution_and_slope(middle.item())[1] for middle in middles]),
        "solution": solution_and_slope(lam)[0],
        "implicit": solution_and_slope(lam)[1],
        "unrolled": unrolled(lam, steps)[1],
    }


def draw_slopes(data: dict) -> Figure:
    """Left: coefficients over λ. Right: their slopes, piecewise constant, and the unrolled ones at λ."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 4.6))
    for ax in (left, right):
        for kink in data["kinks"][:-1].tolist():
            ax.axvline(kink, color="black", linewidth=0.8, linestyle=":")
        ax.set(xscale="log", xlim=(0.85 * SMALLEST, 1.2 * LARGEST), xlabel="λ")
        ax.set_xticks([0.2, 0.5, 1, 2, 5, 10], ["0.2", "0.5", "1", "2", "5", "10"])
        ax.minorticks_off()
    # On a logarithmic axis a straight piece is bent: it needs points of its own.
    grid = torch.logspace(math.log10(SMALLEST), math.log10(LARGEST), 121, dtype=torch.float64)
    solutions = torch.stack([solution_and_slope(lam)[0] for lam in grid.tolist()])
    ends = data["ends"].flip(0).clamp(min=SMALLEST / 2)
    for j in range(data["x"].shape[1]):
        look = {"color": COLOURS[j], "linestyle": LINE_STYLES[j]}
        left.plot(grid, solutions[:, j], **look)
        left.plot([], [], marker=SHAPES[j], label=f"$x_{j}$", **look)
        right.stairs(data["pieces"][:, j].flip(0), ends, baseline=None, linewidth=2, **look)
        _mark(left, data, "solution", j)
        _mark(right, data, "implicit", j)
        _mark(right, data, "unrolled", j)
    left.set(ylim=(-0.55, 2.5), title="Coefficients; kinks dotted")
    right.set(ylim=(-0.45, 0.62))
    gap = (data["unrolled"] - data["implicit"]).abs().max().item()
    right.set_title(f"Slopes $dx/dλ$, differing by {format_number(gap, '.2g')}", gid="gap")
    left.legend(loc="upper right", ncols=4, handlelength=1.8, columnspacing=1)
    right.plot([], [], "o", color="black", label="implicit: filled")
    label = f"{data['steps']} steps: hollow"
    right.plot([], [], "o", color="black", fillstyle="none", markersize=11, markeredgewidth=2, label=label)
    right.legend(loc="upper right", ncols=2, columnspacing=1)
    return figure


def _mark(ax: Axes, data: dict, name: str, j: int) -> None:
    """The value of the j-th coefficient at λ, in its colour and shape; what lies outside is drawn at the edge."""
    value = data[name][j].clamp(-0.42, 0.48).item() if name == "unrolled" else data[name][j].item()
    look = {"markersize": 11, "fillstyle": "none", "markeredgewidth": 2} if name == "unrolled" else {"markersize": 7}
    ax.plot([data["lam"]], [value], SHAPES[j], color=COLOURS[j], zorder=4, gid=f"{name} {j}", **look)


def tell_slopes(data: dict) -> str:
    """What the picture shows, in words."""
    active = [f"x{j}" for j in range(len(data["solution"])) if data["solution"][j] != 0]
    gap = (data["unrolled"] - data["implicit"]).abs().max().item()
    words = f"{', '.join(active) or 'none'} {'is' if len(active) == 1 else 'are'} active"
    return (
        "Left: four coefficients over λ on a logarithmic axis, with kinks at 12, 3, 20/11 and 38/71, all zero above 12"
        f". Here {words}. Right: their slopes, constant between the kinks. After {data['steps']} steps the unrolled "
        f"slopes differ from the implicit ones by at most {format_number(gap, '.1e')}."
    )
