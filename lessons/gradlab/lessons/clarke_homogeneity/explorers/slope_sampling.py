"""Slopes of a program at random points around a kink, their hull, and autograd's slope."""

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, log_slider, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.lessons.clarke_homogeneity.explorers.autograd_and_hull import SAMPLES, autograd_at, place_of, range_of
from gradlab.maths.clarke import sample_gradients
from gradlab.maths.spellings import FIGURE_ONE_SPELLINGS, IDENTITY_SPELLINGS

ON_A_LINE = FIGURE_ONE_SPELLINGS | {name: IDENTITY_SPELLINGS[name] for name in list(IDENTITY_SPELLINGS)[:2]}


def slope_sampling(program: str = "minimum(x, abs(x) - 2)", x: float = 0.0, radius: float = 0.5) -> None:
    """Slopes of a program at random points within `radius` of `x`, their hull, autograd's slope at x."""
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
    reported = autograd_at(f, at).item()
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
    right.set(xlim=(-1, 1), ylim=(-2.6, 2.6), xticks=[], ylabel="slope", title=place_of(data["outside"]))
    right.legend(loc="lower left", bbox_to_anchor=(0, -0.28), ncols=2, handlelength=1.4, columnspacing=1)
    return figure


def tell_slopes(data: dict) -> str:
    """What the picture shows, in words."""
    place = f"{format_number(data['outside'])} outside the hull" if data["outside"] > 1e-9 else "in the hull"
    return (
        f"The slopes at {SAMPLES} points within {format_number(data['radius'])} of x = {format_number(data['x'])} {range_of(data['slopes'])}. "
        f"Autograd reports {format_number(data['reported'])} at x, {place}."
    )
