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

from autograder.desk.course.folder import Course
from tests.hostile import on_the_answers, on_the_exam, on_the_machine, on_the_notebook, on_the_reader
from tests.hostile.attack import LESSON, LISTENER, RIGHT, SOFT, WRONG, Attack, put

SETTINGS = """
c = get_config()
c.ExamineWhileExecuting.timeout = {cell}
c.ExamineWhileExecuting.total_seconds = {lesson}
c.SandboxProvisioner.wall_seconds = {wall}
c.SandboxProvisioner.memory_mb = 600
c.SandboxProvisioner.disk_mb = 64
c.SandboxProvisioner.processes = 64
"""
# Attacks that wait, wait for less; honest hand-ins need a fiftieth of it on a quiet machine.
LIMITS = SETTINGS.format(cell=20, lesson=40, wall=60)
PATIENT = SETTINGS.format(cell=60, lesson=300, wall=400)  # where nobody waits
REPOSITORY = Path(__file__).parents[2]
FOREGONE = "def gradient(f, x):\n    x.requires_grad_(True)\n    f(x).backward()\n    return x.grad\n"
HONEST_GRADIENTS = {
    "a-neighbour": RIGHT, "g-neighbour": WRONG, "j-neighbour": FOREGONE, "m-neighbour": RIGHT, "r-neighbour": WRONG,
    "zz-neighbour": RIGHT, "o'brien\"; DROP TABLE grade;--": RIGHT, "ünï ✓": RIGHT, "[bold]x[-1]": RIGHT, "-force": RIGHT,
    "a  b": RIGHT, "{student_id}": RIGHT, "%s%n": RIGHT, "..x": RIGHT, "$(touch y)": RIGHT, "<img src=x>": RIGHT,
}  # fmt: skip
SOME_RIGHT = on_the_answers.ANSWERS | {
    "soft_sign": on_the_answers.NO_SIGN,
    "soft_threshold": "",
    "why-kink": on_the_answers.TEXT,
}
HONEST = {
    (LESSON, student): Attack(answer=answer, whole=student < "b") for student, answer in HONEST_GRADIENTS.items()
} | {
    (SOFT, student): on_the_answers.attack(answers)
    for student, answers in {
        "a-neighbour": on_the_answers.ANSWERS,
        "r-neighbour": SOME_RIGHT,
        "soft-neighbour": SOME_RIGHT,
    }.items()
}


def table(course: Path) -> dict[str, Attack]:
    """Every attack by the name of its author."""
    tables = (
        on_the_exam.ATTACKS,
        on_the_notebook.ATTACKS,
        on_the_reader.ATTACKS,
        on_the_machine.attacks(course),
        on_the_answers.ATTACKS,
    )
    return {name: attack for each in tables for name, attack in each.items()}


NAMES = {name: attack.lesson for name, attack in table(Path("/course")).items()}
LESSONS = (LESSON, SOFT)


@dataclass(frozen=True)
class World:
    """Everything around a run of `gradlab grade` over each lesson: where it ran, what it said, what it left, by lesson and student."""

    course: Path
    marks: dict[str, dict[str, dict]]
    gradebook: dict[str, dict[str, list]]
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    calls: list[bytes] = field(default_factory=list)


def new_course(folder: Path) -> Path:
    """A course folder with a home beside it, in which an instructor has settings that matter."""
    course, home = folder / "course", folder / "home"
    for path in (course, home / ".ipython/profile_default/startup", home / ".jupyter", home / ".ssh"):
        path.mkdir(parents=True)
    (home / ".ssh" / "id_ed25519").write_text("a secret")
    (home / ".ipython/profile_default/startup/0.py").write_text("mine = 1\n")
    return course


def command(course: Path, *words: str) -> subprocess.CompletedProcess:
    """Run gradlab as the owner of that home, in the course's parent."""
    return python(course, "-m", "autograder.cli", *words, "--course", str(course))


def python(course: Path, *words: str) -> subprocess.CompletedProcess:
    home = course.parent / "home"
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        timeout=600,
        cwd=home,
        env=os.environ | {"HOME": str(home)},
    )


# The command, lesson after lesson in one process, so that it starts but once.
GRADE = """
import sys
from pathlib import Path
from autograder.cli import app
course, *rest = sys.argv[1:]
for lesson, settings in zip(rest[::2], rest[1::2]):
    Path(course, "nbgrader_config.py").write_text(settings)
    try:
        app(["grade", lesson, "--course", course, "--json", f"{course}/../{lesson}.json", "--jobs", "2"])
    except SystemExit as end:
        print("ended with", end.code)
    assert Path(course, "nbgrader_config.py").read_text() == settings
"""


def marks_of(course: Path, *lessons: str) -> dict[str, dict[str, dict]]:
    """Grade, and the marks by lesson and student."""
    settings = {LESSON: LIMITS, SOFT: PATIENT}
    done = python(
        course, "-c", GRADE, str(course), *(word for lesson in lessons for word in (lesson, settings[lesson]))
    )
    files = {lesson: course.parent / f"{lesson}.json" for lesson in lessons}
    assert "Traceback" not in done.stderr and all(file.exists() for file in files.values()), done.stdout + done.stderr
    return {lesson: {mark["student"]: mark for mark in json.loads(file.read_text())} for lesson, file in files.items()}


def rows(course: Path, lesson: str = LESSON) -> dict[str, list]:
    """What the gradebook has of each student."""
    with Course.at(course).gradebook() as gradebook:
        return {
            submission.student.id: [
                (each.name, each.auto_score, each.manual_score, each.max_score, each.needs_manual_grade)
                for notebook in submission.notebooks
                for each in notebook.grades
            ]
            + [
                (each.name, each.auto_comment, each.manual_comment)
                for notebook in submission.notebooks
                for each in notebook.comments
            ]
            for submission in gradebook.assignment_submissions(lesson)
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
    """What marking must leave as it was: all hand-ins, the instructor's home, the course's own program and lessons."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True
    ).stdout
    files = [REPOSITORY / os.fsdecode(name) for name in listed.split(b"\0") if name]
    tracked = {str(path): hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "gone" for path in files}
    return tree(course / "submitted", course.parent / "home") | tracked


def graded(folder: Path, hand_ins: dict[tuple[str, str], Attack], listener: "Listener | None" = None) -> World:
    """All these hand-ins in one course, its lessons graded one after the other."""
    course = new_course(folder)
    for (_, student), attack in hand_ins.items():
        put(course, student, attack)
    before = own_things(course)
    marks = marks_of(course, *LESSONS)
    gradebook = {lesson: rows(course, lesson) for lesson in LESSONS}
    return World(course, marks, gradebook, before, own_things(course), list(listener.calls) if listener else [])


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
    return graded(tmp_path_factory.mktemp("undisturbed"), HONEST)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory, listener) -> World:
    """The same students among all the attackers."""
    folder = tmp_path_factory.mktemp("hostile")
    attacks = {(attack.lesson, name): attack for name, attack in table(folder / "course").items()}
    return graded(folder, HONEST | attacks, listener)
