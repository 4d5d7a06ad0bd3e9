"""Several graders at once on one course, its gradebook in a real PostgreSQL server."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from autograder.desk.course.folder import Course
from autograder.desk.grade.marks import read_mark
from tests.autograder.desk.conftest import gradlab
from tests.autograder.desk.hand_ins import hand_in, solved
from tests.autograder.work.servers import free_ports

LESSON = "00-start-here"


def programs() -> Path:
    """Where Debian keeps the server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert found, "install PostgreSQL: sudo apt-get install postgresql"
    return found[-1].parent


@dataclass(frozen=True)
class Server:
    """The URL of a database, and how to restart its server as after a power cut."""

    url: str
    restart: Callable[[], None]


@pytest.fixture(scope="module")
def server():
    """A new server, which refuses to be run by root."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    as_other = []
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_other = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    (port,) = free_ports(1)

    def run(*command: str) -> None:
        subprocess.run([*as_other, *command], check=True, cwd="/tmp", stdout=subprocess.DEVNULL, timeout=120)

    run(programs() / "initdb", "--pgdata", f"{folder}/data", "--username", "gradlab", "--auth", "trust", "--no-sync")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    run(
        programs() / "pg_ctl",
        "--pgdata",
        f"{folder}/data",
        "--log",
        f"{folder}/log",
        "--wait",
        "--options",
        options,
        "start",
    )
    yield Server(
        f"postgresql+psycopg://gradlab@127.0.0.1:{port}/postgres",
        lambda: run(programs() / "pg_ctl", "--pgdata", f"{folder}/data", "--mode", "immediate", "--wait", "restart"),
    )
    run(programs() / "pg_ctl", "--pgdata", f"{folder}/data", "--mode", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def course(server, tmp_path) -> Course:
    """A course of six hand-ins on an empty database."""
    engine = create_engine(server.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    for number in range(6):
        hand_in(tmp_path / "course", f"s{number}", LESSON, solved(LESSON) if number else {})
    return Course.at(tmp_path / "course", server.url)


def marks_in(course: Course) -> dict[str, float]:
    with course.gradebook() as gradebook:
        return {student: read_mark(course, gradebook, LESSON, student).score for student in course.submitted(LESSON)}


def test_two_graders_share_a_course_and_none_is_run_twice(course, tmp_path):
    files = [tmp_path / f"{name}.json" for name in ("one", "two")]
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        LESSON,
        "--course",
        str(course.root),
        "--db",
        course.db_url,
        "--jobs",
        "1",
    ]
    graders = [subprocess.Popen([*command, "--json", str(file)], stderr=subprocess.PIPE, text=True) for file in files]
    for grader in graders:
        _, errors = grader.communicate(timeout=300)
        assert grader.returncode == 0 and "Traceback" not in errors, errors
    both = [{mark["student"]: mark for mark in json.loads(file.read_text())} for file in files]
    for student in course.submitted(LESSON):
        assert sum(marks[student]["fresh"] for marks in both) == 1
        assert both[0][student]["score"] == both[1][student]["score"]
    assert marks_in(course)["s0"] == 0 and len(set(marks_in(course).values())) == 2


def test_grader_killed_at_work_leaves_its_hand_ins_to_the_next(course):
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        LESSON,
        "--course",
        str(course.root),
        "--db",
        course.db_url,
        "--jobs",
        "1",
    ]
    grader = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while grader.poll() is None and not list(course.root.glob("autograded/*/*/*.ipynb")):
        time.sleep(0.01)
    grader.kill()
    grader.wait()
    gradlab(course.root, "grade", LESSON, "--db", course.db_url)
    assert len(set(marks_in(course).values())) == 2


def test_server_restarted_at_work_costs_no_mark(course, server):
    command = [sys.executable, "-m", "autograder.cli", "grade", LESSON, "--course", str(course.root)]
    command += ["--db", course.db_url, "--jobs", "1"]
    grader = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while grader.poll() is None and not list(course.root.glob("autograded/*/*/*.ipynb")):
        time.sleep(0.01)
    server.restart()
    _, errors = grader.communicate(timeout=300)
    assert "Traceback" not in errors and (grader.returncode == 0 or "goes on from here" in errors), errors
    gradlab(course.root, "grade", LESSON, "--db", course.db_url)
    assert marks_in(course)["s0"] == 0 and len(set(marks_in(course).values())) == 2


def test_server_that_does_not_answer_is_told_without_its_password(tmp_path):
    hand_in(tmp_path, "s", LESSON, {})
    said = gradlab(tmp_path, "grade", LESSON, "--db", "postgresql+psycopg://me:secret@127.0.0.1:9/none", expect=1)
    assert "does not answer" in said and "secret" not in said
