"""Explorers of lesson 1: the rounded sign and lost digits; the two about kinks are in `kinks`."""

import math

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, log_slider
from gradlab.explore.figures import PALETTE
from gradlab.explorers.kinks import kink, tangent_fan
from gradlab.maths.soft import exact_soft_sign_slope as exact_slope
from gradlab.maths.soft import soft_abs, soft_sign_slope
from gradlab.maths.soft import soft_sign as soft_sign_of

JUMP = 0.5  # A of one entry: the hard map jumps by 2A = 1
TALLEST = 12.0  # top of the axis for dY/dX

__all__ = ["kink", "precision", "soft_sign", "tangent_fan"]


def soft_sign(lam: float = 0.01) -> None:
    """Soft absolute value, soft sign, and the slope of Y = X + ½ S(X), filled above 1. Starts at `lam`."""
    control = log_slider(1e-8, 1, start=lam, label="λ")
    explore(rounding, draw_rounding, alt=tell_rounding, lam=control)


def rounding(lam: float) -> dict:
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


def draw_rounding(data: dict) -> Figure:
    """Left: B and S with what they round. Right: dY/dX, the area above 1 filled."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.4))
    x = data["x"]
    left.plot(x, data["abs"], label="soft abs $B$", gid="abs")
    left.plot(x, data["sign"], label="soft sign $S$", gid="sign")
    left.plot([-1, 0, 1], [1, 0, 1], color="black", linestyle=":", linewidth=1.2, label="$|x|$ and sign $x$")
    left.plot([-1, 0, 0, 1], [-1, -1, 1, 1], color="black", linestyle=":", linewidth=1.2)
    left.set(xlim=(-1, 1), ylim=(-1.15, 1.6), xlabel="$x$", xticks=(-1, 0, 1), title="Round the corner")
    left.legend(loc="lower right", handlelength=2.6)
    right.fill_between(x, 1, data["slope"].clamp(max=TALLEST), color=PALETTE["sky"], alpha=0.5, gid="area")
    right.plot(x, data["slope"].clamp(max=2 * TALLEST), label="$dY/dX$, soft sign", gid="slope")
    right.plot([-1, 1], [1, 1], label="autograd, hard sign")
    right.set(xlim=(-1, 1), ylim=(0, TALLEST), xlabel="$x$", xticks=(-1, 0, 1))
    right.set_title("Slope of Y = X + ½ S(X)")
    right.legend(loc="upper left", handlelength=2.6)
    words = f"height {_short(data['height'])}\nwidth {_short(data['width'])}\nfilled area {data['area']:.3f}"
    right.text(0.97, 0.97, words, transform=right.transAxes, ha="right", va="top", fontsize=11, gid="numbers")
    return figure


def tell_rounding(data: dict) -> str:
    """What the picture shows, in words."""
    beyond = " and leaves the picture" if data["height"] > TALLEST else ""
    return (
        f"Left: the soft absolute value is {_short(math.sqrt(data['lam']))} high at 0, where |x| has its "
        "corner, and the soft sign passes through 0 where the sign jumps. Right: the slope of Y is a spike "
        f"at 0 above the line at 1. It is {_short(data['height'])} high{beyond}, {_short(data['width'])} "
        f"wide at half height, and the filled area above 1 is {data['area']:.3f}; the jump 2A is 1."
    )


def precision(lam: float = 1e-6, dtype: str = "float32") -> None:
    """Relative error of two formulas for dS/dx against x, in float32 or float64. Starts at these two."""
    controls = {
        "lam": log_slider(1e-16, 1, start=lam, positions=17, label="λ"),
        "dtype": choice(["float32", "float64"], start=dtype, label="numbers in"),
    }
    explore(errors, draw_errors, alt=tell_errors, **controls)


def errors(lam: float, dtype: str) -> dict:
    """Relative errors of dS/dx by autograd of x/√(x²+λ) and by (√λ/B)²/B, and the x where λ = ε x²."""
    kind = getattr(torch, dtype)
    x = torch.logspace(-3, 3, 91, dtype=torch.float64).to(kind)
    size = torch.tensor(lam, dtype=kind)  # λ as this dtype holds it: only the formula is on trial
    truth = exact_slope(x.double(), size.item())
    tracked = x.clone().requires_grad_(True)
    (by_autograd,) = torch.autograd.grad((tracked / torch.sqrt(tracked**2 + size)).sum(), tracked)
    naive, stable = ((slope.double() / truth - 1).abs() for slope in (by_autograd, soft_sign_slope(x, size)))
    epsilon = torch.finfo(kind).eps
    return {
        "x": x.double(),
        "dtype": dtype,
        "naive": naive,
        "stable": stable,
        "cliff": math.sqrt(lam / epsilon),
        "epsilon": epsilon,
    }


def draw_errors(data: dict) -> Figure:
    """Both errors on logarithmic axes, and the x beyond which λ < ε x²."""
    figure, ax = plt.subplots(figsize=(8.0, 4.6))
    lowest = data["epsilon"] / 8  # an error of exactly 0 has no place on this axis
    ax.plot(data["x"], data["naive"].clamp(lowest), label="autograd of $x/\\sqrt{x^2+\\lambda}$", gid="naive")
    stable = data["stable"].clamp(lowest)
    ax.plot(data["x"], stable, linewidth=1.4, label="$(\\sqrt{\\lambda}/B)^2/B$", gid="stable")
    cliff = {"color": PALETTE["green"], "linestyle": "-.", "gid": "cliff"}
    ax.axvline(data["cliff"], label="$\\lambda = \\varepsilon x^2$", **cliff)
    ax.axhline(1, color="black", linewidth=1, linestyle=":")
    paper = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}
    ax.text(1.2e-3, 3, "above this line no digit is left", fontsize=10, va="bottom", bbox=paper)
    ax.set(xscale="log", xlim=(1e-3, 1e3), xlabel="$x$")
    ax.set(yscale="log", ylim=(1e-18, 1e3), ylabel="relative error of $dS/dx$")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, handlelength=3)
    return figure


def tell_errors(data: dict) -> str:
    """What the picture shows, in words."""
    lost = data["x"][data["naive"] > 0.5]
    if lost.numel():
        fate = f"about as x squared; from x = {_short(lost[0].item())} on it has no digit left"
    else:
        fate = f"to {_short(data['naive'].max().item())} at the most"
    worst = data["stable"].max().item() + data["epsilon"]
    return (
        f"Relative error of the soft sign's slope for x from 0.001 to 1000, computed in {data['dtype']}. By "
        f"autograd it grows {fate}. The stable formula stays below {_short(worst)} everywhere."
    )


def _short(number: float) -> str:
    return f"{number:.3g}"
