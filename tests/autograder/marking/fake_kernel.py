"""The far end of an exam socket, played by a test: it may say anything at all."""

import socket
import threading
from collections.abc import Callable
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import Any

from autograder.marking.examiner import Examiner
from gradlab.exercises.judge import judge
from gradlab.exercises.registry import find_exercise
from gradlab.exercises.verdict import Verdict
from gradlab.probe.wire import receive, send

Answering = Callable[[dict], Any]


@contextmanager
def examiner_and_kernel(exams: dict, sources: dict[str, str] | None = None):
    """An examiner that listens, and the kernel's end of its socket."""
    ours, theirs = socket.socketpair()
    examiner = Examiner(ours, exams, (sources or {}).get if sources else lambda exercise: "")
    examiner.start()
    with closing(theirs), closing(ours):
        theirs.settimeout(30)
        yield examiner, theirs
        with suppress(OSError):
            theirs.shutdown(socket.SHUT_RDWR)
        examiner.close()


def ask(connection: socket.socket, exercise: Any, answering: Answering, **claims: Any) -> int:
    """Ask for an exam and answer its calls; returns how many calls came before it was done."""
    send(connection, {"examine": exercise, "defined": True, "callable": True} | claims)
    calls = 0
    while "call" in (request := receive(connection, 60)):
        calls += 1
        send(connection, {"seen": answering(request["call"])})
    return calls


def verdict_when(exercise: str, answering: Answering, source: str = "") -> Verdict | None:
    """What the examiner finds of a kernel that answers every call of this exercise so."""
    with examiner_and_kernel({exercise: partial(judge, find_exercise(exercise))}, {exercise: source}) as (
        examiner,
        kernel,
    ):
        examiner.cell_begins()
        with suppress(OSError):
            ask(kernel, exercise, answering)
        examiner.cell_ends()
        return examiner.verdicts.get(exercise)


def in_background(work: Callable[[], Any]) -> threading.Thread:
    """Run something of the kernel's while the test goes on; the examiner may hang up on it."""

    def until_the_end() -> None:
        with suppress(OSError):
            work()

    thread = threading.Thread(target=until_the_end, daemon=True)
    thread.start()
    return thread
