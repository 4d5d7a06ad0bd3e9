"""The pictures of a class report, each with the sentence that tells it to a listener."""

import numpy as np
from matplotlib.figure import Figure

from autograder.desk.report.item_statistics import Item
from gradlab.explore.figures import PALETTE, style

POOR = 0.2  # an exercise of less discrimination does not tell the class apart


def marks_figure(scores: list[float], most: float) -> tuple[Figure, str]:
    """How the marks are spread: a bar for each whole mark."""
    edges = np.arange(-0.5, most + 1.5)
    counts, _ = np.histogram(np.clip(scores, 0, most), edges)
    with style():
        figure = Figure(figsize=(6.4, 3.2))
        axes = figure.add_subplot()
        axes.bar(edges[:-1] + 0.5, counts, width=0.8, color=PALETTE["blue"])
        axes.axvline(np.median(scores), color=PALETTE["vermillion"], linestyle="--")
        axes.text(
            np.median(scores),
            1.01,
            "median",
            color=PALETTE["vermillion"],
            ha="center",
            transform=axes.get_xaxis_transform(),
        )
        axes.set(xlabel=f"marks of {most:g}", ylabel="hand-ins", xlim=(-0.7, most + 0.7))
        axes.set_axisbelow(True)
        for axis in (axes.xaxis, axes.yaxis):
            axis.get_major_locator().set_params(integer=True)
    low, middle, high = np.percentile(scores, [25, 50, 75])
    alt = (
        f"Histogram of the marks of {len(scores)} hand-ins, of {most:g} possible: median {middle:.3g}, the middle half "
        f"between {low:.3g} and {high:.3g}."
    )
    return figure, alt


def items_figure(found: list[Item]) -> tuple[Figure, str]:
    """How hard each exercise was, and how well it tells the class apart."""
    names = [item.exercise for item in found]
    rows = np.arange(len(found))[::-1]
    with style():
        figure = Figure(figsize=(6.4, 1.2 + 0.36 * len(found)))
        left, right = figure.subplots(1, 2, sharey=True)
        left.barh(rows, [100 * (item.share or 0) for item in found], color=PALETTE["green"], height=0.6)
        left.set(xlabel="points earned (%)", xlim=(0, 100), yticks=rows, yticklabels=names)
        known = [(row, item.discrimination) for row, item in zip(rows, found) if item.discrimination is not None]
        left.set_axisbelow(True)
        right.axvspan(-1, POOR, color="gray", alpha=0.2, linewidth=0)
        right.text((POOR - 0.4) / 2, 1.01, "poor", ha="center", transform=right.get_xaxis_transform())
        right.plot(
            [value for _, value in known], [row for row, _ in known], "D", color=PALETTE["purple"], linestyle="none"
        )
        right.set(xlabel="discrimination", xlim=(-0.4, 1))
    lowest = min(((item.share, item.exercise) for item in found if item.share is not None), default=None)
    which = f", lowest for {lowest[1]} with {lowest[0]:.0%}" if lowest else ""
    alt = (
        f"Two charts with a row for each exercise: the share of its points that the class has{which}, and its "
        "discrimination. The table below has the numbers."
    )
    return figure, alt


def course_figure(quartiles: dict[str, tuple[float, float, float]]) -> tuple[Figure, str]:
    """The middle half of the class in each lesson, and its median; shares of the lesson's marks."""
    lessons = list(quartiles)
    rows = np.arange(len(lessons))[::-1]
    low, middle, high = (100 * np.array([quartiles[lesson][k] for lesson in lessons]) for k in range(3))
    with style():
        figure = Figure(figsize=(6.4, 1.2 + 0.4 * len(lessons)))
        axes = figure.add_subplot()
        axes.hlines(rows, low, high, color=PALETTE["blue"], linewidth=6, alpha=0.5)
        axes.plot(middle, rows, "D", color=PALETTE["vermillion"], linestyle="none")
        axes.set(
            xlabel="marks (%): middle half of the class, and median", xlim=(-2, 102), ylim=(-0.6, len(lessons) - 0.4)
        )
        axes.set(yticks=rows, yticklabels=lessons)
    hardest = lessons[int(np.argmin(middle))]
    alt = (
        f"One row for each of {len(lessons)} lessons with the middle half of the class's marks and their median; the "
        f"lowest median is that of {hardest}, {middle.min():.0f} percent. The table below has the numbers."
    )
    return figure, alt
