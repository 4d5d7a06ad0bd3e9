"""Whatever students call themselves and their files, a page goes to its own student."""

import re
import zipfile
from pathlib import PurePosixPath

import pytest

from autograder.desk.course.folder import Course
from autograder.desk.course.person import Person
from autograder.desk.give_back.feedback_zip import pack
from autograder.desk.gradebook.due_dates import write_collected
from tests.autograder.desk.give_back.exported import know

LESSON = "00-start-here"
NAMES = ["Ruth Müller", "", "x_6_assignsubmission_file", "x_6_7", "6", "_6_", "../../x", "a/6_x", "राम", "<b>"]
FILES = [
    "start_here.ipynb",
    "x_6_assignsubmission_file_a.ipynb",
    "x_6_7_a.ipynb",
    "deep/x_6_assignsubmission_file_/a.ipynb",
    "../a.ipynb",
]


def in_moodle(path: str, participants: set[str]) -> str:
    """Whose page it is: importziplib.php takes the first folder in which it finds somebody."""
    for part in path.split("/"):
        info = part.split("_", 4)
        if (
            len(info) == 5
            and info[1].isdecimal()
            and info[1] in participants
            and info[2:4] == ["assignsubmission", "file"]
        ):
            return info[1]
    return ""


def in_canvas(path: str) -> list[str]:
    """User and file: the first two numbers between the signs that join words."""
    return [part for part in PurePosixPath(path).name.split("_") if re.fullmatch("[0-9]+", part)][:2]


def packed_name(course: Course, tmp_path, person: Person, path: str, order: object) -> list[str]:
    know(course, ada=person)
    write_collected(course, {LESSON: {"ada": {"path": path, "order": order, "platform": person.platform}}})
    page = course.root / "feedback" / "ada" / LESSON / "start_here.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("page")
    pack(course, LESSON, [page], tmp_path / "feedback.zip")
    return zipfile.ZipFile(tmp_path / "feedback.zip").namelist()


@pytest.fixture
def course(tmp_path) -> Course:
    (tmp_path / "course").mkdir()
    return Course.at(tmp_path / "course")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("file", FILES)
def test_page_goes_to_its_own_student_or_to_nobody(course, tmp_path, name, file):
    path = f"{name}_555_assignsubmission_file_/{file}"
    [packed] = packed_name(course, tmp_path, Person("", name, "moodle", "555"), path, 1.0)
    assert in_moodle(packed, {"6", "555"}) == "555" and in_moodle(packed, {"6"}) == ""
    [packed] = packed_name(course, tmp_path, Person("", name, "canvas", "555"), f"{name}_555_9002_{file}", 9002.0)
    assert in_canvas(packed) == ["555", "9002"] and packed.endswith("start_here.html")
    assert ".." not in packed and not packed.startswith("/")


def test_student_whom_no_platform_knows_is_named(course, tmp_path):
    assert packed_name(course, tmp_path, Person("", "Ada"), "", 1.0) == []
    page = course.root / "feedback" / "ada" / LESSON / "start_here.html"
    assert pack(course, LESSON, [page], tmp_path / "feedback.zip") == ["ada"]
