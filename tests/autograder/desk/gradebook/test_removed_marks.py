"""What a person gave to a question is counted before the question is removed, kept, and given back when it returns."""

import json

import nbformat
import pytest

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.grade.run import grade
from autograder.desk.gradebook.lesson_source import prepare
from autograder.desk.gradebook.removed_marks import FILE
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.conftest import STUDENTS, with_question
from tests.autograder.desk.hand_ins import hand_in

CELL = "why-none"
GIVEN = {  # one kind a student
    "right": {"manual_score": 1.0, "manual_comment": "well"},
    "wrong": {"manual_score": 0.0},
    "untouched": {"manual_score": 0.5, "extra_credit": 2.0, "needs_manual_grade": True},
    "exits": {"manual_comment": "mean what you say"},
}


def give(course: Course, student: str, needs_manual_grade: bool = False, **given: object) -> None:
    with course.gradebook() as gradebook:
        [notebook] = gradebook.find_submission(LESSON, student).notebooks
        grade = next(each for each in notebook.grades if each.name == CELL)
        comment = next(each for each in notebook.comments if each.name == CELL)
        grade.needs_manual_grade = needs_manual_grade
        for name, value in given.items():
            setattr(comment if name == "manual_comment" else grade, name, value)
        gradebook.db.commit()


def by_hand(course: Course) -> dict[str, tuple]:
    found = {}
    with course.gradebook() as gradebook:
        for submission in gradebook.find_assignment(LESSON).submissions:
            [notebook] = submission.notebooks
            grades = [
                (each.manual_score, each.extra_credit, each.needs_manual_grade)
                for each in notebook.grades
                if each.name == CELL
            ]
            comments = [each.manual_comment for each in notebook.comments if each.name == CELL]
            found[submission.student.id] = (*grades, *comments)
    return found


@pytest.fixture
def with_the_question(small_course, edited) -> Course:
    course = Course.at(small_course)
    edited(with_question)
    prepare(course, LESSON, renew=True)
    return course


def test_what_was_given_is_counted_and_returns_with_the_question(with_the_question, edited):
    course = with_the_question
    for student, given in GIVEN.items():
        give(course, student, **given)
    before = by_hand(course)
    assert before["right"] == ((1.0, None, False), "well") and before["wrong"] == ((0.0, None, False), None)
    for _ in range(2):  # and once more
        edited(lambda text: text.replace(with_question(""), ""))
        with pytest.raises(CourseError, match=f"{CELL} is gone, and with it 3 marks and 2 comments by hand.*{FILE}"):
            prepare(course, LESSON)
        prepare(course, LESSON, renew=True)
        assert set(by_hand(course).values()) == {()}
        edited(with_question)
        assert "gets back 3 marks and 2 comments by hand" in prepare(course, LESSON, renew=True)
        assert by_hand(course) == before


def test_question_to_which_nobody_gave_anything_goes_without_a_word(with_the_question, edited):
    edited(lambda text: text.replace(with_question(""), ""))
    said = prepare(with_the_question, LESSON, renew=True)
    assert f"{CELL} is gone" in said and "by hand" not in said
    assert not (with_the_question.root / FILE).exists()


def test_marks_taken_back_before_the_question_goes_do_not_return(with_the_question, edited):
    course = with_the_question
    give(course, "right", manual_score=1.0)
    for score in (None, None):
        edited(lambda text: text.replace(with_question(""), ""))
        prepare(course, LESSON, renew=True)
        edited(with_question)
        prepare(course, LESSON, renew=True)
        give(course, "right", manual_score=score)
    assert by_hand(course)["right"][0][0] is None


def test_mark_that_returns_waits_only_where_the_answer_has_changed_meanwhile(with_the_question, edited):
    course = with_the_question

    def answering(text):
        metadata = {"grade_id": CELL, "grade": True, "solution": True, "locked": False, "points": 1, "task": False,
                    "schema_version": 3, "cell_type": "markdown"}  # fmt: skip
        cell = nbformat.v4.new_markdown_cell(text, metadata={"nbgrader": metadata})
        return lambda notebook: notebook.cells.append(cell)

    students = ("right", "wrong")
    for student in students:
        hand_in(course.root, student, LESSON, {}, answering("No path."))
    list(grade(course, LESSON, students=list(students)))
    for student in students:
        give(course, student, manual_score=1.0)
    edited(lambda text: text.replace(with_question(""), ""))
    list(grade(course, LESSON, renew=True))
    hand_in(course.root, "wrong", LESSON, {}, answering("No path, I think."))
    edited(with_question)
    waits = {mark.student: mark.needs_manual_grade for mark in grade(course, LESSON, renew=True)}
    assert waits == dict.fromkeys(STUDENTS, False) | {"wrong": True}
    assert [by_hand(course)[student][0][0] for student in students] == [1.0, 1.0]


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({LESSON: 3})])
def test_damaged_file_is_one_sentence(with_the_question, edited, text):
    (with_the_question.root / FILE).write_text(text)
    edited(lambda text: text.replace(with_question(""), ""))
    with pytest.raises(CourseError, match=f"{FILE} is damaged. Move it away"):
        prepare(with_the_question, LESSON, renew=True)
