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
        "x": slider(-2.0, 1.0, step=0.5, start=x, label="x", panel=0),
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
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 4.3))
    x, radius = data["x"], data["radius"]
    sampled = {"color": PALETTE["sky"], "alpha": 0.35, "label": "sampled"}
    left.fill_betweenx([-4, 2.6], x - radius, x + radius, gid="sampled", **sampled)
    left.plot(data["grid"], data["curve"], label="$f$", gid="curve")
    left.plot(x, data["value"], "o", color="black", label="$x$", gid="point")
    left.set(xlim=(-3, 2), ylim=(-3.5, 3.5), xlabel="$x$", ylabel="$f(x)$", title="Where the slopes are taken")
    left.legend(loc="upper left", ncols=3, handlelength=1.6, columnspacing=1)
    numbers = range(1, SAMPLES + 1)
    right.fill_between(
        [0, SAMPLES + 1],
        data["low"] - 0.03,
        data["high"] + 0.03,
        color=PALETTE["sky"],
        alpha=0.35,
        label="their hull",
        gid="hull",
    )
    right.plot(numbers, data["slopes"], ".", color=PALETTE["blue"], markersize=5, label="sampled slopes", gid="slopes")
    cross = {"color": PALETTE["vermillion"], "markersize": 12, "label": "autograd at $x$"}
    right.plot((SAMPLES + 1) / 2, data["reported"], "X", gid="autograd", **cross)
    right.set(xlim=(0, SAMPLES + 1), ylim=(-2.6, 3.6), yticks=range(-2, 3), xlabel="number of the sample")
    right.set(ylabel="slope", title=place_of(data["outside"]))
    right.legend(loc="upper left", ncols=2, handlelength=1.4, columnspacing=1)
    return figure


def tell_slopes(data: dict) -> str:
    """What the picture shows, in words."""
    place = f"{format_number(data['outside'])} outside the hull" if data["outside"] > 1e-9 else "in the hull"
    radius, x, reported = (format_number(data[name]) for name in ("radius", "x", "reported"))
    return (
        f"The slopes at {SAMPLES} points within {radius} of x = {x} {range_of(data['slopes'])}. "
        f"Autograd reports {reported} at x, {place}."
    )
