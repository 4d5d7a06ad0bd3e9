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
SIGHT, FAR = 3.0, 12.0


def supporting_line(function: str = "Figure 1", x: float = -1.0, slope: float = 0.0) -> None:
    """A line of a given slope through (x, f(x)); where it rises above f lights up."""
    controls = {
        "function": choice(list(FUNCTIONS), start=function, label="f"),
        "x": slider(-2.0, 2.0, step=0.5, start=x, label="x", panel=0),
        "slope": slider(-1.5, 1.5, step=0.25, start=slope, label="slope s"),
    }
    explore(line, draw_line, alt=tell_line, **controls)


def line(function: str, x: float, slope: float) -> dict:
    """f and the line on a wide grid that holds x and every break, and the points where the line is above f."""
    f = FUNCTIONS[function]
    extra = torch.tensor([x, *f.breaks, -REACH, REACH], dtype=torch.float64)
    grid = torch.cat([torch.linspace(-FAR, FAR, 97, dtype=torch.float64), extra]).sort().values
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
    """f, the line, and the plane between them where the line is above f: near, and from farther away."""
    figure, (near, far) = plt.subplots(1, 2, figsize=(9.4, 4.3))
    grid, curve, tangent = data["grid"], data["curve"], data["line"]
    wrong = {"color": PALETTE["orange"], "alpha": 0.6, "hatch": "//", "linewidth": 0}
    for ax in (near, far):
        ax.fill_between(grid, curve, tangent, where=tangent > curve, label="line above $f$", gid="above", **wrong)
        ax.plot(grid, curve, color=PALETTE["blue"], label="$f$", gid="curve")
        ax.plot(grid, tangent, color=PALETTE["vermillion"], linestyle="--", label="line of slope $s$", gid="line")
        ax.plot(data["x"], data["value"], "o", color="black", markersize=8, gid="point")
    near.set(xlim=(-SIGHT, SIGHT), ylim=(-5, 5), xlabel="$x'$", ylabel="$f(x')$")
    near.set_title(_verdict(data), gid="verdict")
    far.set(xlim=(-FAR, FAR), ylim=(-FAR - 2, FAR + 2), xlabel="$x'$", title="From farther away")
    near.legend(loc="upper left", ncols=2, handlelength=2.2, columnspacing=1)
    return figure


def _verdict(data: dict) -> str:
    slope = format_number(data["slope"])
    if data["first"] is None:
        return f"s = {slope} is a subgradient"
    return f"s = {slope} fails" + ("" if data["seen"] else ", far out")


def tell_line(data: dict) -> str:
    """What the picture shows, in words."""
    x, value = format_number(data["x"]), format_number(data["value"])
    where = "" if data["first"] is None else f" It is above f at x′ = {format_number(data['first'])}, for one."
    end = ": the line stays below f." if data["first"] is None else ": the line is above f somewhere."
    return f"A line through the point of the curve at x = {x}, where f is {value}. {_verdict(data)}{end}{where}"
