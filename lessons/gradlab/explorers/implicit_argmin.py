"""Explorers of lesson 4: the bowl, the steps of a solver, the step of a finite difference; W1c is in `stabiliser`."""

from functools import cache, lru_cache
from math import log10

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, log_slider, slider, toggle
from gradlab.explore.figures import PALETTE
from gradlab.explorers.adam_paths import Network, adam, network, newton
from gradlab.explorers.stabiliser import stabiliser

__all__ = ["bowl", "finite_difference", "solver_steps", "stabiliser"]

FLAT, STIFF = "flat (seed 2023)", "stiff (seed 456, stabilised)"
BOWLS = {FLAT: (network(2023), 4.4, (0.0, 10.0)), STIFF: (network(456, 1 / 16), -1.1, (-6.0, 4.0))}
RATES = (0.01, 0.5)
MOST_STEPS = 1000
MINIMUM_456 = "456: no minimum"


def bowl(delta: float = 0.1) -> None:
    """W1a: the landscape when W1[1] moves by δ; the predicted and the true shift of its minimum. Starts at `delta`."""
    controls = {
        "delta": slider(-0.14, 0.24, step=0.02, start=delta, label="δ, added to W1[1]"),
        "net": choice([FLAT, STIFF], label="bowl"),
    }
    explore(shifted_bowl, draw_bowl, alt=tell_bowl, **controls)


def shifted_bowl(delta: float, net: str) -> dict:
    """f before and after, both minima, and where −f_xθ/f_xx·δ says that the new one is."""
    before, near, (low, high) = BOWLS[net]
    after = before.moved(delta)
    x = [low + (high - low) * k / 120 for k in range(121)]
    old = newton(before, near)
    new = old
    for k in range(1, 11):  # follow the minimum in small steps, so that Newton's method stays near it
        new = newton(before.moved(delta * k / 10), new)
    at = before.at(old)
    slope = -at.push / at.curvature
    return {
        "x": x,
        "before": [before.at(t).value for t in x],
        "after": [after.at(t).value for t in x],
        "old": (old, at.value),
        "new": (new, after.at(new).value),
        "guess": old + slope * delta,
        "slope": slope,
        "curvature": at.curvature,
    }


def draw_bowl(data: dict) -> Figure:
    """Both curves, their minima, and the predicted shift as an arrow."""
    figure, ax = plt.subplots(figsize=(8.0, 4.4))
    ax.plot(data["x"], data["before"], color=PALETTE["black"], linestyle=":", linewidth=1.4, label="$f$ before")
    ax.plot(data["x"], data["after"], color=PALETTE["blue"], linestyle="-", label="$f$ after", gid="after")
    low, high = min(data["before"]), max(data["before"])
    floor = low - 0.16 * (high - low)
    ax.plot(*data["old"], "o", color=PALETTE["black"], fillstyle="none", label="minimum before")
    ax.plot(*data["new"], "o", color=PALETTE["blue"], label="minimum after", gid="new")
    ends = [data["old"][0], data["guess"]]
    ax.plot(ends, [floor] * 2, color=PALETTE["vermillion"], linestyle="--", label="predicted shift", gid="arrow")
    ax.plot(ends[1:], [floor], marker=">" if ends[1] > ends[0] else "<", color=PALETTE["vermillion"], gid="head")
    ax.plot(
        [data["new"][0]] * 2, [floor, data["new"][1]], color=PALETTE["blue"], linestyle=":", linewidth=1, gid="drop"
    )
    ax.set(xlim=(data["x"][0], data["x"][-1]), ylim=(floor - 0.1 * (high - low), high), xlabel="$x$", ylabel="$f$")
    title = f"predicted {data['guess'] - data['old'][0]:+.3f}, true {data['new'][0] - data['old'][0]:+.3f}"
    ax.set_title(title, gid="title")
    ax.legend(loc="upper right" if data["curvature"] < 0.1 else "upper center", ncols=2, handlelength=2.6)
    return figure


def tell_bowl(data: dict) -> str:
    """What the picture shows, in words."""
    return (
        f"A bowl with curvature {data['curvature']:.3g} at its minimum x = {data['old'][0]:.3f}. After the change the minimum is at "
        f"{data['new'][0]:.3f}; the derivative {data['slope']:.3f} times δ predicted {data['guess']:.3f}."
    )


def solver_steps(steps: int = 350, lr: float = 0.5) -> None:
    """W1b: Adam on seed 2023: its point, the implicit gradient there, the derivative through it. Starts at `steps`, `lr`."""
    controls = {
        "steps": slider(0, MOST_STEPS, step=50, start=steps, label="steps"),
        "lr": choice(RATES, start=lr, label="learning rate"),
    }
    explore(adam_run, draw_run, alt=tell_run, **controls)


def adam_run(steps: int, lr: float) -> dict:
    """A thousand steps of Adam; implicit gradients where they stand; derivative of the run; the truth; all for W1[1]."""
    net, points, through, implicit = _run(lr)
    minimum = newton(net, 4.4)
    at = net.at(minimum)
    return {
        "steps": steps,
        "points": points,
        "through": through,
        "implicit": implicit,
        "minimum": minimum,
        "truth": -at.push / at.curvature,
    }


@lru_cache
def _run(lr: float) -> tuple[Network, list[float], list[float], list[float]]:
    net = network(2023)
    points, through = adam(net, lr, MOST_STEPS)
    slopes = [net.at(x) for x in points]
    return net, points, through, [-at.push / at.curvature for at in slopes]


def draw_run(data: dict) -> Figure:
    """Above: x after k steps. Below: three opinions about dx*/dW1[1]; a cursor at the chosen step."""
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(8.0, 5.6), sharex=True, height_ratios=(2, 3))
    k = data["steps"]
    shown = range(0, MOST_STEPS + 1, 4)
    top.plot(shown, data["points"][::4], color=PALETTE["blue"], linestyle="-", gid="points")
    top.axhline(data["minimum"], color=PALETTE["black"], linestyle=":", linewidth=1.4)
    top.plot([k], [data["points"][k]], "o", color=PALETTE["blue"], gid="point")
    top.set(ylabel="$x_k$", ylim=(-0.5, 7.5))
    top.set_title(f"after {k} steps: $x$ = {data['points'][k]:.6f}, minimum {data['minimum']:.6f}", gid="title")
    bottom.plot(
        shown,
        _clip(data["implicit"][::4]),
        color=PALETTE["vermillion"],
        linestyle="--",
        label="implicit, taken at $x_k$",
        gid="i",
    )
    bottom.plot(
        shown,
        _clip(data["through"][::4]),
        color=PALETTE["green"],
        linestyle="-.",
        label="through $k$ steps (so does FD)",
        gid="t",
    )
    bottom.axhline(data["truth"], color=PALETTE["black"], linestyle=":", linewidth=1.4, label="of the minimum")
    for name, colour in (("implicit", "vermillion"), ("through", "green")):
        bottom.plot([k], _clip([data[name][k]]), "o", color=PALETTE[colour], gid=f"at-{name}")
    bottom.set(ylabel="$dx / dW_1[1]$", xlabel="steps of Adam", ylim=(-20, 3), xlim=(0, MOST_STEPS))
    bottom.legend(loc="lower right", handlelength=3)
    return figure


def _clip(values: list[float]) -> list[float]:
    return [min(max(value, -30.0), 10.0) for value in values]


def tell_run(data: dict) -> str:
    """What the picture shows, in words."""
    k = data["steps"]
    return (
        f"After {k} steps Adam is at {data['points'][k]:.6f}, {abs(data['points'][k] - data['minimum']):.1e} from the minimum. The "
        f"implicit formula taken there gives {data['implicit'][k]:.4f}, the derivative through the steps {data['through'][k]:.4f}; "
        f"the minimum's derivative is {data['truth']:.4f}."
    )


def finite_difference(delta: float = 1e-4, no_minimum: bool = False) -> None:
    """W1d: a finite difference against its step δ; a U with a minimum, a line without one. Starts at `delta`."""
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
