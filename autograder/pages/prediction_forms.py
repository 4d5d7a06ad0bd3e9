"""Predictions on a web page: an input in the place of `predict`, and, where it is revealed, a place for what was said.

`assets/site/site.js` keeps what is typed in the reader's browser; without it the page shows what is.
"""

import json
from html import escape

import nbformat
from nbformat import NotebookNode

from autograder.release.prediction_rules import PREDICT, REVEAL
from gradlab.predictions import Choice, Number, Numbers, Prediction
from gradlab.predictions.card import MIME
from gradlab.predictions.registry import find_prediction


def with_forms(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The cells of a page in which readers can predict. Raises KeyError for a prediction that no lesson describes."""
    return [_with_form(cell) if cell.cell_type == "code" else cell for cell in cells]


def _with_form(cell: NotebookNode) -> NotebookNode:
    asked, revealed = PREDICT.fullmatch(cell.source), REVEAL.findall(cell.source)
    if asked:
        return nbformat.v4.new_markdown_cell(form(asked[1], find_prediction(asked[1])), id=cell.id)
    if not revealed:
        return cell
    html = truth(revealed[0], find_prediction(revealed[0]))
    if REVEAL.fullmatch(cell.source):
        return nbformat.v4.new_markdown_cell(html, id=cell.id)
    cell.source = REVEAL.sub("", cell.source).rstrip()
    for output in cell.outputs:
        if MIME in output.get("data", {}):
            output["data"] = {"text/html": html}
    return cell


def form(name: str, prediction: Prediction) -> str:
    """What a reader fills in."""
    read = ""
    if isinstance(prediction, (Number, Numbers)):
        axis = prediction.axis if isinstance(prediction, Number) else None
        read = f' data-units="{_json(prediction.units)}" data-axis="{_json(axis)}"'
    return (
        f'<form class="prediction" data-name="{escape(name)}"{read}><fieldset><legend>Predict {escape(prediction.of)}</legend>'
        f"{_inputs(name, prediction)}"
        f'<button type="submit">Keep</button> <output role="status"></output></fieldset></form>'
    )


def _inputs(name: str, prediction: Prediction) -> str:
    match prediction:
        case Choice(options=options, truth=true):
            kind = "radio" if isinstance(true, str) else "checkbox"
            values = [
                f'<input type="{kind}" name="{escape(name)}" value="{escape(option)}"> {escape(option)}'
                for option in options
            ]
        case Numbers(truth=truths):
            values = [
                f'{escape(label)} <input type="text" autocomplete="off" size="9" maxlength="300">' for label in truths
            ]
        case _:
            label = escape(prediction.how)
            values = [
                f'<input type="text" autocomplete="off" size="16" maxlength="300" aria-label="{label}" placeholder="{label}">'
            ]
    return " ".join(f"<label>{value}</label>" for value in values)


def truth(name: str, prediction: Prediction) -> str:
    """What is, and what the script needs to lay a prediction beside it."""
    answer = [str(each) for each in prediction.answer]
    numbers = isinstance(prediction, (Number, Numbers))
    kind = "numbers" if numbers else "choice" if isinstance(prediction, Choice) else "words"
    labels = list(prediction.truth) if isinstance(prediction, Numbers) else []
    return (
        f'<div class="prediction-truth" data-name="{escape(name)}" data-kind="{kind}" '
        f'data-truth="{_json(answer)}" data-labels="{_json(labels)}" data-units="{_json(getattr(prediction, "units", ()))}">'
        f"<p><strong>It is:</strong> {escape(prediction.write(prediction.answer))}</p></div>"
    )


def _json(value: object) -> str:
    """A value as an attribute that the script reads."""
    return escape(json.dumps(value))
