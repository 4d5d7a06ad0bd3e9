"""A still picture of lesson 4: the same push on the bottom of a flat bowl and of a stiff one."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gradlab.explore.figures import PALETTE, style

PUSH = -1.0  # f_xθ δθ: the slope that the change of θ gives the bowl at its old bottom
BOWLS = {"flat bowl": 0.5, "stiff bowl": 1.5}
ALT = (
    "Two bowls of different curvature. A change of theta tilts each in the same way, so that its old bottom now lies on "
    "a slope of minus one. An arrow leads from the old bottom to the new one. In the flat bowl, with curvature one "
    "half, it is two long; in the stiff bowl, with curvature three halves, two thirds."
)


def figure() -> Figure:
    """Two bowls, before and after the same push."""
    with style():
        drawn, panels = plt.subplots(1, 2, figsize=(9.0, 3.9), sharey=True)
        for ax, (name, curvature) in zip(panels, BOWLS.items()):
            _draw_bowl(ax, curvature)
            ax.set(title=f"{name}, $f_{{xx}}$ = {curvature:g}", xlabel="$x$")
        panels[0].set_ylabel("$f$")
        panels[0].legend(loc="lower left", handlelength=2, ncols=2, columnspacing=1)
        panels[1].tick_params(labelleft=True)  # a narrow page has the halves below each other
    return drawn


def _draw_bowl(ax: Axes, curvature: float) -> None:
    """The bowl ½ f_xx x², the pushed bowl, its slope at the old bottom, and the way to the new bottom."""
    x, move = np.linspace(-2.2, 3.6, 117), -PUSH / curvature
    ax.plot(x, curvature * x**2 / 2, color=PALETTE["blue"], linestyle="--", label=r"$f(x, \theta)$")
    ax.plot(x, curvature * x**2 / 2 + PUSH * x, color=PALETTE["blue"], linestyle="-", label=r"$f(x, \theta + δ\theta)$")
    slope = np.array([-0.8, 0.8])
    label = r"push: slope $f_{xθ}\,δθ$"
    ax.plot(slope, PUSH * slope, color=PALETTE["vermillion"], linestyle="-", linewidth=3, label=label)
    ax.plot(0, 0, "o", color=PALETTE["black"])
    ax.plot(move, PUSH * move / 2, "o", color=PALETTE["black"], fillstyle="none", markeredgewidth=2)
    arrow = {"arrowstyle": "->", "color": PALETTE["black"], "linewidth": 1.6}
    ax.annotate("", (move, -1.6), (0, -1.6), arrowprops=arrow)
    ax.vlines([0, move], -1.6, [0, PUSH * move / 2], color=PALETTE["black"], linewidth=0.8, linestyle=":")
    ax.text(move / 2, -1.72, f"$δx$ = {move:.2g}", ha="center", va="top")
    ax.set(xlim=(-2.2, 3.6), ylim=(-4.2, 3.9))
