"""A still picture of lesson 6: the regions of the projection around a corner of the simplex, and the hull of its Jacobians.

It is the picture of lesson 3, with a vector J h in place of a gradient.
"""

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from gradlab.explore.figures import PALETTE, style
from gradlab.lessons.layers_that_solve.explorers.simplex_projection import FRAME, in_plane
from gradlab.maths.simplex import project_onto_simplex, simplex_jacobian

CORNER = torch.tensor([0.0, 0.0, 1.0], dtype=torch.float64)
DIRECTION = torch.tensor([0.3, -1.0], dtype=torch.float64)  # h, in the plane of the simplex
# For each region a letter, a colour, and the degrees around the corner between which it lies.
REGIONS = (("A", "green", 240, 300), ("B", "sky", 300, 390), ("C", "purple", 30, 150), ("D", "orange", 150, 240))
ALT = (
    "Left: around a corner of the triangle the plane is cut into four regions. A is the triangle itself, where three "
    "entries are active; B and D lie beside its two sides, with two active; C lies beyond the corner, with one. An arrow h "
    "points from the corner into A. Right: what the Jacobian of each region makes of h, as four points with the same "
    "letters. A is h itself, B and D are its shadows on the two sides, C is 0. Their convex hull is a quadrilateral; "
    "autograd's Jacobian at the corner gives a cross at C."
)


def jacobians() -> Tensor:
    """The Jacobian of the projection in each region beside the corner, shape (4, 3, 3)."""
    middles = torch.deg2rad(torch.tensor([(low + high) / 2 for _, _, low, high in REGIONS], dtype=torch.float64))
    around = CORNER + 0.1 * torch.stack([middles.cos(), middles.sin()], 1) @ FRAME
    return torch.stack([simplex_jacobian(y) for y in around])


def moved(jacobian: Tensor) -> Tensor:
    """J h in coordinates of the plane, shape (…, 2), for Jacobians of shape (…, 3, 3)."""
    return jacobian @ (DIRECTION @ FRAME) @ FRAME.T


def figure() -> Figure:
    """Left: the regions around the corner. Right: J h in each of them, their hull, and what autograd says at the corner."""
    points = moved(jacobians())
    with style():
        drawn, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.4))
        for region, point in zip(REGIONS, points):
            _draw_region(left, *region)
            right.plot(*point, "o", color=PALETTE[region[1]], markersize=10)
            right.annotate(region[0], point.tolist(), xytext=(9, 5), textcoords="offset points", fontsize=13)
        corner = in_plane(CORNER)
        left.annotate(
            "", (corner + DIRECTION).tolist(), corner.tolist(), arrowprops={"arrowstyle": "->", "linewidth": 1.8}
        )
        left.annotate("$h$", (corner + DIRECTION).tolist(), xytext=(7, -3), textcoords="offset points", fontsize=13)
        left.set(xlim=(-1.4, 1.4), ylim=(-0.6, 1.9), aspect="equal", xticks=[], yticks=[], title="Regions at a corner")
        left.grid(False)
        right.fill(*points.T, color=PALETTE["sky"], alpha=0.3, label="their hull", zorder=0)
        reported = moved(torch.autograd.functional.jacobian(project_onto_simplex, CORNER))
        right.plot(*reported, "X", color=PALETTE["vermillion"], markersize=9, label="autograd at the corner")
        right.set(xlim=(-0.6, 1.0), ylim=(-1.25, 0.65), aspect="equal", title="$J h$ in the regions")
        right.set(xticks=[-0.5, 0, 0.5, 1], yticks=[-1, -0.5, 0, 0.5])
        right.legend(loc="upper left", handlelength=1.2)
    return drawn


def _draw_region(ax: Axes, letter: str, colour: str, low: float, high: float) -> None:
    """A wedge with its letter."""
    corner = in_plane(CORNER)
    angle = torch.deg2rad(torch.linspace(low, high, 9, dtype=torch.float64))
    arc = corner + 5 * torch.stack([angle.cos(), angle.sin()], 1)
    ax.fill(*torch.cat([corner[None], arc]).T, color=PALETTE[colour], alpha=0.35, linewidth=0)
    middle = corner + 0.75 * torch.stack([angle[4].cos(), angle[4].sin()])
    ax.text(*middle.tolist(), letter, ha="center", va="center", fontsize=13)
