"""A slider over numbers of rounds, and axes that show them."""

import math

from matplotlib.axes import Axes

from gradlab.explore.controls import Control


def rounds_slider(start: int, values: tuple[int, ...], panel: int) -> Control:
    """A slider over these numbers of rounds, which a click in the n-th axes sets too."""
    texts = tuple(f"{n:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") for n in values)
    return Control("slider", "rounds n", values, texts, values.index(start), panel=panel)


def set_rounds_axes(ax: Axes, ylim: tuple[float, float]) -> None:
    """Rounds against something, one tick for each factor of ten or hundred: ticks are what costs time to draw."""
    low, high = (round(math.log10(end)) for end in ylim)
    ax.set(xlim=(0.8, 1.3e4), ylim=ylim, xlabel="rounds n")
    ax.set_xticks([10**k for k in range(5)])
    ax.set_yticks([10.0**k for k in range(low, high + 1, 2)])
    ax.minorticks_off()
