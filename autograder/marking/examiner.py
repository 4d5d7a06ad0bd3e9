"""The grader's side of an exam: ask over the socket, judge here, remember the verdicts reached in this run."""

import hashlib
import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import torch

from autograder.marking.pieces import TookTooLong, piece
from gradlab.exercises.draw import Draw
from gradlab.exercises.verdict import Outcome, Verdict, wrong
from gradlab.probe import Probe, ProbeError
from gradlab.probe.plain import NotPlain
from gradlab.probe.wire import receive, receive_sized, send

Exam = Callable[[Probe, Draw], Verdict]

log = logging.getLogger("gradlab.probe.examine")

LONGEST_EXAM = 60.0  # seconds for all probes of one exercise together
LONGEST_PROBE = 20.0
LONGEST_JUDGEMENT = 60.0  # seconds of the judge's own work on one exam, which needs less than one
MOST_EXAMS = 4  # of one exercise: a learner may check an answer more than once on the way
MOST_PROBES = 2000
MOST_BYTES = 32 * 2**20  # of all that one exam is told; a judge keeps it until the end
MOST_REQUESTS = 1000  # for exams that are not given, so that asking again and again keeps no processor busy


class Examiner:
    """Conducts exams with one hand-in.

    An exam is asked for by the `check` of the hand-in's own cells, or by the test cell that the grader puts behind them:
    while a cell runs, and again as long as the answer was not right, a few times. `verdicts` holds what was reached.
    Whatever the other side sends, the worst that happens is a wrong answer. `text_of` gives the text of an answer as it
    stands in the cells that have run.
    """

    def __init__(self, connection: socket.socket, exams: Mapping[str, Exam], text_of: Callable[[str], str]):
        self.connection, self.exams, self.text_of = connection, exams, text_of
        self.verdicts: dict[str, Verdict] = {}
        self._asked: Counter[str] = Counter()
        self._running = False
        self._idle = threading.Condition()
        self._busy = self._lost = False
        self._thread = threading.Thread(target=self._listen, name="examiner", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def cell_begins(self) -> None:
        """From now on, until the cell ends, an exam may be asked for."""
        with self._idle:
            self._running = True

    def cell_ends(self) -> None:
        """No cell is running: nobody answers an exam that is still going on, which ends as a wrong answer."""
        with self._idle:
            self._running = False
            if self._busy:
                self._hang_up()
            while self._busy:
                self._idle.wait()

    def close(self) -> None:
        """Stop listening; exams that are still going on end as wrong answers."""
        self._hang_up()
        self._thread.join()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        try:
            self._serve()
        finally:
            self._hang_up()  # or the hand-in's next test cells would wait for an answer

    def _serve(self) -> None:
        torch.set_num_threads(1)
        for _ in range(MOST_REQUESTS):
            try:
                self.connection.settimeout(None)
                request = receive(self.connection)
            except (OSError, NotPlain):
                return
            exercise = str(request.get("examine"))
            with self._idle:
                self._busy = self._running and self._is_due(exercise)
            if self._busy:
                try:
                    found, before = self._examine(exercise, request), self.verdicts.get(exercise)
                    if before is None or found.share >= before.share:
                        self.verdicts[exercise] = found
                finally:
                    with self._idle:
                        self._busy = False
                        self._idle.notify_all()
            try:
                send(self.connection, {"done": True})
            except OSError:
                return
            if self._lost:  # a late answer would be taken for the next exam's
                return

    def _is_due(self, exercise: Any) -> bool:
        """Is this an exercise that has not been found right, nor been asked about too often?"""
        if not isinstance(exercise, str) or exercise not in self.exams:
            return False
        found = self.verdicts.get(exercise)
        return (found is None or not found.right) and self._asked[exercise] < MOST_EXAMS

    def _examine(self, exercise: str, request: dict) -> Verdict:
        if request.get("defined") is not True:
            return wrong(exercise, "undefined", f"There is no `{exercise}` when its check runs.")
        if request.get("callable") is not True:
            return wrong(exercise, "not-callable", f"`{exercise}` must be a function or a class.")
        self._asked[exercise] += 1
        log.debug("the exam of %s begins", exercise, extra={"exercise": exercise})  # for who asks why
        try:
            with piece(f"the exam of {exercise}", LONGEST_EXAM + LONGEST_JUDGEMENT):
                source = self.text_of(exercise)
                probe = Probe(_Exchange(self.connection), source)
                return self.exams[exercise](probe, Draw(seed_of(exercise, source)))
        except TookTooLong:
            return wrong(exercise, "too-slow", "The exam was given up: to judge this answer took too long.")
        except TimeoutError:
            self._lost = True
            return wrong(exercise, "too-slow", "The exam was stopped: the answer took too long.")
        except (OSError, NotPlain, ProbeError) as error:
            self._lost = True
            return wrong(exercise, "no-answer", f"The answer stopped answering in the middle of its exam ({error}).")
        except Exception:  # a fault of the exam must not cost the learner, nor hide: a person looks at it
            log.exception("the exam of %s failed", exercise)
            return Verdict(
                Outcome.UNCHECKABLE,
                exercise,
                "The exam itself failed on this answer; a person will mark it.",
                "exam-failed",
            )


class _Exchange:
    """Send one call, wait for what was seen; bounded in count, size and time."""

    def __init__(self, connection: socket.socket):
        self.connection, self.left, self.room, self.count = connection, LONGEST_EXAM, MOST_BYTES, 0

    def __call__(self, call: dict[str, Any]) -> dict[str, Any]:
        self.count += 1
        if self.count > MOST_PROBES or self.left <= 0:
            raise TimeoutError
        started = time.monotonic()
        patience = min(LONGEST_PROBE, self.left)
        self.connection.settimeout(patience)
        try:
            send(self.connection, {"call": call})
            answer, size = receive_sized(self.connection, patience)
        finally:
            self.left -= time.monotonic() - started
        self.room -= size
        if self.room < 0:
            raise NotPlain(f"its answers take more than {MOST_BYTES >> 20} MB")
        seen = answer.get("seen")
        if not isinstance(seen, dict):
            raise NotPlain("the message holds no answer")
        log.debug("one question", extra={"call": call, "seen": seen})
        return seen


def seed_of(exercise: str, source: str) -> int:
    """The seed of the exam's random inputs: the same for the same text of an answer, new for a new one."""
    digest = hashlib.sha256(f"{exercise}\n{source}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
