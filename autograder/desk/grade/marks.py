"""What came of a hand-in, as gradebook and marked notebook have it."""

import hashlib
import json
from dataclasses import dataclass, field

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment

from autograder.desk.course.folder import Course, CourseError
from autograder.notebooks.cells import TEST

FINGERPRINT, SCORES, HANDED_IN, LESSON_SOURCE = "fingerprint", "scores", "handed_in", "lesson_source"
"""Keys of the marked notebook's metadata: what decided the marks, what was written, which files were marked, and against
which source of the lesson."""
NOT_THE_ANSWER = ("timestamp.txt", "submission_secret.txt")
"""Files of nbgrader's beside a hand-in, which decide no verdict."""


@dataclass(frozen=True)
class Mark:
    """What came of one hand-in: its marks, what still waits for a person, the verdict on each exercise.

    `points` holds what each graded cell earned, text answers under their own name, and `worth` what it could earn;
    `penalty` is what lateness cost, which is taken off `score` already.
    """

    student: str
    score: float
    max_score: float
    needs_manual_grade: bool
    verdicts: dict[str, dict]
    remarks: tuple[str, ...] = ()
    failure: str = ""
    fresh: bool = True
    points: dict[str, float] = field(default_factory=dict)
    worth: dict[str, float] = field(default_factory=dict)
    penalty: float = 0.0
    seconds_late: float = 0.0
    name: str = ""


def failed(student: str, reason: str) -> Mark:
    """The mark of a hand-in that could not be marked."""
    return Mark(student, 0, 0, False, {}, failure=reason)


def read_mark(course: Course, gradebook: Gradebook, lesson: str, student: str, fresh: bool = True) -> Mark:
    """A student's mark as gradebook and marked notebook have it. Raises CourseError if there is none."""
    notebook = marked_notebook(course, lesson, student) or {"metadata": {}, "cells": []}
    remarks = tuple(notebook["metadata"].get("gradlab", {}).get("remarks", ()))
    try:
        submitted = gradebook.find_submission(lesson, student)
    except MissingEntry:
        raise CourseError(f"{student} has no mark for {lesson}; run `gradlab grade {lesson}` first.") from None
    verdicts = verdicts_of(notebook)
    grades = [grade for each in submitted.notebooks for grade in each.grades]
    penalty = sum(each.late_submission_penalty or 0 for each in submitted.notebooks)
    return Mark(
        student,
        max(0.0, sum(grade.score for grade in grades) - penalty),
        sum(grade.max_score for grade in grades),
        any(grade.needs_manual_grade for grade in grades),
        verdicts,
        remarks,
        fresh=fresh,
        points={shown_name(grade.name, verdicts): grade.score for grade in grades},
        worth={shown_name(grade.name, verdicts): grade.max_score for grade in grades},
        penalty=penalty,
        seconds_late=seconds_late(submitted),
        name=full_name(submitted.student),
    )


def unprotected(marks: list[Mark]) -> list[str]:
    """The exercises that plain asserts decided, in the hand-in's own process."""
    judged = ((name, verdict) for mark in marks for name, verdict in mark.verdicts.items())
    return list(dict.fromkeys(name for name, verdict in judged if not verdict.get("protected", True)))


def shown_name(cell: str, exercises: dict[str, dict]) -> str:
    """test-soft-abs → soft_abs; a text answer keeps its own name."""
    exercise = cell.removeprefix(TEST).replace("-", "_")
    return exercise if cell.startswith(TEST) and exercise in exercises else cell


def seconds_late(submitted: SubmittedAssignment) -> float:
    """How late it was, extension considered; 0 where no due date or no time is known."""
    return float(submitted.total_seconds_late)


def full_name(student: object) -> str:
    """First and last name of a student of nbgrader's gradebook; "" where it has none."""
    first, last = getattr(student, "first_name", None) or "", getattr(student, "last_name", None) or ""
    return f"{first} {last}".strip()


def marked_notebook(course: Course, lesson: str, student: str) -> dict | None:
    """The notebook as marked, or None where there is none that is whole."""
    try:
        notebook = json.loads(course.autograded(student, lesson).read_bytes())
        return notebook if isinstance(notebook["metadata"], dict) and isinstance(notebook["cells"], list) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def answers_of(notebook: dict) -> dict[str, str]:
    """Cell that nbgrader knows → the answer that it is about, text and pictures: its own, or that of the exercise it tests."""
    known = (cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"])
    # A file may hold a text as a list of lines.
    texts = {cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"]) + _pictures(cell) for cell in known}
    exercises = {name.replace("_", "-"): text for name, text in texts.items()}
    return {name: exercises.get(name.removeprefix(TEST), "") for name in texts}


def _pictures(cell: dict) -> str:
    """What tells the pictures of a text answer from others; "" where it has none."""
    found = cell.get("attachments")
    return f"\n{hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()}" if found else ""


def verdicts_of(notebook: dict) -> dict[str, dict]:
    """Exercise → the verdict that stands in the marked notebook."""
    found = [cell["metadata"]["gradlab"] for cell in notebook["cells"] if "gradlab" in cell["metadata"]]
    return {verdict["exercise"]: verdict for verdict in found}


def digest_of(files: dict[str, bytes]) -> str:
    """A hash of a hand-in or of a lesson's source, but for the files that nbgrader laid beside it."""
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        if name not in NOT_THE_ANSWER:
            digest.update(f"{name}\0{len(data)}\0".encode(errors="replace") + data)
    return digest.hexdigest()


def in_gradebook(gradebook: Gradebook, lesson: str, student: str, notebook: dict) -> bool:
    """Whether the gradebook has just what was written when the notebook was marked: a crash may come in between."""
    try:
        [submitted] = gradebook.find_submission(lesson, student).notebooks
    except (MissingEntry, ValueError):
        return False
    return {grade.name: grade.auto_score for grade in submitted.grades} == notebook["metadata"]["gradlab"].get(SCORES)
