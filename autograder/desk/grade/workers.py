"""Forked worker processes that take one task at a time; one that dies costs only its task."""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

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


class Worker:
    """A process forked from this one, which must have a single thread, and what it works on."""

    def __init__(self, function: Callable[[Any], Any]):
        ours, theirs = multiprocessing.Pipe()
        self.connection, self.task, self.since, self.finished = ours, None, 0.0, 0
        self.process = multiprocessing.get_context("fork").Process(target=_work, args=(function, theirs, os.getpid()))
        self.process.start()
        theirs.close()

    def take(self, task: tuple[int, Any]) -> None:
        """Begin a task (tries so far, what to do)."""
        self.task, self.since = task, time.monotonic()
        with suppress(OSError):  # it has died while it waited; `finish` will tell
            self.connection.send(task[1])

    def finish(self) -> Any:
        """The result of the task. Raises EOFError if the process has died."""
        try:
            result = self.connection.recv()
        except (OSError, EOFError):
            raise EOFError from None
        self.task = None
        self.finished += 1
        return result

    def end(self) -> None:
        """Kill the process, and with it the kernel it waits for."""
        self.process.kill()
        self.process.join()
        self.connection.close()


def work_through(
    function: Callable[[Any], Any], tasks: Iterator[Any], jobs: int, while_waiting: Callable[[], None]
) -> Iterator[tuple[Any, Any]]:
    """Each task with its result, in the order in which they are done; None for one whose worker died twice.

    A task is taken from the iterator when a worker is free for it, and a worker is forked when there is a task for it.
    `while_waiting` is called at least twice a second. Leaving the loop kills what still runs.
    """
    again: deque[tuple[int, Any]] = deque()
    fresh = ((0, task) for task in tasks)
    workers: list[Worker] = []
    done: list[tuple[Any, Any]] = []

    def next_task() -> tuple[int, Any] | None:
        return again.popleft() if again else next(fresh, None)

    def end(worker: Worker) -> None:
        worker.end()
        workers.remove(worker)

    try:
        while True:
            idle = [worker for worker in workers if worker.task is None]
            while (idle or len(workers) < jobs) and (task := next_task()):
                if not idle:
                    idle.append(Worker(function))
                    workers.append(idle[-1])
                idle.pop().take(task)
            yield from done  # while the workers are busy
            done.clear()
            busy = {worker.connection: worker for worker in workers if worker.task}
            if not busy:
                return
            ready = set(wait(list(busy), timeout=LONGEST_WAIT))
            for connection, worker in busy.items():
                tries, task = worker.task
                try:
                    if connection in ready:
                        done.append((task, worker.finish()))
                        if worker.finished == TASKS_OF_A_WORKER:
                            end(worker)
                    elif time.monotonic() - worker.since > LONGEST_TASK:
                        raise EOFError
                except EOFError:
                    end(worker)
                    if tries + 1 < MOST_TRIES:
                        again.append((tries + 1, task))
                    else:
                        done.append((task, None))
            while_waiting()
    finally:
        for worker in workers:
            worker.end()


def _work(function: Callable[[Any], Any], connection: Connection, grader: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt at the keyboard is for the grader
    _end_with(grader)
    gc.freeze()  # a collection that walked through what the grader has would copy all of it
    while True:
        try:
            task = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(function(task))
        gc.collect()


def _end_with(grader: int) -> None:
    """Let the kernel kill this process when the grader has ended, however that happens."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != grader:
        os._exit(1)
