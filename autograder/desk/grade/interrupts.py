"""An interrupt at the keyboard ends a run also where Python loses it: an exception in a destructor is only printed."""

import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def remembered(while_waiting: Callable[[], None]) -> Generator[Callable[[], None]]:
    """What the block gets calls `while_waiting`, and raises KeyboardInterrupt for an interrupt that was lost before."""
    arrived = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal arrived
        arrived = True
        raise KeyboardInterrupt

    def look() -> None:
        if arrived:
            raise KeyboardInterrupt
        while_waiting()

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield look
    finally:
        signal.signal(signal.SIGINT, before)
