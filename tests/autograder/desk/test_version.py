"""An edit has those lessons marked again whose marks it can change: none is forgotten, and no other is run again."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.desk.version import FOLDERS, HOME, code_version, modules, named_in
from gradlab.lessons import LESSONS
from tests.autograder.desk.hand_ins import filled, solved

# What a hand-in's kernel and its grader import, listed by a program that does what both do.
WATCH = """
import os, sys
import autograder.marking.hand_in
from autograder.exams import exams_of
from gradlab.checks import verdict_on
from gradlab.lessons import LESSONS
from tests.autograder.desk.hand_ins import filled, solved
assert not [name for name in sys.modules if name.startswith(("gradlab.checks.start", "autograder.exams."))]
for lesson in LESSONS:
    if os.fork() == 0:
        cells = [cell.source for cell in filled(lesson, solved(lesson)).cells if cell.cell_type == "code"]
        namespace = {}
        exec(cells[0], namespace)
        import gradlab.probe.examine, gradlab.exercises.card, gradlab.exercises.worked
        for exercise in exams_of(lesson):
            exec(solved(lesson)[exercise], namespace)
            assert verdict_on(exercise, namespace).right, exercise
        ours = [name for name in sys.modules if name.startswith(("gradlab", "autograder.exams"))]
        print(lesson, *ours, flush=True)
        os._exit(0)
    assert os.wait()[1] == 0, lesson
"""


def texts(lesson: str) -> list[bytes]:
    """The files of a right hand-in."""
    return [nbformat.writes(filled(lesson, solved(lesson))).encode()]


@pytest.fixture
def home(tmp_path) -> tuple[Path, Path]:
    """A copy of the code that may be edited."""
    for root in HOME:
        for folder in FOLDERS:
            if (root / folder).is_dir():
                shutil.copytree(root / folder, tmp_path / folder, dirs_exist_ok=True)
    (tmp_path / "autograder/sandbox").mkdir()
    shutil.copy(HOME[0] / "autograder/sandbox/limits.py", tmp_path / "autograder/sandbox")
    return tmp_path, tmp_path


def edited(home: tuple[Path, Path], file: str, tmp_path_factory) -> tuple[Path, Path]:
    """Another copy, with one file changed."""
    copy = shutil.copytree(home[0], tmp_path_factory.mktemp("edited") / "home")
    (copy / file).write_text((copy / file).read_text() + "\nX = 1\n")
    return copy, copy


@pytest.mark.parametrize(
    ("file", "concerned"),
    [
        ("autograder/exams/clarke_homogeneity.py", ["03"]),
        ("autograder/exams/draw.py", ["00", "01", "02", "03", "04", "05"]),
        ("autograder/marking/examiner.py", ["00", "01", "02", "03", "04", "05"]),
        ("autograder/sandbox/limits.py", ["00", "01", "02", "03", "04", "05"]),
        ("gradlab/probe/perform.py", ["00", "01", "02", "03", "04", "05"]),
        ("gradlab/checks/chain_error.py", ["02", "03", "04", "05"]),
        ("gradlab/lessons/implicit_argmin/functions.py", ["04", "05"]),
        ("gradlab/lessons/soft_thresholding/explorers/tangent_fan.py", ["01"]),
    ],
)
def test_edit_concerns_these_lessons_and_no_other(home, file, concerned, tmp_path_factory):
    changed = edited(home, file, tmp_path_factory)
    seen = [
        lesson[:2]
        for lesson in LESSONS
        if code_version(lesson, texts(lesson), home) != code_version(lesson, texts(lesson), changed)
    ]
    assert seen == concerned


def test_module_that_a_hand_in_names_counts_for_it_alone(home, tmp_path_factory):
    changed = edited(home, "gradlab/maths/lasso.py", tmp_path_factory)
    lesson, own = "01-soft-thresholding", [b"import importlib; importlib.import_module('gradlab.maths.lasso')"]
    assert code_version(lesson, texts(lesson), home) == code_version(lesson, texts(lesson), changed)
    assert code_version(lesson, own, home) != code_version(lesson, own, changed)


def test_everything_that_is_imported_while_a_lesson_is_marked_counts():
    done = subprocess.run([sys.executable, "-c", WATCH], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [lesson for lesson, *_ in rows] == list(LESSONS)
    for lesson, *imported in rows:
        assert set(imported) - modules(lesson, named_in(texts(lesson))) == set(), lesson
        assert len(imported) > 20
