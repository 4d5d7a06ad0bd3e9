"""A point and its projection onto the simplex in three dimensions, with the active set and the water level."""

import math

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from gradlab.explore import choice, explore, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.maths.simplex import project_onto_simplex, simplex_threshold

CENTRE = torch.full((3,), 1 / 3, dtype=torch.float64)
# An orthonormal frame of the plane Σy = 1; the third corner points up.
FRAME = torch.tensor([[1, -1, 0], [-1, -1, 2]], dtype=torch.float64)
FRAME = FRAME / FRAME.norm(dim=1, keepdim=True)
REACH = 1.75
# By the number of active entries; letters and lines of either theme are read on them.
TINTS = {1: (PALETTE["vermillion"], 0.18), 2: (PALETTE["sky"], 0.22), 3: (PALETTE["green"], 0.2)}
NAMES = {1: "one active", 2: "two active", 3: "all active"}


def simplex_projection(angle: int = 20) -> None:
    """y on a circle around the triangle, and its projection. Starts at `angle` degrees."""
    controls = {
        "angle": slider(0, 350, step=10, start=angle, label="angle of y", play=True),
        "distance": choice([0.3, 0.8, 1.4], start=0.8, label="distance from the centre"),
    }
    explore(projection, draw_projection, alt=tell_projection, **controls)


def projection(angle: float, distance: float) -> dict:
    """The point y in the plane Σy = 1, its projection x, the threshold τ, and the active set."""
    turn = math.radians(angle)
    y = CENTRE + distance * (math.cos(turn) * FRAME[0] + math.sin(turn) * FRAME[1])
    x = project_onto_simplex(y)
    return {"y": y, "x": x, "threshold": simplex_threshold(y).item(), "active": (x > 1e-12).tolist()}


def in_plane(points: Tensor) -> Tensor:
    """Coordinates in the frame, (…, 2), of points of the plane, (…, 3)."""
    return (points - CENTRE) @ FRAME.T


def draw_projection(data: dict) -> Figure:
    """Left: the plane, tinted by the number of active entries. Right: entries as bars over the water level."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.2, 4.6), width_ratios=(3, 2))
    _draw_regions(left)
    corners = in_plane(torch.eye(3, dtype=torch.float64))
    left.fill(*corners.T, facecolor=TINTS[3], edgecolor="black", linestyle="-", linewidth=1.5, zorder=1)
    for i, corner in enumerate(corners):  # named inside, where no way from y to x passes
        left.text(*(0.64 * corner).tolist(), f"$e_{i}$", ha="center", va="center", zorder=3)
    y, x = in_plane(data["y"]).tolist(), in_plane(data["x"]).tolist()
    look = {"color": PALETTE["black"], "linestyle": ":", "linewidth": 1.5, "zorder": 3}
    left.plot(*zip(y, x), gid="way", **look)
    left.plot(*zip(y), "s", color=PALETTE["blue"], label="$y$", gid="y", zorder=4)
    left.plot(*zip(x), "o", color=PALETTE["vermillion"], label="$x^*(y)$", gid="x", zorder=4)
    left.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal", xticks=[], yticks=[])
    left.set_title(NAMES[sum(data["active"])] + ": " + _set(data["active"]), gid="title")
    left.grid(False)
    left.legend(loc="upper right")
    _draw_bars(right, data)
    return figure


def _draw_regions(ax: Axes) -> None:
    """Between the normals of two sides that meet in a corner one entry is active, beside a side two."""
    corners = in_plane(torch.eye(3, dtype=torch.float64))
    for i in range(3):
        one, other = corners[(i + 1) % 3], corners[(i + 2) % 3]
        out = -4 * corners[i] / corners[i].norm()
        ax.fill(*torch.stack([one, other, other + out, one + out]).T, facecolor=TINTS[2], linewidth=0, zorder=0)
        normals = [-4 * corners[j] / corners[j].norm() for j in ((i + 1) % 3, (i + 2) % 3)]
        cone = torch.stack([corners[i], corners[i] + normals[0], corners[i] + normals[1]])
        ax.fill(*cone.T, facecolor=TINTS[1], linewidth=0, zorder=0)
    for count, place in ((1, (-0.8, 1.58)), (2, (0, -1.62)), (3, (0, -0.12))):
        ax.text(*place, NAMES[count], ha="center", va="center", fontsize=11, zorder=2)


def _draw_bars(ax: Axes, data: dict) -> None:
    colours = [PALETTE["vermillion"] if on else "#8c8c8c" for on in data["active"]]
    for i, (value, colour, on) in enumerate(zip(data["y"].tolist(), colours, data["active"])):
        bar = {"color": colour, "linestyle": "-" if on else ":", "linewidth": 9 if on else 3, "solid_capstyle": "butt"}
        ax.plot([i, i], [data["threshold"], value], gid=f"bar {i}", **bar)
        ax.plot([i], [value], "s", color=PALETTE["blue"], gid=f"entry {i}")
    level = "$τ$ = " + format_number(data["threshold"], "+.2f")
    ax.axhline(data["threshold"], color="black", linestyle="--", linewidth=1.5, gid="level")
    ax.set(xlim=(-0.6, 2.6), ylim=(-1.2, 1.7), xticks=range(3), xlabel="entry", ylabel="$y_i$")
    ax.set_title(level + ", what stands above sums to 1", gid="water")


def _set(active: list[bool]) -> str:
    return "{" + ", ".join(str(i) for i, on in enumerate(active) if on) + "}"


def tell_projection(data: dict) -> str:
    """What the picture shows, in words."""
    y, x = (", ".join(format_number(value, ".2f") for value in data[name].tolist()) for name in ("y", "x"))
    return (
        "The triangle of the simplex in its plane; inside all three entries are active, beside a side two, beyond a corner "
        f"one. y = ({y}) is projected to ({x}): the active set is {_set(data['active'])}, the threshold "
        f"{format_number(data['threshold'], '.2f')}."
    )
