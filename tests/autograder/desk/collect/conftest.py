"""A course in which nothing lies yet."""

import shutil

import pytest

from autograder.desk.course.folder import Course


@pytest.fixture
def course(tmp_path, empty_gradebook):
    (tmp_path / "course").mkdir()
    shutil.copy(empty_gradebook, tmp_path / "course" / "gradebook.db")
    return Course.at(tmp_path / "course")
