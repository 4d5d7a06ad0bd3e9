"""An edit has those lessons marked again whose marks it can change, and no other."""

import shutil
from pathlib import Path

import pytest

import autograder
import gradlab
from autograder.desk.grade.code_version import code_version, decisive_files
from gradlab.course import LESSONS

ALL = [lesson[:2] for lesson in LESSONS]


@pytest.fixture
def home(tmp_path) -> tuple[Path, Path]:
    """A copy of the code that may be edited."""
    for package in (autograder, gradlab):
        folder = Path(package.__file__).parent
        ignored = shutil.ignore_patterns("__pycache__", "data", "worked")
        shutil.copytree(folder, tmp_path / "old" / folder.name, ignore=ignored)
    return tmp_path / "old", tmp_path / "old"


def concerned(home: tuple[Path, Path], file: str) -> list[str]:
    """The lessons for which another version of the code is told when this file is edited."""
    edited = home[0].with_name("new")
    shutil.copytree(home[0], edited)
    (edited / file).write_text((edited / file).read_text() + "\nX = 1\n")
    new = (edited, edited)
    return [lesson[:2] for lesson in LESSONS if code_version(lesson, home) != code_version(lesson, new)]


@pytest.mark.parametrize("lesson", LESSONS)
def test_edit_in_the_package_of_a_lesson_concerns_this_lesson_only(home, lesson):
    package = home[1] / "gradlab" / "lessons" / LESSONS[lesson]
    file = sorted(package.rglob("*.py"))[-1].relative_to(home[1])
    assert concerned(home, str(file)) == [lesson[:2]]


@pytest.mark.parametrize(
    "file", ["autograder/marking/examiner.py", "autograder/sandbox/limits.py", "gradlab/maths/prox.py"]
)
def test_edit_of_what_marks_every_lesson_concerns_every_lesson(home, file):
    assert concerned(home, file) == ALL


@pytest.mark.parametrize(
    "file", ["autograder/cli/shared.py", "autograder/release/rules.py", "gradlab/explore/explorer.py"]
)
def test_edit_of_what_marks_nothing_concerns_no_lesson(home, file):
    assert concerned(home, file) == []


def test_every_module_that_names_an_exam_or_a_check_counts(home):
    files = {str(file.relative_to(home[0])) for lesson in LESSONS for file in decisive_files(lesson, home)}
    judging = {
        str(path.relative_to(home[0]))
        for path in home[0].rglob("*.py")
        if path.parts[-2] in ("exercises", "checks", "exams", "probe", "marking")
    }
    assert judging <= files
