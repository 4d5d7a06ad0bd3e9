"""A hand-in that nobody may read, or that is no file, is said to be so, and stops no other; tried as an ordinary user."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.notebooks.places import lesson_path
from tests.autograder.sandbox.test_doctor import as_ordinary_user
from tests.hostile.attack import LESSON, RIGHT, Attack, put

NOTEBOOK = lesson_path(LESSON).name
ORDINARY = 12345


def replaced(make):
    """A change that puts something else into the place of the notebook."""

    def change(student: Path) -> None:
        path = student / LESSON / NOTEBOOK
        path.unlink()
        make(path)

    return change


def linked(student: Path) -> None:
    """The lesson's folder is a neighbour's."""
    shutil.rmtree(student / LESSON)
    (student / LESSON).symlink_to(student.parent / "neighbour" / LESSON)


def linked_above(student: Path) -> None:
    """The student's own folder is a neighbour's."""
    shutil.rmtree(student)
    student.symlink_to("neighbour")


CHANGES = {
    "pipe": replaced(os.mkfifo),
    "folder": replaced(os.mkdir),
    "dangling": replaced(lambda path: path.symlink_to("nowhere")),
    "gone": replaced(lambda path: None),
    "linked-folder": linked,
    "linked-students-folder": linked_above,
    "unreadable-file": lambda student: (student / LESSON / NOTEBOOK).chmod(0),
    **{
        f"folder-of-mode-{mode:03o}": lambda student, mode=mode: (student / LESSON).chmod(mode)
        for mode in (0, 0o111, 0o444)
    },
    "students-folder-of-mode-000": lambda student: student.chmod(0),
}


def given_away(folder: Path) -> list[Path]:
    """The folder and all that is in it, which are an ordinary user's from now on."""
    owned = [folder, *(Path(root, name) for root, folders, files in os.walk(folder) for name in (*folders, *files))]
    if os.geteuid() == 0:
        folder.chmod(0o755)
        for path in owned:
            os.chown(path, ORDINARY, ORDINARY, follow_symlinks=False)
    return owned


def remove(folder: Path, owned: list[Path]) -> None:
    """Remove it, whatever rights are left on what is in it."""
    for path in owned:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def marks():
    """What an ordinary user gets who grades all of them and two neighbours."""
    folder = Path(tempfile.mkdtemp(prefix="gradlab-unreadable-", dir="/tmp"))
    course = folder / "course"
    course.mkdir()
    for student in ("neighbour", *CHANGES, "zz-neighbour"):
        put(course, student, Attack(answer=RIGHT))
    for student, change in CHANGES.items():
        change(course / "submitted" / student)
    owned = given_away(folder)
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        LESSON,
        "--course",
        str(course),
        "--json",
        f"{folder}/marks",
    ]
    done = subprocess.run(as_ordinary_user(command), capture_output=True, text=True, timeout=300)
    try:
        assert "Traceback" not in done.stderr and (folder / "marks").exists(), done.stdout + done.stderr
        yield {mark["student"]: mark for mark in json.loads((folder / "marks").read_text())}
    finally:
        remove(folder, owned)


def test_folders_that_nobody_may_read_are_collected_around():
    """As an ordinary user: a class's folder in which some folders and files have no right at all."""
    folder = Path(tempfile.mkdtemp(prefix="gradlab-unreadable-", dir="/tmp"))
    modes = {"d000": 0, "d111": 0o111, "d444": 0o444}
    for student in ("ann", "zoe", *modes, "file", "inner"):
        (folder / "in" / student / "work").mkdir(parents=True)
        (folder / "in" / student / "work" / NOTEBOOK).write_bytes(lesson_path(LESSON).read_bytes())
    owned = given_away(folder)
    for student, mode in modes.items():
        (folder / "in" / student).chmod(mode)
    (folder / "in" / "file" / "work" / NOTEBOOK).chmod(0)
    (folder / "in" / "inner" / "work").chmod(0)
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "collect",
        LESSON,
        str(folder / "in"),
        "--course",
        str(folder / "c"),
    ]
    try:
        done = subprocess.run(as_ordinary_user(command), capture_output=True, text=True, timeout=300)
        assert "Traceback" not in done.stderr and "Errno" not in done.stdout, done.stdout + done.stderr
        assert sorted(path.name for path in (folder / "c" / "submitted").iterdir()) == ["ann", "zoe"]
        assert all(student in done.stdout for student in (*modes, "file", "inner")), done.stdout
    finally:
        remove(folder, owned)


@pytest.mark.parametrize("student", ["neighbour", "zz-neighbour"])
def test_neighbours_have_their_marks(marks, student):
    assert marks[student]["score"] == 2 and not marks[student]["failure"]


@pytest.mark.parametrize("student", CHANGES)
def test_hand_in_that_cannot_be_read_has_a_reason_and_no_mark(marks, student):
    assert marks[student]["score"] == 0 and len(marks[student]["failure"]) > 30
    assert "Errno" not in marks[student]["failure"]
