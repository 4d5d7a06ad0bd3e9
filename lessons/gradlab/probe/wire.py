"""Plain data over a stream socket: a length, a JSON head, then the raw bytes that the head refers to."""

import json
import socket
import struct
import time
from typing import Any

from gradlab.probe.plain import NotPlain

LENGTHS = struct.Struct("!II")  # bytes of the head, bytes of all blobs
LONGEST_HEAD = 2**20
LONGEST_BLOBS = 16 * 2**20


class Closed(ConnectionError):
    """The other side has gone."""


def send(connection: socket.socket, message: dict) -> None:
    """Send one message. Raises NotPlain where it is too large, OSError where the other side has gone."""
    blobs: list[bytes] = []
    head = json.dumps(_take_blobs(message, blobs)).encode()
    body = b"".join(blobs)
    if len(head) > LONGEST_HEAD or len(body) > LONGEST_BLOBS:
        raise NotPlain("the message is too large")
    connection.sendall(LENGTHS.pack(len(head), len(body)) + head + body)


def receive(connection: socket.socket, seconds: float | None = None) -> dict:
    """Receive one message, as `receive_sized` does."""
    return receive_sized(connection, seconds)[0]


def receive_sized(connection: socket.socket, seconds: float | None = None) -> tuple[dict, int]:
    """Receive one message, the whole of it within so many seconds; the message and its length in bytes.

    Raises Closed at the end of the stream, TimeoutError when the time is up, NotPlain for anything not a message.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    head_length, body_length = LENGTHS.unpack(_exactly(connection, LENGTHS.size, deadline))
    if head_length > LONGEST_HEAD or body_length > LONGEST_BLOBS:
        raise NotPlain("the message is too large")
    head, body = _exactly(connection, head_length, deadline), _exactly(connection, body_length, deadline)
    try:
        message = _put_blobs(json.loads(head), body, [0])
    except (ValueError, RecursionError) as error:
        raise NotPlain(f"not a message: {error}") from None
    if not isinstance(message, dict):
        raise NotPlain("a message must be a dict")
    return message, head_length + body_length


def _exactly(connection: socket.socket, length: int, deadline: float | None) -> bytes:
    received = bytearray()
    while len(received) < length:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            connection.settimeout(left)
        piece = connection.recv(min(length - len(received), 2**20))
        if not piece:
            raise Closed("the connection was closed in the middle of a message")
        received += piece
    return bytes(received)


def _take_blobs(value: Any, blobs: list[bytes]) -> Any:
    if isinstance(value, bytes):
        start = sum(map(len, blobs))
        blobs.append(value)
        return {"bytes": [start, len(value)]}
    if isinstance(value, dict):
        return {key: _take_blobs(item, blobs) for key, item in value.items()}
    return [_take_blobs(item, blobs) for item in value] if isinstance(value, (list, tuple)) else value


def _put_blobs(value: Any, body: bytes, taken: list[int]) -> Any:
    """The value with its bytes, counted in `taken`. None is used twice: a short head would else ask for any amount of memory."""
    if isinstance(value, dict):
        if set(value) == {"bytes"}:
            place = value["bytes"]
            fits = isinstance(place, list) and len(place) == 2 and all(type(n) is int and n >= 0 for n in place)
            if not fits or place[0] + place[1] > len(body) or taken[0] + place[1] > len(body):
                raise NotPlain("bytes that the message does not hold")
            taken[0] += place[1]
            return body[place[0] : place[0] + place[1]]
        return {_whole(key): _put_blobs(item, body, taken) for key, item in value.items()}
    if isinstance(value, str):
        return _whole(value)
    return [_put_blobs(item, body, taken) for item in value] if isinstance(value, list) else value


def _whole(text: str) -> str:
    """A question mark for each half of a character and for each zero: JSON can spell them, but not every gradebook can hold them."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")
