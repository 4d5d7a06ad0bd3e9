"""The curve of roots of one neuron that listens to itself: its tangent, and the folds where two branches meet."""

import math

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number

FAR = 80  # the curve is drawn from z = −tanh 4 to tanh 4
SIDE = 2.0


def fold(z: float = 0.5, w: float = 2.0) -> None:
    """The roots of z − tanh(wz + θ) over θ, walked along by their z. Starts at `z` and weight `w`."""
    controls = {
        "z": slider(-0.95, 0.95, step=0.05, start=z, label="z, along the curve", play=True, panel=1),
        "w": choice([0.5, 1.0, 2.0], start=w, label="weight w"),
    }
    explore(root_curve, draw_fold, alt=tell_fold, **controls)


def theta_of(z: float, w: float) -> float:
    """The θ to which the root z belongs."""
    return math.atanh(z) - w * z


def derivative(z: float, w: float) -> float:
    """K = F_z = 1 − w(1 − z²) at a root."""
    return 1 - w * (1 - z * z)


def push(z: float) -> float:
    """−F_θ = 1 − z² at a root: how far the equation moves with θ."""
    return 1 - z * z


def root_curve(z: float, w: float) -> dict:
    """The curve with its folds, the point on it, K and −F_θ there, and the other roots of the same θ."""
    grid = [math.tanh(k / 20) for k in range(-FAR, FAR + 1)]
    turning = math.sqrt(1 - 1 / w) if w > 1 else None
    theta = theta_of(z, w)
    ends = [grid[0], grid[-1]] if turning is None else [grid[0], -turning, turning, grid[-1]]
    branches = [(low, high) for low, high in zip(ends, ends[1:]) if not low <= z <= high]
    others = [root for branch in branches if (root := root_on(*branch, theta, w)) is not None]
    return {
        "curve": [(theta_of(each, w), each) for each in grid],
        "folds": [] if turning is None else [(theta_of(s * turning, w), s * turning) for s in (-1, 1)],
        "point": (theta, z),
        "K": derivative(z, w),
        "push": push(z),
        "others": [(theta, each) for each in others],
        "slopes": [(each, derivative(each, w)) for each in grid],
        "w": w,
    }


def root_on(low: float, high: float, theta: float, w: float) -> float | None:
    """The root of this θ between two values of z where the curve does not turn, None if there is none."""
    rises = theta_of(high, w) > theta_of(low, w)
    if (theta_of(low, w) - theta) * (theta_of(high, w) - theta) > 0:
        return None
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if (theta_of(middle, w) > theta) == rises else (middle, high)
    return low


def draw_fold(data: dict) -> Figure:
    """Left: the roots over θ with the tangent. Right: K along the curve, zero at the folds."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.2, 4.4), width_ratios=(3, 2))
    theta, z = data["point"]
    left.plot(*zip(*data["curve"]), color=PALETTE["blue"], linestyle="-", label="roots", gid="curve")
    # dz/dθ = −F_θ/K: the tangent has the direction (K, −F_θ), which is upright where K = 0
    length = 0.45 / math.hypot(data["K"] / 1.6, data["push"])
    ends = [(theta + s * length * data["K"], z + s * length * data["push"]) for s in (-1, 1)]
    look = {"color": PALETTE["vermillion"], "linestyle": "--", "label": "tangent, $dz/dθ = -F_θ/K$"}
    left.plot(*zip(*ends), **look, gid="tangent")
    _points(left, data["folds"], "D", "fold, $K = 0$", "folds", PALETTE["black"])
    _points(left, data["others"], "o", "other roots of this $θ$", "others", "none")
    left.plot([theta], [z], "o", color=PALETTE["vermillion"], markersize=9, gid="point")
    left.set(xlim=(-SIDE, SIDE), ylim=(-1.2, 2.1), xlabel="$θ$", ylabel="$z$", title="Roots of $z - \\tanh(wz + θ)$")
    left.legend(loc="upper center", ncols=2, handlelength=2.2, columnspacing=1)
    right.plot(*zip(*data["slopes"]), color=PALETTE["green"], linestyle="-.", gid="slopes")
    right.axhline(0, color="black", linewidth=1)
    right.plot([z], [data["K"]], "o", color=PALETTE["vermillion"], markersize=9, gid="here")
    right.set(xlim=(-1, 1), ylim=(-1.2, 1.2), xlabel="$z$", ylabel="$K$")
    right.set_title("$K$ = " + format_number(data["K"], "+.2f"), gid="title")
    return figure


def _points(ax: plt.Axes, points: list[tuple[float, float]], marker: str, label: str, gid: str, face: str) -> None:
    places = list(zip(*points)) or [[], []]
    ax.plot(*places, marker, color="black", markerfacecolor=face, linestyle="none", label=label, gid=gid)


def tell_fold(data: dict) -> str:
    """What the picture shows, in words."""
    theta, z = data["point"]
    folds = f"The curve folds at z = ±{data['folds'][1][1]:.2f}, where K = 0." if data["folds"] else "It has no fold."
    upright = abs(data["K"]) < 0.03
    tangent = "upright" if upright else f"of slope {format_number(data['push'] / data['K'], '.2f')}"
    at, root, slope = (format_number(value, ".2f") for value in (theta, z, data["K"]))
    count = len(data["others"]) + 1
    return (
        f"The roots z of z − tanh({data['w']:g}z + θ) over θ. {folds} At θ = {at}, z = {root} the derivative K is "
        f"{slope} and the tangent {tangent}; this θ has {count} root{'s' if count > 1 else ''}."
    )
