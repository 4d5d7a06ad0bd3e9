"""Round-off along the chain: the error of its value, and the noise in a gradient that should be 0."""

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gradlab.explore import choice, explore
from gradlab.explore.figures import LINE_STYLES, PALETTE
from gradlab.explore.format_number import format_number
from gradlab.lessons.wasteful_module.chain_grid import DTYPES, ROUNDS, load_grid
from gradlab.lessons.wasteful_module.explorers.rounds import rounds_slider, set_rounds_axes
from gradlab.maths.chains import CHAINS

LOOKS = dict(zip(CHAINS, zip(("blue", "vermillion", "green", "black"), (*LINE_STYLES[:3], LINE_STYLES[5]))))


def noise(n: int = 100, method: str = "inverse each round", dtype: str = "float64") -> None:
    """Error of the chain and noise in ∇A against the number of rounds. Starts at `n`, `method`, `dtype`."""
    explore(
        chain_noise,
        draw_noise,
        alt=tell_noise,
        n=rounds_slider(n, (1, 10, 100, 1000, 10000), panel=0),
        method=choice(list(CHAINS), start=method, label="method"),
        dtype=choice(list(DTYPES), start=dtype, label="dtype"),
    )


def chain_noise(n: int, method: str, dtype: str) -> dict:
    """The rows of the grid for one dtype, and where the reader stands in it."""
    rows = load_grid()["noise"][dtype]
    k = ROUNDS.index(n)
    return {
        "n": n,
        "method": method,
        "dtype": dtype,
        "rows": rows,
        "here": rows[method][k],
        "slope": _slope(rows[method]),
    }


def _slope(rows: list[dict]) -> float:
    """By which power of n the noise in ∇A grows from n = 100 to 10 000: least squares in the logarithms."""
    n = torch.tensor(ROUNDS, dtype=torch.float64).log()
    noise = torch.tensor([row["grad_A"] for row in rows], dtype=torch.float64).log()
    n, noise = n[4:] - n[4:].mean(), noise[4:] - noise[4:].mean()
    return ((n @ noise) / (n @ n)).item()


def draw_noise(data: dict) -> Figure:
    """Left: relative error of the value. Right: the largest entry of ∇A, whose true value is 0."""
    figure, axes = plt.subplots(1, 2, figsize=(9.4, 4.3), layout="none")
    figure.subplots_adjust(left=0.08, right=0.97, bottom=0.14, top=0.91, wspace=0.24)
    single = data["dtype"] == "float32"
    limits = ((1e-7, 1e4) if single else (1e-16, 1e-5), (1e-5, 1e5) if single else (1e-13, 1e-4))
    titles = ("Error of the chain", "Noise in ∇A, which should be 0")
    labels = ("relative error", "largest entry of ∇A")
    for ax, key, ylim, title, label in zip(axes, ("error", "grad_A"), limits, titles, labels):
        for method, rows in data["rows"].items():
            colour, style = LOOKS[method]
            chosen = method == data["method"]
            ax.loglog(
                ROUNDS,
                [row[key] for row in rows],
                linestyle=style,
                color=PALETTE[colour],
                linewidth=4.0 if chosen else 2.0,
                label=method,
                gid=f"{key} {method}",
            )
        ax.plot(
            data["n"],
            data["here"][key],
            "D",
            color="black",
            markersize=11,
            fillstyle="none",
            markeredgewidth=2.2,
            gid=f"{key} here",
        )
        ax.set(title=title, ylabel=label)
        set_rounds_axes(ax, ylim)
    axes[0].legend(loc="upper left", handlelength=3.2)
    _draw_guides(axes[1], data)
    return figure


def _draw_guides(ax: Axes, data: dict) -> None:
    """Slopes 1 and 2, the size of ∇x, and what stands at the marker."""
    low = 3e-5 if data["dtype"] == "float32" else 3e-13  # below all curves
    for n, power, words in ((20, 1, "∝ n"), (1000, 2, "∝ n²")):
        ax.plot([n, 8 * n], [low, low * 8**power], color="black", linestyle=":", linewidth=1.2)
        ax.annotate(words, (n, low), (-4, 0), textcoords="offset points", fontsize=11, ha="right", va="center")
    if data["dtype"] == "float32":
        ax.axhline(20.2, color="black", linestyle=(0, (8, 2)), linewidth=1.2)
        ax.annotate("largest entry of the true ∇x", (0.9, 20.2), (0, 4), textcoords="offset points", fontsize=11)
    ax.text(
        0.03,
        0.9,
        f"|∇A| = {format_number(data['here']['grad_A'], '.1e')}, slope {format_number(data['slope'], '.1f')}",
        transform=ax.transAxes,
        gid="reading",
    )


def tell_noise(data: dict) -> str:
    """What the picture shows, in words."""
    here = data["here"]
    error, in_A = (format_number(here[name], ".1e") for name in ("error", "grad_A"))
    return (
        "Two log-log plots against the number of rounds, four methods each. At the marker the chain has a relative "
        f"error of {error}, and the largest entry of ∇A is {in_A}, where 0 "
        f"is right and the largest entry of ∇x is {format_number(here['grad_x'])}. From 100 to 10 000 "
        f"rounds the noise of this method grows like n to the power {format_number(data['slope'], '.1f')}."
    )
