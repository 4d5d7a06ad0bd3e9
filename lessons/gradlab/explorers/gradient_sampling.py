"""Explorers of lesson 3 that draw gradients at random points around a kink, their hull, and autograd's value."""

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.spatial import ConvexHull
from torch import Tensor

from gradlab.explore import choice, explore, log_slider, slider
from gradlab.explore.figures import PALETTE
from gradlab.maths.clarke import distance_to_hull, sample_gradients
from gradlab.maths.spellings import FIGURE_ONE_SPELLINGS, IDENTITY_SPELLINGS

SAMPLES = 80
ON_A_LINE = FIGURE_ONE_SPELLINGS | {name: IDENTITY_SPELLINGS[name] for name in list(IDENTITY_SPELLINGS)[:2]}
THIN_CELL = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.9]], dtype=torch.float64)
IN_THE_PLANE = {  # program and the kink that it is looked at
    "max(x1*x1, x1*x2) at (1, 1)": (lambda x: torch.maximum(x[0] ** 2, x[0] * x[1]), (1.0, 1.0)),
    "abs(x1) + abs(x2) at 0": (lambda x: x.abs().sum(), (0.0, 0.0)),
    "norm(x) at 0": (lambda x: torch.linalg.vector_norm(x), (0.0, 0.0)),
    "relu(x1) - relu(-x1) + x2 at (0, 1)": (lambda x: torch.relu(x[0]) - torch.relu(-x[0]) + x[1], (0.0, 1.0)),
    "four relus, one cell thin, at 0": (lambda x: torch.relu(THIN_CELL @ x) @ x.new_tensor([1, -1, 1, -2]), (0.0, 0.0)),
}


def slope_sampling(program: str = "minimum(x, abs(x) - 2)", x: float = 0.0, radius: float = 0.5) -> None:
    """W3a on a line: slopes of a program at random points within `radius` of `x`, their hull, autograd's slope at x."""
    controls = {
        "program": choice(list(ON_A_LINE), start=program, label="program"),
        "x": slider(-2.0, 1.0, step=0.5, start=x, label="x"),
        "radius": log_slider(1e-3, 2, start=radius, positions=5, label="radius"),
    }
    explore(sampled_slopes, draw_slopes, alt=tell_slopes, **controls)


def sampled_slopes(program: str, x: float, radius: float) -> dict:
    """The curve around x, slopes at random points, their smallest and largest, and autograd's slope at x."""
    f, at = ON_A_LINE[program], torch.tensor(x, dtype=torch.float64)
    grid = torch.linspace(-3, 2, 101, dtype=torch.float64)
    slopes = sample_gradients(f, at, radius, SAMPLES, torch.Generator().manual_seed(0))
    reported = _autograd(f, at).item()
    low, high = slopes.min().item(), slopes.max().item()
    outside = max(low - reported, reported - high, 0.0)
    return {
        "grid": grid,
        "curve": f(grid),
        "x": x,
        "value": f(at).item(),
        "radius": radius,
        "slopes": slopes,
        "low": low,
        "high": high,
        "reported": reported,
        "outside": outside,
    }


def draw_slopes(data: dict) -> Figure:
    """Left: the function and the interval that is sampled. Right: the slopes, their hull, autograd's slope."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.2), width_ratios=(3, 2))
    x, radius = data["x"], data["radius"]
    left.fill_betweenx(
        [-4, 2.5], x - radius, x + radius, color=PALETTE["sky"], alpha=0.35, label="sampled", gid="sampled"
    )
    left.plot(data["grid"], data["curve"], label="$f$", gid="curve")
    left.plot(x, data["value"], "o", color="black", label="$x$", gid="point")
    left.set(xlim=(-3, 2), ylim=(-3.5, 2.5), xlabel="$x$", title="A function")
    left.legend(loc="upper left", ncols=3, handlelength=1.6)
    spread = torch.linspace(-0.35, 0.35, SAMPLES, dtype=torch.float64)
    right.plot(spread, data["slopes"], ".", color=PALETTE["blue"], markersize=4, label="sampled slopes", gid="slopes")
    hull = [data["low"], data["high"]]
    right.plot([0, 0], hull, color=PALETTE["sky"], linewidth=12, alpha=0.6, label="their hull", gid="hull")
    right.plot(
        0, data["reported"], "X", color=PALETTE["vermillion"], markersize=12, label="autograd at $x$", gid="autograd"
    )
    right.set(xlim=(-1, 1), ylim=(-2.6, 2.6), xticks=[], ylabel="slope", title=_where(data["outside"]))
    right.legend(loc="lower left", bbox_to_anchor=(0, -0.28), ncols=2, handlelength=1.4, columnspacing=1)
    return figure


def tell_slopes(data: dict) -> str:
    """What the picture shows, in words."""
    place = f"{_signed(data['outside'])} outside the hull" if data["outside"] > 1e-9 else "in the hull"
    return (
        f"The slopes at {SAMPLES} points within {_signed(data['radius'])} of x = {_signed(data['x'])} {_range(data['slopes'])}. "
        f"Autograd reports {_signed(data['reported'])} at x, {place}."
    )


def gradient_sampling(program: str = "max(x1*x1, x1*x2) at (1, 1)", radius: float = 0.1, step: float = 0.0) -> None:
    """W3a in the plane: gradients at random points within `radius` of a point `step` away from a kink, and their hull."""
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
    reported = _autograd(f, at)
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
        title=_where(data["outside"]),
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
    reported = ", ".join(map(_signed, data["reported"].tolist()))
    first, second = map(_range, data["gradients"].T)
    return (
        f"The hull of the gradients at {SAMPLES} points within {_signed(data['radius'])} of the point is {shape}: their first entries "
        f"{first}, their second {second}. Autograd reports ({reported}) there, {place}."
    )


def _range(values: Tensor) -> str:
    low, high = _signed(values.min().item()), _signed(values.max().item())
    return f"are all {low}" if low == high else f"lie between {low} and {high}"


def _signed(number: float) -> str:
    return f"{number:.3g}".replace("-", "−")


def _where(outside: float) -> str:
    return f"Autograd is outside, by {outside:.2g}" if outside > 1e-6 else "Autograd is in the hull"


def _autograd(f, at: Tensor) -> Tensor:
    point = at.clone().requires_grad_()
    return torch.autograd.grad(f(point), point)[0]
