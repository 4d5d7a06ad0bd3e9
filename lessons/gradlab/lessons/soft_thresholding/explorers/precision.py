"""Lost digits: two formulas for the slope of the soft sign, in float32 and float64."""

import math

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, log_slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.maths.soft import exact_soft_sign_slope, soft_sign_slope

HIGHEST = 1e3  # an error drawn; where all digits are lost its size says nothing


def precision(lam: float = 1e-6, dtype: str = "float32") -> None:
    """Relative error of two formulas for dS/dx against x, in float32 or float64. Starts at these two."""
    controls = {
        "lam": log_slider(1e-16, 1, start=lam, positions=17, label="λ"),
        "dtype": choice(["float32", "float64"], start=dtype, label="numbers in"),
    }
    explore(errors, draw_errors, alt=tell_errors, **controls)


def errors(lam: float, dtype: str) -> dict:
    """Relative errors of dS/dx by autograd of x/√(x²+λ) and by a stable formula, and the x where λ = ε x²."""
    kind = getattr(torch, dtype)
    x = torch.logspace(-3, 3, 91, dtype=torch.float64).to(kind)
    size = torch.tensor(lam, dtype=kind)  # λ as this dtype holds it: only the formula is on trial
    truth = exact_soft_sign_slope(x.double(), size.item())
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
    figure, ax = plt.subplots(figsize=(5.6, 4.4))
    lowest = data["epsilon"] / 8  # an error of exactly 0 has no place on this axis
    ax.plot(data["x"], data["naive"].clamp(lowest, HIGHEST), label="autograd of $x/\\sqrt{x^2+\\lambda}$", gid="naive")
    stable = data["stable"].clamp(lowest)
    ax.plot(data["x"], stable, linewidth=1.4, label="a formula that subtracts nothing", gid="stable")
    cliff = {"color": PALETTE["green"], "linestyle": "-.", "gid": "cliff"}
    ax.axvline(data["cliff"], ymax=0.68, label="$\\lambda = \\varepsilon x^2$", **cliff)
    ax.axhline(1, color="black", linewidth=1, linestyle=":", label="above it no digit is left")
    ax.set(xscale="log", xlim=(1e-3, 1e3), xlabel="$x$")
    ax.set(yscale="log", ylim=(1e-18, 1e14), ylabel="relative error of $dS/dx$")
    ax.set_yticks([10.0**k for k in range(-18, 4, 6)])
    ax.legend(loc="upper left", handlelength=3)
    return figure


def tell_errors(data: dict) -> str:
    """What the picture shows, in words."""
    lost = data["x"][data["naive"] > 0.5]
    if lost.numel():
        fate = f"about as x squared; from x = {format_number(lost[0].item())} on it has no digit left"
    else:
        fate = f"to {format_number(data['naive'].max().item())} at the most"
    worst = data["stable"].max().item() + data["epsilon"]
    return (
        f"Relative error of the soft sign's slope for x from 0.001 to 1000, computed in {data['dtype']}. By "
        f"autograd it grows {fate}. The stable formula stays below {format_number(worst)} everywhere."
    )
