"""Which gradebook a course has: the one that is named, else that of its nbgrader_config, else one in its folder."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from autograder.desk.course.folder import Course, CourseError
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.conftest import gradlab


def python_settings(root: Path, db_url: str) -> None:
    (root / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {db_url!r}\n")


def json_settings(root: Path, db_url: str) -> None:
    (root / "nbgrader_config.json").write_text(json.dumps({"CourseDirectory": {"db_url": db_url}}))


@pytest.mark.parametrize("write", [python_settings, json_settings])
@pytest.mark.parametrize("place", ["marks.db", "{root}/deeper/marks.db"])
def test_gradebook_of_the_settings_is_used_unless_another_is_named(tmp_path, monkeypatch, write, place):
    monkeypatch.chdir("/")
    write(tmp_path, f"sqlite:///{place.format(root=tmp_path)}")
    expected = tmp_path / place.format(root=tmp_path)
    assert Course.at(tmp_path).db_url == f"sqlite:///{expected}"
    assert Course.at(tmp_path).settings().CourseDirectory.db_url == f"sqlite:///{expected}"
    assert Course.at(tmp_path, "sqlite:////x.db").db_url == "sqlite:////x.db"


@pytest.mark.parametrize("url", ["postgresql+psycopg://me:secret@host/marks", "sqlite://", "no address"])
def test_address_of_another_kind_stays_as_it_is(tmp_path, url):
    python_settings(tmp_path, url)
    assert Course.at(tmp_path).db_url == url


def test_settings_without_a_gradebook_leave_it_in_the_folder(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'x'\n")
    assert Course.at(tmp_path).db_url == f"sqlite:///{tmp_path / 'gradebook.db'}"


def test_commands_give_the_marks_of_that_gradebook(small_course):
    (small_course / "gradebook.db").rename(small_course / "marks.db")
    python_settings(small_course, "sqlite:///marks.db")
    gradlab(small_course, "due", LESSON, "2026-03-01")
    assert "right" in gradlab(small_course, "export", LESSON)
    assert not (small_course / "gradebook.db").exists()
    with closing(sqlite3.connect(small_course / "marks.db")) as book:
        assert book.execute("SELECT count(*) FROM assignment WHERE duedate IS NOT NULL").fetchone() == (1,)


def test_settings_that_cannot_be_run_are_one_sentence(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c.X(")
    with pytest.raises(CourseError, match=r"nbgrader_config.py cannot be run.*Mend it"):
        Course.at(tmp_path)
