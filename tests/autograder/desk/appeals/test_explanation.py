"""An appeal is answered with the answer, each question, what came back, and a second run that writes nothing."""

import hashlib
from pathlib import Path

import torch

from autograder.desk.appeals.explanation import explain
from autograder.desk.course.folder import Course
from tests.autograder.desk.conftest import EXERCISE, gradlab
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON


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
