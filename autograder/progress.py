"""A learner's own marks, read from the checks that stand in their notebooks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nbformat import NotebookNode

from autograder.notebooks.cells import TEST, grade_id, nbgrader_metadata, test_cell_name
from autograder.notebooks.settings import TEXT_STUB
from autograder.work.copies import find_work, is_kept_copy, remembered
from gradlab.exercises.card import MIME

State = Literal[
    "right", "half right", "wrong", "not attempted", "changed since", "not checked", "written", "to be written"
]


@dataclass(frozen=True)
class Progress:
    """One exercise: its points, where the learner stands, and what the last check said."""

    exercise: str
    points: float
    state: State
    message: str = ""


def progress_of(notebook: NotebookNode, lesson: NotebookNode | None = None) -> list[Progress]:
    """Every exercise of a lesson as its notebook lies there, in order; nothing is executed.

    `lesson` is the notebook as it was handed out, whose cells have their names still; by default the learner's own.
    """
    lesson = lesson or notebook
    own = {name: cell for cell in notebook.cells if (name := grade_id(cell))}
    answers = [grade_id(cell) for cell in lesson.cells if nbgrader_metadata(cell).get("solution")]
    found = []
    for cell in lesson.cells:
        name, points = grade_id(cell) or "", _number(nbgrader_metadata(cell).get("points"))
        if name.startswith(TEST):
            exercise = next((a for a in answers if a and test_cell_name(a) == name), name)
            answer = own.get(exercise)
            if (test := own.get(name)) is None or not _verdicts(test, exercise):
                test = next((other for other in reversed(notebook.cells) if _verdicts(other, exercise)), test)
            found.append(_checked(exercise, points, test, answer))
        elif name in answers and points:
            found.append(_written(name, points, own.get(name)))
    return found


def _written(name: str, points: float, answer: NotebookNode | None) -> Progress:
    """A text answer is written where its cell holds something else than it was handed out with."""
    text = answer.get("source") if answer else ""
    written = isinstance(text, str) and text.strip() and TEXT_STUB not in text
    return Progress(name, points, "written" if written else "to be written", "A person marks this one.")


def _checked(exercise: str, points: float, test: NotebookNode | None, answer: NotebookNode | None) -> Progress:
    verdicts = _verdicts(test, exercise) if test else []
    checked, run = (_number(cell.get("execution_count")) if cell else 0.0 for cell in (test, answer))
    if test and not verdicts and checked and "check(" not in test.source:  # plain asserts
        errors = [output for output in _outputs(test) if output.get("output_type") == "error"]
        verdicts = [_asserted(str(errors[0].get("ename")), str(errors[0].get("evalue"))) if errors else PASSED]
    if not verdicts:
        return Progress(exercise, points, "not checked", "Run its check.")
    if run > checked:
        return Progress(exercise, points, "changed since", "You ran the answer after its check; check again.")
    verdict = verdicts[-1]
    known = verdict["outcome"] in ("right", "half right", "wrong", "not attempted")
    return Progress(exercise, points, verdict["outcome"] if known else "not checked", verdict["message"])


def _outputs(cell: NotebookNode) -> list[dict]:
    """What a cell put out, without what is no output."""
    listed = cell.get("outputs")
    return [output for output in listed if isinstance(output, dict)] if isinstance(listed, list) else []


def _verdicts(cell: NotebookNode, exercise: str) -> list[dict]:
    """What the checks of an exercise said that ran in this cell, where it is whole."""
    data = [output.get("data") for output in _outputs(cell)]
    shown = [each.get(MIME) for each in data if isinstance(each, dict)]
    return [
        each
        for each in shown
        if isinstance(each, dict)
        and each.get("exercise") == exercise
        and all(isinstance(each.get(key), str) for key in ("outcome", "message"))
    ]


def _number(value: object) -> float:
    """The number that was found in a notebook; 0 where there is none."""
    return float(value) if isinstance(value, (int, float)) else 0.0


PASSED = {"outcome": "right", "message": ""}


def _asserted(error: str, message: str) -> dict:
    """What an exception of a plain test cell says."""
    if error == "NotImplementedError":
        return {"outcome": "not attempted", "message": "Write your answer in the cell above."}
    return {"outcome": "wrong", "message": f"{error}: {message}"}


def find_notebooks(folder: Path, names: list[str]) -> dict[str, Path]:
    """The lessons' notebooks under a folder, by notebook name; the least deep one where there are several.

    Copies that an editor, `gradlab lab` or `gradlab update` keeps are nobody's work. Of a lesson that was laid into this folder and
    is no longer called so, the notebook that holds its cells is found.
    """
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.ipynb"), key=lambda p: (len(p.parts), str(p))):
        if path.stem in names and not is_kept_copy(path, folder):
            found.setdefault(path.stem, path)
    handed_out = {name: each for name, each in remembered(folder).items() if Path(name).stem in names}
    if any(Path(name).stem not in found for name in handed_out):
        for path, (name, _) in find_work(folder, handed_out)[0].items():
            found.setdefault(Path(name).stem, path)
    return found
