"""Two ways to walk down |x|: steps along the slope at the old point, and steps along the slope at the new one."""

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from gradlab.explore.figures import PALETTE, style
from gradlab.explore.format_number import format_number
from gradlab.maths.prox import soft_threshold


def explicit(start: float, size: float, count: int) -> Tensor:
    """x ← x − η sign(x): the slope is taken at the old point."""
    points = [torch.tensor(start, dtype=torch.float64)]
    for _ in range(count):
        points.append(points[-1] - size * torch.sign(points[-1]))
    return torch.stack(points)


def implicit(start: float, size: float, count: int) -> Tensor:
    """x ← f_η(x), which solves x_new = x − η s with a slope s of |·| at the new point."""
    points = [torch.tensor(start, dtype=torch.float64)]
    for _ in range(count):
        points.append(soft_threshold(points[-1], size))
    return torch.stack(points)


def draw(start: float, size: float, count: int) -> Figure:
    """Both walks on the curve |x|, the steps numbered."""
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(9.4, 3.9), sharey=True)
        _draw_walk(axes[0], explicit(start, size, count), "explicit: slope at the old point")
        _draw_walk(axes[1], implicit(start, size, count), "implicit: slope at the new point")
        axes[0].set_ylabel("$|x|$")
        axes[1].tick_params(labelleft=True)  # a narrow page has the halves below each other
    return figure


def _draw_walk(ax: Axes, points: Tensor, title: str) -> None:
    ax.plot([-1.3, 0, 1.3], [1.3, 0, 1.3], color="black", linestyle=":", linewidth=1.4)
    for k, (old, new) in enumerate(zip(points, points[1:])):
        bend = "arc3,rad=0.25" if old > new else "arc3,rad=-0.25"
        arrow = {"arrowstyle": "->", "color": PALETTE["vermillion"], "connectionstyle": bend, "linewidth": 1.6}
        if float((old - new).abs()) > 1e-9:
            ax.annotate("", (new, new.abs()), (old, old.abs()), arrowprops=arrow)
        if k < 3:
            ax.annotate(str(k), (old, old.abs()), (8, -3), textcoords="offset points", fontsize=12)
    ax.plot(points, points.abs(), "o", color=PALETTE["blue"])
    ax.set(title=title, xlabel="$x$", xlim=(-1.3, 1.3), ylim=(-0.12, 1.3))


def tell(start: float, size: float, count: int) -> str:
    """What the picture shows, in words."""

    def row(points: Tensor) -> str:
        return ", ".join(format_number(x) for x in points.tolist())

    return (
        f"Two walks down the V of |x| with steps of size {size}. Explicit, left: {row(explicit(start, size, count))}; "
        f"it jumps back and forth over the corner for ever. Implicit, right: {row(implicit(start, size, count))}; it "
        "reaches the corner and stays."
    )
