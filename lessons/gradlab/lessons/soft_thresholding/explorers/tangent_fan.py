"""The tangent fan of |x|: which lines through the corner stay below."""

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gradlab.explore import explore, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number

BAR = {"color": PALETTE["sky"], "linestyle": "-", "alpha": 0.5, "solid_capstyle": "butt"}
HERE = {
    "color": PALETTE["vermillion"],
    "markersize": 12,
    "fillstyle": "none",
    "markeredgewidth": 2.3,
    "gid": "here",
}


def tangent_fan(s0: float = 1.0) -> None:
    """Lines of slope s₀ through the corner of |x|; those with s₀ in [−1, 1] stay below it. Starts at `s0`."""
    control = slider(-1.5, 1.5, step=0.25, start=s0, label="slope s₀")
    explore(fan, draw_fan, alt=tell_fan, s0=control)


def fan(s0: float) -> dict:
    """The line, whether it stays below |x|, and what autograd says at 0."""
    corner = torch.zeros((), dtype=torch.float64, requires_grad=True)
    (autograd,) = torch.autograd.grad(corner.abs(), corner)
    return {"s0": s0, "supports": abs(s0) <= 1, "autograd": autograd.item(), "forum": 1.0}


def draw_fan(data: dict) -> Figure:
    """Left: |x| with the fan of all supporting lines. Right: their slopes, torch's and the forum's marked."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.8, 4.2), width_ratios=(1.7, 1))
    x = torch.tensor([-1.0, 0.0, 1.0])
    left.fill_between(x, -x.abs(), x.abs(), color=PALETTE["sky"], alpha=0.3, label="slopes in [−1, 1]")
    left.plot(x, x.abs(), label="$|x|$")
    left.plot(x, data["s0"] * x, label="slope $s_0$", gid="line")
    words = f"slope {format_number(data['s0'], '.3g')} {_verdict(data)}"
    left.text(0, -1.3, words, ha="center", fontsize=11, gid="verdict")
    left.set(xlim=(-1, 1), ylim=(-1.5, 1.75), xlabel="$x$", xticks=(-1, 0, 1))
    left.legend(loc="upper center", ncols=3, handlelength=2.2)
    _draw_choices(right, data)
    return figure


def _draw_choices(ax: Axes, data: dict) -> None:
    beside = {"textcoords": "offset points", "va": "center", "fontsize": 11}
    ax.plot([0, 0], [-1, 1], linewidth=9, **BAR)
    ax.annotate("Clarke\n[−1, 1]", (0, -0.55), (-12, 0), ha="right", **beside)
    for slope, name, marker in ((data["autograd"], "torch.abs", "o"), (data["forum"], "the forum", "s")):
        ax.plot(0, slope, marker, color="black", markersize=8)
        ax.annotate(f"{name}: {slope:g}", (0, slope), (12, 0), **beside)
    ax.plot(0, data["s0"], "D", **HERE)
    ax.set(xlim=(-1, 1.4), ylim=(-1.6, 1.6), xticks=[], ylabel="slope at 0")


def _verdict(data: dict) -> str:
    return "touches |x| from below" if data["supports"] else "cuts through |x|"


def tell_fan(data: dict) -> str:
    """What the picture shows, in words."""
    where = "in" if data["supports"] else "outside"
    owner = ""
    if data["s0"] == data["autograd"]:
        owner = " It is the slope that torch.abs reports."
    elif data["s0"] == data["forum"]:
        owner = " It is the forum's choice."
    return (
        f"The curve |x| with its corner at 0. The line of slope {format_number(data['s0'], '.3g')} through the corner "
        f"{_verdict(data)}: its slope is {where} the Clarke subdifferential, which reaches from −1 to 1.{owner}"
    )
