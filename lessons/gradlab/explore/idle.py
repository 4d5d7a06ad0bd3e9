"""Work that a kernel does while nobody asks it for anything."""

import asyncio
from collections import deque
from collections.abc import Iterator
from functools import cache
from time import monotonic
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

# Between two cells of “Run all”, or two steps of a hand on a slider, pass some milliseconds; after this many seconds the
# reader reads.
QUIET = 0.5


class IdleWork:
    """Does steps of waiting work, one at a time, while no cell runs: a cell waits for one step at most."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._waiting: deque[Iterator[Any]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._running = True  # the cell that asks for the first work
        self._since = monotonic()
        shell.events.register("pre_execute", lambda: self._note(running=True))
        shell.events.register("post_execute", lambda: self._note(running=False))

    def add(self, steps: Iterator[Any]) -> None:
        """Do these steps when their time comes, after those that wait already."""
        self._waiting.append(steps)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work())

    def wait(self) -> None:
        """Begin no step for a while: a hand moves a figure, and its next picture shall not wait for one."""
        self._since = monotonic()

    def _note(self, running: bool) -> None:
        self._running, self._since = running, monotonic()

    async def _work(self) -> None:
        while self._waiting:
            if self._running or monotonic() - self._since < QUIET:
                await asyncio.sleep(QUIET / 2)
                continue
            try:
                next(self._waiting[0])
            except StopIteration:
                self._waiting.popleft()
            await asyncio.sleep(0.002)  # in which the kernel hears what a page asks for


@cache
def idle_work() -> IdleWork:
    """The idle work of this kernel."""
    return IdleWork(InteractiveShell.instance())
