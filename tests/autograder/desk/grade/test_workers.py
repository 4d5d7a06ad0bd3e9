"""Workers that die cost their own task only."""

import os
import signal
import time
from pathlib import Path

from autograder.desk.grade.workers import TASKS_OF_A_WORKER, work_through
from autograder.marking.aside import Aside
from autograder.marking.pieces import MEMORY_MB, MOST_GIVEN_UP, TookTooLong, piece


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


def in_pieces(task):
    """Each piece does what its name says; what is given up is left out."""
    said = []
    for name in task:
        try:
            with piece(name, 0.3 if name.startswith("for ever") else 60):
                while name.startswith("for ever"):
                    pass
                said.append(name)
        except TookTooLong:
            said.append("given up")
    return said


def test_piece_without_end_is_given_up_and_the_rest_is_done():
    tasks = [("a", "for ever", "b"), ("c",), ("for ever", "for ever 2", "d")]
    assert dict(work_through(in_pieces, iter(tasks), 2, lambda: None)) == {
        tasks[0]: ["a", "given up", "b"],
        tasks[1]: ["c"],
        tasks[2]: ["given up", "given up", "d"],
    }


def test_task_of_nothing_but_endless_pieces_has_no_result():
    task = tuple(f"for ever {n}" for n in range(MOST_GIVEN_UP + 1))
    assert dict(work_through(in_pieces, iter([task, ("a",)]), 1, lambda: None)) == {task: None, ("a",): ["a"]}


def hoard(task):
    try:
        return len(bytearray(task << 20))
    except MemoryError:
        return "too much"


def test_worker_has_so_much_memory_and_no_more():
    beyond = 2 * MEMORY_MB  # a worker may give back some of what it began with, and then has that, too
    assert dict(work_through(hoard, iter([1, beyond]), 1, lambda: None)) == {1: 1 << 20, beyond: "too much"}


def test_process_beside_this_one_keeps_the_same_bounds(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[4]))
    aside = Aside()
    assert aside.run(in_pieces, ("a", "for ever", "b")) == ["a", "given up", "b"]
    assert aside.run(square, "die") is None and aside.run(square, 3) == 9
    assert aside.run(hoard, 2 * MEMORY_MB) == "too much"
