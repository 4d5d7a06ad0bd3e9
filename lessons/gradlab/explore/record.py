"""What an explorer shows at each position of its controls, in tables that store nothing twice."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from gradlab.explore.controls import Control
from gradlab.explore.svg import Picture

# Positions that are drawn ahead: enough for a slider of 40 with ten of another. Drawing one takes about 20 ms.
LIMIT = 400

Position = tuple[int, ...]


def recorded_positions(controls: Sequence[Control]) -> list[Position]:
    """The positions that a page can show without a kernel; the start is the first.

    All of them if there are at most 400. Else the sliders move one at a time from where they start, under
    every combination of choices and toggles if that makes at most 400 positions, else under their start.
    """
    start = tuple(control.start for control in controls)
    if prod(map(len, controls)) <= LIMIT:
        positions = product(*(range(len(control)) for control in controls))
    else:
        by_choice = list(_sweeps(controls, start, [k for k, c in enumerate(controls) if c.kind != "slider"]))
        positions = by_choice if len(set(by_choice)) <= LIMIT else _sweeps(controls, start, [])
    return list(dict.fromkeys([start, *positions]))


def name_of(position: Position) -> str:
    """What a page calls a position."""
    return ",".join(map(str, position))


def _sweeps(controls: Sequence[Control], start: Position, free: Sequence[int]) -> Iterator[Position]:
    for combination in product(*(range(len(controls[k])) for k in free)):
        base = list(start)
        for k, index in zip(free, combination):
            base[k] = index
        for k in range(len(controls)):
            for index in range(len(controls[k])):
                yield (*base[:k], index, *base[k + 1 :])


class Record:
    """Frames that share their strings: skeletons, what each artist drew, alt texts.

    A frame is `[alt, skeleton, part, part, …]`, each number an index into `strings` but the second, which is
    one into `skeletons`; a frame that could not be computed is `[message]`. `targets` are the controls that a click on
    the figure sets: the control's number, a box in the figure, and where each value lies across it.
    """

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.skeletons: list[dict[str, Any]] = []
        self.frames: dict[str, list[int]] = {}
        self.defs: Mapping[str, str] = {}
        self.targets: list[dict[str, Any]] = []
        self._index: dict[str, int] = {}
        self._skeleton_index: dict[str, int] = {}

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> "Record":
        """The record that has these tables."""
        record = cls()
        record.strings, record.skeletons, record.frames = tables["strings"], tables["skeletons"], tables["frames"]
        record.defs, record.targets = tables["defs"], tables["targets"]
        record._index = {text: k for k, text in enumerate(record.strings)}
        record._skeleton_index = {"".join(each["svg"]): k for k, each in enumerate(record.skeletons)}
        return record

    @property
    def failed(self) -> bool:
        """Whether a position has a message in place of a picture."""
        return any(len(frame) == 1 for frame in self.frames.values())

    def add(self, position: Position, picture: Picture, alt: str) -> list[int]:
        """Keep what the page shows at this position."""
        skeleton = "".join(picture.skeletons)
        if skeleton not in self._skeleton_index:
            self._skeleton_index[skeleton] = len(self.skeletons)
            self.skeletons.append({"svg": list(picture.skeletons), "keys": list(picture.parts)})
        self.defs = {**self.defs, **picture.defs}
        parts = [self._string(content) for content in picture.parts.values()]
        return self._keep(position, [self._string(alt), self._skeleton_index[skeleton], *parts])

    def add_failure(self, position: Position, message: str) -> list[int]:
        """Keep the sentence that the page shows at a position that has no picture."""
        return self._keep(position, [self._string(message)])

    def tables(self) -> dict[str, Any]:
        """Everything a page needs to show all frames."""
        return {
            "strings": self.strings,
            "skeletons": self.skeletons,
            "defs": self.defs,
            "frames": self.frames,
            "targets": self.targets,
        }

    def addition(self, frame: list[int], mark: tuple[int, int, int]) -> dict[str, Any]:
        """What a page needs to show a frame beyond the tables as they were at `mark`."""
        strings, skeletons, defs = mark
        return {
            "strings": {k: self.strings[k] for k in (frame[0], *frame[2:]) if k >= strings},
            "skeletons": {k: self.skeletons[k] for k in frame[1:2] if k >= skeletons},
            "defs": dict(list(self.defs.items())[defs:]),
        }

    def mark(self) -> tuple[int, int, int]:
        """How much is in the tables."""
        return len(self.strings), len(self.skeletons), len(self.defs)

    def _string(self, text: str) -> int:
        if text not in self._index:
            self._index[text] = len(self.strings)
            self.strings.append(text)
        return self._index[text]

    def _keep(self, position: Position, frame: list[int]) -> list[int]:
        self.frames[name_of(position)] = frame
        return frame
