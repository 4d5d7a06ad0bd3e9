"""The course over its lessons on one page: nobody is named unless asked, and its links lead somewhere."""

import re
import shutil
from dataclasses import replace

import pytest

from autograder.desk.course.people import Person
from autograder.desk.give_back.standings import EXEMPT, MISSING, NOT_DUE, NOT_MARKED, Standing
from autograder.desk.grade.marks import Mark
from autograder.desk.grade.up_to_date import MARKED
from autograder.desk.report.course_report import course_page, lesson_row, staying_misconceptions, student_rows
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.conftest import gradlab

FIRST, SECOND = "00-start-here", "01-soft-thresholding"


def standing(student: str, score: float, label: str = "", state: str = MARKED) -> Standing:
    verdict = {"exercise": "e", "outcome": "wrong" if label else "right", "misconception": label, "message": "m"}
    verdicts = {} if state == MISSING else {"e": verdict}
    return Standing(Person(student, f"Name of {student}"), state, Mark(student, score, 10.0, False, verdicts))


COURSE = {
    FIRST: [standing("ana", 9), standing("ben", 2, "sign"), standing("cid", 10), standing("eve", 1, "lost")],
    SECOND: [
        standing("ana", 8),
        standing("ben", 3, "sign"),
        standing("cid", 0, state=MISSING),
        Standing(Person("eve"), EXEMPT),
    ],
}


def test_those_who_are_behind_come_first_and_who_is_exempt_is_not_missing():
    rows = {row.student: row for row in student_rows(COURSE)}
    assert next(iter(rows)) == "cid"
    assert rows["cid"].missing == 1 and rows["cid"].behind and rows["ben"].behind and not rows["ana"].behind
    assert rows["eve"].missing == 0 and rows["eve"].share == 0.1


def test_only_what_a_student_shows_in_two_lessons_stays():
    [stays] = staying_misconceptions(COURSE)
    assert (stays.label, stays.students) == ("sign", ("ben",))


def test_missing_hand_ins_do_not_lower_the_median():
    row = lesson_row(SECOND, COURSE[SECOND])
    assert (row.handed_in, row.missing) == (2, 1) and 0.3 <= row.quartiles[1] <= 0.8


@pytest.mark.parametrize("state", [NOT_MARKED, NOT_DUE])
def test_what_has_no_mark_yet_is_neither_missing_nor_zero(state):
    waits = Standing(Person("ana", "Name of ana"), state)
    rows = {row.student: row for row in student_rows({**COURSE, "02-wasteful-module": [waits]})}
    before = {row.student: row for row in student_rows(COURSE)}
    assert replace(rows["ana"], shares=rows["ana"].shares[:2]) == before["ana"]
    [row] = [lesson_row(FIRST, [*COURSE[FIRST], Standing(Person("fay"), state)])]
    before, more = lesson_row(FIRST, COURSE[FIRST]), int(state == NOT_MARKED)
    assert row == replace(before, not_marked=more, handed_in=before.handed_in + more)
    page = course_page({FIRST: [*COURSE[FIRST], Standing(Person("fay"), state)]}, names=False, reports=set())
    assert ("not marked" in page) and "fay" not in page


def test_who_has_left_the_class_list_is_missing_nowhere():
    listed = {
        lesson: [replace(each, person=replace(each.person, on_roster=True)) for each in found]
        for lesson, found in COURSE.items()
    }
    left = [standing("kim", 8), standing("kim", 0, state=MISSING)]
    for second in ([*listed[SECOND], left[1]], listed[SECOND]):
        found = {FIRST: [*listed[FIRST], left[0]], SECOND: second}
        kim = next(row for row in student_rows(found) if row.student == "kim")
        assert (kim.missing, kim.share, kim.behind) == (0, 0.8, False)
        assert lesson_row(SECOND, second).missing == lesson_row(SECOND, listed[SECOND]).missing


def test_hardest_exercise_is_that_of_the_points_and_not_of_what_nobody_could_check():
    def mark(**points: float) -> Standing:
        verdicts = {name: {"exercise": name, "outcome": "cannot be checked" if name == "unclear" else "wrong",
                           "misconception": "m", "message": "m"} for name in points}  # fmt: skip
        worth = dict.fromkeys(points, 4.0)
        return Standing(Person("a"), MARKED, Mark("a", 5.0, 12.0, True, verdicts, points=points, worth=worth))

    assert lesson_row(FIRST, [mark(unclear=0.0, hard=1.0, by_hand=4.0)]).hardest == "hard"


def test_page_names_nobody_unless_asked():
    quiet = course_page(COURSE, names=False, reports=set())
    assert not any(name in quiet for name in ("ana", "ben", "cid", "eve"))
    assert all(f"Name of {name}" in course_page(COURSE, names=True, reports=set()) for name in ("ana", "ben", "cid"))


EMPTY = {
    "hand-ins are not marked": lambda root: [shutil.rmtree(each) for each in (root / "autograded").glob("*/*")],
    "gradebook does not know the lesson": lambda root: shutil.copy(root.parent / "empty.db", root / "gradebook.db"),
}


@pytest.mark.parametrize("state", EMPTY)
@pytest.mark.parametrize("command", ["report", "export", "feedback"])
def test_lesson_without_marks_is_one_sentence(small_course, empty_gradebook, state, command):
    shutil.copy(empty_gradebook, small_course.parent / "empty.db")
    shutil.rmtree(small_course / "gradebook-copies")
    EMPTY[state](small_course)
    written = command == "export" and "gradebook" in state  # a table of who waits
    assert "gradlab grade" in gradlab(small_course, command, LESSON, expect=0 if written else 1)


def test_links_of_the_page_lead_to_files(small_course):
    gradlab(small_course, "report", LESSON)
    gradlab(small_course, "report")
    page = (small_course / "reports" / "course.html").read_text()
    links = re.findall(r'href="([^"]+)"', page)
    assert links == [f"{LESSON}.html"] and (small_course / "reports" / links[0]).exists()
    assert "<a href=" not in (small_course / "reports" / f"{LESSON}.html").read_text()
