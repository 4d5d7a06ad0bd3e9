"""A first slider: a curve, its tangent at a point, and autograd's slope there."""

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import explore, slider
from gradlab.explore.format_number import format_number


def tangent(x: float = -1.6) -> None:
    """The curve f(x) = x³ − 3x, its tangent at a point, and autograd's slope there. Starts at `x`; a click moves it."""
    explore(tangent_at, draw_tangent, alt=tell_tangent, x=slider(-2.0, 2.0, step=0.1, start=x, label="x", panel=0))


def tangent_at(x: float) -> dict:
    """Value and slope of f at x, the slope by autograd, and the curve."""
    point = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = cubic(point)
    (slope,) = torch.autograd.grad(value, point)
    grid = torch.linspace(-2.3, 2.3, 161, dtype=torch.float64)
    return {"x": x, "value": value.item(), "slope": slope.item(), "grid": grid, "curve": cubic(grid)}


def cubic(x: torch.Tensor) -> torch.Tensor:
    """f(x) = x³ − 3x, slope 3x² − 3."""
    return x**3 - 3 * x


def draw_tangent(data: dict) -> Figure:
    """The curve, its tangent, the point they share."""
    figure, ax = plt.subplots(figsize=(5.6, 4.1))
    ax.plot(data["grid"], data["curve"], label="$f(x) = x^3 - 3x$")
    ends = torch.tensor([data["x"] - 0.9, data["x"] + 0.9])
    ax.plot(ends, data["value"] + data["slope"] * (ends - data["x"]), label="tangent", gid="tangent")
    ax.plot(data["x"], data["value"], "o", color="black", markersize=8, gid="point")
    ax.set(xlim=(-2.3, 2.3), ylim=(-5, 5), xlabel="$x$", ylabel="$f(x)$")
    ax.legend(loc="lower left", bbox_to_anchor=(0.18, 0))  # where no tangent passes
    words = f"At x = {format_number(data['x'], '.1f')} autograd says: slope {format_number(data['slope'], '.2f')}"
    ax.text(0.5, -0.24, words, transform=ax.transAxes, ha="center", fontsize=13, gid="slope")
    return figure


WRITTEN = {"x": ".1f", "value": ".2f", "slope": ".2f"}


def tell_tangent(data: dict) -> str:
    """What the picture shows, in words."""
    x, value, slope = (
        format_number(data["x"], ".1f"),
        format_number(data["value"], ".2f"),
        format_number(data["slope"], ".2f"),
    )
    way = "is flat" if slope == "0.00" else "falls" if "−" in slope else "rises"
    return (
        f"The curve f of x equals x cubed minus 3 x, and its tangent at x = {x}, where f is {value}. "
        f"The tangent {way}; autograd says its slope is {slope}."
    )
