"""Whether a mark is of what is there now: hand-in and lesson may have changed since it was made."""

from collections.abc import Iterable

from traitlets.config import Config

from autograder.desk.course.folder import Course
from autograder.desk.grade.hand_in_files import hand_in_files, source_files
from autograder.desk.grade.marks import HANDED_IN, LESSON_SOURCE, digest_of, marked_notebook
from autograder.notebooks.timestamp import time_handed_in

MARKED, CHANGED, LESSON_CHANGED = "marked", "changed since", "lesson changed since"


class Comparison:
    """Compares the marks of a lesson with its source and its hand-ins as they lie in the course."""

    def __init__(self, course: Course, lesson: str, settings: Config):
        self.course, self.lesson = course, lesson
        self._ignore = settings.CourseDirectory.ignore
        self._source = source_files(course, lesson, self._ignore)
        self._source_digest = digest_of(self._source)
        self._handed_in = set(course.submitted(lesson))

    def state(self, student: str) -> str:
        """The state of a student's mark. One that an earlier version made does not tell of which lesson it is."""
        notebook = marked_notebook(self.course, self.lesson, student)
        is_there = student in self._handed_in
        if notebook is None:
            return CHANGED if is_there else MARKED
        known = notebook["metadata"].get("gradlab", {})
        if known.get(LESSON_SOURCE, self._source_digest) != self._source_digest:
            return LESSON_CHANGED
        return MARKED if not is_there or self.is_of_the_hand_in(student) else CHANGED

    def is_of_the_hand_in(self, student: str) -> bool:
        """Whether what was marked is the hand-in that is there now, whatever became of the lesson."""
        notebook = marked_notebook(self.course, self.lesson, student)
        if notebook is None or student not in self._handed_in:
            return False
        try:
            files = hand_in_files(self.course, self.lesson, student, self._source, self._ignore)
            time_handed_in(files)
        except (ValueError, OSError):  # it cannot be marked as it is
            return False
        digest = digest_of(files)
        return notebook["metadata"].get("gradlab", {}).get(HANDED_IN, digest) == digest


def old_marks(states: Iterable[tuple[str, str]], lesson: str) -> list[str]:
    """What to say of students, each with a state, whose marks are not of what is there now."""
    states, notes = list(states), []
    if changed := ", ".join(student for student, state in states if state == CHANGED):
        notes.append(
            f"The mark is that of an earlier hand-in, since the newer one was not marked: {changed}. "
            f"Run `gradlab grade {lesson}` and look at what it says of them."
        )
    if outdated := ", ".join(student for student, state in states if state == LESSON_CHANGED):
        notes.append(
            f"The mark is that of the lesson as it was before it changed: {outdated}. "
            f"Run `gradlab grade {lesson}` to mark them anew."
        )
    return notes
