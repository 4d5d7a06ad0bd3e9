"""Messages over a socket: whole, bounded, and never code."""

import os
import random
import socket
import struct
import threading

import pytest

from gradlab.probe.plain import NotPlain
from gradlab.probe.wire import Closed, receive, send


@pytest.fixture
def pair():
    a, b = socket.socketpair()
    with a, b:
        yield a, b


def test_messages_with_bytes_come_out_as_they_went_in(pair):
    message = {"call": {"data": b"\x00\x01" * 1000, "list": [1.5, None, "é", b""], "nan": float("inf")}}
    threading.Thread(target=send, args=(pair[0], message)).start()
    assert receive(pair[1], 10) == message


def test_halves_of_characters_and_zeros_are_question_marks(pair):
    threading.Thread(target=send, args=(pair[0], {"a\ud800": "x\0y"})).start()
    assert receive(pair[1], 10) == {"a?": "x?y"}


@pytest.mark.parametrize(
    "raw",
    [
        struct.pack("!II", 2**31, 0),
        struct.pack("!II", 0, 2**31),
        struct.pack("!II", 4, 0) + b"nope",
        struct.pack("!II", 2, 0) + b"[]",
        struct.pack("!II", 17, 0) + b'{"bytes": [0, 5]}',
        struct.pack("!II", 20, 1) + b'{"a":{"bytes":[-1]}}' + b"x",
        struct.pack("!II", 6000, 0) + b"[" * 6000,
        struct.pack("!II", 2, 0) + b"\xff\xfe",
    ],
)
def test_malformed_messages_are_not_plain(pair, raw):
    pair[0].sendall(raw)
    pair[0].shutdown(socket.SHUT_WR)
    with pytest.raises((NotPlain, Closed)):
        receive(pair[1], 10)


def test_silence_times_out(pair):
    with pytest.raises(TimeoutError):
        receive(pair[1], 0.2)


def test_a_slow_trickle_cannot_outlast_the_deadline(pair):
    pair[0].sendall(struct.pack("!II", 100, 0))
    stop = threading.Event()

    def trickle():
        while not stop.wait(0.05):
            pair[0].sendall(b" ")

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        with pytest.raises(TimeoutError):
            receive(pair[1], 0.5)
    finally:
        stop.set()
        thread.join()


def test_noise_never_raises_anything_else():
    generator = random.Random("wire")
    for _ in range(300):
        a, b = socket.socketpair()
        with a, b:
            noise = os.urandom(generator.randrange(60))
            if generator.random() < 0.5:
                noise = struct.pack("!II", generator.randrange(40), generator.randrange(20)) + noise
            a.sendall(noise)
            a.shutdown(socket.SHUT_WR)
            try:
                receive(b, 1)
            except (NotPlain, Closed):
                pass
