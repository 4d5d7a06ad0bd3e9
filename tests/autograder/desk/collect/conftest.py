"""A course in which nothing lies yet."""

import shutil
import zipfile

import pytest

from autograder.desk.course.folder import Course


@pytest.fixture
def course(tmp_path, empty_gradebook):
    (tmp_path / "course").mkdir()
    shutil.copy(empty_gradebook, tmp_path / "course" / "gradebook.db")
    return Course.at(tmp_path / "course")


@pytest.fixture
def opened_zips(monkeypatch) -> list:
    """What this process has opened as a zip file, in order."""
    opened = []
    real = zipfile.ZipFile

    class Noted(real):
        def __init__(self, *arguments, **options):
            opened.append(arguments[0])
            super().__init__(*arguments, **options)

    monkeypatch.setattr(zipfile, "ZipFile", Noted)
    return opened
