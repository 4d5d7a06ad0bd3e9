"""Marks of an earlier hand-in, or of the lesson as it was, are told as such wherever marks are shown."""

import json

import pytest
from filelock import FileLock

from autograder.desk.course.folder import Course
from autograder.desk.give_back.standings import standings
from autograder.desk.give_back.tables import export
from autograder.desk.grade.assign import assign
from autograder.desk.grade.marks import LESSON_SOURCE
from autograder.desk.grade.run import grade
from autograder.desk.grade.up_to_date import CHANGED, LESSON_CHANGED, MARKED
from autograder.desk.gradebook.lesson_source import prepare
from autograder.desk.report.class_report import write_report
from autograder.desk.report.course_report import write_course_report
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.conftest import STUDENTS, gradlab, with_more_points, with_question
from tests.autograder.desk.hand_ins import hand_in


def with_other_text(text: str) -> str:
    return text + "\n# %% [markdown]\n# A last remark.\n"


def without_a_question(text: str) -> str:
    """The lesson without its second exercise: answer and test."""
    cells = text.split("\n# %%")
    kept = [cell for cell in cells if not any(name in cell.partition("\n")[0] for name in ("chain_vjp", "chain-vjp"))]
    assert len(kept) < len(cells)
    return "\n# %%".join(kept)


def states(course: Course) -> dict[str, str]:
    return {each.person.id: each.state for each in standings(course, LESSON)}


@pytest.mark.parametrize("change", [with_question, with_more_points, with_other_text, without_a_question])
def test_after_any_change_of_the_lesson_marks_are_told_as_old_by_all_that_shows_them(small_course, edited, change):
    course = Course.at(small_course)
    assert set(states(course).values()) == {MARKED}
    edited(change)
    assert "has changed" in prepare(course, LESSON, renew=True)
    assert states(course) == dict.fromkeys(STUDENTS, LESSON_CHANGED)
    text, notes = export(course, LESSON, "csv", "")
    assert text.count(LESSON_CHANGED) == len(STUDENTS)
    [note] = [note for note in notes if "as it was before it changed" in note]
    assert all(student in note for student in STUDENTS) and "gradlab grade" in note
    for page in (write_report(course, LESSON), write_course_report(course)):
        assert f"{len(STUDENTS)} of the marks are old" in page.read_text() or "4 marks of" in page.read_text()


def test_marking_one_student_names_those_who_are_marked_under_the_lesson_as_it_was(small_course, edited):
    course, told = Course.at(small_course), []
    edited(with_question)
    [mark] = grade(course, LESSON, students=["wrong"], renew=True, tell=told.append)
    assert not mark.failure and mark.points["why-none"] == 0
    [named] = [sentence for sentence in told if "Still marked" in sentence]
    assert all((student in named) is (student != "wrong") for student in STUDENTS)
    told.clear()
    list(grade(course, LESSON, tell=told.append))
    assert set(states(course).values()) == {MARKED} and not told
    list(grade(course, LESSON, students=["wrong"], tell=told.append))
    assert not told


def test_mark_of_an_earlier_version_is_not_told_as_old(small_course):
    course = Course.at(small_course)
    path = course.autograded("right", LESSON)
    notebook = json.loads(path.read_text())
    del notebook["metadata"]["gradlab"][LESSON_SOURCE]
    path.write_text(json.dumps(notebook))
    assert states(course)["right"] == MARKED


def test_page_of_an_earlier_hand_in_is_told(small_course):
    hand_in(small_course, "right", LESSON, {})
    assert states(Course.at(small_course))["right"] == CHANGED
    said = " ".join(gradlab(small_course, "feedback", LESSON, "--student", "right", "--student", "wrong").split())
    assert "earlier hand-in, since the newer one was not marked: right. " in said


def test_assign_tells_what_changed_and_what_to_do(small_course, edited):
    edited(with_more_points)
    said = assign(Course.at(small_course), LESSON)
    assert "4 points instead of 2" in said and f"gradlab grade {LESSON}" in said
    assert assign(Course.at(small_course), LESSON) == ""


def test_lesson_is_not_changed_while_a_grader_is_at_work_and_extensions_do_not_change_it(small_course):
    gradlab(small_course, "due", LESSON, "2026-03-01")
    source = small_course / "source" / LESSON / "start_here.ipynb"
    source.write_text(source.read_text() + "\n")  # as if the lesson were another one since
    before = source.read_bytes()
    with FileLock(small_course / ".grading.lock"):
        assert "at work" in gradlab(small_course, "assign", LESSON, expect=1)
        assert "may hand in" in gradlab(small_course, "extend", LESSON, "right", "2026-03-05")
    assert source.read_bytes() == before
    gradlab(small_course, "assign", LESSON)
    assert source.read_bytes() != before
