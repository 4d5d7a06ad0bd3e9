"""One course in which hostile hand-ins stand among honest ones, marked once by the command line in the real sandbox."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from autograder.desk.course import Course
from tests.hostile import on_the_exam, on_the_machine, on_the_notebook, on_the_reader
from tests.hostile.attack import LESSON, LISTENER, RIGHT, WRONG, Attack, put

# Attacks that wait, wait for less; honest hand-ins need a tenth of it.
LIMITS = """
c = get_config()
c.ExamineWhileExecuting.timeout = 6
c.ExamineWhileExecuting.total_seconds = 10
c.SandboxProvisioner.wall_seconds = 20
c.SandboxProvisioner.memory_mb = 600
c.SandboxProvisioner.disk_mb = 64
c.SandboxProvisioner.processes = 64
"""
FOREGONE = "def gradient(f, x):\n    x.requires_grad_(True)\n    f(x).backward()\n    return x.grad\n"
HONEST = {
    "a-neighbour": RIGHT, "g-neighbour": WRONG, "j-neighbour": FOREGONE, "m-neighbour": RIGHT, "r-neighbour": WRONG,
    "zz-neighbour": RIGHT, "o'brien\"; DROP TABLE grade;--": RIGHT, "ünï ✓": RIGHT, "[bold]x[-1]": RIGHT, "-force": RIGHT,
    "a  b": RIGHT, "{student_id}": RIGHT, "%s%n": RIGHT, "..x": RIGHT, "$(touch y)": RIGHT, "<img src=x>": RIGHT,
}  # fmt: skip


def table(course: Path) -> dict[str, Attack]:
    """Every attack by the name of its author."""
    tables = (on_the_exam.ATTACKS, on_the_notebook.ATTACKS, on_the_reader.ATTACKS, on_the_machine.attacks(course))
    return {name: attack for each in tables for name, attack in each.items()}


NAMES = list(table(Path("/course")))


@dataclass(frozen=True)
class World:
    """Everything around one run of `gradlab grade`: where it ran, what it said, what it left."""

    course: Path
    marks: dict[str, dict]
    gradebook: dict[str, list]
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    calls: list[bytes] = field(default_factory=list)
    attacks: dict[str, Attack] = field(default_factory=dict)


def new_course(folder: Path) -> Path:
    """A course folder with a home beside it, in which an instructor has settings that matter."""
    course, home = folder / "course", folder / "home"
    for path in (course, home / ".ipython/profile_default/startup", home / ".jupyter", home / ".ssh"):
        path.mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(LIMITS)
    (home / ".ssh" / "id_ed25519").write_text("a secret")
    (home / ".ipython/profile_default/startup/0.py").write_text("mine = 1\n")
    return course


def command(course: Path, *words: str) -> subprocess.CompletedProcess:
    """Run gradlab as the owner of that home, in the course's parent."""
    home = course.parent / "home"
    return subprocess.run(
        [sys.executable, "-m", "autograder.cli", *words, "--course", str(course)],
        capture_output=True, text=True, timeout=600, cwd=home, env=os.environ | {"HOME": str(home)},
    )  # fmt: skip


def marks_of(course: Path) -> dict[str, dict]:
    """Grade, and the marks by student."""
    file = course.parent / "marks.json"
    done = command(course, "grade", LESSON, "--json", str(file), "--jobs", "3")
    assert "Traceback" not in done.stderr and file.exists(), done.stdout + done.stderr
    return {mark["student"]: mark for mark in json.loads(file.read_text())}


def rows(course: Path) -> dict[str, list]:
    """What the gradebook has of each student."""
    with Course.at(course).gradebook() as gradebook:
        return {
            submission.student.id: [
                (each.name, each.auto_score, each.manual_score, each.max_score, each.needs_manual_grade)
                for notebook in submission.notebooks
                for each in notebook.grades
            ]
            + [(each.name, each.auto_comment, each.manual_comment) for notebook in submission.notebooks for each in notebook.comments]
            for submission in gradebook.assignment_submissions(LESSON)
        }


def tree(*folders: Path) -> dict[str, str]:
    """Every entry below these folders with a hash of what it holds."""
    found = {}
    for folder in folders:
        for root, names, files in os.walk(os.fsencode(folder)):
            for name in (*names, *files):
                path = os.path.join(root, name)
                if os.path.islink(path):
                    content = os.readlink(path)
                elif os.path.isfile(path):
                    with open(path, "rb") as file:
                        content = file.read()
                else:
                    content = b"folder"
                found[os.fsdecode(path)] = hashlib.sha256(content).hexdigest()
    return found


def own_things(course: Path) -> dict[str, str]:
    """What marking must leave as it was: all hand-ins, the instructor's home and settings."""
    return tree(course / "submitted", course.parent / "home") | {"settings": (course / "nbgrader_config.py").read_text()}


class Listener:
    """Hears whoever calls home."""

    def __init__(self) -> None:
        self.calls: list[bytes] = []
        self.socket = socket.create_server(("127.0.0.1", LISTENER))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(1)
                try:
                    self.calls.append(connection.recv(200))
                except OSError:
                    self.calls.append(b"silent")


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.socket.close()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory) -> World:
    """The honest students by themselves."""
    course = new_course(tmp_path_factory.mktemp("undisturbed"))
    for student, answer in HONEST.items():
        put(course, student, Attack(answer=answer))
    marks = marks_of(course)
    return World(course, marks, rows(course))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory, listener) -> World:
    """The same students among all the attackers."""
    course = new_course(tmp_path_factory.mktemp("hostile"))
    attacks = table(course)
    for student, answer in HONEST.items():
        put(course, student, Attack(answer=answer))
    for student, attack in attacks.items():
        put(course, student, attack)
    before = own_things(course)
    marks = marks_of(course)
    return World(course, marks, rows(course), before, own_things(course), list(listener.calls), attacks)
