"""Adam's steps: its point, the implicit gradient there, and the derivative through the steps."""

from functools import lru_cache

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, slider
from gradlab.explore.figures import PALETTE
from gradlab.lessons.implicit_argmin.explorers.adam_paths import Network, adam, network, newton

RATES = (0.01, 0.5)
MOST_STEPS = 1000


def solver_steps(steps: int = 350, lr: float = 0.5) -> None:
    """Adam on seed 2023: its point, the implicit gradient there, the derivative through it. Starts at `steps`, `lr`."""
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
