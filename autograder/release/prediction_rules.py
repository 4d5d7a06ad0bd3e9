"""What a lesson's predictions must keep: each prompt can be answered, and each answer is laid beside the truth."""

import re
from collections.abc import Iterator

from nbformat import NotebookNode

from autograder.release.exercise_rules import Complaint
from autograder.release.source import PREDICT
from gradlab.predictions.kinds import Choice
from gradlab.predictions.registry import find_prediction

PROMPT = re.compile(r"\*\*(?i:predict)\*\*")
REVEAL = re.compile(r'^reveal\("(\w+)"\)$', re.MULTILINE)


def prompts(source: NotebookNode, lesson: NotebookNode) -> Iterator[Complaint]:
    """A text that asks for a prediction is followed by the cell that takes it."""
    for position, (cell, after) in enumerate(zip(source.cells, source.cells[1:]), 1):
        asks = cell.cell_type == "markdown" and PROMPT.search(cell.source)
        if asks and not (after.cell_type == "code" and PREDICT.search(after.source)):
            yield f"cell {position}", 'asks to predict; follow it with a cell  predict("name", ...)'


def known_predictions(source: NotebookNode, lesson: NotebookNode) -> Iterator[Complaint]:
    """Every prediction is described in the lesson's package, its options stand in the text, and it is revealed below."""
    text, open_ones, seen = "", [], set()
    for position, cell in enumerate(source.cells, 1):
        if cell.cell_type == "markdown":
            text = cell.source
            continue
        for name in PREDICT.findall(cell.source):
            where = f"cell {position}"
            if name in seen:
                yield where, f"asks for the prediction {name} a second time; a name is used once"
            seen.add(name)
            open_ones.append(name)
            yield from ((where, what) for what in _untold(name, text))
        for name in REVEAL.findall(cell.source):
            if name not in open_ones:
                yield f"cell {position}", f"reveals {name}, which no cell above it asked for"
            else:
                open_ones.remove(name)
    for name in open_ones:
        yield name, f'is never revealed; end the cell that shows it with  reveal("{name}")'


def _untold(name: str, text: str) -> Iterator[str]:
    try:
        prediction = find_prediction(name)
    except KeyError:
        yield f"asks for the prediction {name}; describe it in the lesson's predictions.py"
        return
    words = " ".join(text.split()).lower()
    for option in prediction.options if isinstance(prediction, Choice) else ():
        if option.lower() not in words:
            yield f"offers “{option}” for {name}, which the text above it does not name"
