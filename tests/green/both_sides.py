"""What a learner sees of a notebook, and what the grader marks of it."""

import random
from functools import cache
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.marking.configuration import marking
from autograder.marking.hand_in import HandIn, examine_hand_in
from autograder.marking.lesson_text import texts_of_lesson
from autograder.marking.replay import explorer_sources
from autograder.marking.source_cell import SourceCell
from autograder.notebooks.cells import grade_id
from autograder.notebooks.places import lesson_path, source_path
from autograder.release.bank import PREAMBLE, Entry, entries
from autograder.release.source import read_source
from gradlab.course import LESSONS
from gradlab.exercises.card import MIME
from gradlab.exercises.verdict import SHARES, Verdict
from tests.warm.client import WarmKernelManager

IMPORT = ("import ", "from ")


@cache
def source_of(lesson: str) -> tuple[SourceCell, ...]:
    """The cells that the gradebook would keep of a lesson."""
    return tuple(
        SourceCell(
            name=known.grade_id,
            cell_type=cell.cell_type,
            source=cell.source,
            grade=known.grade,
            solution=known.solution,
            points=known.get("points", 0.0),
            checksum=None,
        )
        for cell in read_source(source_path(lesson)).cells
        if (known := cell.metadata.get("nbgrader"))
    )


def partly_solved(lesson: str, rng: random.Random) -> NotebookNode:
    """A lesson with about half of its answers right, the others wrong or open, without the cells of the text between."""
    notebook = nbformat.read(lesson_path(lesson), as_version=4)
    drawn = explorer_sources(lesson)
    kept = [
        cell for cell in notebook.cells if cell.source not in drawn and (grade_id(cell) or cell.cell_type == "markdown")
    ]
    imports = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.startswith(IMPORT)]
    notebook.cells = [*imports, *kept]
    assert "from gradlab import check" in "".join(cell.source for cell in imports)
    for cell in notebook.cells:
        name = grade_id(cell)
        if choices := [entry for entry in entries(lesson) if entry.exercise == name and "too-slow" not in entry.label]:
            right = [entry for entry in choices if entry.right]
            wrong: list[Entry | None] = [entry for entry in choices if not entry.right]
            entry = rng.choice(right) if rng.random() < 0.5 else rng.choice([*wrong, None])
            cell.source = cell.source if entry is None else PREAMBLE + "\n" + entry.source.rstrip()
    return notebook


def shown(notebook: NotebookNode, folder: Path) -> dict[str, float]:
    """Restart and run all: the largest share of its points that a check granted each exercise."""
    best: dict[str, float] = {}
    for verdict in cards(notebook, folder):
        share = SHARES.get(verdict["outcome"], 0.0)
        best[verdict["exercise"]] = max(share, best.get(verdict["exercise"], 0.0))
    return best


def cards(notebook: NotebookNode, folder: Path) -> list[dict]:
    """Restart and run all: what the checks say, in their order."""
    client = NotebookClient(
        nbformat.from_dict(notebook), timeout=120, allow_errors=True, store_widget_state=False,
        kernel_manager_class=WarmKernelManager, resources={"metadata": {"path": str(folder)}},
    )  # fmt: skip
    client.comm_open_handlers = {}
    outputs = [output for cell in client.execute().cells for output in cell.get("outputs", [])]
    return [verdict for output in outputs if (verdict := output.get("data", {}).get(MIME))]


def marked(lesson: str, data: bytes) -> dict[str, float]:
    """The share of its points that the grader grants each exercise of a hand-in."""
    return {exercise: verdict.share for exercise, verdict in verdicts(lesson, data).items()}


def verdicts(lesson: str, data: bytes) -> dict[str, Verdict]:
    """What the grader says of each exercise of a hand-in."""
    name = LESSONS[lesson]
    assert texts_of_lesson(lesson)
    hand_in = HandIn("ada", lesson, name, {f"{name}.ipynb": data}, source_of(lesson), marking())
    examined = examine_hand_in(hand_in)
    assert not examined.failure, examined.failure
    return examined.verdicts
