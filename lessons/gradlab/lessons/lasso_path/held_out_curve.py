"""A still picture of lesson 5: LassoCV's grid on the diabetes data beside two descents by hypergradients."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from gradlab.explore.figures import PALETTE, style
from gradlab.lessons.lasso_path.diabetes import FOLDS

ALT = (
    "Left: the mean square held out over λ/m on a logarithmic axis, as LassoCV's grid of a hundred values finds it: steep "
    "on the right, flat on the left, with two shallow valleys near 0.8 and 0.07. The steps of the descent come down from "
    "the right and end in the first; LassoCV chose the second. Right: the mean square held out over the number of Lasso "
    "problems solved. One λ comes within fifty problems nearly down to the level of LassoCV, which solves five "
    "hundred; ten λ, one for each column, go on clearly below that level."
)

Row = list[tuple[Tensor, float]]


def figure(grid: tuple[np.ndarray, np.ndarray, float], one: Row, ten: Row) -> Figure:
    """Left: the grid's curve and the steps of one λ. Right: what each method has reached after so many solves."""
    alphas, losses, best = grid
    with style():
        drawn, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.0))
        left.plot(alphas, losses, color=PALETTE["blue"], linestyle="-", label="LassoCV's grid")
        left.plot(best, losses.min(), "*", color=PALETTE["black"], markersize=14, label="its choice")
        steps = {"color": PALETTE["vermillion"], "linestyle": "--", "marker": "o", "markersize": 5}
        left.plot([weights[0] for weights, _ in one], [loss for _, loss in one], label="descent, one λ", **steps)
        left.set(
            xscale="log",
            xlabel="λ/m",
            ylabel="mean square held out",
            title="The curve",
            ylim=(2980, 3080),
            xlim=(0.04, 30),
        )
        left.legend(loc="upper left")
        right.plot(FOLDS * np.arange(1, len(one) + 1), [loss for _, loss in one], label="descent, one λ", **steps)
        look = {"color": PALETTE["green"], "linestyle": "-", "marker": "s", "markersize": 5}
        right.plot(FOLDS * np.arange(1, len(ten) + 1), [loss for _, loss in ten], label="descent, ten λ", **look)
        right.plot(FOLDS * len(alphas), losses.min(), "*", color=PALETTE["black"], markersize=14, label="LassoCV")
        right.axhline(losses.min(), color=PALETTE["black"], linestyle=":", linewidth=1)
        right.set(xscale="log", xlabel="Lasso problems solved", title="The cost", ylim=(2940, 3080), xlim=(4, 700))
        right.legend(loc="upper right")
    return drawn
