"""A still picture of lesson 3: the cells of a ReLU network around a kink, and the hull of their gradients."""

from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from gradlab.explore.figures import LINE_STYLES, PALETTE, style
from gradlab.lessons.clarke_homogeneity.explorers.gradient_sampling import hull_outline

INNER = torch.tensor([[1.0, 0.2], [-0.5, 1.0], [-0.6, -1.0]], dtype=torch.float64)
OUTER = torch.tensor([1.0, -0.8, 1.2], dtype=torch.float64)
SHADES = ("sky", "orange", "green", "purple", "blue", "vermillion")
ALT = (
    "Left: three lines through 0, on each of which one hidden unit of a ReLU network is 0, cut the plane into six cells, "
    "A to F, in each of which the gradient is constant. Right: these six gradients as six points with the same letters, "
    "and their convex hull, a quadrilateral with two of the points inside. Autograd's gradient at 0 is a cross at the "
    "origin, clearly outside the hull: it belongs to no unit being on, and there is no such cell."
)


def cells() -> tuple[list[float], Tensor]:
    """The angles at which the cells of x ↦ OUTER · relu(INNER x) around 0 begin, and the gradient in each cell."""
    normals = torch.atan2(INNER[:, 1], INNER[:, 0])
    borders = sorted(angle % (2 * torch.pi) for turn in (0.5, 1.5) for angle in (normals + turn * torch.pi).tolist())
    ends = [*borders, borders[0] + 2 * torch.pi]
    middles = torch.tensor([(low + high) / 2 for low, high in pairwise(ends)], dtype=torch.float64)
    on = INNER @ torch.stack([middles.cos(), middles.sin()]) > 0
    return ends, (OUTER[:, None] * on).T @ INNER


def figure() -> Figure:
    """Left: the cells around 0. Right: the gradients on them, their hull, and what autograd reports at 0."""
    ends, gradients = cells()
    with style():
        drawn, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.4))
        for k, (low, high) in enumerate(pairwise(ends)):
            _draw_cell(left, right, k, torch.tensor([low, high], dtype=torch.float64), gradients[k])
        for k, (one, two) in enumerate(INNER.tolist()):
            unit = {"color": PALETTE["black"], "linestyle": LINE_STYLES[k], "linewidth": 1.4}
            left.axline((0, 0), (two, -one), label=f"$z_{k + 1} = 0$", **unit)
        left.set(xlim=(-1, 1), ylim=(-1, 1.45), aspect="equal", xlabel="$x_1$", ylabel="$x_2$", title="Cells around 0")
        left.legend(loc="upper left", ncols=3, handlelength=1.2, columnspacing=0.6, handletextpad=0.4)
        outline = hull_outline(gradients)
        right.fill(*outline.T, color=PALETTE["sky"], alpha=0.3, label="their hull, ∂f(0)", zorder=0)
        right.plot(0, 0, "X", color=PALETTE["vermillion"], markersize=12, label="autograd at 0")
        right.set(
            xlabel=r"$\partial f/\partial x_1$", ylabel=r"$\partial f/\partial x_2$", title="Gradients on the cells"
        )
        right.set(xlim=(-1.0, 1.9), ylim=(-2.6, 1.1), aspect="equal")
        right.legend(loc="upper left", handlelength=1.2)
    return drawn


def _draw_cell(left: Axes, right: Axes, k: int, borders: Tensor, gradient: Tensor) -> None:
    """A cell as a wedge with its letter, and its gradient as a point with the same letter."""
    colour, letter, middle = PALETTE[SHADES[k]], "ABCDEF"[k], borders.mean()
    angle = torch.linspace(borders[0].item(), borders[1].item(), 9, dtype=torch.float64)
    wedge = torch.cat([torch.zeros(1, 2, dtype=torch.float64), 2 * torch.stack([angle.cos(), angle.sin()], 1)])
    left.fill(*wedge.T, color=colour, alpha=0.35, linewidth=0)
    left.text(0.7 * middle.cos(), 0.7 * middle.sin(), letter, ha="center", va="center", fontsize=13)
    right.plot(*gradient, "o", color=colour, markersize=10)
    aside = (-17, -12) if letter == "E" else (8, 4)  # above E lies B
    right.annotate(letter, gradient.tolist(), xytext=aside, textcoords="offset points", fontsize=13)
