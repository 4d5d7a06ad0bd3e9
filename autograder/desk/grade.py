"""Mark the hand-ins of a lesson through nbgrader's own autograde, one after the other."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from autograder.desk.course import Course, CourseError, prepare
from autograder.marking.configuration import marking
from gradlab.checks import LESSONS


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


def grade(course: Course, lesson: str, *, force: bool = False) -> Iterator[Mark]:
    """Mark every hand-in of a lesson; a hand-in that fails costs only itself. Raises CourseError if there are none."""
    students = course.submitted(lesson)
    if not students:
        raise CourseError(f"No hand-ins in {course.root / 'submitted'}/*/{lesson}. Put each at STUDENT/{lesson}/{LESSONS[lesson]}.ipynb.")
    prepare(course, lesson)
    for student in students:
        yield mark_one(course, lesson, student, force=force)


def mark_one(course: Course, lesson: str, student: str, *, force: bool) -> Mark:
    """Mark one hand-in as `nbgrader autograde` does."""
    if not course.hand_in(student, lesson).exists():
        return Mark(student, 0, 0, False, {}, failure=f"There is no {LESSONS[lesson]}.ipynb in the hand-in.")
    config = marking()
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.db_url = course.db_url
    config.CourseDirectory.assignment_id = lesson
    config.CourseDirectory.student_id = student
    config.Autograde.force = force
    converter = Autograde(coursedir=CourseDirectory(config=config), config=config)
    converter.log = logging.getLogger("gradlab.nbgrader")
    try:
        converter.start()
    except (NbGraderException, SystemExit) as error:
        return Mark(student, 0, 0, False, {}, failure=str(error))
    return read_mark(course, lesson, student)


def read_mark(course: Course, lesson: str, student: str) -> Mark:
    """A student's mark as the gradebook and the marked notebook have it. Raises CourseError if there is none."""
    path = course.autograded(student, lesson)
    verdicts, remarks = {}, ()
    if path.exists():
        notebook = nbformat.read(path, as_version=4)
        remarks = tuple(notebook.metadata.get("gradlab", {}).get("remarks", ()))
        found = [cell.metadata["gradlab"] for cell in notebook.cells if "gradlab" in cell.metadata]
        verdicts = {verdict["exercise"]: dict(verdict) for verdict in found}
    with course.gradebook() as gradebook:
        try:
            submission = gradebook.find_submission(lesson, student)
        except MissingEntry:
            raise CourseError(f"{student} has no mark for {lesson}; run `gradlab grade {lesson}` first.") from None
        return Mark(student, submission.score, submission.max_score, submission.needs_manual_grade, verdicts, remarks)
