"""The files that a hand-in consists of, as they are marked."""

from autograder.desk.course.folder import Course
from autograder.notebooks.strangers_files import files_of_hand_in, regular_files
from gradlab.course import LESSONS


def hand_in_files(
    course: Course, lesson: str, student: str, source: dict[str, bytes], ignore: list[str]
) -> dict[str, bytes]:
    """What a hand-in consists of; the lesson's own data files are the source's, as nbgrader has it.

    Raises ValueError where it is too large.
    """
    notebook = f"{LESSONS[lesson]}.ipynb"
    theirs = files_of_hand_in(course.hand_in(student, lesson).parent, ignore)
    theirs = {name: data for name, data in theirs.items() if name == notebook or not name.endswith(".ipynb")}
    return theirs | {name: data for name, data in source.items() if not name.endswith(".ipynb")}


def source_files(course: Course, lesson: str, ignore: list[str]) -> dict[str, bytes]:
    """The lesson's source in the course, with the files beside it."""
    return regular_files(course.root / "source" / lesson, ignore)
