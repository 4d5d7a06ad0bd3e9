"""Draw a verdict: a card in the notebook, plain lines in a terminal, data for programs."""

from html import escape

from gradlab.exercises.passage import PASSAGE, anchor
from gradlab.exercises.verdict import SIGNS, Curve, Outcome, Verdict

MIME = "application/vnd.gradlab.verdict+json"
TONES = {  # border and word; the sign and the word say it too
    Outcome.RIGHT: ("#007a5a", "Right"),
    Outcome.HALF: ("#b35900", "Half right, half of the points"),
    Outcome.WRONG: ("#c0392b", "Not right yet"),
    Outcome.NOT_ATTEMPTED: ("#6b6b6b", "Not attempted yet"),
    Outcome.UNCHECKABLE: ("#8a6d00", "Cannot be checked"),
}


def bundle(verdict: Verdict, worked: str = "", way_on: str = "") -> dict:
    """The verdict in every form at once: HTML, plain text, and data for `gradlab progress`."""
    return {"text/html": as_html(verdict, worked, way_on), "text/plain": verdict.text, MIME: as_data(verdict)}


def as_data(verdict: Verdict) -> dict:
    """What a program needs to know of a verdict."""
    return {
        "exercise": verdict.exercise,
        "outcome": str(verdict.outcome),
        "misconception": verdict.misconception,
        "message": verdict.message,
    }


def as_html(verdict: Verdict, worked: str = "", way_on: str = "") -> str:
    """A card with sign, word, sentence, what was called, came back and was expected, and a picture where it helps.

    `way_on` is HTML that says where the learner stands.
    """
    colour, word = TONES[verdict.outcome]
    rows = [("called", verdict.called), ("came back", verdict.returned), ("expected", verdict.expected)]
    cells = "".join(
        f'<tr><th scope="row" style="text-align:left;font-weight:600;padding:0 1em 0 0;vertical-align:top;'
        f'background:transparent">{name}</th>'
        f'<td style="text-align:left;background:transparent"><code style="white-space:pre-wrap">{escape(value)}</code>'
        f"</td></tr>"
        for name, value in rows
        if value
    )
    parts = [
        f'<div role="status" style="border-left:6px solid {colour};padding:.4em .9em;margin:.3em 0;line-height:1.45">',
        f'<p style="margin:.1em 0"><strong>{SIGNS[verdict.outcome]} {word}: <code>{escape(verdict.exercise)}</code>'
        f"</strong></p>",
    ]
    if verdict.message:
        parts.append(f'<p style="margin:.3em 0">{_code(verdict.message)}</p>')
    if cells:
        parts.append(f'<table style="border:none;margin:.2em 0;font-size:1em">{cells}</table>')
    if verdict.curve:
        parts.append(curve_svg(verdict.curve, verdict.exercise))
    if verdict.traceback:
        parts.append(
            f'<details><summary>Your traceback</summary><pre style="white-space:pre-wrap">'
            f"{escape(verdict.traceback)}</pre></details>"
        )
    if verdict.look:
        parts.append(f'<p style="margin:.3em 0">Look at: {_linked(verdict.look)}</p>')
    parts.append(way_on)
    if worked:
        parts.append(
            f"<details><summary>One way to write it</summary>"
            f'<pre style="white-space:pre-wrap">{escape(worked)}</pre></details>'
        )
    return "".join(parts) + "</div>"


def _code(text: str) -> str:
    """Escaped text with `words in backticks` set as code."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces))


def _linked(look: str) -> str:
    """A text in which each “passage” leads to its heading in the notebook."""
    return PASSAGE.sub(lambda found: f'<a href="#{anchor(found[1])}">{found[0]}</a>', _code(look))


def curve_svg(curve: Curve, exercise: str) -> str:
    """A small line drawing: expected as a solid line, the answer as a dashed one."""
    width, height, margin = 320, 150, 12
    finite = [value for value in (*curve.expected, *curve.returned) if abs(value) < 1e12]
    low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
    left, span, rise = curve.points[0], (curve.points[-1] - curve.points[0]) or 1.0, (high - low) or 1.0

    def path(values: tuple[float, ...]) -> str:
        points = [
            f"{margin + (x - left) / span * (width - 2 * margin):.1f},"
            f"{height - margin - (v - low) / rise * (height - 2 * margin):.1f}"
            for x, v in zip(curve.points, values)
            if abs(v) < 1e12
        ]
        return "M" + "L".join(points) if points else ""

    gap = max((abs(a - b) for a, b in zip(curve.expected, curve.returned)), default=0.0)
    where = max(zip(curve.points, curve.expected, curve.returned), key=lambda t: abs(t[1] - t[2]))[0]
    alt = f"{exercise}: your values against the expected ones; they differ most, by {gap:.3g}, at {where:.3g}."
    return (
        f'<figure style="margin:.3em 0"><svg role="img" aria-label="{escape(alt)}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" style="max-width:100%;background:#fff;border:1px solid #ccc">'
        f'<path d="{path(curve.expected)}" fill="none" stroke="#0072B2" stroke-width="2.5"/>'
        f'<path d="{path(curve.returned)}" fill="none" stroke="#D55E00" stroke-width="2.5" stroke-dasharray="6 4"/>'
        f"</svg><figcaption>solid: expected; dashed: yours. {escape(alt)}</figcaption></figure>"
    )
