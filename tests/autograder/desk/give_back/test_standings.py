"""A student whose own due date lies ahead has no number in any table, and that is said; one whose date has passed has 0."""

from datetime import UTC, datetime, timedelta

import pytest

from autograder.desk.course.folder import Course
from autograder.desk.course.people import Person
from autograder.desk.give_back.groups import shared
from autograder.desk.give_back.standings import MISSING, NOT_DUE, standings
from autograder.desk.gradebook.due_dates import extend, set_due
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.give_back.exported import know, table

DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(tzinfo=None)
DUE = {  # for the class, for the student, whether something may still come
    "passed": (NOW - DAY, None, False),
    "ahead": (NOW + DAY, None, True),
    "none": (None, None, False),
    "extension ahead": (NOW - DAY, NOW + DAY, True),
    "extension passed": (NOW - 2 * DAY, NOW - DAY, False),
}


@pytest.mark.parametrize("case", DUE)
def test_nobody_gets_zero_before_the_own_due_date(small_course, case):
    course, (due, until, may_come) = Course.at(small_course), DUE[case]
    know(course, absent=Person("", "Absent", "canvas", "21", on_roster=True, group="A"))
    know(course, right=Person("", "Right", "canvas", "22", on_roster=True, group="A"))
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student("absent")
        set_due(course, gradebook, LESSON, due)
        if until:
            extend(gradebook, LESSON, "absent", until)
    found = {each.person.id: each for each in standings(course, LESSON)}
    assert found["absent"].state == (NOT_DUE if may_come else MISSING)
    rows, notes = table(course, "canvas")
    marks = {row["ID"]: row["Lesson 0 (99)"] for row in rows}
    assert marks["21"] == ("" if may_come else "0") and float(marks["22"]) > 0
    assert [note for note in notes if "absent" in note and ("due" in note) == may_come]
    together = {each.person.id: each for each in shared(list(found.values()))[0]}
    assert together["absent"].mark == found["right"].mark, "a group's hand-in counts for all of it"
