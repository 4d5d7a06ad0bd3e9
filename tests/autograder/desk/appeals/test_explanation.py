"""An appeal is answered with the answer, each question, what came back, and a second run that writes nothing."""

import hashlib
from pathlib import Path

import torch

from autograder.desk.appeals.explanation import explain
from autograder.desk.course.folder import Course
from autograder.desk.gradebook.lesson_source import prepare
from tests.autograder.desk.conftest import EXERCISE, gradlab, with_more_points
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.hand_ins import hand_in, hand_in_bytes, solved


def fingerprint(root: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in root.rglob("*.ipynb") if path.is_file()
    }


def test_wrong_answer_is_explained_by_questions_that_can_be_asked_again(small_course):
    before = fingerprint(small_course)
    found = explain(Course.at(small_course), "wrong", EXERCISE)
    assert "return 2 * x" in found.answer and found.points == 0 and not found.differs
    assert found.verdict == found.again and "✗" in found.verdict
    assert found.questions and all(question.call.startswith(f"{EXERCISE}(") for question in found.questions)
    assert any("torch.tensor(" in question.call + question.seen for question in found.questions)
    assert torch.is_tensor(eval(next(q.seen for q in found.questions if q.seen.startswith("torch.tensor("))))
    assert fingerprint(small_course) == before


def test_command_finds_students_by_name_and_exercises_in_either_spelling(small_course):
    with Course.at(small_course).gradebook() as gradebook:
        gradebook.update_or_create_student("right", first_name="Ruth", last_name="Rojas")
    said = gradlab(small_course, "why", "Ruth Rojas", "Gradient")
    assert f"right, {LESSON}, {EXERCISE}" in said and "the same verdict" in said


def test_hand_in_that_changed_since_it_was_marked_is_said_first_with_both_answers(small_course):
    assert explain(Course.at(small_course), "untouched", EXERCISE).warning == ""
    hand_in(small_course, "wrong", LESSON, solved(LESSON))
    said = gradlab(small_course, "why", "wrong", EXERCISE)
    assert said.startswith("The hand-in has changed since it was marked")
    now = said.index("as it is handed in now")
    assert said.index("return 2 * x") < now < said.index("materialize_grads") and "another verdict" in said


def test_lesson_that_changed_since_is_said(small_course, edited):
    edited(with_more_points)
    prepare(Course.at(small_course), LESSON)
    found = explain(Course.at(small_course), "wrong", EXERCISE)
    assert found.warning.startswith("The lesson has changed") and not found.answer_now


def test_newer_hand_in_that_cannot_be_read_is_said_too(small_course):
    hand_in_bytes(small_course, "wrong", LESSON, b"Dear professor, my dog ate it.")
    found = explain(Course.at(small_course), "wrong", EXERCISE)
    assert found.warning.startswith("The hand-in has changed") and not found.answer_now and found.differs
