"""Marks as tables: plain CSV, and what Canvas and Moodle import."""

import csv
import io
import re
from collections.abc import Callable

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.grade.marks import Mark, read_mark
from autograder.desk.gradebook.copies import keep_copy

Row = list[str]


def export(course: Course, lesson: str, form: str, column: str) -> tuple[str, list[str]]:
    """The table as text, and what its reader should know. Raises CourseError if nothing of the lesson is marked."""
    keep_copy(course)  # with the marks that were given by hand
    with course.gradebook() as gradebook:
        assignments = [assignment for assignment in gradebook.assignments if assignment.name == lesson]
        students = [submission.student for assignment in assignments for submission in assignment.submissions]
        if not students:
            raise CourseError(f"Nothing of {lesson} has been marked yet; run `gradlab grade {lesson}` first.")
        rows = [
            (student, read_mark(course, gradebook, lesson, student.id))
            for student in sorted(students, key=lambda s: s.id)
        ]
        people = [(_Person.of(student), mark) for student, mark in rows]
    notes = []
    waiting = sum(mark.needs_manual_grade for _, mark in people)
    if waiting:
        notes.append(f"{waiting} hand-ins wait for a person to mark their text answers; export again after that.")
    unknown = [person.id for person, _ in people if not person.number]
    if form != "csv" and unknown:
        people = [(person, mark) for person, mark in people if person.number]
        notes.append(
            f"Left out, since {form} does not know them (they were not collected from it): {', '.join(unknown)}."
        )
    table = io.StringIO()
    csv.writer(table, lineterminator="\r\n" if form != "csv" else "\n").writerows(FORMS[form](people, column))
    return table.getvalue(), notes


class _Person:
    """Who it is, by the names that the learning platform gave."""

    def __init__(self, id: str, first: str, last: str, number: str):
        self.id, self.first, self.last, self.number = id, _safe(first), _safe(last), number

    @classmethod
    def of(cls, student) -> "_Person":
        """Of a student of nbgrader's gradebook."""
        return cls(student.id, student.first_name or "", student.last_name or "", student.lms_user_id or "")

    @property
    def full(self) -> str:
        """First name and last name."""
        return f"{self.first} {self.last}".strip() or self.id


def _safe(text: str) -> str:
    """A spreadsheet runs a cell that begins like a formula, and a name comes from a file's name."""
    return "'" + text if re.match(r"[=+@\-\t\r]", text) else text


def _plain(people: list[tuple[_Person, Mark]], column: str) -> list[Row]:
    exercises = list(dict.fromkeys(name for _, mark in people for name in mark.verdicts))
    header = ["student", "first name", "last name", "marks", "of", "waits for a person", *exercises]
    return [header] + [
        [
            _safe(person.id),
            person.first,
            person.last,
            f"{mark.score:g}",
            f"{mark.max_score:g}",
            "yes" if mark.needs_manual_grade else "no",
        ]
        + [mark.verdicts.get(name, {}).get("outcome", "") for name in exercises]
        for person, mark in people
    ]


def _canvas(people: list[tuple[_Person, Mark]], column: str) -> list[Row]:
    """Canvas's own gradebook export: five columns that say who, a row of possible points, one column of marks."""
    points = f"{max((mark.max_score for _, mark in people), default=0):g}"
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]
    rows = [[person.full, person.number, "", "", "", f"{mark.score:g}"] for person, mark in people]
    return [header, ["    Points Possible", "", "", "", "", points], *rows]


def _moodle(people: list[tuple[_Person, Mark]], column: str) -> list[Row]:
    """Moodle's offline grading worksheet, which finds people by "Participant" and their number."""
    header = ["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)", "Feedback comments"]
    return [header] + [
        [f"Participant {person.number}", person.full, f"{mark.score:g}", f"{mark.max_score:g}", "-", _comments(mark)]
        for person, mark in people
    ]


def _comments(mark: Mark) -> str:
    wrong = [f"{name}: {v['message']}" for name, v in mark.verdicts.items() if v["outcome"] != "right"]
    return _safe(" ".join([*mark.remarks, *wrong]))


FORMS: dict[str, Callable[[list[tuple[_Person, Mark]], str], list[Row]]] = {
    "csv": _plain,
    "canvas": _canvas,
    "moodle": _moodle,
}
