"""What `predict` and `reveal` show: a card in the notebook, a line in a terminal, data for programs."""

from html import escape

from gradlab.predictions.kinds import Prediction, Said, Words
from gradlab.predictions.picture import picture

MIME = "application/vnd.gradlab.prediction+json"
TONE = {"asked": "#6b6b6b", "kept": "#0072b2", "revealed": "#7a5195", "odd": "#8a6d00"}


def asked(name: str, prediction: Prediction) -> dict:
    """Nothing was typed yet."""
    text = f"{prediction.of}: type {prediction.how} in place of ... and run this cell again. Or go on without."
    return _bundle(name, "asked", f"○ Predict {text}", [f"<strong>○ Predict</strong> {escape(text)}"])


def kept(name: str, prediction: Prediction, said: Said) -> dict:
    """A prediction was read."""
    text = f"Kept: {prediction.write(said)}."
    return _bundle(
        name, "kept", f"✎ {text} Now run on, and see.", [f"<strong>✎ {escape(text)}</strong> Now run on, and see."]
    )


def unreadable(name: str, what: str) -> dict:
    """Something else was typed than was asked for."""
    text = f"{what}, in place of what stands there now. The notebook runs on."
    return _bundle(name, "odd", f"? {text}", [f"<strong>? Not kept.</strong> {escape(text)}"])


def unknown(name: str) -> dict:
    """No lesson asks for this."""
    text = f"No lesson asks for a prediction called “{name}”. Check the name between the first quotation marks."
    return _bundle(name, "odd", f"? {text}", [f"<strong>?</strong> {escape(text)}"])


def revealed(name: str, prediction: Prediction, said: Said | None, ran: bool) -> dict:
    """What was said beside what is, how far apart in words, and a picture of numbers.

    `ran` says whether the cell that asks has run since the kernel started.
    """
    truth = prediction.write(prediction.answer)
    if said is None:
        note = "" if ran else " To see your prediction beside it, run its cell first, then this one again."
        return _bundle(name, "revealed", f"It is: {truth}.{note}", [f"<strong>It is:</strong> {escape(truth)}{note}"])
    right, distance = prediction.compare(said)
    rows = f"<table style='border:none;margin:.2em 0;font-size:1em'>{_row('you said', prediction.write(said))}{_row('it is', truth)}</table>"
    verdict = f"{distance[0].upper()}{distance[1:]}. {_welcome(right, prediction)}"
    text = f"You said: {prediction.write(said)}\nIt is:    {truth}\n{verdict}"
    return _bundle(name, "revealed", text, [rows, escape(verdict), picture(prediction, said) if not right else ""])


def _welcome(right: bool, prediction: Prediction) -> str:
    if isinstance(prediction, Words):
        return ""
    return "You saw it coming." if right else "Good to have said so: a surprise is what stays."


def _row(head: str, value: str) -> str:
    return (
        f'<tr><th scope="row" style="text-align:left;font-weight:600;padding:0 1em 0 0;background:transparent">{head}</th>'
        f'<td style="text-align:left;background:transparent">{escape(value)}</td></tr>'
    )


def _bundle(name: str, state: str, text: str, parts: list[str]) -> dict:
    body = "".join(
        part if part.startswith(("<table", "<figure")) else f'<p style="margin:.2em 0">{part}</p>'
        for part in parts
        if part
    )
    card = (
        f'<div role="status" style="border-left:6px solid {TONE[state]};padding:.3em .9em;margin:.3em 0;'
        f'line-height:1.45">{body}</div>'
    )
    return {"text/html": card, "text/plain": text.strip(), MIME: {"prediction": name, "state": state}}
