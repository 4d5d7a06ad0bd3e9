"""The panels of a figure: pieces that a narrow page may put one below the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

MARGIN = 3.0  # around what the axes draw, in points
Box = tuple[float, float, float, float]  # left, top, right, bottom, in points from the figure's upper left corner


@dataclass(frozen=True)
class Panel:
    """A piece of the figure, and the keys of the artists in it, in the order in which they are drawn."""

    box: Box
    keys: tuple[str, ...]

    def svg(self) -> str:
        """The panel with an empty group for each artist; `style` says how wide it wants to be beside others."""
        left, top, right, bottom = self.box
        width, height = right - left, bottom - top
        places = "".join(f'<g data-part="{key}"/>' for key in self.keys)
        # Wider than its letters want it to be it must not get, nor so narrow that they, of 11 points, have less than 9 px.
        style = f"flex:{width:.0f} 1 {0.9 * width:.0f}px;max-width:{1.4 * width:.0f}px;min-width:{0.83 * width:.0f}px"
        view = " ".join(f"{number:.4g}" for number in (left, top, width, height))
        size = f'width="{width:.0f}" height="{height:.0f}" viewBox="{view}" style="{style}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{places}</svg>'


def panels_of(figure: Figure, renderer: Any, tops: Mapping[str, Axes | None]) -> list[Panel]:
    """The panels of a figure that was drawn: one for each of the axes that stand side by side.

    `tops` maps the key of each artist to the figure's axes that it is drawn in, None for an artist of the figure
    itself. The paper behind the axes is left out: the page has its own. Axes that cover each other stay together, and
    so do axes below each other, which a narrow page shows as they are.
    """
    width, height = figure.get_size_inches() * 72
    groups: list[tuple[list[Axes], Box]] = []
    for axes in dict.fromkeys(top for top in tops.values() if top is not None and top.get_visible()):
        box = _box(axes, renderer, height)
        members = [axes]
        for group in [group for group in groups if _overlap(group[1], box) > 0.2]:
            groups.remove(group)
            members, box = group[0] + members, _union(group[1], box)
        groups.append((members, box))
    rows = _rows(groups)
    if all(len(row) == 1 for row in rows):
        keys = tuple(key for key, top in tops.items() if top is not None or key != next(iter(tops)))
        return [Panel((0.0, 0.0, width, height), keys)]
    panels = []
    for row in rows:
        top, bottom = min(box[1] for _, box in row), max(box[3] for _, box in row)
        for members, box in row:
            left, right = (0.0, width) if len(row) == 1 else (box[0] - MARGIN, box[2] + MARGIN)
            keys = tuple(key for key, axes in tops.items() if axes in members)
            panels.append(Panel((left, top - MARGIN, right, bottom + MARGIN), keys))
    return panels


def _box(axes: Axes, renderer: Any, height: float) -> Box:
    box = axes.get_tightbbox(renderer)
    box = axes.bbox if box is None else box
    return box.x0, height - box.y1, box.x1, height - box.y0


def _rows(groups: Sequence[tuple[list[Axes], Box]]) -> list[list[tuple[list[Axes], Box]]]:
    """Groups in rows from top to bottom, those of a row from left to right."""
    rows: list[list[tuple[list[Axes], Box]]] = []
    for group in sorted(groups, key=lambda group: group[1][1] + group[1][3]):
        middle = (group[1][1] + group[1][3]) / 2
        if rows and rows[-1][0][1][1] < middle < rows[-1][0][1][3]:
            rows[-1].append(group)
        else:
            rows.append([group])
    return [sorted(row, key=lambda group: group[1][0]) for row in rows]


def _overlap(one: Box, other: Box) -> float:
    """The common area of two boxes as a part of the smaller one."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(across, 0.0) * max(down, 0.0) / smaller if smaller > 0 else 0.0


def _union(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
