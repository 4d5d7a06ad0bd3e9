"""Two courses for all tests of the desk, marked once by the command line: all kinds of hand-ins, and a small one."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograder.desk.course.folder import Course
from autograder.desk.gradebook import lesson_source
from autograder.notebooks.cells import TEST, grade_id
from autograder.notebooks.places import source_path
from autograder.release.bank import entries
from tests.autograder.desk.hand_ins import hand_in, hand_in_bytes, solved
from tests.warm.client import run_gradlab

LESSON = "01-soft-thresholding"

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


def tests_first(notebook):
    notebook.cells.sort(key=lambda cell: not (grade_id(cell) or "").startswith(TEST))


def imports_last(notebook):
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    notebook.cells.remove(first)
    notebook.cells.append(first)


def doubled(notebook):
    copies = [nbformat.from_dict(cell) for cell in notebook.cells]
    for number, cell in enumerate(copies):
        cell.id = f"copy-{number}"
    notebook.cells += copies


def predicting(notebook):
    cell = next(cell for cell in notebook.cells if cell.source == 'predict("jump", ...)')
    cell.source = 'predict("jump", 0)'


def wrong_kernel(notebook):
    notebook.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}


def bank_answers(number):
    """The number-th right answer of the bank for each exercise (the last one where there are fewer)."""
    by_exercise = {}
    for entry in entries(LESSON):
        if entry.right:
            by_exercise.setdefault(entry.exercise, []).append(entry.source)
    return {exercise: sources[min(number, len(sources) - 1)] for exercise, sources in by_exercise.items()}


def gradlab(course: Path, *command: str, expect: int = 0) -> str:
    """Run the command on a course; it must end with this exit code and never with a traceback."""
    done = run_gradlab([*command, "--course", str(course)])
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def graded(course: Path, lesson: str, *options: str, expect: int = 0) -> dict[str, dict]:
    """Grade and return the marks by student."""
    file = course / "marks.json"
    gradlab(course, "grade", lesson, "--json", str(file), *options, expect=expect)
    return {mark["student"]: mark for mark in json.loads(file.read_text())}


def decided(marks: dict[str, dict]) -> dict[str, dict]:
    """The marks without what tells how they came to be."""
    return {student: {key: value for key, value in mark.items() if key != "fresh"} for student, mark in marks.items()}


@pytest.fixture(scope="session")
def course_and_marks(tmp_path_factory) -> tuple[Path, dict[str, dict]]:
    root = tmp_path_factory.mktemp("course")
    answers = solved(LESSON)
    changes: dict[str, Callable | None] = {
        "solved": predicting,
        "deleted": without_tests,
        "tests-first": tests_first,
        "doubled": doubled,
        "kernel": wrong_kernel,
        "imports-last": imports_last,
    }
    for student, change in changes.items():
        hand_in(root, student, LESSON, answers, change)
    hand_in(root, "untouched", LESSON, {})
    live = "\nfrom IPython.display import HTML\ndisplay(HTML('<script>window.planted = 1</script>'))\n"
    text = "<script>window.planted = 2</script><img src=x onerror='window.planted = 3'>"
    hand_in(root, "live", LESSON, answers | {"soft_abs": answers["soft_abs"] + live, "why-kink": text})
    hand_in(root, "published", LESSON, answers | SEED_002)
    for number in range(2):
        hand_in(root, f"bank-{number}", LESSON, answers | bank_answers(number))
    hand_in(root, "ends-early", LESSON, answers | {"soft_sign": answers["soft_sign"] + "\nimport os\nos._exit(3)\n"})
    hand_in(root, "loops", LESSON, answers | {"soft_abs": "def soft_abs(x, lam):\n    while True:\n        pass\n"})
    hand_in(
        root,
        "floods",
        LESSON,
        answers | {"soft_sign": answers["soft_sign"] + "\nwhile True:\n    print('x' * 100_000)\n"},
    )
    hand_in_bytes(root, "truncated", LESSON, json.dumps({"cells": []}).encode()[:-3])
    hand_in_bytes(root, "not-a-notebook", LESSON, b"Dear professor, my dog ate it.")
    (root / "submitted" / "empty-folder" / LESSON).mkdir(parents=True)
    return root, graded(root, LESSON, expect=1)


@pytest.fixture(scope="session")
def course(course_and_marks) -> Path:
    return course_and_marks[0]


@pytest.fixture(scope="session")
def marks(course_and_marks) -> dict[str, dict]:
    return course_and_marks[1]


@pytest.fixture(scope="session")
def empty_gradebook(tmp_path_factory) -> Path:
    """A new gradebook; nbgrader starts a program to make one, which takes seconds."""
    root = tmp_path_factory.mktemp("empty")
    Course.at(root).gradebook().close()
    return root / "gradebook.db"


SMALL_LESSON, EXERCISE = "00-start-here", "gradient"
STUDENTS = ("right", "wrong", "untouched", "exits")


@pytest.fixture(scope="session")
def unmarked(tmp_path_factory, empty_gradebook) -> Path:
    """A small course of which nothing has been marked."""
    root = tmp_path_factory.mktemp("unmarked")
    shutil.copy(empty_gradebook, root)
    answer = solved(SMALL_LESSON)[EXERCISE]
    texts = {"right": answer, "wrong": "def gradient(f, x):\n    return 2 * x\n", "exits": "import os\nos._exit(1)\n"}
    for student in STUDENTS:
        hand_in(root, student, SMALL_LESSON, {EXERCISE: texts[student]} if student in texts else {})
    return root


@pytest.fixture(scope="session")
def undisturbed(unmarked, tmp_path_factory) -> tuple[Path, dict[str, dict]]:
    """The same course, marked without any trouble."""
    root = shutil.copytree(unmarked, tmp_path_factory.mktemp("undisturbed") / "course")
    return root, graded(root, SMALL_LESSON)


@pytest.fixture
def small_course(undisturbed, tmp_path) -> Path:
    """A copy of that course, marked."""
    return Path(shutil.copytree(undisturbed[0], tmp_path / "course"))


QUESTION = """
# %% [markdown] grade_id="why-none" points=1
# ### BEGIN SOLUTION
# Because no path leads there.
# ### END SOLUTION
"""


@pytest.fixture
def edited(tmp_path, monkeypatch):
    """Let the small lesson's source be a copy, for what runs in the test's own process; the function edits it."""
    copy = tmp_path / "sources" / source_path(SMALL_LESSON).name
    copy.parent.mkdir()
    shutil.copy(source_path(SMALL_LESSON), copy)
    monkeypatch.setattr(lesson_source, "source_path", lambda lesson: copy)

    def edit(change) -> None:
        copy.write_text(change(copy.read_text()))

    return edit


def with_question(text: str) -> str:
    return text + QUESTION


def with_more_points(text: str) -> str:
    assert "points=2" in text
    return text.replace("points=2", "points=4")
