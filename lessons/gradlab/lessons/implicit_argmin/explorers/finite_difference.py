"""A finite difference against its step δ: a U with a minimum, a line without one."""

from functools import cache, lru_cache
from math import log10

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from gradlab.explore import explore, log_slider, toggle
from gradlab.explore.figures import PALETTE
from gradlab.lessons.implicit_argmin.explorers.adam_paths import adam, network, newton


def finite_difference(delta: float = 1e-4, no_minimum: bool = False) -> None:
    """A finite difference against its step δ; a U with a minimum, a line without one. Starts at `delta`."""
    controls = {
        "delta": log_slider(1e-12, 1e-1, start=delta, positions=23, label="δ"),
        "no_minimum": toggle(start=no_minimum, label="no minimum (seed 456)"),
    }
    explore(differences, draw_differences, alt=tell_differences, **controls)


def differences(delta: float, no_minimum: bool) -> dict:
    """Forward and central differences over W1[1] for many δ and for this one; for 2023 also their errors."""
    grid = [10 ** (-12 + 11 * k / 44) for k in range(45)]
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
    figure, ax = plt.subplots(figsize=(8.0, 4.6))
    if data["no_minimum"]:
        ax.plot(
            data["grid"],
            data["forward"],
            color=PALETTE["vermillion"],
            linestyle="--",
            label="|forward difference|",
            gid="forward",
        )
        ax.plot([data["delta"]], [data["size"][0]], "o", color=PALETTE["vermillion"], gid="here")
        ax.set(ylim=(1e-1, 1e13), ylabel="size of the difference")
        ax.set_title(f"δ = {data['delta']:.2g}: forward difference {data['here'][0]:.4g}", gid="title")
    else:
        for name, colour, line in (("forward", "vermillion", "--"), ("central", "blue", "-")):
            ax.plot(
                data["grid"],
                [max(e, 1e-13) for e in data[name]],
                color=PALETTE[colour],
                linestyle=line,
                label=name,
                gid=name,
            )
        for size, colour in zip(data["size"], ("vermillion", "blue")):
            ax.plot([data["delta"]], [max(size, 1e-13)], "o", color=PALETTE[colour], gid=f"here-{colour}")
        ax.set(ylim=(1e-13, 1e3), ylabel="error of $dx^*/dW_1[1]$")
        values = "forward {:.6f}, central {:.6f}".format(*data["here"])
        ax.set_title(f"δ = {data['delta']:.2g}: {values}, true {data['truth']:.6f}", gid="title")
    ax.set(xscale="log", yscale="log", xlim=(1e-12, 1e-1), xlabel="δ")
    ax.legend(loc="lower left", handlelength=3)
    return figure


def tell_differences(data: dict) -> str:
    """What the picture shows, in words."""
    if data["no_minimum"]:
        return (
            f"Without a minimum the forward difference is {data['here'][0]:.4g} at this δ, and on a straight line of slope −1: "
            f"it is a drift of {data['here'][0] * data['delta']:.4f} divided by δ."
        )
    best = min(zip(data["central"], data["grid"]))
    forward, central = data["size"]
    return (
        f"Forward error {forward:.1e}, central error {central:.1e} at this δ. Both curves are a U: truncation on the right, with "
        f"slopes 1 and 2, round-off on the left. Central is best near δ = 1e{log10(best[1]):.0f}, at {best[0]:.0e}."
    )
