"""A descent that leaves its hyperbola: (u, v) while ½(uv − 3)² is minimised."""

import math
from collections.abc import Callable, Iterator

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, log_slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number

START, TARGET, END = (2.0, 0.5), 3.0, 10.0  # u, v, the y of ½(uv − y)², and the time t
C0 = START[0] ** 2 - START[1] ** 2
DECAY = 0.1
SHOWN = 40
Point = tuple[float, float]


def balance(lr: float = 0.1, method: str = "gradient descent") -> None:
    """W3c: (u, v) while ½(uv − 3)² is minimised, its hyperbola u² − v² = c, and ½(u² + v²) against the soft abs."""
    controls = {
        "lr": log_slider(0.005, 0.2, start=lr, positions=9, label="step η"),
        "method": choice(list(METHODS), start=method, label="method"),
    }
    explore(path, draw_path, alt=tell_path, **controls)


def descent(lr: float, decay: float = 0.0, momentum: float = 0.0) -> Iterator[Point]:
    """Gradient descent on ½(uv − y)² + ½·decay·(u² + v²), with heavy-ball momentum."""
    (u, v), (du, dv) = START, (0.0, 0.0)
    for _ in range(round(END / lr)):
        r = u * v - TARGET
        du, dv = momentum * du - r * v - decay * u, momentum * dv - r * u - decay * v
        u, v = u + lr * du, v + lr * dv
        yield u, v


def adam(lr: float, beta1: float = 0.9, beta2: float = 0.999, tiny: float = 1e-8) -> Iterator[Point]:
    """Adam on ½(uv − y)², with its usual constants (Kingma & Ba 2015)."""
    at, first, second = list(START), [0.0, 0.0], [0.0, 0.0]
    for k in range(1, round(END / lr) + 1):
        r = at[0] * at[1] - TARGET
        for i, g in enumerate((r * at[1], r * at[0])):
            first[i] = beta1 * first[i] + (1 - beta1) * g
            second[i] = beta2 * second[i] + (1 - beta2) * g * g
        for i in range(2):
            at[i] -= lr * first[i] / (1 - beta1**k) / (math.sqrt(second[i] / (1 - beta2**k)) + tiny)
        yield at[0], at[1]


METHODS: dict[str, Callable[[float], Iterator[Point]]] = {
    "gradient descent": descent,
    "momentum 0.9": lambda lr: descent(lr, momentum=0.9),
    "weight decay 0.1": lambda lr: descent(lr, decay=DECAY),
    "Adam": adam,
}


def path(lr: float, method: str) -> dict:
    """The path of a method up to time 10, some points of it, most of them early, and what became of c = u² − v²."""
    points = torch.tensor([START, *METHODS[method](lr)], dtype=torch.float64)
    shown = points[torch.logspace(0, math.log10(len(points)), SHOWN, dtype=torch.float64).round().long().unique() - 1]
    u, v = points[-1].tolist()
    return {"u": shown[:, 0], "v": shown[:, 1], "c": u * u - v * v, "method": method, "lr": lr}


def draw_path(data: dict) -> Figure:
    """Left: the plane (u, v). Right: ½(u² + v²) against uv, where the flow follows the soft abs."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 4.6))
    u, v = data["u"], data["v"]
    grid = torch.linspace(0.05, 3.5, 120, dtype=torch.float64)
    steps = {"color": PALETTE["vermillion"], "linestyle": "-", "marker": ".", "markersize": 5, "linewidth": 1.2}
    left.plot((grid**2 + C0).sqrt(), grid, color=PALETTE["blue"], label="$u^2 - v^2 = 3.75$")
    left.plot(TARGET / grid, grid, color="black", linestyle=":", linewidth=1.5, label="$uv = 3$")
    left.plot(u, v, label="path", gid="path", **steps)
    left.plot(*START, "s", color="black", markersize=8, label="start")
    left.plot(u[-1], v[-1], "D", color=PALETTE["vermillion"], markersize=8, label="end", gid="end")
    left.set(xlim=(0, 4), ylim=(-0.6, 4.9), xlabel="$u$", ylabel="$v$", title="Weights")
    left.legend(loc="upper left", ncols=2, handlelength=1.8, columnspacing=1)
    x = torch.linspace(-1, 8, 101, dtype=torch.float64)
    right.plot(x, (x**2 + C0**2 / 4).sqrt(), color=PALETTE["blue"], label=r"soft abs, $\lambda = c^2/4$")
    right.plot(u * v, (u**2 + v**2) / 2, label="path", gid="norms", **steps)
    right.axvline(TARGET, color="black", linestyle=":", linewidth=1.5, ymax=0.75)
    right.set(xlim=(-1, 8), ylim=(0, 9), xlabel="$uv$", ylabel=r"$½(u^2 + v^2)$", title="Norms")
    kept = format_number(data["c"], ".4f")
    right.text(0.97, 0.05, f"c: 3.75 → {kept}", transform=right.transAxes, ha="right", fontsize=12, gid="c")
    right.legend(loc="upper left", handlelength=2.2)
    return figure


def tell_path(data: dict) -> str:
    """What the picture shows, in words."""
    kept = "stays close to" if abs(data["c"] - C0) < 0.1 else "leaves"
    u, v = (format_number(data[name][-1].item(), ".3f") for name in ("u", "v"))
    return (
        f"The path of {data['method']} from u = 2, v = 0.5 to u = {u}, v = {v} {kept} "
        f"the hyperbola u² − v² = 3.75: at time 10, c is {format_number(data['c'], '.4f')}. The right half shows half the squared norm "
        "over uv, against the soft absolute value, which gradient flow would follow."
    )
