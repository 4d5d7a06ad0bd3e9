"""A still picture of lesson 5: the path of the integer example, with a band of its own for each active set."""

import math

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore.figures import LINE_STYLES, PALETTE, style
from gradlab.lessons.lasso_path.explorers.exact_path import kinks, solution_and_slope

SMALLEST, LARGEST = 0.2, 20.0
BANDS = ("black", "sky", "orange", "green", "purple")
ALT = (
    "Four coefficients over λ on a logarithmic axis, before five bands. Above 12 no column is active and all are 0. "
    "Between 3 and 12 only column 0 is active, between 20/11 and 3 columns 0 and 3, between 38/71 and 20/11 columns "
    "0, 1 and 3, below 38/71 all four. Each curve bends exactly where a band ends."
)


def figure() -> Figure:
    """The coefficients over λ, and behind them the active sets."""
    ends = [LARGEST, *kinks().lam[:-1].tolist(), SMALLEST]
    grid = torch.logspace(math.log10(SMALLEST), math.log10(LARGEST), 201, dtype=torch.float64)
    solutions = torch.stack([solution_and_slope(lam)[0] for lam in grid.tolist()])
    with style():
        drawn, ax = plt.subplots(figsize=(5.6, 4.2))
        for high, low, colour in zip(ends, ends[1:], BANDS):
            middle = math.sqrt(high * low)
            active = [str(j) for j, x in enumerate(solution_and_slope(middle)[0].tolist()) if x]
            ax.axvspan(low, high, color=PALETTE[colour], alpha=0.18, linewidth=0)
            ax.text(middle, 2.55, "{" + ",".join(active) + "}" if active else "∅", ha="center")
        for j in range(solutions.shape[1]):
            colour = list(PALETTE.values())[j]
            ax.plot(grid, solutions[:, j], color=colour, linestyle=LINE_STYLES[j], label=f"$x_{j}$")
        ax.set(xscale="log", xlim=(SMALLEST, LARGEST), ylim=(-0.6, 2.9), xlabel="λ", title="Active sets along the path")
        ax.set_xticks(ends[1:-1], ["12", "3", "20/11", "38/71"])
        ax.minorticks_off()
        ax.legend(loc=(0.04, 0.33), handlelength=2.2)
    return drawn
