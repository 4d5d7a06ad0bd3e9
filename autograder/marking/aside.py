"""A process beside this one for what must be able to be killed: where nbgrader or a Jupyter server does the grading."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from autograder.marking.pieces import Watched, serve

LONGEST_TASK = 1800.0  # seconds
MOST_TRIES = 2
LOOK = 0.2  # seconds between two looks at the clock


class Aside:
    """One process, started at first use, that keeps what it has imported; many threads may ask, one after the other.

    Not a fork: a Jupyter server has threads. It ends when this process ends or is killed.
    """

    def __init__(self) -> None:
        self._watched: Watched | None = None
        self._lock = threading.Lock()

    def run(self, function: Callable[[Any], Any], task: Any) -> Any:
        """What the function makes of the task; None if its process had to be killed each time."""
        todo: tuple[int, frozenset[str], Any] | None = (0, frozenset(), (function, task))
        with self._lock:
            while todo is not None:
                if self._watched is None:
                    self._watched = _started()
                watched, overrun = self._watched, None
                watched.take(todo)
                try:
                    while True:
                        if watched.connection.poll(LOOK):
                            if watched.hear():
                                return watched.result
                        elif overrun := watched.overrun():
                            raise EOFError
                except EOFError:
                    todo = watched.again(overrun, MOST_TRIES)
                    self._end()
                except BaseException:  # an interrupt at the keyboard: what it was at is not wanted any more
                    self._end()
                    raise
        return None

    def _end(self) -> None:
        if self._watched is not None:
            self._watched.end()
            self._watched = None


def _started() -> Watched:
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", "from autograder.marking.aside import main; main()", str(theirs.fileno())],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt at the keyboard is for the grader
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )

    def kill() -> None:
        process.kill()
        process.wait()

    return Watched(Connection(ours.detach()), kill, LONGEST_TASK)


def main() -> None:
    """The process itself: it works until its starter is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    number = int(sys.argv[1])
    os.set_inheritable(number, False)
    serve(Connection(number), _call)


def _call(task: tuple[Callable[[Any], Any], Any]) -> Any:
    function, argument = task
    return function(argument)
