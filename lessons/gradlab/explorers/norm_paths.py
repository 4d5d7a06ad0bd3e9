"""Explorers of lesson 3 about norms: a descent that leaves its hyperbola, and how fast the balance drifts."""

import math
from collections.abc import Callable, Iterator

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import cached, choice, explore, log_slider
from gradlab.explore.figures import PALETTE
from gradlab.maths.balance import balancedness
from gradlab.maths.homogeneous import euler_step, runge_kutta_step, train

START, TARGET, END = (2.0, 0.5), 3.0, 10.0  # u, v, the y of ½(uv − y)², and the time t
C0 = START[0] ** 2 - START[1] ** 2
DECAY = 0.1
SHOWN = 60
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
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.4))
    u, v = data["u"], data["v"]
    grid = torch.linspace(0.05, 4, 120, dtype=torch.float64)
    left.plot((grid**2 + C0).sqrt(), grid, color=PALETTE["blue"], label="$u^2 - v^2 = 3.75$")
    left.plot(TARGET / grid, grid, color="black", linestyle=":", linewidth=1.5, label="$uv = 3$")
    left.plot(
        u,
        v,
        color=PALETTE["vermillion"],
        linestyle="-",
        marker=".",
        markersize=5,
        linewidth=1.2,
        label="path",
        gid="path",
    )
    left.plot(*START, "s", color="black", markersize=8)
    left.plot(u[-1], v[-1], "D", color=PALETTE["vermillion"], markersize=8, gid="end")
    left.set(xlim=(1.2, 3.2), ylim=(0.2, 2.2), xlabel="$u$", ylabel="$v$", title="Weights")
    left.legend(loc="lower right", handlelength=2.2)
    x = torch.linspace(0, 5, 101, dtype=torch.float64)
    right.plot(x, (x**2 + C0**2 / 4).sqrt(), color=PALETTE["blue"], label=r"soft abs, $\lambda = c^2/4$")
    right.plot(
        u * v,
        (u**2 + v**2) / 2,
        color=PALETTE["vermillion"],
        marker=".",
        markersize=5,
        linewidth=1.2,
        label="path",
        gid="norms",
    )
    right.set(xlim=(0.5, 4.5), ylim=(1.5, 5), xlabel="$uv$", ylabel=r"$\frac{1}{2}(u^2 + v^2)$", title="Norms")
    right.text(0.97, 0.05, f"c: 3.75 → {data['c']:.4f}", transform=right.transAxes, ha="right", fontsize=12, gid="c")
    right.legend(loc="upper left", handlelength=2.2)
    return figure


def tell_path(data: dict) -> str:
    """What the picture shows, in words."""
    kept = "stays close to" if abs(data["c"] - C0) < 0.1 else "leaves"
    return (
        f"The path of {data['method']} from u = 2, v = 0.5 to u = {data['u'][-1]:.3f}, v = {data['v'][-1]:.3f} {kept} the "
        f"hyperbola u² − v² = 3.75: at time 10, c is {data['c']:.4f}. The right half shows half the squared norm over uv, "
        "against the soft absolute value, which gradient flow would follow."
    )


NET = ([[1, -0.5], [0.5, 1], [-1, 0.9]], [[1, -0.5, 0.5], [0.5, 1, 1]], [[1, -1]])
INPUTS = [[1.0, 0.0, 1.0, -1.0], [0.0, 1.0, 1.0, 1.0]]
TARGETS = [1.0, 0.0, -1.0, 2.0]
RATES = (0.1, 0.05, 0.025, 0.0125, 0.00625)
ACTIVATIONS = {"ReLU": torch.relu, "none (linear net)": torch.nn.Identity(), "tanh": torch.tanh}
STEPS = {"gradient descent": euler_step, "Runge–Kutta of order 4": runge_kutta_step}
TIMES = {"one step": False, "time 2": True}


def drift(activation: str = "ReLU", method: str = "gradient descent", after: str = "time 2") -> None:
    """W3d: how far the squared norms of three layers drift apart, against the step size, on logarithmic axes."""
    controls = {
        "activation": choice(list(ACTIVATIONS), start=activation, label="activation"),
        "method": choice(list(STEPS), start=method, label="method"),
        "after": choice(list(TIMES), start=after, label="drift after"),
    }
    explore(cached(drifts), draw_drifts, alt=tell_drifts, **controls)


def drifts(activation: str, method: str, after: str) -> dict:
    """The largest change of a difference of ½‖W_h‖² for each rate, and the slope through the two smallest rates."""
    net = [torch.tensor(rows, dtype=torch.float64) for rows in NET]
    X, Y = torch.tensor(INPUTS, dtype=torch.float64), torch.tensor(TARGETS, dtype=torch.float64)
    found = []
    for lr in RATES:
        time = 2.0 if TIMES[after] else lr
        end = train(net, X, Y, lr, time, STEPS[method], ACTIVATIONS[activation])
        found.append((balancedness(end) - balancedness(net)).abs().max().item())
    slope = math.log(found[-2] / found[-1]) / math.log(RATES[-2] / RATES[-1])
    return {"drift": found, "slope": slope, "activation": activation, "method": method, "after": after}


def draw_drifts(data: dict) -> Figure:
    """The drift against the rate, with lines of slope 1, 2 and 4 through the first point."""
    figure, ax = plt.subplots(figsize=(7.5, 4.6))
    first, ends = data["drift"][0], (RATES[0], RATES[-1])
    for order, style in ((1, ":"), (2, "-."), (4, "--")):
        heights = [first * (rate / RATES[0]) ** order for rate in ends]
        ax.plot(ends, heights, color="black", linewidth=1, linestyle=style, label=f"slope {order}", gid=f"order{order}")
    ax.plot(RATES, data["drift"], "o-", color=PALETTE["vermillion"], label="drift", gid="drift")
    ax.set(
        xscale="log",
        yscale="log",
        xlim=(5e-3, 0.13),
        ylim=(1e-12, 1),
        xlabel="step size η",
        ylabel="drift of the balance",
    )
    ax.set_xticks(RATES, [f"{rate:g}" for rate in RATES])
    ax.minorticks_off()
    ax.set_title(f"Slope at the small end: {data['slope']:.2f}", gid="slope")
    ax.legend(loc="lower right", ncols=2, handlelength=2.6)
    return figure


def tell_drifts(data: dict) -> str:
    """What the picture shows, in words."""
    return (
        f"The drift of the balance at step sizes from {RATES[0]} down to {RATES[-1]} falls from {data['drift'][0]:.2g} to "
        f"{data['drift'][-1]:.2g}; the slope at the small end is {data['slope']:.2f}."
    )
