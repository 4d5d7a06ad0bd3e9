"""What s·‖x‖² does to two networks that have no minimum."""

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

from gradlab.explore import choice, explore, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.maths.implicit import minimise
from gradlab.maths.networks import stored_theta, stored_weights, tanh_network

ONE, THREE = "one input (456)", "three inputs (123)"
STOPPED = {  # where the forum's 350 steps ended
    ONE: torch.tensor([-12.196703910827637], dtype=torch.float64),
    THREE: torch.tensor([-10.278391460465638, 9.144972085336095, -8.950106669835773], dtype=torch.float64),
}
REACH = 14.0
LEVELS = 12
LOWEST = 1e-6


def stabiliser(strength: float = 1 / 16) -> None:
    """Contours and Hessian eigenvalues of f + s‖x‖² for the two nets without a minimum. Starts at `strength`."""
    controls = {
        "strength": slider(0.0, 0.25, step=0.025, start=strength, label="s", play=True),
        "net": choice([THREE, ONE], label="network"),
    }
    explore(stabilised, draw_stabilised, alt=tell_stabilised, **controls)


def null_direction() -> Tensor:
    """The unit vector n with W1 n = 0 of the 3-D network: f does not change along it."""
    return torch.linalg.svd(stored_weights(123).W1)[2][2]


def plane() -> tuple[Tensor, Tensor]:
    """Two orthonormal directions: n, and the way from 0 to where the forum stopped, as far as it is orthogonal to n."""
    n = null_direction()
    across = STOPPED[THREE] - (STOPPED[THREE] @ n) * n
    return n, across / across.norm()


def stabilised(strength: float, net: str) -> dict:
    """f on a grid, its minimum (None without a stabiliser), the eigenvalues of H there or where Adam stopped."""
    seed, f = {ONE: 456, THREE: 123}[net], tanh_network(strength)
    theta, (W1, b1, w2) = stored_theta(seed), stored_weights(seed)
    minimum = minimise(f, torch.zeros_like(STOPPED[net]), theta) if strength else None
    at = STOPPED[net] if minimum is None else minimum
    eigenvalues = torch.linalg.eigvalsh(torch.autograd.functional.hessian(lambda x: f(x, theta), at))
    data = {"strength": strength, "net": net, "minimum": minimum, "eigenvalues": eigenvalues.tolist()}

    def values(points: Tensor) -> Tensor:
        return torch.tanh(points @ W1.T + b1) @ w2 + strength * (points**2).sum(-1)

    ticks = torch.linspace(-REACH, REACH, 57 if net == THREE else 113, dtype=torch.float64)
    if net == ONE:
        points = ticks[:, None] - 6.0
        return data | {"ticks": points[:, 0], "values": values(points)}
    n, across = plane()
    points = ticks[:, None, None] * n + ticks[None, :, None] * across
    place = None if minimum is None else ((minimum @ across).item(), (minimum @ n).item())
    return data | {"ticks": ticks, "values": values(points), "place": place}


def draw_stabilised(data: dict) -> Figure:
    """Left: the landscape with its minimum. Right: the eigenvalues on a logarithmic axis, and 2s."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.6), width_ratios=(3, 2))
    (_draw_curve if data["net"] == ONE else _draw_contours)(left, data)
    sizes = [max(value, LOWEST) for value in data["eigenvalues"]]
    right.plot(
        range(1, len(sizes) + 1), sizes, "o", color=PALETTE["blue"], label="eigenvalues of $H$", gid="eigenvalues"
    )
    floor = max(2 * data["strength"], LOWEST / 3)
    right.axhline(floor, color=PALETTE["vermillion"], linestyle="--", label="$2s$", gid="floor")
    right.axhline(LOWEST, color="black", linewidth=1, linestyle=":")
    right.text(1.4, LOWEST * 1.2, "0, or nearly", fontsize=11)
    right.set(yscale="log", ylim=(LOWEST / 2, 3), xlim=(0.5, 3.5), xticks=range(1, len(sizes) + 1))
    right.set(xlabel="which eigenvalue", ylabel="eigenvalue")
    right.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return figure


def _draw_contours(ax: plt.Axes, data: dict) -> None:
    look = {"colors": PALETTE["blue"], "linestyles": "-", "gid": "contours"}
    low, high = data["values"].min().item(), data["values"].max().item()
    levels = [low + (high - low) * (k + 0.5) / LEVELS for k in range(LEVELS)]
    widths = [2.6 - 1.8 * k / LEVELS for k in range(LEVELS)]  # the lower, the thicker
    ax.contour(data["ticks"], data["ticks"], data["values"], levels=levels, linewidths=widths, **look)
    if data["place"]:
        ax.plot(*data["place"], "o", color=PALETTE["vermillion"], label="minimum", gid="minimum")
        ax.legend(loc="upper right")
    ax.set(
        xlabel="across the valley", ylabel="along the null direction $n$", xlim=(-REACH, REACH), ylim=(-REACH, REACH)
    )
    ax.set_title(_headline(data), gid="title")


def _draw_curve(ax: plt.Axes, data: dict) -> None:
    ax.plot(data["ticks"], data["values"], color=PALETTE["blue"], linestyle="-", gid="curve")
    if data["minimum"] is not None:
        x = data["minimum"]
        value = tanh_network(data["strength"])(x, stored_theta(456)).item()
        ax.plot([x.item()], [value], "o", color=PALETTE["vermillion"], label="minimum", gid="minimum")
        ax.legend(loc="upper right")
    ax.set(xlabel="$x$", ylabel="$f$", xlim=(-20, 8), ylim=(-0.9, 2))
    ax.set_title(_headline(data), gid="title")


def _headline(data: dict) -> str:
    return "no minimum" if data["minimum"] is None else "one minimum: " + _point(data["minimum"])


def _point(x: Tensor) -> str:
    if len(x) == 1:
        return format_number(x.item(), ".2f")
    return "(" + ", ".join(format_number(value, ".2f") for value in x.tolist()) + ")"


def tell_stabilised(data: dict) -> str:
    """What the picture shows, in words."""
    values = ", ".join(format_number(value, ".2g") for value in data["eigenvalues"])
    if data["minimum"] is None:
        way = (
            "Contours run along the null direction and never close."
            if data["net"] == THREE
            else "The curve falls for ever to the left."
        )
        return f"{way} There is no minimum; where the forum stopped, the eigenvalues are {values}."
    if data["net"] == THREE:
        end = (
            f"The eigenvalues are {values}; along the null direction the curvature is 2s = {2 * data['strength']:.3g}."
        )
        return f"The contours close around x = {_point(data['minimum'])}. {end}"
    return f"The curve has its lowest point at x = {_point(data['minimum'])}, where the curvature is {values}."
