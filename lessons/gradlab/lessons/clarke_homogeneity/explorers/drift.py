"""How fast the balance of three layers drifts, against the step size."""

import math

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import choice, explore
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.maths.balance import balancedness
from gradlab.maths.homogeneous import euler_step, runge_kutta_step, train

NET = ([[1, -0.5], [0.5, 1], [-1, 0.9]], [[1, -0.5, 0.5], [0.5, 1, 1]], [[1, -1]])
INPUTS = [[1.0, 0.0, 1.0, -1.0], [0.0, 1.0, 1.0, 1.0]]
TARGETS = [1.0, 0.0, -1.0, 2.0]
RATES = (0.1, 0.05, 0.025, 0.0125, 0.00625)
ACTIVATIONS = {"ReLU": torch.relu, "none (linear net)": torch.nn.Identity(), "tanh": torch.tanh}
STEPS = {"gradient descent": euler_step, "Runge–Kutta of order 4": runge_kutta_step}
TIMES = {"one step": False, "time 2": True}


def drift(activation: str = "ReLU", method: str = "gradient descent", after: str = "time 2") -> None:
    """How far the squared norms of three layers drift apart, against the step size, on logarithmic axes."""
    controls = {
        "activation": choice(list(ACTIVATIONS), start=activation, label="activation"),
        "method": choice(list(STEPS), start=method, label="method"),
        "after": choice(list(TIMES), start=after, label="drift after"),
    }
    explore(drifts, draw_drifts, alt=tell_drifts, **controls)


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
    figure, ax = plt.subplots(figsize=(5.6, 4.2))
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
    ax.set_title(f"Slope at the small end: {format_number(data['slope'], '.2f')}", gid="slope")
    ax.legend(loc="lower right", ncols=2, handlelength=2.6)
    return figure


def tell_drifts(data: dict) -> str:
    """What the picture shows, in words."""
    first, last = (format_number(data["drift"][k], ".2g") for k in (0, -1))
    return (
        f"The drift of the balance at step sizes from {RATES[0]} down to {RATES[-1]} falls from {first} to "
        f"{last}; the slope at the small end is {format_number(data['slope'], '.2f')}."
    )
