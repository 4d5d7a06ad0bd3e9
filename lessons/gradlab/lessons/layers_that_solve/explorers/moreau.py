"""The Moreau envelope of T|x|: the lowest point of a bowl as y moves, its place and its value."""

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.maths.envelope import moreau_envelope
from gradlab.maths.prox import soft_threshold

REACH = 3.0
HALF = 0.8  # half the width of the tangent


def moreau(y: float = 2.0, T: float = 1.0) -> None:
    """½(x − y)² + T|x| over x with its minimum, and the minimum's value over y. Starts at `y` and `T`."""
    controls = {
        "y": slider(-3, 3, step=0.25, start=y, label="y", play=True, panel=1),
        "T": choice([0.5, 1.0, 2.0], start=T, label="T"),
    }
    explore(envelope_at, draw_envelope, alt=tell_envelope, **controls)


def envelope_at(y: float, T: float) -> dict:
    """The function of x, its minimum, the envelope over all y, and its slope here."""
    grid = torch.linspace(-REACH, REACH, 121, dtype=torch.float64)
    here = torch.tensor(y, dtype=torch.float64)
    return {
        "y": y,
        "T": T,
        "grid": grid,
        "function": (grid - y) ** 2 / 2 + T * grid.abs(),
        "place": soft_threshold(here, T).item() + 0.0,  # no −0
        "value": moreau_envelope(here, T).item(),
        "envelope": moreau_envelope(grid, T),
        "slope": here.clamp(-T, T).item(),
    }


def draw_envelope(data: dict) -> Figure:
    """Left: the function of x with its lowest point. Right: that value over y, its tangent, and the parabola."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.2, 4.4), sharey=True)
    right.tick_params(labelleft=True)  # on a narrow page it stands below
    grid, y, value = data["grid"], data["y"], data["value"]
    left.plot(grid, data["function"], color=PALETTE["blue"], linestyle="-", gid="function")
    left.plot([data["place"]], [value], "o", color=PALETTE["vermillion"], label="minimum", gid="minimum")
    left.set(xlim=(-REACH, REACH), ylim=(-0.3, 5.5), xlabel="$x$", ylabel="value")
    left.set_title("$½(x-y)^2 + T|x|$: place " + format_number(data["place"], "+.2f"), gid="place")
    left.legend(loc="lower left")
    right.plot(grid, grid**2 / 2, color="black", linestyle=":", linewidth=1.4, label="$½y^2$")
    right.plot(grid, data["envelope"], color=PALETTE["green"], linestyle="-.", label="envelope (Huber)", gid="envelope")
    ends = [(y + s * HALF, value + s * HALF * data["slope"]) for s in (-1, 1)]
    right.plot(*zip(*ends), color=PALETTE["vermillion"], linestyle="--", label="slope $y - x^*$", gid="tangent")
    right.plot([y], [value], "o", color=PALETTE["vermillion"], clip_on=False, gid="here")
    right.set(xlim=(-REACH, REACH), xlabel="$y$")
    right.tick_params(labelleft=True)  # a narrow page has the halves below each other
    right.set_title("Lowest value over $y$: slope " + format_number(data["slope"], "+.2f"), gid="slope")
    right.legend(loc="upper center")
    return figure


def tell_envelope(data: dict) -> str:
    """What the picture shows, in words."""
    side = "inside [−T, T], on the parabola" if abs(data["y"]) <= data["T"] else "outside [−T, T], on a straight line"
    place, value, slope = (format_number(data[name], ".2f") for name in ("place", "value", "slope"))
    return (
        f"Left: ½(x − y)² + T|x| for y = {format_number(data['y'])} and T = {data['T']:g}, lowest at x = {place}. "
        f"Right: that lowest value over y, Huber's function. Here y is {side}; the value is {value} and the slope "
        f"{slope}."
    )
