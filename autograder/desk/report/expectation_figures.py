"""The pictures of what a class expected: answers along an axis or by option, and the truth among them."""

from collections import Counter

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from autograder.desk.report.expectations import Expectation
from gradlab.explore.figures import PALETTE, style
from gradlab.predictions import Choice, Number, Numbers
from gradlab.predictions.number_text import write_number
from gradlab.predictions.picture import can_be_drawn

WIDE = 30  # values of one sign whose ratio is larger stand on a logarithmic axis


def expectation_figure(found: Expectation) -> tuple[Figure, str] | None:
    """The picture and the sentence that tells it; nothing for words."""
    match found.prediction:
        case Choice():
            return _choices(found, found.prediction)
        case Number(truth=truth):
            return _values(found, {"": truth})
        case Numbers(truth=truths):
            return _values(found, truths)
    return None


def _choices(found: Expectation, prediction: Choice) -> tuple[Figure, str]:
    counts = Counter(option for each in found.said for option in each)
    options, true = prediction.options, prediction.answer
    rows = np.arange(len(options))[::-1]
    with style():
        figure = Figure(figsize=(6.4, 0.9 + 0.36 * len(options)))
        axes = figure.add_subplot()
        colours = [PALETTE["blue"] if option in true else PALETTE["orange"] for option in options]
        axes.barh(rows, [counts[option] for option in options], color=colours, height=0.6)
        labels = [f"{option}  ● it is" if option in true else option for option in options]
        axes.set(yticks=rows, yticklabels=labels, xlabel="students")
        axes.xaxis.get_major_locator().set_params(integer=True)
    told = "; ".join(f"{option}: {counts[option]}" for option in options)
    return figure, f"Bars of how many chose each: {told}. It is {found.truth}."


def _values(found: Expectation, truths: dict[str, float]) -> tuple[Figure, str]:
    with style():
        figure = Figure(figsize=(6.4, 0.5 + 1.1 * len(truths)))
        rows = figure.subplots(len(truths), 1, squeeze=False)[:, 0]
        for k, (axes, (label, truth)) in enumerate(zip(rows, truths.items())):
            _strip(axes, [float(str(each[k])) for each in found.said], truth, label)
        rows[-1].set_xlabel("predicted; dashed: it is")
    told = "; ".join(f"{answer}: {count}" for answer, count in found.answers)
    return figure, f"How often each value was predicted: {told}. It is {found.truth}."


def _strip(axes: Axes, values: list[float], truth: float, label: str) -> None:
    """A bar at each value that was said, as high as it was said often, and a dashed line at the truth."""
    counts = Counter(value for value in values if can_be_drawn(value))
    outside = Counter(write_number(value) for value in values if not can_be_drawn(value))
    told = [label, *(f"{value}: {count}" for value, count in outside.items())]
    places = [*counts, truth] if can_be_drawn(truth) else [*counts]
    if not can_be_drawn(truth):
        told.append(f"it is {write_number(truth)}")
    axes.set_title("   ".join(filter(None, told)), loc="left")
    if not counts:
        axes.set(xticks=[], yticks=[])
        return
    if min(places) > 0 and max(places) / min(places) > WIDE:
        axes.set_xscale("log")
    elif max(places) - min(places) < 1e-6 * max(map(abs, places)) or len({*places}) == 1:
        middle = max(places, key=abs)
        axes.set_xlim(middle - max(1.0, abs(middle)), middle + max(1.0, abs(middle)))
    axes.vlines(list(counts), 0, list(counts.values()), color=PALETTE["orange"], linewidth=5)
    if can_be_drawn(truth):
        axes.axvline(truth, color=PALETTE["blue"], linestyle="--")
    if axes.get_xscale() == "linear":
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=all(value == int(value) for value in places)))
    axes.set_ylim(0, max(counts.values()) * 1.15)
    axes.yaxis.get_major_locator().set_params(integer=True)
