"""Write what came of a hand-in into gradebook and autograded folder; read it back."""

import json
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import AssignLatePenalties

from autograder.desk.course.files import replace_folder, write_whole
from autograder.desk.course.folder import Course, CourseError
from autograder.marking.cells import test_cell_name
from autograder.marking.execute import VERDICTS
from autograder.marking.hand_in import Examined, HandIn, time_handed_in
from autograder.marking.scoring import save

FINGERPRINT = "fingerprint"


@dataclass(frozen=True)
class Mark:
    """What came of one hand-in: its marks, what still waits for a person, the verdict on each exercise."""

    student: str
    score: float
    max_score: float
    needs_manual_grade: bool
    verdicts: dict[str, dict]
    remarks: tuple[str, ...] = ()
    failure: str = ""
    fresh: bool = True


def record(course: Course, gradebook: Gradebook, hand_in: HandIn, examined: Examined, fingerprint: str) -> None:
    """The gradebook first, in one transaction, then the folder, which alone says that the hand-in is done."""
    lesson, student = hand_in.lesson, hand_in.student
    notebook = nbformat.reads(examined.notebook, as_version=4)
    submission(gradebook, hand_in)
    resources = {
        "nbgrader": {"db_url": course.db_url, "assignment": lesson, "notebook": hand_in.notebook, "student": student},
        VERDICTS: examined.verdicts,
    }
    save(gradebook, notebook, resources)
    assign_late_penalty(course, gradebook, lesson, student, hand_in.notebook)
    notebook.metadata["gradlab"][FINGERPRINT] = fingerprint
    text = nbformat.writes(notebook).encode()
    replace_folder(course.autograded(student, lesson).parent, hand_in.files | {f"{hand_in.notebook}.ipynb": text})


def submission(gradebook: Gradebook, hand_in: HandIn) -> None:
    """Student and submission exist in the gradebook, with the time of the file `timestamp.txt`, as nbgrader has it."""
    gradebook.update_or_create_student(hand_in.student)
    written = time_handed_in(hand_in.files)
    stamp = {"timestamp": written} if written else {}
    gradebook.update_or_create_submission(hand_in.lesson, hand_in.student, **stamp)


def assign_late_penalty(course: Course, gradebook: Gradebook, lesson: str, student: str, notebook: str) -> None:
    """nbgrader's own penalty for a late hand-in; nothing to do for one that was, and is, in time."""
    submitted = gradebook.find_submission(lesson, student)
    known = gradebook.find_submission_notebook(notebook, lesson, student).late_submission_penalty
    if submitted.total_seconds_late > 0 or known is not None:
        marking = {"db_url": course.db_url, "assignment": lesson, "notebook": notebook, "student": student}
        AssignLatePenalties(config=course.settings()).preprocess(nbformat.v4.new_notebook(), {"nbgrader": marking})
        gradebook.db.expire_all()


def write_log(course: Course, lesson: str, examined: Examined) -> Path:
    """A log for each hand-in: how long it took, what went wrong, each verdict in full."""
    path = course.root / "logs" / lesson / f"{examined.student}.log"
    lines = [f"{examined.student}: {examined.seconds:.1f} s", examined.log, examined.failure]
    lines += [verdict.text for verdict in examined.verdicts.values()]
    write_whole(path, ("\n".join(line for line in lines if line) + "\n").encode())
    return path


def marked(course: Course, lesson: str, student: str) -> dict | None:
    """The notebook as marked, or None where there is none that is whole."""
    try:
        notebook = json.loads(course.autograded(student, lesson).read_bytes())
        return notebook if isinstance(notebook["metadata"], dict) and isinstance(notebook["cells"], list) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def verdicts_of(notebook: dict) -> dict[str, dict]:
    """Exercise → the verdict that stands in the marked notebook."""
    found = [cell["metadata"]["gradlab"] for cell in notebook["cells"] if "gradlab" in cell["metadata"]]
    return {verdict["exercise"]: verdict for verdict in found}


def in_gradebook(gradebook: Gradebook, lesson: str, student: str, verdicts: dict[str, dict]) -> bool:
    """Whether the gradebook has just these verdicts as automatic marks: a crash may have come between the two."""
    try:
        [notebook] = gradebook.find_submission(lesson, student).notebooks
    except (MissingEntry, ValueError):
        return False
    grades = {grade.name: grade for grade in notebook.grades}
    tests = {test_cell_name(exercise): verdict["outcome"] == "right" for exercise, verdict in verdicts.items()}
    return bool(tests) and all(
        name in grades and grades[name].auto_score == (grades[name].max_score if right else 0.0)
        for name, right in tests.items()
    )


def read_mark(course: Course, gradebook: Gradebook, lesson: str, student: str, fresh: bool = True) -> Mark:
    """A student's mark as gradebook and marked notebook have it. Raises CourseError if there is none."""
    notebook = marked(course, lesson, student) or {"metadata": {}, "cells": []}
    remarks = tuple(notebook["metadata"].get("gradlab", {}).get("remarks", ()))
    try:
        submitted = gradebook.find_submission(lesson, student)
    except MissingEntry:
        raise CourseError(f"{student} has no mark for {lesson}; run `gradlab grade {lesson}` first.") from None
    penalty = sum(each.late_submission_penalty or 0 for each in submitted.notebooks)
    score = max(0.0, submitted.score - penalty)
    waits = submitted.needs_manual_grade
    return Mark(student, score, submitted.max_score, waits, verdicts_of(notebook), remarks, fresh=fresh)
