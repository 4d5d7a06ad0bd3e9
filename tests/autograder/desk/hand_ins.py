"""Hand-ins as students make them: the built lesson with answers written into its cells."""

import copy
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.notebooks.cells import grade_id
from autograder.notebooks.places import lesson_path, source_path
from autograder.release.source import read_source, worked_answers


def solved(lesson: str) -> dict[str, str]:
    """The author's own answers."""
    return worked_answers(read_source(source_path(lesson)))


def filled(lesson: str, answers: dict[str, str]) -> NotebookNode:
    """The lesson as a learner got it, with these answers in its cells."""
    notebook = nbformat.read(lesson_path(lesson), as_version=4)
    for cell in notebook.cells:
        if grade_id(cell) in answers:
            cell.source = answers[grade_id(cell)]
    return notebook


def hand_in(
    course: Path,
    student: str,
    lesson: str,
    answers: dict[str, str],
    change: Callable[[NotebookNode], object] | None = None,
) -> Path:
    """Put a student's notebook where nbgrader expects it; `change` edits it first."""
    notebook = copy.deepcopy(filled(lesson, answers))
    if change:
        change(notebook)
    return hand_in_bytes(course, student, lesson, nbformat.writes(notebook).encode())


def hand_in_bytes(course: Path, student: str, lesson: str, data: bytes) -> Path:
    """Put any bytes where a student's notebook should be."""
    path = course / "submitted" / student / lesson / lesson_path(lesson).name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
