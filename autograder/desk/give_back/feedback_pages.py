"""Feedback pages: one HTML page a hand-in, opened from disk, with what the grader found; all processors write them."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import nbformat
from nbconvert.exporters import Exporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.desk.course.files import replace_folder
from autograder.desk.course.folder import Course, CourseError
from autograder.desk.course.troubles import sentence_for
from autograder.desk.give_back.slim_pages import (
    at_the_end,
    packed,
    with_images_packed,
    without_plain_spans,
    without_unused_rules,
)
from autograder.desk.grade.marks import read_mark
from autograder.desk.grade.up_to_date import Comparison, old_marks
from autograder.desk.grade.workers import cores, work_through
from autograder.desk.gradebook.due_dates import write_times_of_late_hand_ins
from autograder.desk.gradebook.late_penalty import renew_penalties
from autograder.marking.replay import EXPLORERS, played_explorers
from autograder.notebooks.strangers_files import regular_files
from autograder.notebooks.timestamp import TIMESTAMP
from gradlab.course import LESSONS

SECRET = "submission_secret.txt"


def write_feedback(course: Course, lesson: str, students: list[str] | None = None) -> tuple[list[Path], list[str]]:
    """Write the feedback of every marked hand-in, or of some; returns the pages, and what their reader should know.

    Raises CourseError if nothing has been marked.
    """
    marked = course.marked(lesson)
    if not marked:
        raise CourseError(f"Nothing of {lesson} has been marked yet; run `gradlab grade {lesson}` first.")
    if unknown := sorted(set(students or ()) - set(marked)):
        raise CourseError(f"No hand-in of {', '.join(unknown)} has been marked. Those that were: {', '.join(marked)}.")
    students = list(dict.fromkeys(students or marked))
    config = course.settings()
    with course.gradebook() as gradebook:
        write_times_of_late_hand_ins(course, gradebook, lesson)  # the Formgrader may have moved the due date
        renew_penalties(gradebook, config, lesson)
    config.CourseDirectory.assignment_id = lesson
    [(_, played)] = work_through(played_explorers, iter([lesson]), 1, lambda: None)  # its kernel's threads stay there
    writer = _PageWriter(course, lesson, config, *packed(played or {}))
    failures = dict(_failures(work_through(writer, iter(students), cores(), lambda: None)))
    notes = [f"The page of {student} could not be written: {reason}" for student, reason in sorted(failures.items())]
    comparison = Comparison(course, lesson, config)
    notes += old_marks(((student, comparison.state(student)) for student in students), lesson)
    waiting = _waiting(course, lesson, students)
    if waiting:
        notes.append(
            f"On {waiting} pages text answers still wait for a person to mark them and show no marks; "
            "write the feedback again after that."
        )
    pages = [_page(course, student, lesson) for student in students if student not in failures]
    if not pages:
        raise CourseError(f"No page could be written. {next(iter(failures.values()))}")
    return pages, notes


def _page(course: Course, student: str, lesson: str) -> Path:
    return course.root / "feedback" / student / lesson / f"{LESSONS[lesson]}.html"


def _failures(done: Iterator[tuple[str, str | None]]) -> Iterator[tuple[str, str]]:
    for student, reason in done:
        if reason != "":
            yield student, reason or "the process that wrote it died twice"


class _PageWriter:
    """Writes pages with nbgrader's own exporter, which each process makes once."""

    def __init__(self, course: Course, lesson: str, config: Config, places: dict[str, str], unpack: str):
        self.course, self.lesson, self.config, self.places, self.unpack = course, lesson, config, places, unpack

    def __call__(self, student: str) -> str:
        """Write one page; "" or why it could not be written."""
        try:
            page = with_images_packed(without_plain_spans(without_unused_rules(self._exported(student))))
            if "data-packed" in page:
                page = at_the_end(page, self.unpack)
            files = _for_the_exchange(self.course, self.lesson, student)
            files[f"{LESSONS[self.lesson]}.html"] = page.encode(errors="replace")
            replace_folder(_page(self.course, student, self.lesson).parent, files)
        except MissingEntry:
            return f"The gradebook has no mark of it; run `gradlab grade {self.lesson}`, then try again."
        except Exception as error:  # of one hand-in, whatever it is
            return sentence_for(error) or str(error) or type(error).__name__
        return ""

    @cached_property
    def _exporter(self) -> Exporter:
        converter = GenerateFeedback(coursedir=CourseDirectory(config=self.config), config=self.config)
        exporter = converter.exporter_class(parent=converter, config=converter.config)
        for preprocessor in converter.preprocessors:
            exporter.register_preprocessor(preprocessor, enabled=True)
        return exporter

    def _exported(self, student: str) -> str:
        name = LESSONS[self.lesson]
        about = {"student": student, "assignment": self.lesson, "notebook": name, "db_url": self.course.db_url}
        resources = {"nbgrader": about, "metadata": {"name": name}, "unique_key": name, EXPLORERS: self.places}
        notebook = nbformat.read(self.course.autograded(student, self.lesson), as_version=4)
        return self._exporter.from_notebook_node(notebook, resources=resources)[0]


def _for_the_exchange(course: Course, lesson: str, student: str) -> dict[str, bytes]:
    """What `nbgrader release_feedback` reads beside a page; it stops at the first student who has none.

    Who did not hand in through the exchange gets a secret that nobody knows.
    """
    files = regular_files(course.hand_in(student, lesson).parent, ["*.ipynb"])
    kept = {name: files[name] for name in (TIMESTAMP, SECRET) if name in files}
    known = kept.get(TIMESTAMP) or f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f} UTC".encode()
    return {TIMESTAMP: known, SECRET: kept.get(SECRET) or secrets.token_hex(32).encode()}


def _waiting(course: Course, lesson: str, students: list[str]) -> int:
    with course.gradebook() as gradebook:
        return sum(_waits(course, gradebook, lesson, student) for student in students)


def _waits(course: Course, gradebook: Gradebook, lesson: str, student: str) -> bool:
    try:
        return read_mark(course, gradebook, lesson, student).needs_manual_grade
    except CourseError:
        return False
