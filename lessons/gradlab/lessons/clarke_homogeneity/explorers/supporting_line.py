"""Lines that support a function: a slope is a subgradient where its line stays below."""

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.maths.piecewise_linear import PiecewiseLinear, figure_one

FUNCTIONS = {
    "Figure 1": figure_one(),
    "relu": PiecewiseLinear((0.0,), (0.0, 1.0)),
    "||x| − 1|": PiecewiseLinear((-1.0, 0.0, 1.0), (-1.0, 1.0, -1.0, 1.0), 1.0),
}
REACH = 50.0  # where the picture cannot show a crossing any more, the sentence still tells it
SIGHT = 3.0


def supporting_line(function: str = "Figure 1", x: float = -1.0, slope: float = 0.0) -> None:
    """A line of a given slope through (x, f(x)); where it rises above f lights up."""
    controls = {
        "function": choice(list(FUNCTIONS), start=function, label="f"),
        "x": slider(-2.0, 2.0, step=0.5, start=x, label="x"),
        "slope": slider(-1.5, 1.5, step=0.25, start=slope, label="slope s"),
    }
    explore(line, draw_line, alt=tell_line, **controls)


def line(function: str, x: float, slope: float) -> dict:
    """f and the line on a wide grid that holds x and every break, and the points where the line is above f."""
    f = FUNCTIONS[function]
    extra = torch.tensor([x, *f.breaks, -REACH, REACH], dtype=torch.float64)
    grid = torch.cat([torch.linspace(-SIGHT, SIGHT, 241, dtype=torch.float64), extra]).sort().values
    curve = f(grid)
    tangent = f(extra[0]) + slope * (grid - x)
    above = grid[tangent > curve + 1e-9]
    return {
        "grid": grid,
        "curve": curve,
        "line": tangent,
        "x": x,
        "value": f(extra[0]).item(),
        "slope": slope,
        "first": above[0].item() if above.numel() else None,
        "seen": bool((above.abs() <= SIGHT).any()),
    }


def draw_line(data: dict) -> Figure:
    """f, the line, and the part of the plane between them where the line is above f."""
    figure, ax = plt.subplots(figsize=(8.0, 4.6))
    grid, curve, tangent = data["grid"], data["curve"], data["line"]
    wrong = {"color": PALETTE["orange"], "alpha": 0.6, "hatch": "//", "linewidth": 0}
    ax.fill_between(grid, curve, tangent, where=tangent > curve, label="line above $f$", gid="above", **wrong)
    ax.plot(grid, curve, color=PALETTE["blue"], label="$f$", gid="curve")
    ax.plot(grid, tangent, color=PALETTE["vermillion"], linestyle="--", label="line of slope $s$", gid="line")
    ax.plot(data["x"], data["value"], "o", color="black", markersize=8, gid="point")
    ax.set(xlim=(-SIGHT, SIGHT), ylim=(-5, 4), xlabel="$x'$")
    ax.set_title(_verdict(data), gid="verdict")
    ax.legend(loc="upper left", ncols=3, handlelength=2.2)
    return figure


def _verdict(data: dict) -> str:
    slope = format_number(data["slope"])
    if data["first"] is None:
        return f"s = {slope} is a subgradient: the line stays below f"
    return f"s = {slope} fails: the line is above f" + ("" if data["seen"] else ", far out")


def tell_line(data: dict) -> str:
    """What the picture shows, in words."""
    where = "" if data["first"] is None else f" It is above f at x′ = {format_number(data['first'])}, for one."
    return f"A line through the point of the curve at x = {format_number(data['x'])}, where f is {format_number(data['value'])}. {_verdict(data)}.{where}"
