"""Hand-ins on a Dask cluster of this machine, a worker of it killed in the middle."""

import os
import shutil
import signal
import time

import pytest
from distributed import LocalCluster

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.grade import cluster as dask
from autograder.desk.grade.run import grade
from tests.autograder.desk.hand_ins import hand_in, solved

LESSON = "00-start-here"


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as started:
        yield started


def test_worker_killed_in_the_middle_costs_no_mark(cluster, tmp_path, empty_gradebook):
    (tmp_path / "course").mkdir()
    shutil.copy(empty_gradebook, tmp_path / "course" / "gradebook.db")
    course = Course.at(tmp_path / "course")
    for number in range(5):
        hand_in(course.root, f"s{number}", LESSON, solved(LESSON) if number else {})
    marks = grade(course, LESSON, scheduler=cluster.scheduler_address)
    first = next(marks)
    os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
    found = {mark.student: mark for mark in [first, *marks]}
    assert not any(mark.failure for mark in found.values()), found
    assert found["s0"].score == 0 and len({found[f"s{n}"].score for n in range(1, 5)}) == 1 and found["s1"].score > 0


def test_where_no_scheduler_answers_that_is_said(monkeypatch):
    monkeypatch.setattr(dask, "LONGEST_SILENCE", 1)
    with pytest.raises(CourseError, match="No Dask scheduler answers"):
        list(dask.work_on_cluster("tcp://127.0.0.1:9", len, iter([]), lambda: None))


def test_scheduler_without_workers_says_so_and_does_not_wait_for_ever():
    with LocalCluster(n_workers=0, dashboard_address=None) as empty:
        started = time.monotonic()
        with pytest.raises(CourseError, match="has no workers"):
            list(dask.work_on_cluster(empty.scheduler_address, len, iter(["task"]), lambda: None))
    assert time.monotonic() - started < 10 * dask.LONGEST_SILENCE, "it waited for something else"
