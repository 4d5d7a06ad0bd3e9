"""Every command writes on every console: signs that it lacks become "?", and nothing that was made is lost."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.main import get_command

from autograder.cli import app
from tests.autograder.desk.hand_ins import filled, solved

LESSON = "00-start-here"
STUDENT = "żółć-łukasz-雪"  # no console but one of UTF-8 has all of these letters
CONSOLES = {
    "Windows": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "C locale": {"LC_ALL": "C", "LANG": "C"},
}
# One call of each command that prints, with its exit code; in this order, on one course.
CALLS = [
    ("collect", [LESSON, "hand-ins.zip"], 0),
    ("assign", [LESSON], 0),
    ("due", [LESSON, "2030-03-01 23:59"], 0),
    ("extend", [LESSON, STUDENT, "2030-03-02 23:59"], 0),
    ("penalty", ["5"], 0),
    ("grade", [LESSON, "--json", "marks.json"], 0),
    ("why", [STUDENT, "gradient"], 0),
    ("feedback", [LESSON], 0),
    ("export", [LESSON], 0),
    ("report", [LESSON, "--names"], 0),
    ("why", [STUDENT, "gradient"], 0),
    ("progress", ["--in", "."], 0),
    ("build", ["雪"], 1),
    ("bank", [LESSON, "雪"], 1),
    ("site", ["."], 1),
    ("doctor", [], 1),
    ("lab", ["--help"], 0),
    ("teach", ["--help"], 0),
    ("update", ["--in", "."], 0),
    ("hub", ["雪", "."], 1),
    ("release", ["learner", "--to", "."], 1),
    ("new", ["exercise", "00", "gradient"], 1),
]
READING = ("export",)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a learner's notebook, and a hand-in of somebody whose name no code page has."""
    text = json.dumps(filled(LESSON, solved(LESSON)), ensure_ascii=False)
    (tmp_path / "start_here.ipynb").write_text(text, encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "hand-ins.zip", "w") as file:
        file.writestr(f"{STUDENT}/start_here.ipynb", text)
    return tmp_path


def said_by(folder: Path, console: str, command: str, arguments: list[str], expect: int) -> tuple[bytes, bytes]:
    """What the command wrote to its output and its error output."""
    environment = os.environ | CONSOLES[console]
    if command == "doctor":  # its table of promises, without the tries, which have tests of their own
        environment["PATH"] = str(folder)
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", command, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    assert done.returncode == expect, (done.stdout + done.stderr).decode(errors="replace")
    return done.stdout, done.stderr


def test_every_command_has_a_call():
    assert {command for command, _, _ in CALLS} == set(get_command(app).commands), "give a new command a row in CALLS"


def test_commands_write_on_any_console_and_lose_nothing(folder):
    said = {command: said_by(folder, "Windows", command, *rest) for command, *rest in CALLS}
    assert [mark["student"] for mark in json.loads((folder / "marks.json").read_bytes())] == [STUDENT]
    assert STUDENT.encode() not in said["grade"][0] and b"-?ukasz-?" in said["grade"][0]
    for console in CONSOLES:
        again = {command: said_by(folder, console, command, *rest) for command, *rest in CALLS if command in READING}
        assert STUDENT in again["export"][0].decode("utf-8")
