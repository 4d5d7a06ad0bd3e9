"""Soft-thresholding in nine spellings, and what autograd says at its kink."""

import math
from collections.abc import Callable

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.maths.prox import SOFT_THRESHOLD_SPELLINGS

BAR = {"color": PALETTE["sky"], "linestyle": "-", "alpha": 0.5, "solid_capstyle": "butt"}
HERE = {
    "color": PALETTE["vermillion"],
    "markersize": 12,
    "fillstyle": "none",
    "markeredgewidth": 2.3,
    "gid": "here",
}


def kink(T: float = 1.0, spelling: str = "maximum(y-T, 0)+minimum(y+T, 0)") -> None:
    """Soft-thresholding in one of nine spellings, and what autograd says at its kink. Starts at these two."""
    controls = {
        "T": slider(0.0, 2.0, step=0.25, start=T, label="T"),
        "spelling": choice(list(SOFT_THRESHOLD_SPELLINGS), start=spelling, label="spelling"),
    }
    explore(spelled, draw_kink, alt=tell_kink, **controls)


def spelled(T: float, spelling: str) -> dict:
    """Values of one spelling, autograd's slope around and at y = T, Clarke subdifferential."""
    f = SOFT_THRESHOLD_SPELLINGS[spelling]
    nine = SOFT_THRESHOLD_SPELLINGS.values()
    y = torch.linspace(-3, 3, 121, dtype=torch.float64)
    at_kink = torch.tensor(T, dtype=torch.float64)
    away = torch.tensor([-0.1, -1e-6, 1e-6, 0.1], dtype=torch.float64)
    return {
        "T": T,
        "y": y,
        "value": f(y, T),
        "away": away,
        "slopes": _slope(f, T + away, T),
        "here": _slope(f, at_kink, T).item(),
        "all": sorted({_slope(each, at_kink, T).item() for each in nine} & {0.0, 0.5, 1.0}),
        "clarke": (0.0, 1.0) if T > 0 else (1.0, 1.0),
    }


def _slope(f: Callable, y: torch.Tensor, T: float) -> torch.Tensor:
    y = y.clone().requires_grad_(True)
    return torch.autograd.grad(f(y, T).sum(), y)[0]


def draw_kink(data: dict) -> Figure:
    """Left: the function. Right: its slope close to y = T, the Clarke subdifferential, and who says what."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 4.4), width_ratios=(1, 1.25))
    T = data["T"]
    left.plot(data["y"], data["y"], color="black", linestyle=":", linewidth=1.2, label="$y$")
    left.plot(data["y"], data["value"], color=PALETTE["blue"], label="$f_T(y)$", gid="value")
    left.plot(T, 0, "o", color=PALETTE["vermillion"], markersize=16, fillstyle="none", gid="zoomed")
    left.set(xlim=(-3, 3), ylim=(-3, 3), xlabel="$y$", title="Soft-thresholding")
    left.legend(loc="upper left")
    _draw_slopes(right, data)
    return figure


def _draw_slopes(ax: Axes, data: dict) -> None:
    (low, high), away, slopes = data["clarke"], data["away"], data["slopes"]
    ends = [low - 0.01, high + 0.01]  # so that a single slope can be seen too
    ax.plot(
        [0, 0],
        ends,
        linewidth=14,
        label=f"Clarke subdifferential {_interval(data['clarke'])}",
        gid="clarke",
        **BAR,
    )
    for side, gid in ((slice(0, 2), "before"), (slice(2, 4), "after")):
        ax.plot(away[side], slopes[side], color=PALETTE["blue"], linestyle="-", linewidth=2.5, gid=gid)
    ring = {"color": "black", "markersize": 6, "fillstyle": "none", "gid": "all"}
    ax.plot([0] * len(data["all"]), data["all"], "o", label="all nine spellings", **ring)
    ax.plot(0, data["here"], "D", label=f"this spelling: {format_number(data['here'])}", **HERE)
    ax.set(xlim=(-0.1, 0.1), xticks=(-0.1, 0, 0.1), xlabel="$y - T$", ylim=(-0.35, 1.35))
    ax.set_title("Slope, close to y = T")
    ax.set_yticks((0, 0.5, 1), ("0", "½", "1"))
    ax.legend(loc="center left", bbox_to_anchor=(0.53, 0.48), handlelength=1.2, labelspacing=0.8)


def tell_kink(data: dict) -> str:
    """What the picture shows, in words."""
    here, (low, high) = data["here"], data["clarke"]
    if math.isnan(here):
        verdict = "which is no number"
    else:
        verdict = "which lies in it" if low <= here <= high else "which lies outside"
    left, right = (format_number(data["slopes"][k].item()) for k in (1, 2))
    return (
        f"Soft-thresholding, and its slope close to y = T = {data['T']:g}. The slope is {left} on the left "
        f"of it and {right} on the right; the Clarke subdifferential there is {_interval(data['clarke'])}. "
        f"Autograd on this spelling says {format_number(here)}, {verdict}."
    )


def _interval(ends: tuple[float, float]) -> str:
    return "{1}" if ends[0] == ends[1] else f"[{ends[0]:g}, {ends[1]:g}]"
