"""Gradients at random points around a kink in the plane, their hull, and autograd's gradient."""

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
IN_THE_PLANE = {  # program and the kink that it is looked at
    "max(x1*x1, x1*x2) at (1, 1)": (lambda x: torch.maximum(x[0] ** 2, x[0] * x[1]), (1.0, 1.0)),
    "abs(x1) + abs(x2) at 0": (lambda x: x.abs().sum(), (0.0, 0.0)),
    "norm(x) at 0": (lambda x: torch.linalg.vector_norm(x), (0.0, 0.0)),
    "relu(x1) - relu(-x1) + x2 at (0, 1)": (lambda x: torch.relu(x[0]) - torch.relu(-x[0]) + x[1], (0.0, 1.0)),
    "four relus, one cell thin, at 0": (lambda x: torch.relu(THIN_CELL @ x) @ x.new_tensor([1, -1, 1, -2]), (0.0, 0.0)),
}


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
    f, kink = IN_THE_PLANE[program]
    at = torch.tensor(kink, dtype=torch.float64) + torch.tensor([step, 0.0], dtype=torch.float64)
    gradients = sample_gradients(f, at, radius, SAMPLES, torch.Generator().manual_seed(0))
    reported = autograd_at(f, at)
    outline = hull_outline(gradients)
    return {
        "kink": kink,
        "at": at,
        "radius": radius,
        "gradients": gradients,
        "outline": outline,
        "reported": reported,
        "outside": distance_to_hull(reported, gradients),
    }


def hull_outline(points: Tensor) -> Tensor:
    """The corners of the convex hull of points in the plane, (n, 2), in order: one row for a point, two for a segment."""
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
    """Left: the ball that is sampled. Right: the gradients, their hull, autograd's gradient."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.4))
    angle = torch.linspace(0, 2 * torch.pi, 61, dtype=torch.float64)
    ball = data["at"][:, None] + data["radius"] * torch.stack([angle.cos(), angle.sin()])
    left.fill(*ball, color=PALETTE["sky"], alpha=0.4, label="sampled", gid="sampled")
    left.plot(*data["kink"], "s", color=PALETTE["blue"], fillstyle="none", markersize=10, label="kink", gid="kink")
    left.plot(*data["at"], "o", color="black", label="point", gid="point")
    left.set(xlim=(-1.7, 2.6), ylim=(-1.7, 2.6), xlabel="$x_1$", ylabel="$x_2$", aspect="equal", title="Points")
    left.legend(loc="upper left", ncols=3, handlelength=1.2, columnspacing=1)
    _draw_hull(right, data["outline"])
    right.plot(
        *data["gradients"].T, ".", color=PALETTE["blue"], markersize=6, label="sampled gradients", gid="gradients"
    )
    right.plot(*data["reported"], "X", color=PALETTE["vermillion"], markersize=12, label="autograd", gid="autograd")
    right.set(
        xlim=(-2.7, 3.7),
        ylim=(-3.2, 3.2),
        xlabel=r"$\partial f/\partial x_1$",
        ylabel=r"$\partial f/\partial x_2$",
        aspect="equal",
        title=place_of(data["outside"]),
    )
    right.legend(loc="upper left", handlelength=1.2)
    return figure


def _draw_hull(axes: Axes, outline: Tensor) -> None:
    """A polygon, a thick segment, or a disc, by what the hull is."""
    closed = torch.cat([outline, outline[:1]])
    wide = 3.0 if len(outline) > 2 else 10.0
    axes.fill(*closed.T, color=PALETTE["sky"], alpha=0.3, gid="inside")
    axes.plot(
        *closed.T,
        color=PALETTE["sky"],
        linestyle="-",
        linewidth=wide,
        alpha=0.7,
        marker="o",
        markersize=wide,
        label="their hull",
        gid="hull",
    )


def tell_gradients(data: dict) -> str:
    """What the picture shows, in words."""
    shape = {1: "a single point", 2: "a segment"}.get(len(data["outline"]), "a polygon")
    place = f"{data['outside']:.3g} outside it" if data["outside"] > 1e-6 else "in it"
    reported = ", ".join(map(format_number, data["reported"].tolist()))
    first, second = map(range_of, data["gradients"].T)
    return (
        f"The hull of the gradients at {SAMPLES} points within {format_number(data['radius'])} of the point is {shape}: their first entries "
        f"{first}, their second {second}. Autograd reports ({reported}) there, {place}."
    )
