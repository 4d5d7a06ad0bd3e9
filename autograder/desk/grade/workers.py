"""Forked worker processes that take one task at a time; one that dies costs only its task."""

import ctypes
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any

from autograder.marking.pieces import Watched, serve

# Not the pool of pebble or of concurrent.futures: pebble forks a renewed worker from a thread of its own while the
# grader's thread holds whatever locks it holds, and such a worker waits for one of them for ever (seen with
# max_tasks=1); the other ends as a whole when one of its processes does. Here the only thread forks.

LONGEST_TASK = 1800.0  # seconds; a hand-in's own limits end it long before
MOST_TRIES = 2
TASKS_OF_A_WORKER = 50  # then a new process, so that memory stays what it was
LONGEST_WAIT = 0.5  # seconds for a result before `while_waiting` is called


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def forked(function: Callable[[Any], Any]) -> Watched:
    """A process forked from this one, which must have a single thread."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_work, args=(function, theirs, os.getpid()))
    process.start()
    theirs.close()

    def kill() -> None:
        process.kill()
        process.join()

    return Watched(ours, kill, LONGEST_TASK)


def work_through(
    function: Callable[[Any], Any], tasks: Iterator[Any], jobs: int, while_waiting: Callable[[], None]
) -> Iterator[tuple[Any, Any]]:
    """Each task with its result, in the order in which they are done; None for one whose worker died twice.

    A task is taken from the iterator when a worker is free for it, and a worker is forked when there is a task for it.
    A piece of a task that takes longer than it may is given up: its worker is killed, and another does the rest.
    `while_waiting` is called at least twice a second. Leaving the loop kills what still runs.
    """
    again: deque[tuple[int, frozenset[str], Any]] = deque()
    fresh = ((0, frozenset[str](), task) for task in tasks)
    workers: list[Watched] = []
    done: list[tuple[Any, Any]] = []

    def next_task() -> tuple[int, frozenset[str], Any] | None:
        return again.popleft() if again else next(fresh, None)

    def end(worker: Watched) -> None:
        worker.end()
        workers.remove(worker)

    try:
        while True:
            idle = [worker for worker in workers if worker.task is None]
            while (idle or len(workers) < jobs) and (task := next_task()):
                if not idle:
                    idle.append(forked(function))
                    workers.append(idle[-1])
                idle.pop().take(task)
            yield from done  # while the workers are busy
            done.clear()
            busy = {worker.connection: worker for worker in workers if worker.task}
            if not busy:
                return
            ready = set(wait(list(busy), timeout=LONGEST_WAIT))
            for connection, worker in busy.items():
                task, overrun = worker.task, None
                try:
                    if connection in ready:
                        if not worker.hear():
                            continue
                        done.append((task[2], worker.result))
                        if worker.finished == TASKS_OF_A_WORKER:
                            end(worker)
                    elif overrun := worker.overrun():
                        raise EOFError
                except EOFError:
                    end(worker)
                    if once_more := worker.again(overrun, MOST_TRIES):
                        again.append(once_more)
                    else:
                        done.append((task[2], None))
            while_waiting()
    finally:
        for worker in workers:
            worker.end()


def _work(function: Callable[[Any], Any], connection: Connection, grader: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt at the keyboard is for the grader
    _end_with(grader)
    serve(connection, function)


def _end_with(grader: int) -> None:
    """Let the kernel kill this process when the grader has ended, however that happens."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != grader:
        os._exit(1)
