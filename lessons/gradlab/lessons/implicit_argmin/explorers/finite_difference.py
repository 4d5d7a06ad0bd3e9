"""A finite difference against its step δ: a U with a minimum, a line without one."""

from functools import cache, lru_cache
from math import log10

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from gradlab.explore import explore, log_slider, toggle
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.lessons.implicit_argmin.explorers.adam_paths import adam, network, newton

SMALLEST = 1e-13  # of what the axes show


def finite_difference(delta: float = 1e-4, no_minimum: bool = False) -> None:
    """A finite difference against its step δ; a U with a minimum, a line without one. Starts at `delta`."""
    controls = {
        "delta": log_slider(1e-12, 1e-1, start=delta, positions=23, label="δ", panel=0),
        "no_minimum": toggle(start=no_minimum, label="no minimum (seed 456)"),
    }
    explore(differences, draw_differences, alt=tell_differences, **controls)


def differences(delta: float, no_minimum: bool) -> dict:
    """Forward and central differences over W1[1] for many δ and for this one; for 2023 also their errors."""
    grid = sorted({*(float(f"{10 ** (-12 + 11 * k / 44):.6g}") for k in range(45)), delta})
    measure = _drifting if no_minimum else _resolved
    forward, central = zip(*(measure(d) for d in grid))
    truth = 0.0 if no_minimum else _truth()
    here = measure(delta)
    return {
        "grid": grid,
        "delta": delta,
        "no_minimum": no_minimum,
        "here": here,
        "truth": truth,
        "forward": [abs(value - truth) for value in forward],
        "central": [abs(value - truth) for value in central],
        "size": [abs(value - truth) for value in here],
    }


@lru_cache
def _truth() -> float:
    net = network(2023)
    at = net.at(newton(net, 4.4))
    return -at.push / at.curvature


@cache
def _resolved(delta: float) -> tuple[float, float]:
    """(forward, central) with a fresh, converged solve for each point: seed 2023."""
    net = network(2023)
    middle = newton(net, 4.4)
    above, below = (newton(net.moved(sign * delta), middle) for sign in (1, -1))
    return (above - middle) / delta, (above - below) / (2 * delta)


@cache
def _drifting(delta: float) -> tuple[float, float]:
    """(forward, central) with 125 Adam steps more for each point, as on the forum: seed 456."""
    net = network(456)
    start, *moved = (adam(net, 0.5, 350, (net.moved(sign * delta), 125))[0] for sign in (1, 1, -1))
    above, below = (points[-1] for points in moved)
    return (above - start[350]) / delta, (above - below) / (2 * delta)


def draw_differences(data: dict) -> Figure:
    """|error|, or without a minimum the size of the forward difference itself, against δ, both logarithmic."""
    figure, ax = plt.subplots(figsize=(5.6, 4.5), layout="none")
    figure.subplots_adjust(left=0.16, right=0.98, bottom=0.12, top=0.88)  # the axes stay where they are
    shown = {"forward": ("vermillion", "--"), "central": ("blue", "-")}
    if data["no_minimum"]:
        ax.set(ylim=(1e-1, 1e13), ylabel="size of the difference")
        del shown["central"]
    else:
        ax.set(ylim=(SMALLEST, 1e5), ylabel="error of $dx^*/dW_1[1]$")
    for k, (name, (colour, line)) in enumerate(shown.items()):
        sizes = [max(size, SMALLEST) for size in data[name]]
        label = "|forward difference|" if data["no_minimum"] else name
        ax.plot(data["grid"], sizes, color=PALETTE[colour], linestyle=line, label=label, gid=name)
        here = {"color": PALETTE[colour], "clip_on": False, "gid": f"{name} here"}
        ax.plot([data["delta"]], [max(data["size"][k], SMALLEST)], "o", **here)
    ax.set_title(_headline(data), gid="title")
    ax.set(xscale="log", yscale="log", xlim=(1e-12, 1e-1), xlabel="δ")
    ax.set_xticks([10.0**k for k in range(-12, 0, 2)])
    ax.legend(loc="upper right", handlelength=3, ncols=2)
    return figure


def _headline(data: dict) -> str:
    forward, central = data["here"]
    if data["no_minimum"]:
        return f"forward difference {format_number(forward, '.4g')}"
    values = f"forward {format_number(forward, '.5f')}, central {format_number(central, '.5f')}"
    return f"{values}\ntrue {format_number(data['truth'], '.5f')}"


def tell_differences(data: dict) -> str:
    """What the picture shows, in words."""
    forward = format_number(data["here"][0], ".4g")
    if data["no_minimum"]:
        drift = format_number(data["here"][0] * data["delta"], ".4f")
        return (
            f"Without a minimum the forward difference is {forward} at this δ, and on a straight line of slope −1: "
            f"it is a drift of {drift} divided by δ."
        )
    best = min(zip(data["central"], data["grid"]))
    error, central = (format_number(size, ".1e") for size in data["size"])
    return (
        f"Forward error {error}, central error {central} at this δ. Both curves are a U: truncation on the "
        f"right, with slopes 1 and 2, round-off on the left. Central is best near δ = 1e{format_number(log10(best[1]), '.0f')}, at "
        f"{format_number(best[0], '.0e')}."
    )
