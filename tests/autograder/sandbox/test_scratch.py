"""Temporary folders end with their graders, at the latest when the next one begins."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox.scratch import PREFIX, ROOT, YOUNG, remove_abandoned

HOLD = """
import os, sys, time
from autograder.sandbox.scratch import scratch
folder = scratch()
(folder / "of-a-hand-in").mkdir()
if os.fork() == 0:
    time.sleep(600)
print(folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def grader():
    """A process that has a folder, and a fork of it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    yield process
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    process.stdout.close()
    process.stdin.close()


def folder_of(grader: subprocess.Popen) -> Path:
    folder = Path(grader.stdout.readline().strip())
    grow_old(folder)
    return folder


def grow_old(folder: Path) -> None:
    long_ago = time.time() - YOUNG - 1
    os.utime(folder, (long_ago, long_ago))


def test_folder_ends_with_its_grader(grader):
    folder = folder_of(grader)
    assert folder.is_dir()
    grader.stdin.close()
    grader.wait(30)
    assert not folder.exists()


def test_folder_of_a_killed_grader_is_removed_by_the_next_when_no_fork_of_it_lives(grader):
    folder = folder_of(grader)
    assert folder not in remove_abandoned()
    grader.kill()
    grader.wait()
    assert folder not in remove_abandoned() and (folder / "of-a-hand-in").is_dir()
    os.killpg(grader.pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while folder not in remove_abandoned():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert not folder.exists()


def test_what_is_not_a_graders_stays(tmp_path):
    link = Path(ROOT, f"{PREFIX}link-of-test-{os.getpid()}")
    link.symlink_to(tmp_path)
    (tmp_path / "thesis.txt").write_text("four years of work")
    new = Path(ROOT, f"{PREFIX}new-of-test-{os.getpid()}")
    new.mkdir()
    try:
        assert not {link, new} & set(remove_abandoned())
        assert (tmp_path / "thesis.txt").exists() and new.exists()
    finally:
        link.unlink()
        new.rmdir()
