"""Bound what a hand-in's outputs may weigh in a marked notebook and on a feedback page."""

import json

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor

LARGEST_OUTPUT = 500_000  # characters; a figure has some ten thousand
LARGEST_CELL = 2_000_000


class BoundOutput(NbGraderPreprocessor):
    """nbgrader's LimitOutput counts lines; one line, or one picture, may be of any length."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int) -> tuple[NotebookNode, dict]:
        if cell.cell_type == "code":
            cell.outputs = bounded(cell.outputs)
        return cell, resources


def bounded(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """The outputs, each one that is too large replaced by a sentence, and none after the cell has had its share."""
    kept, total = [], 0
    for output in outputs:
        size = len(json.dumps(output))
        if size > LARGEST_OUTPUT:
            output = _left_out(f"One output of {size:,} characters was left out.")
            size = 0
        if total + size > LARGEST_CELL:
            return [*kept, _left_out("More output of this cell was left out.")]
        total += size
        kept.append(output)
    return kept


def _left_out(sentence: str) -> NotebookNode:
    return new_output("stream", name="stdout", text=sentence + "\n")
