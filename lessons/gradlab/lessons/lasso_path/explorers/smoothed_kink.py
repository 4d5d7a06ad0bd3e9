"""The prox with a smoothed corner, seen through a lens of width λ^⅓ at its kink."""

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import explore, log_slider, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.maths.prox import soft_threshold
from gradlab.maths.smooth_prox import smooth_prox
from gradlab.maths.soft import soft_sign_slope

T = 1.0
REACH = 5.0  # the lens shows k from −5 to 5
FOUND = 1e-5  # the limit, which the lesson asks for, is drawn for whoever has moved λ down to here


def smoothed_kink(k: float = 0.0, lam: float = 1e-2) -> None:
    """The smoothed prox for T = 1, and its slope at y = T + k·λ^⅓. Starts at `k` and `lam`."""
    controls = {
        "k": slider(-REACH, REACH, step=0.5, start=k, label="k", panel=1),
        "lam": log_slider(1e-12, 0.1, positions=12, start=lam, label="λ", play=True),
    }
    explore(smoothing, draw_smoothing, alt=tell_smoothing, **controls)


def limit_slope(c: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(k, slope) for λ → 0 along x = c·λ^⅓: k = c − T/2c² and slope = 1/(1 + T/c³)."""
    return c - T / (2 * c**2), 1 / (1 + T / c**3)


def smoothing(k: float, lam: float) -> dict:
    """x*(y) around the kink, its slope over k, the slope for λ → 0, and the point at k."""
    y = torch.linspace(-1.6, 3.6, 161, dtype=torch.float64)
    lens = torch.linspace(-REACH, REACH, 101, dtype=torch.float64)
    near = T + lens * lam ** (1 / 3)
    at = torch.tensor(T + k * lam ** (1 / 3), dtype=torch.float64)
    x = smooth_prox(at, T, lam)
    return {
        "k": k,
        "lam": lam,
        "y": y,
        "x": smooth_prox(y, T, lam),
        "lens": lens,
        "slope": _slope(smooth_prox(near, T, lam), lam),
        "limit": limit_slope(torch.logspace(-0.6, 0.8, 101, dtype=torch.float64)),
        "point": (at.item(), x.item(), _slope(x, lam).item()),
    }


def _slope(x: torch.Tensor, lam: float) -> torch.Tensor:
    return 1 / (1 + T * soft_sign_slope(x, lam))


def draw_smoothing(data: dict) -> Figure:
    """Left: x* over y. Right: the slope over k, with the Clarke interval at the kink."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.2))
    at, x, slope = data["point"]
    left.plot(data["y"], data["x"], label="smoothed", gid="smoothed")
    left.plot(data["y"], soft_threshold(data["y"], T), label="soft threshold")
    left.plot([at], [x], "o", color="black", gid="point")
    left.set(xlim=(-1.6, 3.6), ylim=(-0.9, 3.4), xlabel="$y$", ylabel="$x^*(y)$", title="The minimiser, T = 1")
    left.legend(loc="upper left")
    found = data["lam"] <= FOUND
    right.plot([0, 0], [0, 1], color=PALETTE["orange"], linewidth=6, alpha=0.45, label="Clarke: [0, 1]")
    right.plot(data["lens"], data["slope"], color=PALETTE["blue"], linestyle="-", label="this λ", gid="slope")
    limit = {"color": PALETTE["vermillion"], "linestyle": "--", "visible": found, "gid": "limit"}
    right.plot(*data["limit"], label="λ → 0" if found else "_", **limit)
    right.axhline(1 / 3, color="black", linewidth=1, linestyle=":", visible=found, gid="third")
    right.text(REACH, 0.345, "1/3", fontsize=11, ha="right", va="bottom", visible=found, gid="third in words")
    right.plot([data["k"]], [slope], "o", color="black", gid="slope at k")
    right.set(
        xlim=(-1.06 * REACH, 1.06 * REACH),  # the point has room at both ends
        ylim=(-0.03, 1.5),
        yticks=(0, 0.25, 0.5, 0.75, 1),
        xlabel="$k = (y - T)/\\lambda^{1/3}$",
        title="Slope $dx^*/dy$",
    )
    right.text(0.97, 0.05, f"slope {slope:.4f}", transform=right.transAxes, ha="right", fontsize=11, gid="number")
    right.legend(loc="upper left")
    return figure


def tell_smoothing(data: dict) -> str:
    """What the picture shows, in words."""
    at, _, slope = data["point"]
    limit = (
        " The curve for λ → 0 passes through 1/3 at k = 0, and together its points fill the Clarke interval from 0 to 1."
        if data["lam"] <= FOUND
        else ""
    )
    return (
        "Left: the smoothed minimiser follows the soft threshold with its corners at ±1 smoothed. Right: its slope "
        f"is {data['slope'][0]:.2f} at k = −5 and {data['slope'][-1]:.2f} at k = 5; at y = {format_number(at, '.6g')} it is {slope:.4f}.{limit}"
    )
