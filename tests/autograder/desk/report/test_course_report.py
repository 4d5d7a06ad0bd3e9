"""The course over its lessons on one page: nobody is named unless asked, and its links lead somewhere."""

import re

from autograder.desk.course.people import Person
from autograder.desk.give_back.standings import EXEMPT, MISSING, Standing
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


def test_page_names_nobody_unless_asked():
    quiet = course_page(COURSE, names=False, reports=set())
    assert not any(name in quiet for name in ("ana", "ben", "cid", "eve"))
    assert all(f"Name of {name}" in course_page(COURSE, names=True, reports=set()) for name in ("ana", "ben", "cid"))


def test_links_of_the_page_lead_to_files(small_course):
    gradlab(small_course, "report", LESSON)
    gradlab(small_course, "report")
    page = (small_course / "reports" / "course.html").read_text()
    links = re.findall(r'href="([^"]+)"', page)
    assert links == [f"{LESSON}.html"] and (small_course / "reports" / links[0]).exists()
    assert "<a href=" not in (small_course / "reports" / f"{LESSON}.html").read_text()
