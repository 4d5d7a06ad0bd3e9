"""Forward and backward passes of the wasteful and the efficient module, timed apart on the reader's own machine."""

import time
from collections.abc import Callable, Sequence
from statistics import median

import matplotlib.pyplot as plt
import torch
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

from gradlab.explore.figures import PALETTE, style
from gradlab.lessons.wasteful_module.chain_grid import build, homework_data

Row = dict[str, float]


def measure(rounds: Sequence[int], repeats: int = 5) -> list[Row]:
    """Median seconds of the passes of φ for each number of rounds, with a progress bar; what is quick runs more often.

    A row holds n and "wasteful forward", "wasteful backward", "efficient forward", "efficient backward". Each module
    runs once before it is timed.
    """
    M, A, x = homework_data()
    bar, rows = display(_bar(0, len(rounds)), raw=True, display_id=True), []
    for n in rounds:
        row = {"n": n}
        for kind in ("wasteful", "efficient"):
            forward, backward = time_passes(
                build(kind, M, n), x, A, repeats * (1 if kind == "wasteful" and n > 100 else 20)
            )
            row |= {f"{kind} forward": forward, f"{kind} backward": backward}
        rows.append(row)
        if bar:  # None outside of IPython
            bar.update(_bar(len(rows), len(rounds)), raw=True)
    return rows


def _bar(done: int, of: int) -> dict[str, str]:
    text = f"Timed {done} of {of} numbers of rounds"
    return {"text/html": f'<label>{text} <progress max="{of}" value="{done}"></progress></label>', "text/plain": text}


def time_passes(module: nn.Module, x: Tensor, A: Tensor, repeats: int) -> tuple[float, float]:
    """Median seconds of a forward and of a backward pass of φ = ‖x − module(x, A)‖², after one run to warm up."""
    inputs = (x, A, module.M)

    def forward() -> Tensor:
        return ((x - module(x, A)) ** 2).sum()

    def backward(phi: Tensor) -> None:
        torch.autograd.grad(phi, inputs, allow_unused=True)

    backward(forward())
    times = []
    for _ in range(repeats):
        phi, there = _timed(forward)
        _, back = _timed(lambda phi=phi: backward(phi))
        times.append((there, back))
    return tuple(map(median, zip(*times)))


def _timed(action: Callable) -> tuple:
    start = time.perf_counter()
    result = action()
    return result, time.perf_counter() - start


def slope(rows: list[Row], name: str) -> float:
    """By which power of n this time grows over the last two rows."""
    before, after = rows[-2], rows[-1]
    ratio = torch.tensor(after[name] / before[name]).log() / torch.tensor(after["n"] / before["n"]).log()
    return ratio.item()


def draw(rows: list[Row]) -> Figure:
    """Left: the four times against n. Right: wasteful divided by efficient, both ways, with a line of slope 1."""
    with style():
        figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 4.2))
        _draw_times(left, rows)
        _draw_ratios(right, rows)
    return figure


def _draw_times(ax: Axes, rows: list[Row]) -> None:
    styles = {"wasteful forward": "-", "wasteful backward": "--", "efficient forward": "-.", "efficient backward": ":"}
    for (name, line), colour in zip(styles.items(), ("blue", "vermillion", "green", "purple")):
        ax.loglog(
            [row["n"] for row in rows], [row[name] for row in rows], linestyle=line, color=PALETTE[colour], label=name
        )
    ax.set(xlabel="rounds n", title="Seconds")
    ax.legend()


def _draw_ratios(ax: Axes, rows: list[Row]) -> None:
    n = [row["n"] for row in rows]
    for way, line, colour in (("forward", "-", "blue"), ("backward", "--", "vermillion")):
        ax.loglog(n, ratios(rows, way), linestyle=line, color=PALETTE[colour], label=way)
    start = ratios(rows, "forward")[-1] / n[-1]
    ax.loglog(n, [start * k for k in n], color="black", linestyle=":", linewidth=1.2, label="slope 1")
    ax.set(xlabel="rounds n", title="Wasteful : efficient")
    ax.legend()


def ratios(rows: list[Row], way: str) -> list[float]:
    """Wasteful divided by efficient, for way "forward" or "backward"."""
    return [row[f"wasteful {way}"] / row[f"efficient {way}"] for row in rows]


def tell(rows: list[Row]) -> str:
    """What the picture shows, in words."""
    forward, backward = slope(rows, "wasteful forward"), slope(rows, "wasteful backward")
    return (
        f"Two log-log plots against the number of rounds, up to {rows[-1]['n']}. The times of the wasteful module rise "
        f"like straight lines, in the end with slope {forward:.1f} forward and {backward:.1f} backward; those of the "
        f"efficient one are flat. At the right end wasteful : efficient is {ratios(rows, 'forward')[-1]:.0f} forward "
        f"and {ratios(rows, 'backward')[-1]:.0f} backward."
    )
