"""The landscape when one weight moves: the predicted and the true shift of its minimum."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.lessons.implicit_argmin.explorers.adam_paths import network, newton

FLAT, STIFF = "flat (seed 2023)", "stiff (seed 456, stabilised)"
BOWLS = {FLAT: (network(2023), 4.4, (0.0, 10.0)), STIFF: (network(456, 1 / 16), -1.1, (-6.0, 4.0))}


def bowl(delta: float = 0.1) -> None:
    """The landscape when W1[1] moves by δ; the predicted and the true shift of its minimum. Starts at `delta`."""
    controls = {
        "delta": slider(-0.14, 0.24, step=0.02, start=delta, label="δ, added to W1[1]", play=True),
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
    figure, ax = plt.subplots(figsize=(5.6, 4.2))
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
    top = high if data["curvature"] < 0.1 else high + 0.4 * (high - low)  # the stiff bowl leaves the legend no room
    ax.set(xlim=(data["x"][0], data["x"][-1]), ylim=(floor - 0.1 * (high - low), top), xlabel="$x$", ylabel="$f$")
    old = data["old"][0]
    shifts = [format_number(place - old, "+.3f") for place in (data["guess"], data["new"][0])]
    ax.set_title("predicted {}, true {}".format(*shifts), gid="title")
    ax.legend(loc="upper right" if data["curvature"] < 0.1 else "upper center", ncols=2, handlelength=2.6)
    return figure


def tell_bowl(data: dict) -> str:
    """What the picture shows, in words."""
    places = (data["old"][0], data["new"][0], data["slope"], data["guess"])
    old, new, slope, guess = (format_number(value, ".3f") for value in places)
    return (
        f"A bowl with curvature {format_number(data['curvature'])} at its minimum x = {old}. After the change the "
        f"minimum is at {new}; the derivative {slope} times δ predicted {guess}."
    )
