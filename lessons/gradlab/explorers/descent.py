"""Explorer of lesson 5: λ chosen by its hypergradient, on the curve of the held-out loss."""

import math

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, log_slider
from gradlab.explore.figures import PALETTE
from gradlab.explorers.path import kinks, solution_and_slope
from gradlab.lessons.lasso_path.example import B_VAL, D_VAL

SMOOTH, KINK = "a smooth minimum", "a minimum at a kink"
HELD_OUT = {SMOOTH: B_VAL, KINK: torch.tensor([1.0, 3.0, -1.0, 3.0], dtype=torch.float64)}
STEPS = 12


def descent(lam0: float = 8.0, lr: float = 0.15, held_out: str = SMOOTH) -> None:
    """Twelve steps down the held-out loss in log λ. Starts at `lam0` and `lr`; `held_out` is one of two data sets."""
    controls = {
        "lam0": log_slider(0.3, 11, positions=16, start=lam0, label="start λ₀"),
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
    grid = torch.logspace(math.log10(0.2), math.log10(13), 241, dtype=torch.float64)
    row = [lam0]
    for _ in range(STEPS):
        row.append(min(max(row[-1] * math.exp(-lr * held_out_loss(row[-1], b_val)[1]), 0.05), 50.0))
    return {
        "grid": grid,
        "curve": torch.tensor([held_out_loss(lam, b_val)[0] for lam in grid.tolist()]),
        "row": row,
        "losses": [held_out_loss(lam, b_val)[0] for lam in row],
    }


def draw_descent(data: dict) -> Figure:
    """The loss over λ, kinks dotted, and the steps on it."""
    figure, ax = plt.subplots(figsize=(8.0, 4.4))
    ax.plot(data["grid"], data["curve"], label="held-out loss", gid="curve")
    for kink in kinks().lam[:-1].tolist():
        ax.axvline(kink, color="black", linewidth=0.8, linestyle=":")
        ax.text(kink, 1.01, f"{kink:.3g}", transform=ax.get_xaxis_transform(), ha="center", fontsize=9)
    ax.plot(
        data["row"],
        data["losses"],
        "o-",
        color=PALETTE["vermillion"],
        linewidth=1,
        markersize=5,
        label="steps",
        gid="steps",
    )
    ax.plot(data["row"][:1], data["losses"][:1], "s", color="black", markersize=9, label="start", gid="start")
    ax.set(xscale="log", xlim=(0.2, 13), xlabel="λ", ylabel="held-out loss $L(λ)$")
    ax.set_xticks([0.2, 0.5, 1, 2, 5, 10], ["0.2", "0.5", "1", "2", "5", "10"])
    ax.set_ylim(0, 1.15 * data["curve"].max().item())
    ax.text(
        0.02, 0.05, f"after {STEPS} steps: λ = {data['row'][-1]:.4f}", transform=ax.transAxes, fontsize=11, gid="end"
    )
    ax.legend(loc="upper left", ncols=3)
    return figure


def tell_descent(data: dict) -> str:
    """What the picture shows, in words."""
    last = ", ".join(f"{lam:.3f}" for lam in data["row"][-4:])
    lowest = data["grid"][data["curve"].argmin()].item()
    return (
        f"The held-out loss over λ on a logarithmic axis, with kinks at 12, 3, 20/11 and 38/71; it is lowest near λ = {lowest:.2f}. "
        f"Twelve steps start at λ = {data['row'][0]:.3g}; the last four values are {last}."
    )
