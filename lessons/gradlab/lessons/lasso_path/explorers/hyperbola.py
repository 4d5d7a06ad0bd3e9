"""A product uv trained by gradient descent, on its hyperbola and on the soft absolute value."""

import math

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import explore, log_slider, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.maths.prox import soft_threshold
from gradlab.maths.soft import soft_abs

START, TARGET, TIME = (2.0, 0.5), 3.0, 8.0
REACH = 4.0
SHOWN = 40
PAPER = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}


def hyperbola(lr: float = 0.01, decay: float = 0.0) -> None:
    """Descent on ½(uv − 3)² + ½·decay·(u² + v²) from (2, ½). Starts at step size `lr` and weight decay `decay`."""
    controls = {
        "lr": log_slider(0.002, 0.25, positions=9, start=lr, label="step size"),
        "decay": slider(0, 3.5, step=0.25, start=decay, label="weight decay T", play=True),
    }
    explore(train, draw_training, alt=tell_training, **controls)


def train(lr: float, decay: float) -> dict:
    """The path of (u, v), with its balance u² − v² at the start, and the product that weight decay leaves."""
    u, v = START
    row = [(u, v)]
    for _ in range(round(TIME / lr)):
        r = u * v - TARGET
        u, v = u - lr * (r * v + decay * u), v - lr * (r * u + decay * v)
        row.append((u, v))
    points = torch.tensor(row, dtype=torch.float64)
    kept = points[torch.logspace(0, math.log10(len(points)), SHOWN, dtype=torch.float64).round().long().unique() - 1]
    wanted = soft_threshold(torch.tensor(TARGET), decay).item()
    return {"path": kept, "end": points[-1], "wanted": wanted, "balance": START[0] ** 2 - START[1] ** 2}


def draw_training(data: dict) -> Figure:
    """Left: the plane of u and v with its hyperbola. Right: ½(u² + v²) over x = uv, with the soft absolute value."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 4.9))
    c, (u, v), (u_end, v_end) = data["balance"], data["path"].T, data["end"].tolist()
    steps = {"color": PALETTE["vermillion"], "linestyle": "-", "linewidth": 1, "marker": ".", "markersize": 6}
    ends = {"marker": "D", "color": "black", "linestyle": "none", "markersize": 7}
    t = torch.linspace(-2, 1.3, 101, dtype=torch.float64)
    left.plot(math.sqrt(c) * torch.cosh(t), math.sqrt(c) * torch.sinh(t), label="$u^2 - v^2 = 3.75$")
    left.plot(*_hyperbola(TARGET), color="black", linestyle=":", linewidth=1.5, label="$uv = 3$, the target")
    wanted = {"color": PALETTE["green"], "linestyle": "-.", "gid": "wanted"}
    left.plot(*_hyperbola(data["wanted"]), label="$uv = f_T(3)$", **wanted)
    left.plot(u, v, label="descent", gid="path", **steps)
    left.plot(*START, "s", color="black", markersize=8, label="start")
    left.plot([u_end], [v_end], label="end", gid="end", **ends)
    left.set(xlim=(-0.25, REACH), ylim=(-0.6, REACH + 1.4), aspect="equal", xlabel="$u$", ylabel="$v$", title="Weights")
    left.legend(loc="upper left", ncols=2, handlelength=1.8, columnspacing=1)
    x = torch.linspace(-1, 4, 101, dtype=torch.float64)
    right.plot(x, soft_abs(x, c**2 / 4), label="soft abs, $λ = c^2/4$")
    right.plot(x, x.abs(), color=PALETTE["purple"], linestyle="--", linewidth=1.4, label="$|x|$")
    right.axvline(TARGET, color="black", linestyle=":", linewidth=1.5, ymax=0.72)
    right.axvline(data["wanted"], ymax=0.72, **wanted)
    right.plot(u * v, (u**2 + v**2) / 2, label="descent", gid="norms", **steps)
    right.plot([1.0], [(START[0] ** 2 + START[1] ** 2) / 2], "s", color="black", markersize=8)
    right.plot([u_end * v_end], [(u_end**2 + v_end**2) / 2], gid="end norms", **ends)
    right.set(xlim=(-1, 4), ylim=(-0.3, 6), xlabel="$x = uv$", title="$½(u^2 + v^2)$")
    right.legend(loc="upper left", handlelength=2.2)
    product, kept = (format_number(value, ".4f") for value in (u_end * v_end, u_end**2 - v_end**2))
    words = f"end: uv = {product}\n$u^2 - v^2$ = {kept}"
    place = {"transform": right.transAxes, "ha": "right", "va": "bottom", "fontsize": 11}
    right.text(0.97, 0.04, words, gid="numbers", bbox=PAPER, **place)
    return figure


def _hyperbola(product: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Points with uv = product, below the legend."""
    u = torch.linspace(max(product / 3.3, 0.01), REACH, 80, dtype=torch.float64)
    return u, product / u


def tell_training(data: dict) -> str:
    """What the picture shows, in words."""
    u, v = data["end"].tolist()
    at_u, at_v, product, kept = (format_number(value, ".4f") for value in (u, v, u * v, u**2 - v**2))
    return (
        f"Left: descent from u = 2, v = 0.5 ends at u = {at_u}, v = {at_v}; u² − v² was 3.75 on the hyperbola and is "
        f"{kept}. Right: half the sum of squares over x = uv, with the soft absolute value and |x|. It ends "
        f"at uv = {product}; the soft threshold of the target 3 by the weight decay is {data['wanted']:.4f}."
    )
