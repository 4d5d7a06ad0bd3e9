"""The smoothed sign: soft absolute value, soft sign, and the spike that takes the place of a jump."""

import math

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gradlab.explore import explore, log_slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.maths.soft import soft_abs, soft_sign_slope
from gradlab.maths.soft import soft_sign as soft_sign_of

JUMP = 0.5  # A of one entry: the hard map jumps by 2A = 1
TALLEST = 1e4  # top of the axis for dY/dX
LENS = 4.0  # half the width of the lens, in √λ


def soft_sign(lam: float = 0.01) -> None:
    """Soft absolute value, soft sign, and the slope of Y = X + ½ S(X), filled above 1. Starts at `lam`."""
    control = log_slider(1e-8, 1, start=lam, label="λ", play=True)
    explore(smoothing, draw_smoothing, alt=tell_smoothing, lam=control)


def smoothing(lam: float) -> dict:
    """B, S and dY/dX at points that crowd where the spike is, its height, its width, and the area above 1."""
    reach = math.asinh(1 / math.sqrt(lam))
    x = math.sqrt(lam) * torch.sinh(torch.linspace(-reach, reach, 241, dtype=torch.float64))
    slope = 1 + JUMP * soft_sign_slope(x, lam)
    half = math.sqrt(lam * (2 ** (2 / 3) - 1))  # there dS/dx is half of what it is at 0
    return {
        "lam": lam,
        "x": x,
        "abs": soft_abs(x, lam),
        "sign": soft_sign_of(x, lam),
        "slope": slope,
        "height": 1 + JUMP / math.sqrt(lam),
        "width": 2 * half,
        "area": JUMP * (soft_sign_of(x[-1], lam) - soft_sign_of(x[0], lam)).item(),
    }


def draw_smoothing(data: dict) -> Figure:
    """Left: B and S with what they smooth. Right: dY/dX, in it the same spike through a lens of width √λ."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.4))
    x = data["x"]
    left.plot(x, data["abs"], label="soft abs $B$", gid="abs")
    left.plot(x, data["sign"], label="soft sign $S$", gid="sign")
    left.plot([-1, 0, 1], [1, 0, 1], color="black", linestyle=":", linewidth=1.2, label="$|x|$ and sign $x$")
    left.plot([-1, 0, 0, 1], [-1, -1, 1, 1], color="black", linestyle=":", linewidth=1.2)
    left.set(xlim=(-1, 1), ylim=(-1.15, 1.6), xlabel="$x$", xticks=(-1, 0, 1), title="Smooth the corner")
    left.legend(loc="lower right", handlelength=2.6)
    right.plot(x, data["slope"], label="$dY/dX$, soft sign", gid="slope")
    right.plot([-1, 1], [1, 1], label="autograd, hard sign")
    right.set(xlim=(-1, 1), yscale="log", ylim=(0.5, 20 * TALLEST), xlabel="$x$", xticks=(-1, 0, 1))
    right.set_title("Slope of Y = X + ½ S(X)")
    right.legend(loc="upper left", handlelength=2.6)
    words = f"height above 1: {format_number(data['height'] - 1, '.4g')}\nwidth {format_number(data['width'])}"
    right.text(0.04, 0.62, words, transform=right.transAxes, va="top", fontsize=11, gid="numbers")
    _draw_lens(right.inset_axes((0.66, 0.34, 0.32, 0.34)), data)
    return figure


def _draw_lens(ax: Axes, data: dict) -> None:
    """The spike above 1, its width in units of √λ and its height in units of 1/√λ: the same at every small λ."""
    root = math.sqrt(data["lam"])
    seen = data["x"].abs() <= LENS * root
    x, above = data["x"][seen] / root, (data["slope"][seen] - 1) * root
    ax.fill_between(x, 0, above, color=PALETTE["sky"], alpha=0.5, gid="area")
    ax.plot(x, above, color=PALETTE["blue"], linewidth=1.5, gid="lens")
    ax.set(xlim=(-LENS, LENS), ylim=(0, 0.6), yticks=())
    ax.set_xticks((-LENS, 0, LENS), ("−4√λ", "0", "4√λ"))
    ax.set_title(f"area {data['area']:.3f}", fontsize=11, gid="area in words")


def tell_smoothing(data: dict) -> str:
    """What the picture shows, in words."""
    return (
        f"Left: the soft absolute value is {format_number(math.sqrt(data['lam']))} high at 0, where |x| has its "
        "corner, and the soft sign passes through 0 where the sign jumps. Right: the slope of Y is a spike "
        f"at 0 above the line at 1. It rises {format_number(data['height'] - 1)} above it, is {format_number(data['width'])} "
        f"wide at half height, and the area between it and 1, seen through a lens, is {data['area']:.3f}; the jump 2A "
        "is 1."
    )
