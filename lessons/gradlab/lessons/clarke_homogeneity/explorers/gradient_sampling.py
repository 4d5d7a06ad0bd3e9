"""Gradients at random points around a kink in the plane, their hull, and autograd's gradient."""

from collections.abc import Callable
from typing import NamedTuple

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.spatial import ConvexHull
from torch import Tensor

from gradlab.explore import choice, explore, log_slider, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.lessons.clarke_homogeneity.explorers.autograd_and_hull import SAMPLES, autograd_at, place_of, range_of
from gradlab.maths.clarke import distance_to_hull, sample_gradients

THIN_CELL = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.9]], dtype=torch.float64)


class Program(NamedTuple):
    """A function of two numbers, the kink that it is looked at, and the lines a·x = b along which it has kinks."""

    f: Callable[[Tensor], Tensor]
    kink: tuple[float, float]
    lines: tuple[tuple[float, float, float], ...]  # a₁, a₂, b


IN_THE_PLANE = {
    "max(x1*x1, x1*x2) at (1, 1)": Program(
        lambda x: torch.maximum(x[0] ** 2, x[0] * x[1]), (1.0, 1.0), ((1.0, -1.0, 0.0), (1.0, 0.0, 0.0))
    ),
    "abs(x1) + abs(x2) at 0": Program(lambda x: x.abs().sum(), (0.0, 0.0), ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))),
    "norm(x) at 0": Program(torch.linalg.vector_norm, (0.0, 0.0), ()),
    "relu(x1) - relu(-x1) + x2 at (0, 1)": Program(
        lambda x: torch.relu(x[0]) - torch.relu(-x[0]) + x[1], (0.0, 1.0), ((1.0, 0.0, 0.0),)
    ),
    "four relus, one cell thin, at 0": Program(
        lambda x: torch.relu(THIN_CELL @ x) @ x.new_tensor([1, -1, 1, -2]),
        (0.0, 0.0),
        tuple((row[0], row[1], 0.0) for row in THIN_CELL.tolist()),
    ),
}
REACH = 1.35  # of the left panel, in radii


def gradient_sampling(program: str = "max(x1*x1, x1*x2) at (1, 1)", radius: float = 0.1, step: float = 0.0) -> None:
    """Gradients at random points within `radius` of a point `step` away from a kink, and their hull."""
    controls = {
        "program": choice(list(IN_THE_PLANE), start=program, label="program"),
        "radius": log_slider(1e-3, 1, start=radius, positions=7, label="radius"),
        "step": slider(-0.5, 0.5, step=0.25, start=step, label="step to the right of the kink"),
    }
    explore(sampled_gradients, draw_gradients, alt=tell_gradients, **controls)


def sampled_gradients(program: str, radius: float, step: float) -> dict:
    """Points around a kink, the gradients there, the outline of their hull, and autograd's gradient."""
    f, kink, lines = IN_THE_PLANE[program]
    at = torch.tensor(kink, dtype=torch.float64) + torch.tensor([step, 0.0], dtype=torch.float64)
    gradients = sample_gradients(f, at, radius, SAMPLES, torch.Generator().manual_seed(0))
    # The gradient of ½‖x − at‖² at a point says where it lies: these are the same points, in radii.
    inside = sample_gradients(
        lambda x: ((x - at) ** 2).sum() / 2, at, radius, SAMPLES, torch.Generator().manual_seed(0)
    )
    reported = autograd_at(f, at)
    return {
        "kink": ((torch.tensor(kink, dtype=torch.float64) - at) / radius).tolist(),
        "lines": [(one, two, (b - one * at[0].item() - two * at[1].item()) / radius) for one, two, b in lines],
        "points": inside / radius,
        "radius": radius,
        "gradients": gradients,
        "outline": hull_outline(gradients),
        "reported": reported,
        "outside": distance_to_hull(reported, gradients),
    }


def hull_outline(points: Tensor) -> Tensor:
    """The corners of the convex hull of points (n, 2) in order: one row for a point, two for a segment."""
    centred = points - points.mean(0)
    _, sizes, axes = torch.linalg.svd(centred, full_matrices=False)
    flat = 1e-9 * max(1.0, float(points.abs().max()))
    if sizes[0] <= flat * len(points) ** 0.5:
        return points[:1]
    if len(sizes) < 2 or sizes[1] <= flat * len(points) ** 0.5:
        along = centred @ axes[0]
        return points[[int(along.argmin()), int(along.argmax())]]
    return points[ConvexHull(points.numpy()).vertices.tolist()]


def draw_gradients(data: dict) -> Figure:
    """Left: the ball that is sampled, in radii. Right: the gradients, their hull, autograd's gradient."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 4.9))
    _draw_points(left, data)
    _draw_hull(right, data["outline"])
    drawn = {"color": PALETTE["blue"], "markersize": 6, "label": "sampled gradients"}
    right.plot(*data["gradients"].T, ".", gid="gradients", **drawn)
    right.plot(*data["reported"], "X", color=PALETTE["vermillion"], markersize=12, label="autograd", gid="autograd")
    right.set(xlim=(-2.9, 5.4), ylim=(-3.4, 4.9), aspect="equal", title=place_of(data["outside"]))
    right.set(xlabel=r"$\partial f/\partial x_1$", ylabel=r"$\partial f/\partial x_2$")
    right.legend(loc="upper left", ncols=2, handlelength=1.2, columnspacing=1)
    return figure


def _draw_points(axes: Axes, data: dict) -> None:
    """The ball, the lines along which the program has kinks, the sampled points."""
    angle = torch.linspace(0, 2 * torch.pi, 61, dtype=torch.float64)
    axes.fill(angle.cos(), angle.sin(), color=PALETTE["sky"], alpha=0.3, label="sampled ball")
    for k, (one, two, b) in enumerate(data["lines"]):
        size = one**2 + two**2
        x, y = one * b / size, two * b / size
        ends = [x - 3 * two, x + 3 * two], [y + 3 * one, y - 3 * one]
        label = "kinks" if k == 0 else None
        axes.plot(*ends, color="black", linestyle="--", linewidth=1.2, label=label, gid=f"kinks {k}")
    axes.plot(*data["points"].T, ".", color=PALETTE["blue"], markersize=6, label="samples", gid="points")
    axes.plot(0, 0, "X", color=PALETTE["vermillion"], markersize=12, label="the point")
    axes.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH + 0.6), aspect="equal")
    axes.set_title(f"Points within {format_number(data['radius'])}", gid="radius")
    axes.set(xlabel="$x_1$ from the point, in radii", ylabel="$x_2$ from the point, in radii")
    axes.legend(loc="upper left", ncols=2, handlelength=1.6, columnspacing=1)


def _draw_hull(axes: Axes, outline: Tensor) -> None:
    """A polygon, a thick segment, or a disc, by what the hull is."""
    closed = torch.cat([outline, outline[:1]])
    wide = 3.0 if len(outline) > 2 else 10.0
    edge = {"color": PALETTE["sky"], "linestyle": "-", "alpha": 0.7, "marker": "o"}
    axes.fill(*closed.T, color=PALETTE["sky"], alpha=0.4, label="their hull", gid="inside")
    axes.plot(*closed.T, linewidth=wide, markersize=wide, gid="hull", **edge)


def tell_gradients(data: dict) -> str:
    """What the picture shows, in words."""
    shape = {1: "a single point", 2: "a segment"}.get(len(data["outline"]), "a polygon")
    place = f"{format_number(data['outside'])} outside it" if data["outside"] > 1e-6 else "in it"
    reported, radius = ", ".join(map(format_number, data["reported"].tolist())), format_number(data["radius"])
    first, second = map(range_of, data["gradients"].T)
    return (
        f"The hull of the gradients at {SAMPLES} points within {radius} of the point is {shape}: their first entries "
        f"{first}, their second {second}. Autograd reports ({reported}) there, {place}."
    )
