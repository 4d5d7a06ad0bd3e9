"""Carry bytes between the grader and the kernel, and count them, in the guard's own thread.

A thread of its own would be one that the hand-in's processes may find and slow down.
"""

import select
import socket
from collections.abc import Callable

CHUNK = 1 << 16


class Relay:
    """Pass the grader's connections on to the kernel, and no more than so many bytes back.

    The grader's ZeroMQ would buffer a message of any size; what has not passed here never reaches it.
    """

    def __init__(self, most_bytes: int, on_excess: Callable[[], None]):
        self._left = most_bytes
        self._on_excess = on_excess
        self._joined: list[tuple[_Stream, _Stream]] = []

    def connect(self, grader: socket.socket, kernel_address: bytes) -> None:
        """Join one accepted connection of the grader to the kernel's listener of that channel."""
        kernel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            for end in (grader, kernel):
                end.setblocking(False)
            kernel.connect(kernel_address)
        except OSError:  # the kernel does not accept: its loss
            kernel.close()
            grader.close()
            return
        self._joined.append((_Stream(grader, kernel, lambda count: None), _Stream(kernel, grader, self._spend)))

    def waits(self) -> dict[int, int]:
        """What to poll for: descriptor → events."""
        events: dict[int, int] = {}
        for stream in (stream for streams in self._joined for stream in streams):
            number, event = stream.waits()
            events[number] = events.get(number, 0) | event
        return events

    def carry(self, ready: dict[int, int]) -> None:
        """Carry what can be carried now; `ready` is what the poll said."""
        for streams in list(self._joined):
            if not all(stream.carry(ready) for stream in streams):
                self._joined.remove(streams)
                for stream in streams:
                    stream.source.close()

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            self._on_excess()


class _Stream:
    """One direction of a connection, with what was read and is not written yet."""

    def __init__(self, source: socket.socket, target: socket.socket, count: Callable[[int], None]):
        self.source, self._target, self._count = source, target, count
        self._read = b""

    def waits(self) -> tuple[int, int]:
        return (self._target.fileno(), select.POLLOUT) if self._read else (self.source.fileno(), select.POLLIN)

    def carry(self, ready: dict[int, int]) -> bool:
        """Read if nothing waits to be written, and write; whether the connection goes on."""
        try:
            if not self._read and self.source.fileno() in ready:
                self._read = self.source.recv(CHUNK)
                if not self._read:
                    return False
                self._count(len(self._read))
            if self._read:
                self._read = self._read[self._target.send(self._read) :]
        except BlockingIOError:
            pass
        except OSError:
            return False
        return True
