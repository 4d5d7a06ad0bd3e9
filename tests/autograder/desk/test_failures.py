"""Every failure that an instructor can cause is one sentence with what to do, never a traceback; nothing is lost."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from autograder.desk.course.folder import Course
from autograder.desk.course.troubles import sentence_for
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.hand_ins import hand_in
from tests.warm.client import run_gradlab

GRADE = ("grade", LESSON)


def nothing(course: Path) -> None:
    """The command alone is the mistake."""


def write(name: str, text: str) -> Callable[[Path], object]:
    return lambda course: (course / name).write_text(text)


@dataclass(frozen=True)
class Failure:
    """What somebody did, the command that follows, and words that its sentence must hold."""

    mistake: Callable[[Path], object]
    command: tuple[str, ...]
    words: str
    environment: tuple[tuple[str, str], ...] = ()
    succeeds: bool = False


def file_in_the_place_of(folder: str) -> Callable[[Path], object]:
    def mistake(course: Path) -> None:
        (course / "aside").mkdir()
        hand_in(course / "aside", "ada", LESSON, {})
        if (course / folder).exists():
            (course / folder).rename(course / "aside" / folder.title())
        (course / folder).write_text("my notes")

    return mistake


def failing_plugin(course: Path) -> None:
    plugin = "from nbgrader.plugins import BasePlugin\nclass Own(BasePlugin):\n"
    plugin += "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n        return 1 / 0\n"
    (course / "late_plugin.py").write_text(plugin)
    (course / "nbgrader_config.py").write_text(
        'c = get_config()\nc.AssignLatePenalties.plugin_class = "late_plugin.Own"\n'
    )
    with Course.at(course).gradebook() as gradebook:
        submitted = gradebook.find_submission(LESSON, "right")
        submitted.timestamp, submitted.assignment.duedate = datetime(2026, 3, 2), datetime(2026, 3, 1)
        gradebook.db.commit()


def own_plugin(course: Path) -> None:
    (course / "nbgrader_config.py").write_text('c.AssignLatePenalties.plugin_class = "late_plugin.Half"\n')


FAILURES = {
    "typo in the lesson": Failure(nothing, ("grade", "07"), "There is no lesson '07'"),
    "typo in the course": Failure(nothing, ("export", LESSON, "--course", "nowhere"), "There is no course folder"),
    "typo in the student": Failure(nothing, (*GRADE, "--student", "nobody"), "nobody handed in nothing"),
    "wrong lesson": Failure(nothing, ("export", "01"), "has been marked yet"),
    "wrong student for why": Failure(nothing, ("why", "nobody", "gradient"), "There is no student 'nobody'"),
    "wrong exercise for why": Failure(nothing, ("why", "right", "soft_abs"), f"{LESSON} (gradient"),
    "time that no clock has": Failure(nothing, ("due", LESSON, "9999-12-31 23:59-12:00"), "is no time"),
    "typo in a time": Failure(nothing, ("due", LESSON, "tomorrow"), "is no time"),
    "extension without a due date": Failure(nothing, ("extend", LESSON, "right", "2026-03-01"), "has no due date"),
    "extension of nobody": Failure(nothing, ("extend", LESSON, "nobody", "2026-03-01"), "no student 'nobody'"),
    "typo in a table's place": Failure(nothing, ("export", LESSON, "--to", "/nowhere/x.csv"), "There is no folder"),
    "late plugin that fails": Failure(failing_plugin, ("export", LESSON), "ZeroDivisionError"),
    "no bwrap": Failure(nothing, (*GRADE, "--force"), "--no-sandbox", (("PATH", "/nowhere"),)),
    "no scheduler": Failure(nothing, (*GRADE, "--scheduler", "tcp://127.0.0.1:9"), "No Dask scheduler answers"),
    "no database server": Failure(
        nothing, (*GRADE, "--db", "postgresql+psycopg://me:secret@127.0.0.1:9/x"), "does not answer"
    ),
    "no such database": Failure(nothing, (*GRADE, "--db", "oracel://x"), "The gradebook"),
    **{
        f"a file in the place of the folder {folder}": Failure(
            file_in_the_place_of(folder),
            command,
            "is a file, and a folder should be there. Move or rename it",
        )
        for folder, command in {
            "gradebook-copies": ("export", LESSON),
            "source": GRADE,
            "release": ("assign", LESSON),
            "autograded": (*GRADE, "--student", "right"),
            "logs": (*GRADE, "--student", "right", "--force"),
            "submitted": ("collect", LESSON, "aside/submitted"),
            "feedback": ("feedback", LESSON, "--student", "right"),
            "reports": ("report",),
        }.items()
    },
    "empty gradebook": Failure(write("gradebook.db", ""), ("export", LESSON), "The gradebook was empty", succeeds=True),
    "damaged gradebook": Failure(
        write("gradebook.db", "x" * 9000), ("export", LESSON), "The gradebook was damaged", succeeds=True
    ),
    "missing gradebook": Failure(
        lambda course: (course / "gradebook.db").unlink(), ("report",), "The gradebook was missing", succeeds=True
    ),
    "damaged list of students": Failure(write("students.json", "{"), ("export", LESSON), "students.json is damaged"),
    "damaged list of hand-ins": Failure(write("collected.json", "["), GRADE, "collected.json is damaged"),
    "settings that cannot be run": Failure(write("nbgrader_config.py", "c.X("), GRADE, "cannot be run"),
    "settings of a wrong value": Failure(
        write("nbgrader_config.py", 'c.ExamineWhileExecuting.total_seconds = "long"\n'),
        (*GRADE, "--force"),
        "total_seconds",
    ),
    "late plugin missing": Failure(own_plugin, GRADE, "late_plugin.Half"),
    "export to a folder": Failure(nothing, ("export", LESSON, "--to", "."), "is a folder"),
    "no zip file": Failure(write("a.zip", "<html>"), ("collect", LESSON, "a.zip"), "neither a folder nor a whole zip"),
    "no class list": Failure(
        write("a.csv", "1,2\n"), ("collect", LESSON, ".", "--roster", "a.csv"), "names no students"
    ),
    "no worksheet": Failure(
        write("a.csv", "1,2\n"), ("export", LESSON, "--format", "moodle", "--worksheet", "a.csv"), "not Moodle's"
    ),
    "unknown language": Failure(nothing, ("export", LESSON, "--format", "moodle", "--language", "fi"), "--worksheet"),
}


def run(course: Path, *command: str, **environment: str) -> subprocess.CompletedProcess:
    words = command if "--course" in command else (*command, "--course", str(course))
    if "PATH" in environment:  # what looks for programs does so at the start
        command = [sys.executable, "-m", "autograder.cli", *words]
        return subprocess.run(
            command, cwd=course, env=os.environ | environment, capture_output=True, text=True, timeout=300
        )
    return run_gradlab(words, folder=course, environment=os.environ | environment, timeout=300)


@pytest.mark.parametrize("name", FAILURES)
def test_failure_is_one_sentence(small_course, name):
    failure = FAILURES[name]
    failure.mistake(small_course)
    done = run(small_course, *failure.command, **dict(failure.environment))
    said = " ".join((done.stdout + done.stderr).replace("│", " ").split())  # a table may hold the sentence
    assert failure.words in said, said
    assert "Traceback" not in done.stderr and "secret" not in said
    assert (done.returncode == 0) is failure.succeeds, said
    assert not (small_course / "nowhere").exists()


@pytest.mark.parametrize("number", errno.errorcode, ids=errno.errorcode.get)
def test_every_error_of_the_system_about_a_file_has_a_sentence(number):
    sentence = sentence_for(OSError(number, os.strerror(number), "/course/gradebook.db"))
    assert sentence and sentence.endswith(".") and ". " in sentence, "what happened, and what to do"


def in_namespace(script: str, **places: Path) -> subprocess.CompletedProcess:
    """Run a shell script in a mount namespace of its own, where it may mount what it likes."""
    root = ["unshare", "--mount", "--map-root-user"] if os.geteuid() else ["unshare", "--mount"]
    words = {name: str(place) for name, place in places.items()} | {"PYTHON": sys.executable, "LESSON": LESSON}
    return subprocess.run(
        [*root, "sh", "-c", script], env=os.environ | words, capture_output=True, text=True, timeout=300
    )


@pytest.mark.parametrize("command", ["grade", "feedback", "report", "due", "penalty 5", "collect"])
def test_read_only_course_is_one_sentence(small_course, command):
    words = {"due": "due $LESSON 2026-03-01", "collect": "collect $LESSON $COURSE/submitted", "penalty 5": "penalty 5"}
    line = words.get(command, f"{command} $LESSON")
    shutil.rmtree(small_course / "feedback", ignore_errors=True)
    done = in_namespace(
        "mount --bind $COURSE $COURSE && mount -o remount,bind,ro $COURSE && "
        f"$PYTHON -m autograder.cli {line} --course $COURSE",
        COURSE=small_course,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert "no right" in " ".join((done.stderr + done.stdout).split())


def test_read_only_course_can_be_exported(small_course):
    done = in_namespace(
        "mount --bind $COURSE $COURSE && mount -o remount,bind,ro $COURSE && "
        "$PYTHON -m autograder.cli export $LESSON --course $COURSE",
        COURSE=small_course,
    )
    assert done.returncode == 0 and "right" in done.stdout, done.stderr


def test_full_disk_is_one_sentence_and_with_room_again_all_is_well(undisturbed, small_course, tmp_path):
    """The course lies on a small file system that something fills; the marks come back as they were."""
    done = in_namespace(
        "mkdir $PLACE && mount -t tmpfs -o size=3m tmpfs $PLACE && cp -r $COURSE $PLACE/course && "
        "cat /dev/zero > $PLACE/full 2> /dev/null; "
        "$PYTHON -m autograder.cli grade $LESSON --force --course $PLACE/course; echo first $?; "
        "rm $PLACE/full && $PYTHON -m autograder.cli grade $LESSON --course $PLACE/course --json $JSON; echo second $?",
        PLACE=tmp_path / "small",
        COURSE=small_course,
        JSON=tmp_path / "marks.json",
    )

    said = " ".join((done.stdout + done.stderr).split())
    assert "Traceback" not in done.stderr and "first 1" in said and "second 0" in said, said
    assert "Make room" in said
    marks = {mark["student"]: mark["score"] for mark in json.loads((tmp_path / "marks.json").read_text())}
    assert marks == {student: mark["score"] for student, mark in undisturbed[1].items()}
