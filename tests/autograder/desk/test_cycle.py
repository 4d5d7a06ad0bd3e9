"""nbgrader's whole cycle on real files: build, hand in, mark, feedback. Lesson 1, real kernels."""

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.marking.cells import TEST, grade_id
from tests.answers.bank import entries
from tests.autograder.desk.hand_ins import hand_in, hand_in_bytes, solved

LESSON = "01-soft-thresholding"
AUTOMATIC = 17.0

# Seed 002 as a student would hand it in, in our own words: scalar branches with the printed definition's missing minus
# sign, and a derivative that is the whole number 0 where autograd says None.
SEED_002 = {
    "soft_threshold": """
def soft_threshold(y, T):
    if y < T:
        return y + T
    elif y > T:
        return y - T
    return 0 * y
""",
    "soft_threshold_slope": """
def softt(y, T):
    if y > T:
        return y - T
    elif y < -T:
        return y + T
    return torch.zeros(1, requires_grad=True)

def soft_threshold_slope(y, T):
    y = y.detach().clone().requires_grad_(True)
    slope = torch.autograd.grad(softt(y, T), [y], allow_unused=True)[0]
    if slope == None:
        slope = 0
    return slope
""",
}


def without_tests(notebook):
    notebook.cells = [cell for cell in notebook.cells if not (grade_id(cell) or "").startswith(TEST)]


def doubled(notebook):
    notebook.cells += copy.deepcopy(notebook.cells)


def wrong_kernel(notebook):
    notebook.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}


def bank_answers(number):
    """The number-th right answer of the bank for each exercise (the last one where there are fewer)."""
    by_exercise = {}
    for entry in entries(LESSON):
        if entry.right:
            by_exercise.setdefault(entry.exercise, []).append(entry.source)
    return {exercise: sources[min(number, len(sources) - 1)] for exercise, sources in by_exercise.items()}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with honest, mistaken and broken hand-ins, marked once by the command line."""
    root = tmp_path_factory.mktemp("course")
    answers = solved(LESSON)
    hand_in(root, "solved", LESSON, answers)
    hand_in(root, "untouched", LESSON, {})
    hand_in(root, "published", LESSON, answers | SEED_002)
    for number in range(3):
        hand_in(root, f"bank-{number}", LESSON, answers | bank_answers(number))
    hand_in(root, "deleted", LESSON, answers, without_tests)
    hand_in(root, "doubled", LESSON, answers, doubled)
    hand_in(root, "reversed", LESSON, answers, lambda notebook: notebook.cells.reverse())
    hand_in(root, "kernel", LESSON, answers, wrong_kernel)
    hand_in(root, "ends-early", LESSON, answers | {"soft_sign": answers["soft_sign"] + "\nimport os\nos._exit(3)\n"})
    hand_in(root, "loops", LESSON, answers | {"soft_abs": "def soft_abs(x, lam):\n    while True:\n        pass\n"})
    hand_in_bytes(root, "truncated", LESSON, json.dumps({"cells": []}).encode()[:-3])
    hand_in_bytes(root, "not-a-notebook", LESSON, b"Dear professor, my dog ate it.")
    (root / "submitted" / "empty-folder" / LESSON).mkdir(parents=True)
    run(root, "grade", LESSON, "--json", str(root / "marks.json"), expect=1)
    return root


def run(course: Path, *command: str, expect: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", *command, "--course", str(course)], capture_output=True, text=True, timeout=900
    )
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def marks(course):
    return {mark["student"]: mark for mark in json.loads((course / "marks.json").read_text())}


@pytest.mark.parametrize(
    "student", ["solved", "bank-0", "bank-1", "bank-2", "deleted", "doubled", "reversed", "kernel"]
)
def test_right_answers_get_every_automatic_point_however_the_notebook_was_arranged(marks, student):
    assert marks[student]["score"] == AUTOMATIC, marks[student]


@pytest.mark.parametrize("student", ["untouched", "truncated", "not-a-notebook"])
def test_nothing_attempted_gets_nothing(marks, student):
    assert marks[student]["score"] == 0
    assert {v["outcome"] for v in marks[student]["verdicts"].values()} == {"not attempted"}


@pytest.mark.parametrize(
    ("student", "words"),
    [
        ("truncated", "not a whole notebook"),
        ("not-a-notebook", "not a whole notebook"),
        ("doubled", "is there 2 times"),
        ("kernel", "marked with Python"),
    ],
)
def test_odd_files_are_explained_to_their_author(marks, student, words):
    assert words in " ".join(marks[student]["remarks"])


def test_missing_file_is_a_failure_of_that_hand_in_only(marks):
    assert "There is no soft_thresholding.ipynb" in marks["empty-folder"]["failure"]


def test_published_code_loses_its_points_for_its_own_faults(marks):
    verdicts = marks["published"]["verdicts"]
    assert marks["published"]["score"] == AUTOMATIC - 5
    for exercise in SEED_002:
        assert verdicts[exercise]["outcome"] == "wrong"
        assert verdicts[exercise]["misconception"] not in ("wrong-value", "raised", "not-a-tensor")


def test_a_kernel_that_ends_costs_what_comes_after_it(marks):
    verdicts = marks["ends-early"]["verdicts"]
    assert verdicts["soft_abs"]["outcome"] == "right"
    assert "kernel died" in verdicts["soft_threshold"]["message"]


def test_an_endless_answer_costs_only_itself(marks):
    assert marks["loops"]["verdicts"]["soft_abs"]["misconception"] == "too-slow"
    assert marks["loops"]["score"] == AUTOMATIC - 2


def test_text_answers_wait_for_a_person_unless_untouched(marks):
    assert marks["solved"]["needs_manual_grade"] and not marks["untouched"]["needs_manual_grade"]


def test_second_run_changes_no_mark(course, marks):
    run(course, "grade", LESSON, "--json", str(course / "again.json"), expect=1)
    again = {mark["student"]: mark["score"] for mark in json.loads((course / "again.json").read_text())}
    assert again == {student: mark["score"] for student, mark in marks.items()}


def test_feedback_says_what_was_wrong_and_shows_no_hidden_test(course):
    run(course, "feedback", LESSON)
    page = (course / "feedback" / "published" / LESSON / "soft_thresholding.html").read_text()
    assert "Not right yet" in page and "minus sign" in page
    assert "HIDDEN TESTS" not in page and "examine" not in page


def test_lesson_that_the_course_has_not_is_refused_in_one_sentence(course):
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", "grade", "07", "--course", str(course)], capture_output=True, text=True
    )
    assert done.returncode == 1 and "There is no lesson '07'" in done.stderr
