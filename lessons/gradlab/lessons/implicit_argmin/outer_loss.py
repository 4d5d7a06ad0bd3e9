"""The one still picture of lesson 4: an outer loss that falls, and what the inner problem makes of a signal."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor

from gradlab.explore.figures import PALETTE, style

OUTER_LOSS_ALT = (
    "Left: the outer loss falls steeply within twelve outer steps. Right: a noisy step signal that was not trained on. The "
    "smoothed signal keeps the jump and loses the noise; its two plateaus lie nearer to each other than those of the "
    "clean one."
)


def outer_loss(losses: Sequence[float], noisy: Tensor, clean: Tensor, found: Tensor) -> Figure:
    """Left: the loss after each outer step. Right: one signal, noisy, clean, and as the trained layer returns it."""
    with style():
        figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.8), width_ratios=(2, 3))
        left.plot(range(len(losses)), losses, color=PALETTE["blue"], marker="o", markersize=4)
        left.set(xlabel="outer step", ylabel="outer loss", ylim=(0, None), title="Outer loss")
        left.xaxis.get_major_locator().set_params(integer=True)
        right.plot(noisy, "x", color=PALETTE["black"], markersize=5, label="noisy $y$")
        right.plot(clean, color=PALETTE["green"], linestyle=":", label="clean")
        right.plot(found, color=PALETTE["vermillion"], linestyle="-", label="$x^*(\\theta)$")
        right.set(xlabel="position", xticks=range(0, len(clean), 5), title="A signal that was not trained on")
        right.legend(loc="lower right", handlelength=2.6)
    return figure
