"""Carry bytes between the grader and the kernel, and count them."""

import socket
import threading
from collections.abc import Callable

CHUNK = 1 << 16


class Relay:
    """Pass the grader's connections on to the kernel, and no more than so many bytes back.

    The grader's ZeroMQ would buffer a message of any size; what has not passed here never reaches it.
    """

    def __init__(self, most_bytes: int, on_excess: Callable[[], None]):
        self._left = most_bytes
        self._on_excess = on_excess
        self._lock = threading.Lock()

    def connect(self, grader: socket.socket, kernel_address: bytes) -> None:
        """Join one accepted connection of the grader to the kernel's listener of that channel."""
        kernel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            kernel.setblocking(False)
            kernel.connect(kernel_address)
            kernel.setblocking(True)
        except OSError:  # the kernel does not accept: its loss
            kernel.close()
            grader.close()
            return
        threading.Thread(target=self._copy, args=(grader, kernel, lambda count: None), daemon=True).start()
        threading.Thread(target=self._copy, args=(kernel, grader, self._spend), daemon=True).start()

    def _copy(self, source: socket.socket, target: socket.socket, count: Callable[[int], None]) -> None:
        try:
            while received := source.recv(CHUNK):
                count(len(received))
                target.sendall(received)
        except OSError:
            pass
        for end in (source, target):  # wakes the copy in the other direction
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _spend(self, count: int) -> None:
        with self._lock:
            self._left -= count
            if self._left < 0:
                self._on_excess()
