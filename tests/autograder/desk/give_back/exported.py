"""Exported tables as rows, and students whom the platforms know, for the tests of giving back."""

import csv
import io
import re
from dataclasses import replace

from autograder.desk.course.folder import Course
from autograder.desk.course.people import People, Person
from autograder.desk.give_back.standings import standings
from autograder.desk.give_back.tables import export
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON


def know(course: Course, **persons: Person) -> None:
    people = People.of(course)
    people.by_id |= {id: replace(person, id=id) for id, person in persons.items()}
    people.save()


def worth(course: Course) -> float:
    """What the lesson is worth."""
    return max(each.mark.max_score for each in standings(course, LESSON) if each.mark)


def table(course: Course, form: str, **options) -> tuple[list[dict[str, str]], list[str]]:
    text, notes = export(course, LESSON, form, "Lesson 0 (99)", **options)
    return list(csv.DictReader(io.StringIO(text))), notes


def runs(cell: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula: it begins like one, and is no number."""
    begins = cell[:1] in ("\t", "\r") or cell.lstrip()[:1] in tuple("=+-@＝＋－＠")
    return begins and not re.fullmatch(r"[+-]?[\d.,]+|-", cell)
