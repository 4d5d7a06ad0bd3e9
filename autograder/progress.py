"""A learner's own marks, read from the checks that stand in their notebooks."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import nbformat
from nbformat import NotebookNode

from autograder.notebooks.cells import TEST, grade_id, nbgrader_metadata
from gradlab.exercises.card import MIME

State = Literal["right", "half right", "wrong", "not attempted", "changed since", "not checked", "by hand"]


@dataclass(frozen=True)
class Progress:
    """One exercise: its points, where the learner stands, and what the last check said."""

    exercise: str
    points: float
    state: State
    message: str = ""


def progress_of(notebook: NotebookNode) -> list[Progress]:
    """Every exercise of a lesson as its notebook lies there, in order; nothing is executed."""
    answers = {
        grade_id(cell): cell for cell in notebook.cells if grade_id(cell) and nbgrader_metadata(cell).get("solution")
    }
    found = []
    for cell in notebook.cells:
        name, points = str(grade_id(cell) or ""), _number(nbgrader_metadata(cell).get("points"))
        if name.startswith(TEST):
            exercise = next((a for a in answers if str(a).replace("_", "-") == name.removeprefix(TEST)), name)
            found.append(_checked(str(exercise), points, cell, answers.get(exercise)))
        elif name in answers and points:
            found.append(Progress(name, points, "by hand", "A person marks this one."))
    return found


def _number(value: object) -> float:
    """A number of the file; 0 where it is left out, null or no number."""
    return float(value) if isinstance(value, int | float) else 0.0


def _verdict(output: NotebookNode) -> Mapping | None:
    """The verdict that a check put into this output, if it is one and whole."""
    data = output.get("data")
    verdict = data.get(MIME) if isinstance(data, Mapping) else None
    whole = isinstance(verdict, Mapping) and all(isinstance(verdict.get(key), str) for key in ("outcome", "message"))
    return verdict if whole else None


def _checked(exercise: str, points: float, test: NotebookNode, answer: NotebookNode | None) -> Progress:
    listed = test.get("outputs")
    outputs = [output for output in listed if isinstance(output, Mapping)] if isinstance(listed, list) else []
    checked, run = (_number(cell.get("execution_count")) if cell else 0.0 for cell in (test, answer))
    verdicts = [verdict for verdict in map(_verdict, outputs) if verdict]
    if not verdicts and checked and "check(" not in test.get("source", ""):  # plain asserts
        errors = [output for output in outputs if output.get("output_type") == "error"]
        verdicts = [
            _asserted(str(errors[0].get("ename")), str(errors[0].get("evalue")))
            if errors
            else {"outcome": "right", "message": ""}
        ]
    if not verdicts:
        return Progress(exercise, points, "not checked", "Run its check.")
    if run > checked:
        return Progress(exercise, points, "changed since", "You ran the answer after its check; check again.")
    verdict = verdicts[-1]
    state = (
        verdict["outcome"] if verdict["outcome"] in ("right", "half right", "wrong", "not attempted") else "not checked"
    )
    return Progress(exercise, points, state, verdict["message"])


def _asserted(error: str, message: str) -> dict:
    """What an exception of a plain test cell says."""
    if error == "NotImplementedError":
        return {"outcome": "not attempted", "message": "Write your answer in the cell above."}
    return {"outcome": "wrong", "message": f"{error}: {message}"}


def find_notebooks(folder: Path, names: list[str]) -> dict[str, Path]:
    """The lessons' notebooks under a folder, by notebook name; the least deep one where there are several."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.ipynb"), key=lambda p: (len(p.parts), str(p))):
        if path.stem in names and ".ipynb_checkpoints" not in path.parts:
            found.setdefault(path.stem, path)
    return found


def read_notebook(path: Path) -> NotebookNode:
    """The notebook in a file. Raises ValueError with a sentence if it is none."""
    try:
        return nbformat.read(path, as_version=4)
    except (ValueError, KeyError, AttributeError, nbformat.ValidationError):
        raise ValueError(f"{path} is not a whole notebook; restore it or copy the lesson anew.") from None
