"""A small picture of a prediction beside the truth: on each row a cross for what was said and a dot for what is."""

import math
from collections.abc import Callable
from html import escape

from gradlab.predictions.kinds import Number, Numbers, Prediction, Said
from gradlab.predictions.number_text import write_number

WIDTH, ROW, LEFT, RIGHT = 340, 34, 12, 328
SAID, TRUE = "#d55e00", "#0072b2"  # of the course's palette, told apart by any common colour blindness
LARGEST = 1e15
RATIO = 30  # from this ratio on the axis is logarithmic


def picture(prediction: Prediction, said: Said) -> str:
    """An SVG for numbers that are finite; empty for everything else."""
    rows = _rows(prediction, said)
    if not rows:
        return ""
    place = _scale([value for _, *pair in rows for value in pair], getattr(prediction, "axis", None))
    labels = len(rows) > 1
    height = ROW * len(rows) + 12
    parts = [_row(label if labels else "", a, b, place, 18 + k * ROW) for k, (label, a, b) in enumerate(rows)]
    alt = "; ".join(
        f"{label + ': ' if labels else ''}you said {write_number(a)}, it is {write_number(b)}" for label, a, b in rows
    )
    return (
        f'<figure style="margin:.3em 0"><svg role="img" aria-label="{escape(alt)}" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" style="max-width:100%;height:auto;background:#fff;border:1px solid #ccc">'
        f"{''.join(parts)}</svg><figcaption>× you said, ● it is</figcaption></figure>"
    )


def _rows(prediction: Prediction, said: Said) -> list[tuple[str, float, float]]:
    """Label, said, true; only what can be drawn."""
    if isinstance(prediction, Number):
        pairs = [("", said[0], prediction.truth)]
    elif isinstance(prediction, Numbers):
        pairs = [(label, value, truth) for (label, truth), value in zip(prediction.truth.items(), said)]
    else:
        return []
    drawn = [(label, float(str(a)), float(b)) for label, a, b in pairs]
    return [row for row in drawn if can_be_drawn(row[1]) and can_be_drawn(row[2])]


def can_be_drawn(value: float) -> bool:
    """Whether a number has a place on an axis; those that are huge, tiny or no number are only told."""
    return value == 0 or 1 / LARGEST <= abs(value) <= LARGEST


def _scale(values: list[float], axis: tuple[float, float] | None) -> Callable[[float], float]:
    """A function that takes a number to its place on the picture."""
    low, high = axis or (min(values), max(values))
    low, high = min([low, *values]), max([high, *values])
    logarithmic = not axis and low > 0 and high / low > RATIO
    inner: Callable[[float], float] = math.log10 if logarithmic else float
    if not axis and not logarithmic:
        low, high = min(low, 0.0), max(high, 0.0)
    low, high = inner(low), inner(high)
    span = (high - low) or 1.0
    return lambda value: LEFT + 60 + (inner(value) - low) / span * (RIGHT - LEFT - 120)


def _row(label: str, said: float, true: float, place: Callable[[float], float], y: int) -> str:
    """One axis with its two marks and their numbers."""
    at, there = place(said), place(true)
    near = abs(at - there) < 60
    return (
        f'<line x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}" stroke="#888"/>'
        + (f'<text x="{LEFT}" y="{y - 6}" font-size="11" fill="#333">{escape(label)}</text>' if label else "")
        + f'<circle cx="{there:.1f}" cy="{y}" r="5" fill="{TRUE}"/>'
        + f'<path d="M{at - 5:.1f},{y - 5}l10,10m0,-10l-10,10" stroke="{SAID}" stroke-width="2.5" fill="none"/>'
        + f'<text x="{there:.1f}" y="{y + 17}" font-size="11" text-anchor="middle" fill="{TRUE}">{write_number(true)}</text>'
        + (
            ""
            if near
            else f'<text x="{at:.1f}" y="{y + 17}" font-size="11" text-anchor="middle" fill="#a34700">{write_number(said)}</text>'
        )
    )
