"""An explorer: the three functions that make a figure, and the record of what they drew."""

import inspect
import os
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from matplotlib.figure import Figure

from gradlab import EXAM_SOCKET
from gradlab.explore.controls import Control
from gradlab.explore.figures import close, style
from gradlab.explore.record import Position, Record, recorded_positions
from gradlab.explore.svg import Picture, Tracer

Compute = Callable[..., Any]
Draw = Callable[[Any], Figure]
Alt = Callable[[Any], str]


class Explorer:
    """The three functions, the controls and the record that they fill; `explore` without the display."""

    def __init__(self, compute: Compute, draw: Draw, alt: Alt, controls: dict[str, Control]) -> None:
        _check(compute, controls)
        self.compute, self.draw, self.alt = compute, draw, alt
        self.id = uuid4().hex
        self.names = list(controls)
        self.controls = list(controls.values())
        self.positions = recorded_positions(self.controls)
        self.start = self.positions[0]
        self.record = Record()
        self.recorded = self.record.mark()
        self._tracer = Tracer()

    def recording(self) -> Iterator[Position]:
        """Draw the record, a position at each step; while a hand-in is marked the start is enough."""
        for position in self.positions[:1] if EXAM_SOCKET in os.environ else self.positions:
            self.show(position)
            yield position
        self.recorded = self.record.mark()

    def show(self, position: Position) -> list[int]:
        """The frame at a position, drawn once and kept in the record."""
        known = self.record.frames.get(",".join(map(str, position)))
        if known is not None:
            return known
        try:
            data = self.compute(**self.values(position))
            return self.record.add(position, self.picture(data), self.description(position, data))
        except Exception as error:
            if position == self.start:
                error.add_note(f"This happened at the start of an explorer, at {self.setting(position)}.")
                raise
            return self.record.add_failure(position, f"No picture here. {type(error).__name__}: {error}")

    def picture(self, data: Any) -> Picture:
        """What `draw` makes of the data."""
        with style():
            figure = self.draw(data)
            if not isinstance(figure, Figure):
                raise TypeError(f"draw() must return the matplotlib Figure that it drew, not {type(figure).__name__}.")
            try:
                return self._tracer.trace(figure)
            finally:
                close(figure)

    def description(self, position: Position, data: Any) -> str:
        """The alt text: the values of the controls, then what `alt` says."""
        text = self.alt(data)
        if not (isinstance(text, str) and text.strip()):
            raise TypeError("alt(data) must return a sentence that tells the figure, and returned nothing to say.")
        return f"{self.setting(position)}. {text.strip()}"

    def setting(self, position: Position) -> str:
        """The values at a position in words."""
        pairs = zip(self.controls, position)
        return ", ".join(control.in_words(k) for control, k in pairs)

    def values(self, position: Position) -> dict[str, Any]:
        """The parameters of `compute` at a position."""
        return {name: control.values[k] for name, control, k in zip(self.names, self.controls, position)}


def _check(compute: Compute, controls: dict[str, Control]) -> None:
    if not controls:
        raise TypeError("An explorer needs at least one control, such as T=slider(0, 5, label='T').")
    for name, control in controls.items():
        if not isinstance(control, Control):
            raise TypeError(f"{name}= must be a slider, log_slider, choice or toggle, not {type(control).__name__}.")
    try:
        inspect.signature(compute).bind(**dict.fromkeys(controls))
    except TypeError as error:
        names = ", ".join(controls)
        raise TypeError(f"The controls ({names}) must be the parameters of compute: {error}.") from None
