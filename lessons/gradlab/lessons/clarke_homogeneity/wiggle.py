"""A still picture of lesson 3: x² sin(1/x), which is differentiable at 0, and its slopes, which have no limit there."""

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore.figures import PALETTE, style

REACH, DENSE = 0.1, 1 / 300  # nearer to 0 than that a line cannot be told from the next
ALT = (
    "Left: x² sin(1/x) between the parabolas x² and −x², which squeeze it to slope 0 at 0. Right: its slopes, "
    "2x sin(1/x) − cos(1/x), which go up and down between about −1 and 1 ever faster towards 0 and never settle."
)


def figure() -> Figure:
    """Left: the function between its parabolas. Right: its slopes at points that crowd towards 0."""
    inverse = torch.linspace(1 / REACH, 1 / DENSE, 3000, dtype=torch.float64)  # evenly in 1/x: each wave has its points
    right_half = (1 / inverse).flip(0)
    x = torch.cat([-right_half.flip(0), right_half])
    with style():
        drawn, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.6))
        left.plot(x, x**2, color=PALETTE["black"], linestyle="--", linewidth=1.2, label="$x^2$ and $-x^2$")
        left.plot(x, -(x**2), color=PALETTE["black"], linestyle="--", linewidth=1.2)
        left.plot(x, x**2 * torch.sin(1 / x), color=PALETTE["blue"], linestyle="-", linewidth=1.2, label="$f$")
        left.set(xlim=(-REACH, REACH), ylim=(-0.011, 0.015), xlabel="$x$", ylabel="$f(x)$", title="$x^2 \\sin(1/x)$")
        left.legend(loc="upper center", ncols=2, handlelength=2)
        for half in (-right_half, right_half):
            slopes = 2 * half * torch.sin(1 / half) - torch.cos(1 / half)
            right.plot(half, slopes, color=PALETTE["blue"], linestyle="-", linewidth=0.6)
        right.fill_between([-DENSE, DENSE], -1, 1, color=PALETTE["blue"], linewidth=0)
        right.plot(0, 0, "o", color=PALETTE["vermillion"], markersize=8, label="slope at 0")
        for ax in (left, right):
            ax.set_xticks([-0.1, -0.05, 0, 0.05, 0.1], ["−0.1", "−0.05", "0", "0.05", "0.1"])
        right.set(xlim=(-REACH, REACH), ylim=(-1.3, 1.7), xlabel="$x$", ylabel="slope", title="Its slopes")
        right.legend(loc="upper center")
    return drawn
