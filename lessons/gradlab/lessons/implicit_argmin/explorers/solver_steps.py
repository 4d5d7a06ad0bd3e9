"""Adam's steps: its point, the implicit gradient there, and the derivative through the steps."""

from functools import lru_cache

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.lessons.implicit_argmin.explorers.adam_paths import Network, adam, network, newton

RATES = (0.01, 0.5)
MOST_STEPS = 1000
OPINIONS = {
    "implicit": {"color": PALETTE["vermillion"], "linestyle": "--", "label": "implicit, taken at $x_k$"},
    "through": {"color": PALETTE["green"], "linestyle": "-.", "label": "through the $k$ steps"},
}


def solver_steps(steps: int = 350, lr: float = 0.5) -> None:
    """Adam on seed 2023: its point, the implicit gradient there, the derivative through it. Starts at `steps`, `lr`."""
    controls = {
        "steps": slider(0, MOST_STEPS, step=50, start=steps, label="steps", play=True, panel=0),
        "lr": choice(RATES, start=lr, label="learning rate"),
    }
    explore(adam_run, draw_run, alt=tell_run, **controls)


def adam_run(steps: int, lr: float) -> dict:
    """A thousand steps of Adam, the implicit gradient at each, the derivative of the run, the truth; for W1[1]."""
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
    """Left: three opinions about dx*/dW1[1] after k steps. Right: how far x and two of them are from the truth."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 4.7))
    k, shown = data["steps"], slice(None, None, 4)
    steps = range(0, MOST_STEPS + 1, 4)
    for name, look in OPINIONS.items():
        left.plot(steps, data[name][shown], gid=name, **look)
        left.plot([k], [data[name][k]], "o", color=look["color"], clip_on=False, gid=f"{name} here")
        right.plot(steps, _error(data, name)[shown], gid=name, **look)
    left.axhline(data["truth"], color=PALETTE["black"], linestyle=":", linewidth=1.4, label="at the minimum")
    left.set(ylabel="$dx / dW_1[1]$", xlabel="steps of Adam", xlim=(0, MOST_STEPS), title="Three opinions")
    left.set_ylim(-32, 16)
    left.set_yticks(range(-30, 10, 10))
    left.legend(loc="upper right", handlelength=3)
    right.plot(steps, _error(data, "points")[shown], color=PALETTE["blue"], linestyle="-", label="$x_k$", gid="points")
    right.axvline(k, color=PALETTE["black"], linewidth=1, linestyle=":", gid="here")
    right.set(yscale="log", ylim=(1e-16, 1e10), xlabel="steps of Adam", xlim=(0, MOST_STEPS))
    right.set_yticks([10.0**e for e in range(-16, 5, 4)])
    right.set_title(f"Errors; $x_{{{k}}}$ = {format_number(data['points'][k], '.6f')}", gid="title")
    right.legend(loc="upper right", handlelength=3)
    return figure


def _error(data: dict, name: str) -> list[float]:
    truth = data["minimum"] if name == "points" else data["truth"]
    return [max(abs(value - truth), 1e-16) for value in data[name]]


def tell_run(data: dict) -> str:
    """What the picture shows, in words."""
    k = data["steps"]
    point, implicit, through = (data[name][k] for name in ("points", "implicit", "through"))
    away = format_number(abs(point - data["minimum"]), ".1e")
    opinions = (implicit, through, data["truth"])
    implicit, through, truth = (format_number(value, ".4f") for value in opinions)
    return (
        f"After {k} steps Adam is at {format_number(point, '.6f')}, {away} from the minimum. The implicit "
        f"formula taken there gives {implicit}, the derivative through the steps {through}; the minimum's "
        f"derivative is {truth}."
    )
