"""A graph of three operations, walked forwards for the values and backwards for the adjoints, a step at a time."""

import math
from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from gradlab.explore import explore, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number

PLACES = {"x": (0.0, 0.0), "a": (2.6, 1.1), "b": (2.6, -1.1), "y": (5.2, 0.0)}
FORMULAS = {"x": "x", "a": "a = x²", "b": "b = sin x", "y": "y = a · b"}
EDGES = (("x", "a"), ("x", "b"), ("a", "y"), ("b", "y"))
STEPS = (
    "start: x is known",
    "forwards: a and b",
    "forwards: y. The values are there",
    "backwards: the adjoint of y is 1",
    "backwards: the adjoints of a and b",
    "backwards: two contributions to x",
    "their sum is the derivative dy/dx",
)
VALUES_FROM = {"x": 0, "a": 1, "b": 1, "y": 2}
ADJOINTS_FROM = {"y": 3, "a": 4, "b": 4, "x": 6}
SENT_FROM = {("a", "y"): 4, ("b", "y"): 4, ("x", "a"): 5, ("x", "b"): 5}


@dataclass(frozen=True)
class Walk:
    """Values, local slopes and adjoints of y = x² sin x at x, and how far the walk has come."""

    x: float
    step: int
    values: dict[str, float]
    slopes: dict[tuple[str, str], float]
    adjoints: dict[str, float]

    def sent(self, edge: tuple[str, str]) -> float:
        """What an edge sends backwards: the adjoint at its end times its slope."""
        return self.adjoints[edge[1]] * self.slopes[edge]


def adjoints(x: float = 2.0, step: int = 2) -> None:
    """The graph of y = x² sin x with values, slopes on its edges, and adjoints. Starts at `x` and `step`."""
    explore(
        walk,
        draw_walk,
        alt=tell_walk,
        step=slider(0, len(STEPS) - 1, step=1, start=step, label="step", play=True),
        x=slider(-3.0, 3.0, step=1.0, start=x, label="x"),
    )


def walk(x: float, step: int) -> Walk:
    """Every number of the walk, by the rules for a square, a sine and a product."""
    a, b = x * x, math.sin(x)
    slopes = {("x", "a"): 2 * x, ("x", "b"): math.cos(x), ("a", "y"): b, ("b", "y"): a}
    total = b * slopes["x", "a"] + a * slopes["x", "b"]
    return Walk(x, step, {"x": x, "a": a, "b": b, "y": a * b}, slopes, {"y": 1.0, "a": b, "b": a, "x": total})


def draw_walk(data: Walk) -> Figure:
    """Boxes with values; on each edge its slope, and below it what it sends backwards; adjoints under the boxes."""
    figure, ax = plt.subplots(figsize=(6.1, 4.1))
    for edge in EDGES:
        _draw_edge(ax, data, edge)
    for name, (x, y) in PLACES.items():
        ax.add_patch(
            FancyBboxPatch((x - 0.72, y - 0.34), 1.44, 0.68, boxstyle="round,pad=0.04", fc="white", ec="black", lw=1.5)
        )
        known = data.step >= VALUES_FROM[name]
        text = f"{FORMULAS[name]}\n{_short(data.values[name]) if known else '?'}"
        ax.text(x, y, text, ha="center", va="center", fontsize=12, gid=f"value {name}")
        if data.step >= ADJOINTS_FROM[name]:
            colour = {"color": "#b34400", "fontsize": 12, "fontweight": "bold"}
            words = f"adjoint {_short(data.adjoints[name])}"
            ax.text(x, y - 0.52, words, ha="center", va="top", gid=f"adjoint {name}", **colour)
    ax.set_title(f"Step {data.step}: {STEPS[data.step]}", gid="step")
    ax.set(xlim=(-1.0, 6.2), ylim=(-2.1, 1.8))
    ax.axis("off")
    return figure


def _draw_edge(ax: Axes, data: Walk, edge: tuple[str, str]) -> None:
    """An arrow forwards with its slope; where the walk has come back over it, an arrow backwards with what it sends."""
    (x0, y0), (x1, y1) = PLACES[edge[0]], PLACES[edge[1]]
    start, end = (x0 + 0.8, y0 + 0.25 * (y1 - y0)), (x1 - 0.8, y1 - 0.25 * (y1 - y0))
    look = {"arrowstyle": "->", "linewidth": 1.8, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=look | {"color": PALETTE["blue"]})
    middle, up = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), 1 if y0 + y1 > 0 else -1
    if data.step >= VALUES_FROM[edge[1]]:
        words = f"slope {_short(data.slopes[edge])}"
        place = {"ha": "center", "va": "bottom" if up > 0 else "top"}
        aside = -0.3 if edge[0] == "x" else 0.3
        ax.text(middle[0] + aside, middle[1] + 0.34 * up, words, color=PALETTE["blue"], gid=f"slope {edge}", **place)
    if data.step >= SENT_FROM[edge]:
        back = look | {"color": PALETTE["vermillion"], "linestyle": "--"}
        ax.annotate("", (start[0], start[1] - 0.16 * up), (end[0], end[1] - 0.16 * up), arrowprops=back)
        place = {"ha": "center", "va": "top" if up > 0 else "bottom"}
        words = _short(data.sent(edge))
        aside = 0.15 if edge[0] == "x" else -0.25
        ax.text(middle[0] + aside, middle[1] - 0.34 * up, words, color="#b34400", gid=f"sent {edge}", **place)


def _short(value: float) -> str:
    return format_number(value, ".2f")


def tell_walk(data: Walk) -> str:
    """What the picture shows, in words."""
    known = ", ".join(f"{name} = {_short(data.values[name])}" for name in PLACES if data.step >= VALUES_FROM[name])
    told = ", ".join(
        f"of {name} {_short(data.adjoints[name])}" for name in ADJOINTS_FROM if data.step >= ADJOINTS_FROM[name]
    )
    sent = " and ".join(_short(data.sent(edge)) for edge in EDGES[:2])
    return (
        f"A graph: x leads to a = x squared and to b = sine of x, both lead to y = a times b. Step {data.step}, "
        f"{STEPS[data.step]}. Known are {known}."
        + (f" Adjoints: {told}." if told else "")
        + (f" Over the two edges {sent} come back to x." if data.step >= 5 else "")
    )
