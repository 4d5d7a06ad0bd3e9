"""λ chosen by its hypergradient, on the curve of the held-out loss."""

import math
from functools import cache

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from gradlab.explore import choice, explore, log_slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.lessons.lasso_path.explorers.exact_path import kinks, solution_and_slope
from gradlab.lessons.lasso_path.integer_example import B_VAL, D_VAL

SMOOTH, KINK = "a smooth minimum", "a minimum at a kink"
HELD_OUT = {SMOOTH: B_VAL, KINK: torch.tensor([1.0, 3.0, -1.0, 3.0], dtype=torch.float64)}
STEPS = 12
LOWEST, HIGHEST = 0.04, 15.0
END = STEPS + 2.2  # of the axis of steps, with room for the names of the kinks
TICKS = (0.05, 0.2, 0.5, 1, 2, 5, 10)
DOTTED = {"color": "black", "linewidth": 1, "linestyle": ":"}


def descent(lam0: float = 8.0, lr: float = 0.15, held_out: str = SMOOTH) -> None:
    """Twelve steps down the held-out loss in log λ. Starts at `lam0` and `lr`; `held_out` is one of two data sets."""
    controls = {
        "lam0": log_slider(0.3, 11, positions=16, start=lam0, label="start λ₀", panel=0),
        "lr": log_slider(0.02, 1, positions=9, start=lr, label="step size"),
        "held_out": choice([SMOOTH, KINK], start=held_out, label="held-out data with"),
    }
    explore(descend, draw_descent, alt=tell_descent, **controls)


def held_out_loss(lam: float, b_val: torch.Tensor) -> tuple[float, float]:
    """½‖D_val x*(λ) − b_val‖² and its slope in log λ."""
    x, slope = solution_and_slope(lam)
    residual = D_VAL @ x - b_val
    return (residual @ residual / 2).item(), lam * (residual @ D_VAL @ slope).item()


def descend(lam0: float, lr: float, held_out: str) -> dict:
    """The curve of the loss over λ, and the row of λ that the steps make."""
    b_val = HELD_OUT[held_out]
    row = [lam0]
    for _ in range(STEPS):
        row.append(min(max(row[-1] * math.exp(-lr * held_out_loss(row[-1], b_val)[1]), 0.05), 50.0))
    grid, curve = loss_curve(held_out)
    losses = [held_out_loss(lam, b_val)[0] for lam in row]
    return {"grid": grid, "curve": curve, "row": row, "losses": losses, "held_out": held_out}


@cache
def loss_curve(held_out: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The held-out loss over the λ that the picture shows."""
    grid = torch.logspace(math.log10(LOWEST), math.log10(HIGHEST), 161, dtype=torch.float64)
    grid = torch.cat([grid, kinks().lam[:-1]]).sort().values
    return grid, torch.tensor([held_out_loss(lam, HELD_OUT[held_out])[0] for lam in grid.tolist()])


def draw_descent(data: dict) -> Figure:
    """Left: the loss over λ, kinks dotted, and the steps on it. Right: λ after each step."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 4.5), layout="none")
    # The axes and their labels stay where they are, however long the numbers at the ticks.
    figure.subplots_adjust(left=0.065, right=0.99, bottom=0.12, top=0.93, wspace=0.24)
    for ax, pad in ((left, -0.1), (right, -0.15)):
        ax.yaxis.set_label_coords(pad, 0.5)
    steps = {"color": PALETTE["vermillion"], "linewidth": 1, "markersize": 5}
    left.plot(data["grid"], data["curve"], label="held-out loss", gid="curve")
    left.plot(data["row"], data["losses"], "o-", label="steps", gid="steps", **steps)
    left.plot(data["row"][:1], data["losses"][:1], "s", color="black", markersize=9, label="start", gid="start")
    right.plot(range(STEPS + 1), data["row"], "o-", gid="row", **steps)
    right.plot([0], data["row"][:1], "s", color="black", markersize=9, gid="first")
    for k, kink in enumerate(kinks().lam[:-1].tolist()):
        left.axvline(kink, label=None if k else "kinks", **DOTTED)
    left.set(xscale="log", xlim=(LOWEST, HIGHEST), xlabel="λ", ylabel="$L(λ)$", title="Held-out loss")
    left.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS])
    left.set_ylim(0, 1.4 * data["curve"].max().item())
    left.minorticks_off()
    left.legend(loc="upper left", ncols=2, handlelength=1.6, columnspacing=1)
    right.set(yscale="log", xlim=(-0.5, END), xlabel="step k", ylabel="$λ_k$")
    right.set_xticks(range(0, STEPS + 1, 2))
    if data["held_out"] == KINK:
        _zoom(right, data["row"])
        low, high = (format_number(end(data["row"][-4:]), ".3f") for end in (min, max))
        right.set_title(f"the last four λ: {low} to {high}", gid="end")
    else:
        right.set_ylim(LOWEST, HIGHEST)
        right.set_yticks(TICKS, [f"{tick:g}" for tick in TICKS])
        right.minorticks_off()
        right.set_title(f"after {STEPS} steps: λ = {data['row'][-1]:.4f}", gid="end")
    _draw_kinks(right)
    return figure


def _zoom(ax: Axes, row: list[float]) -> None:
    """As much of the λ axis as the steps need: a jump across the kink is small beside the whole axis."""
    low, high = min(row), max(row)
    margin = max((high / low) ** 0.12, 1.02)
    ax.set_ylim(low / margin, high * margin)
    ax.yaxis.set_major_locator(MaxNLocator(6) if high < 5 * low else FixedLocator(TICKS))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value)))


def _draw_kinks(ax: Axes) -> None:
    """Dotted lines at the kinks that are in sight, each with its name where it ends."""
    low, high = ax.get_ylim()
    for kink in kinks().lam[:-1].tolist():
        seen = low < kink < high
        ax.axhline(kink, xmax=(STEPS + 0.8) / (END + 0.5), visible=seen, **DOTTED)
        ax.text(STEPS + 0.45, kink, format_number(kink), va="center", fontsize=11, visible=seen)


def tell_descent(data: dict) -> str:
    """What the picture shows, in words."""
    last = ", ".join(f"{lam:.3f}" for lam in data["row"][-4:])
    across = min(data["row"][-4:]) < 3 < max(data["row"][-4:])
    chatter = ", on both sides of the kink at 3" if across else ""
    lowest = data["grid"][data["curve"].argmin()].item()
    return (
        "Left: the held-out loss over λ on a logarithmic axis, with kinks at 12, 3, 20/11 and 38/71; it is lowest near "
        f"λ = {lowest:.2f}. Right: λ after each of twelve steps from λ = {data['row'][0]:.3g}; the last four values "
        f"are {last}{chatter}."
    )
