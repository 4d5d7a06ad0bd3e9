"""A lesson is put into the course while nobody marks it."""

from nbgrader.api import MissingEntry

from autograder.desk.course.folder import Course
from autograder.desk.grade.claims import claims
from autograder.desk.gradebook.lesson_source import prepare
from gradlab.course import LESSONS


def assign(course: Course, lesson: str) -> str:
    """Put the lesson into the course; returns what has changed for hand-ins that were marked, or "".

    Raises CourseError if a grader is at work, and where questions came or went and hand-ins are there.
    """
    with claims(course) as ours, ours.alone():
        changed = prepare(course, lesson)
    return (
        f"{changed} Until `gradlab grade {lesson}` has run, marks are those of the lesson as it was." if changed else ""
    )


def is_assigned(course: Course, lesson: str) -> bool:
    """Whether the gradebook has the cells of the lesson."""
    with course.gradebook() as gradebook:
        try:
            gradebook.find_notebook(LESSONS[lesson], lesson)
        except MissingEntry:
            return False
    return True
