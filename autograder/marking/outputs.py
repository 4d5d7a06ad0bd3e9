"""What a kernel put out, as data: only fields and types that a notebook has, bounded in size."""

import json
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.marking.reading import is_base64, whole_text
from autograder.notebooks.strangers_texts import with_few_signs

LARGEST_OUTPUT = 500_000  # characters; a figure has some ten thousand
LARGEST_CELL = 2_000_000
TEXTS = ("text/html", "text/plain", "text/markdown", "text/latex", "image/svg+xml")
PICTURES = ("image/png", "image/jpeg")


class BoundOutput(NbGraderPreprocessor):
    """nbgrader's LimitOutput counts lines; one line, or one picture, may be of any length, and any field of any type."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int) -> tuple[NotebookNode, dict]:
        if cell.cell_type == "code":
            cell.outputs = bounded(cell.outputs)
            cell.execution_count = _count(cell.get("execution_count"))
        return cell, resources


def bounded(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """The outputs, each one that is too large replaced by a sentence, and none after the cell has had its share."""
    kept, total = [], 0
    for output in filter(None, map(rebuilt, outputs)):
        size = len(json.dumps(output))
        if size > LARGEST_OUTPUT:
            output = _left_out(f"One output of {size:,} characters was left out.")
            size = 0
        if total + size > LARGEST_CELL:
            return [*kept, _left_out("More output of this cell was left out.")]
        total += size
        kept.append(output)
    return kept


def rebuilt(output: NotebookNode) -> NotebookNode | None:
    """The output made anew from what can be shown in it: templates put some fields into pages as they are."""
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(output.get("text")))
    if kind == "error":
        lines = output.get("traceback")
        traceback = [_text(line) for line in lines] if isinstance(lines, list) else []
        return new_output(
            "error", ename=_text(output.get("ename")), evalue=_text(output.get("evalue")), traceback=traceback
        )
    if kind not in ("display_data", "execute_result") or not isinstance(output.get("data"), dict):
        return None
    data = {mime: _text(output.data[mime]) for mime in TEXTS if mime in output.data}
    data |= {mime: output.data[mime] for mime in PICTURES if is_base64(output.data.get(mime))}
    rebuilt = new_output(kind, data=data, metadata=_alternative_texts(output.get("metadata")))
    if kind == "execute_result":
        rebuilt.execution_count = _count(output.get("execution_count"))
    return rebuilt


def _alternative_texts(metadata: Any) -> dict:
    found = metadata.items() if isinstance(metadata, dict) else ()
    return {
        mime: {"alt": _text(about["alt"])}
        for mime, about in found
        if mime in PICTURES and isinstance(about, dict) and "alt" in about
    }


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "".join(map(str, value))
    if not isinstance(value, str):
        return ""
    return whole_text(value if len(value) > LARGEST_OUTPUT else with_few_signs(value))  # what is longer is left out


def _count(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 2**53 else None


def _left_out(sentence: str) -> NotebookNode:
    return new_output("stream", name="stdout", text=sentence + "\n")
