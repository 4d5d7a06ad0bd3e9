"""A course in which nothing lies yet."""

import shutil
from pathlib import Path

import pytest

from autograder.desk.course.folder import Course


@pytest.fixture
def course(tmp_path: Path, empty_gradebook: Path) -> Course:
    (tmp_path / "course").mkdir()
    shutil.copy(empty_gradebook, tmp_path / "course")
    return Course.at(tmp_path / "course")
