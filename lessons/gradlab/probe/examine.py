"""The hand-in's side of an exam: answer probes over the inherited socket, and decide nothing."""

import os
import socket
from typing import Any

from gradlab import EXAM_SOCKET
from gradlab.probe.perform import Performer
from gradlab.probe.wire import receive, send


def examine(exercise: str, namespace: dict[str, Any]) -> None:
    """Let the grader look at the answer of that name; does nothing where no grader listens.

    The exam, the reference, the tolerance and the verdict are on the other side of the socket.
    """
    number = os.environ.get(EXAM_SOCKET)
    if number is None:
        return
    connection = socket.socket(fileno=os.dup(int(number)))
    with connection:
        answer = namespace.get(exercise)
        send(connection, {"examine": exercise, "defined": exercise in namespace, "callable": callable(answer)})
        performer = Performer(answer, exercise)
        while "call" in (request := receive(connection)):
            send(connection, {"seen": _perform(performer, request["call"])})


def _perform(performer: Performer, call: dict[str, Any]) -> dict[str, Any]:
    try:
        return performer.perform(call)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, ImportError) as error:
        return {"raised": {"type": "ProbeError", "bases": ["ProbeError"], "message": str(error), "traceback": ""}}
