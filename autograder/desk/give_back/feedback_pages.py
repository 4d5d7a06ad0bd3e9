"""Feedback pages: one HTML page a hand-in, opened from disk, with what the grader found."""

import logging
from pathlib import Path

from gradlab.lessons import LESSONS
from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.gradebook.copies import keep_copy


class _FeedbackOf(GenerateFeedback):
    """nbgrader's, for the marked notebooks that it is told: it would look for them with glob, where [ and a first dot mean something."""

    def __init__(self, marked: list[Path], **options) -> None:
        super().__init__(**options)
        self._marked = marked

    def init_notebooks(self) -> None:
        self.assignments = {str(path.parent): [str(path)] for path in self._marked}

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Nothing: the page is whole by itself, and what lay beside the notebook, thousands of files perhaps, stays where it is."""


def write_feedback(course: Course, lesson: str) -> list[Path]:
    """Write the feedback of every marked hand-in; returns the pages. Raises CourseError if nothing has been marked."""
    students = sorted(p.parent.name for p in course.root.glob(f"autograded/*/{lesson}") if p.is_dir())
    if not students:
        raise CourseError(f"Nothing of {lesson} has been marked yet; run `gradlab grade {lesson}` first.")
    keep_copy(course)  # with the marks that were given by hand
    config = course.settings()
    config.CourseDirectory.assignment_id = lesson
    config.GenerateFeedback.force = True
    marked = [course.autograded(student, lesson) for student in students]
    converter = _FeedbackOf(marked, coursedir=CourseDirectory(config=config), config=config)
    converter.log = logging.getLogger("gradlab.nbgrader")
    try:
        converter.start()
    except (NbGraderException, SystemExit) as error:
        raise CourseError(f"Some feedback could not be written: {error}") from None
    return [course.root / "feedback" / student / lesson / f"{LESSONS[lesson]}.html" for student in students]
