"""An explorer: the three functions that make a figure, and the record of what they drew."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from matplotlib.figure import Figure

from gradlab.explore import record_store
from gradlab.explore.controls import Control
from gradlab.explore.figures import close, closed_on_error, style
from gradlab.explore.garbage import collected_at_the_end
from gradlab.explore.record import Position, Record, name_of, recorded_positions
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
        self.places = record_store.places_of((draw, compute, alt), self.controls)
        self.record = Record()
        self.sent = self.record.mark()  # what the page has of the record's tables
        self._tracer = Tracer()

    @property
    def complete(self) -> bool:
        """Whether every position that is to be recorded is."""
        return all(name_of(position) in self.record.frames for position in self.positions)

    def take(self, tables: dict[str, Any]) -> None:
        """Take the record from tables that were kept."""
        self.record = Record.of(tables)

    def recording(self) -> Iterator[Position]:
        """Draw the record, a position at each step, and keep it for the reader."""
        for position in self.positions:
            if name_of(position) not in self.record.frames:
                self.show(position)
                yield position
        if self.places and not self.record.failed:
            record_store.keep(self.places.own, self.record.tables())

    def show(self, position: Position) -> list[int]:
        """The frame at a position, drawn once and kept in the record."""
        known = self.record.frames.get(name_of(position))
        if known is not None:
            return known
        try:
            data = self.compute(**self.values(position))
            with collected_at_the_end():
                picture = self.picture(data)
            return self.record.add(position, picture, self.description(position, data))
        except Exception as error:
            if position == self.start:
                error.add_note(f"This happened at the start of an explorer, at {self.setting(position)}.")
                raise
            return self.record.add_failure(position, f"No picture here. {type(error).__name__}: {error}")

    def picture(self, data: Any) -> Picture:
        """What `draw` makes of the data."""
        with style():
            with closed_on_error():
                figure = self.draw(data)
            if not isinstance(figure, Figure):
                raise TypeError(f"draw() must return the matplotlib Figure that it drew, not {type(figure).__name__}.")
            try:
                picture = self._tracer.trace(figure)
                self._note_targets(figure)
                return picture
            finally:
                close(figure)

    def _note_targets(self, figure: Figure) -> None:
        """Where in the picture a click sets a control: the axes' box, and where each value lies across."""
        if self.record.targets or not any(control.panel is not None for control in self.controls):
            return
        height = figure.get_size_inches()[1] * 72
        for k, control in enumerate(self.controls):
            if control.panel is not None:
                axes = figure.axes[control.panel]
                box = axes.bbox
                across = axes.transData.transform([(value, axes.get_ylim()[0]) for value in control.values])[:, 0]
                edges = [box.x0, height - box.y1, box.x1, height - box.y0]
                self.record.targets.append(
                    {"control": k, "box": [round(e, 1) for e in edges], "at": [round(x, 1) for x in across.tolist()]}
                )

    def description(self, position: Position, data: Any) -> str:
        """The alt text: the values of the controls, then what `alt` says."""
        text = self.alt(data)
        if not (isinstance(text, str) and text.strip()):
            raise TypeError("alt(data) must return a sentence that tells the figure, and returned nothing to say.")
        return f"{self.setting(position)}. {text.strip()}"

    def setting(self, position: Position) -> str:
        """The values at a position in words."""
        return ", ".join(control.in_words(k) for control, k in zip(self.controls, position))

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
