"""The controls of an explorer: each is a name for the reader and a finite row of positions."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log10
from typing import Any

from gradlab.explore.format_number import format_number


@dataclass(frozen=True)
class Control:
    """One control: `values[i]` goes to `compute`, the reader sees and hears `texts[i]`, at position i.

    `play`: a button moves it by itself. `panel`: a click in these axes of the figure sets it to the value there.
    """

    kind: str
    label: str
    values: tuple[Any, ...]
    texts: tuple[str, ...]
    start: int
    play: bool = False
    panel: int | None = None

    def __len__(self) -> int:
        return len(self.values)

    def in_words(self, index: int) -> str:
        """What the control says at a position: "λ = 0.5", "method Adam"."""
        return f"{self.label} {'= ' if self.kind == 'slider' else ''}{self.texts[index]}"


def slider(
    low: float,
    high: float,
    *,
    step: float | None = None,
    start: float | None = None,
    label: str,
    play: bool = False,
    panel: int | None = None,
) -> Control:
    """A linear slider over low, low + step, …, high.

    `step` is (high − low)/40 unless given; all three being ints gives ints. `start` (default: the middle
    position) becomes a position of its own if it lies between two. `play` adds a button that moves the slider by
    itself; with `panel=n` a click in the n-th axes of the figure sets it, if its values lie along their x-axis. Raises
    ValueError if there are not low < high, 0 < step ≤ high − low and low ≤ start ≤ high.
    """
    whole = isinstance(low, int) and isinstance(high, int) and isinstance(step, int)
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ValueError(f"The slider {label!r} needs low < high, and got {low} and {high}.")
    step = (high - low) / 40 if step is None else step
    if not 0 < step <= high - low:
        raise ValueError(f"The slider {label!r} needs a step between 0 and {high - low}, and got {step}.")
    count = int((high - low) / step + 1e-9)
    values = [low + k * step for k in range(count + 1)]
    if not whole:
        values = [round(value, 12) for value in values]
    return _slider(values, values[len(values) // 2] if start is None else start, label, play, panel)


def log_slider(
    low: float,
    high: float,
    *,
    start: float | None = None,
    positions: int = 41,
    label: str,
    play: bool = False,
    panel: int | None = None,
) -> Control:
    """A slider whose positions are spaced evenly in the logarithm, from low to high, both positive.

    `start` (default: the middle position) becomes a position of its own if it lies between two; `play` and `panel` are
    those of `slider`. Raises ValueError if there are not 0 < low < high, low ≤ start ≤ high and positions ≥ 2.
    """
    if not (0 < low < high and isfinite(high)):
        raise ValueError(f"The logarithmic slider {label!r} needs 0 < low < high, and got {low} and {high}.")
    if positions < 2:
        raise ValueError(f"The slider {label!r} needs at least 2 positions, and got {positions}.")
    width = (log10(high) - log10(low)) / (positions - 1)
    values = [float(f"{10 ** (log10(low) + k * width):.6g}") for k in range(positions)]
    return _slider(values, values[positions // 2] if start is None else start, label, play, panel)


def choice(options: Sequence[Any], *, start: Any = None, label: str) -> Control:
    """One of several options: radio buttons up to four of them, a list to drop down beyond.

    `compute` gets the option itself, the reader sees `str(option)`. Raises ValueError unless there are two
    options or more, all different, and `start` (default: the first) is one of them.
    """
    options = tuple(options)
    texts = tuple(str(option) for option in options)
    if len(options) < 2 or len(set(texts)) < len(texts):
        raise ValueError(f"The choice {label!r} needs two or more different options, and got {list(texts)}.")
    if start is not None and start not in options:
        raise ValueError(f"The choice {label!r} cannot start at {start!r}: it is none of {list(texts)}.")
    kind = "radio" if len(options) <= 4 else "select"
    return Control(kind, label, options, texts, 0 if start is None else options.index(start))


def toggle(*, start: bool = False, label: str) -> Control:
    """A checkbox; `compute` gets True or False."""
    return Control("toggle", label, (False, True), ("off", "on"), int(start))


def _slider(values: list[float], start: float, label: str, play: bool, panel: int | None) -> Control:
    if not values[0] <= start <= values[-1]:
        raise ValueError(f"The slider {label!r} cannot start at {start}: it goes from {values[0]} to {values[-1]}.")
    # A reference value such as T = 3.14 must be reached exactly, whatever the step.
    near = min(values, key=lambda value: abs(value - start))
    if abs(near - start) <= 1e-9 * max(abs(near), abs(start)):
        start = near
    else:
        insort(values, start)
    return Control("slider", label, tuple(values), tuple(map(_text, values)), values.index(start), play, panel)


def _text(value: float) -> str:
    return format_number(value) if isinstance(value, float) else format_number(value, "d")
