"""Workers that die cost their own task only."""

import os
import signal
import time
from pathlib import Path

from autograder.desk.grade.workers import TASKS_OF_A_WORKER, work_through


def square(task):
    if task == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if isinstance(task, Path):  # dies the first time only
        if not task.exists():
            task.touch()
            os._exit(3)
        return "second time"
    return task * task


def run(tasks, jobs=2):
    return dict(work_through(square, iter(tasks), jobs, lambda: None))


def test_every_task_has_its_result():
    assert run(range(1, 50), jobs=3) == {n: n * n for n in range(1, 50)}


def test_task_that_kills_its_worker_has_none_and_the_others_have_theirs():
    assert run([1, 2, "die", 3, 4]) == {1: 1, 2: 4, "die": None, 3: 9, 4: 16}


def test_task_whose_worker_died_by_accident_is_done_by_another(tmp_path):
    assert run([tmp_path / "flag", 5])[tmp_path / "flag"] == "second time"


def test_tasks_are_taken_when_there_is_a_worker_for_them():
    taken = []

    def tasks():
        for n in range(100):
            taken.append(n)
            yield n + 1

    results = work_through(square, tasks(), 2, lambda: None)
    next(results)
    assert len(taken) < 10
    results.close()


def test_leaving_early_ends_the_workers():
    results = work_through(time.sleep, iter([0.01, 60, 60]), 2, lambda: None)
    started = time.monotonic()
    next(results)
    results.close()
    assert time.monotonic() - started < 30


def test_worker_is_renewed_before_it_grows():
    done = work_through(lambda task: os.getpid(), range(TASKS_OF_A_WORKER + 1), 1, lambda: None)
    *first, last = [process for _, process in done]
    assert len(set(first)) == 1 and last not in first
