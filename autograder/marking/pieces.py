"""Pieces of work about a hand-in, each with a clock of its own, in a process that is killed when one is overrun.

The process says when a piece begins, how long it may take, and when it is done. Who started it listens, kills it when a
piece takes longer, and gives the same task to a new one, which leaves out that piece and says so in the mark.
"""

import gc
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

MOST_GIVEN_UP = 3  # pieces of one task
MEMORY_MB = 3072  # of such a process, beyond what it has when it begins

Listener = Callable[[str, float | None], None]

_listener: Listener = lambda name, deadline: None  # noqa: E731 (until somebody listens)
_given_up: frozenset[str] = frozenset()


class TookTooLong(Exception):
    """This piece of work was given up: it took longer than it may."""


@contextmanager
def piece(name: str, seconds: float) -> Generator[None]:
    """Work for so many seconds at most. Raises TookTooLong at once where it took longer the last time."""
    if name in _given_up:
        raise TookTooLong(f"{name} took more than {seconds:g} s and was given up")
    _listener(name, time.monotonic() + seconds)
    try:
        yield
    finally:
        _listener(name, None)


def serve(connection: Connection, function: Callable[[Any], Any]) -> None:
    """In the process that works: take tasks, and what is given up of each, and send what came of it, until nobody listens."""
    global _listener, _given_up
    sending = threading.Lock()

    def tell(*message: Any) -> None:
        with sending:
            connection.send(message)

    _listener = lambda name, deadline: tell("piece", name, deadline)  # noqa: E731
    bound_memory()
    gc.freeze()  # a collection that walked through what the grader has would copy all of it
    imported = 0
    while True:
        try:
            task, _given_up = connection.recv()
            tell("done", function(task))
        except (EOFError, ConnectionError):
            return
        del task
        gc.collect()
        if imported != len(sys.modules):  # what a task imported stays, and need not be walked through after each
            gc.freeze()
            imported = len(sys.modules)


def bound_memory(megabytes: int = MEMORY_MB) -> None:
    """Let this process have so much more memory; then Python raises MemoryError, which costs the hand-in at work."""
    if sys.platform == "linux":
        import resource  # not there on Windows, where nothing is marked

        status = Path("/proc/self/status").read_text()
        has = next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmData:"))
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (has + (megabytes << 20), hard))


class Watched:
    """The other side: a process that works on one task at a time, and what it says of its pieces."""

    def __init__(self, connection: Connection, kill: Callable[[], None], longest: float):
        self.connection, self._kill, self.longest = connection, kill, longest
        self.task: tuple[int, frozenset[str], Any] | None = None
        self.result: Any = None
        self.finished = 0
        self._deadlines: dict[str, float] = {}

    def take(self, task: tuple[int, frozenset[str], Any]) -> None:
        """Begin a task (tries so far, pieces that were given up, what to do)."""
        self.task, self._deadlines = task, {"all of it": time.monotonic() + self.longest}
        with suppress(OSError):  # it has died while it waited; `hear` will tell
            self.connection.send((task[2], task[1]))

    def hear(self) -> bool:
        """Take one message; whether it was the result. Raises EOFError if the process has died."""
        try:
            kind, *rest = self.connection.recv()
        except (OSError, EOFError):
            raise EOFError from None
        if kind == "piece":
            name, deadline = rest
            self._deadlines.pop(name, None)
            if deadline is not None:
                self._deadlines[name] = deadline
            return False
        [self.result] = rest
        self.task, self._deadlines = None, {}
        self.finished += 1
        return True

    def overrun(self) -> str | None:
        """The piece that takes longer than it may, if one does."""
        now = time.monotonic()
        return next((name for name, deadline in self._deadlines.items() if now > deadline), None)

    def again(self, overrun: str | None, most_tries: int) -> tuple[int, frozenset[str], Any] | None:
        """The task for another process, now that this one is dead; None where it was tried often enough."""
        assert self.task is not None
        tries, given_up, task = self.task
        if overrun is None or overrun not in self._deadlines or overrun == "all of it":
            return (tries + 1, given_up, task) if tries + 1 < most_tries else None
        return (tries, given_up | {overrun}, task) if len(given_up) < MOST_GIVEN_UP else None

    def end(self) -> None:
        """Kill the process, and with it the kernel it waits for."""
        self._kill()
        self.connection.close()
