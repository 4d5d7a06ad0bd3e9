"""Whatever a kernel sends, verdicts are only as promised, and nobody waits for ever."""

import random
import socket
import struct
import threading
import time
from contextlib import suppress

import pytest
import torch

from autograder.marking import examiner as module
from autograder.marking.execute import ExamineWhileExecuting
from autograder.release.bank import entries
from gradlab.course import LESSONS
from gradlab.exercises.draw import Draw
from gradlab.exercises.registry import exercise_names
from gradlab.exercises.verdict import Outcome, right, wrong
from gradlab.probe import Performer
from gradlab.probe.wire import LENGTHS, receive, send
from tests.autograder.marking.fake_kernel import ask, examiner_and_kernel, in_background, verdict_when
from tests.autograder.marking.lies import MANY, all_lies

LIES = all_lies()
THOROUGH = exercise_names("00-start-here") + exercise_names("01-soft-thresholding")
ELSEWHERE = [name for lesson in LESSONS for name in exercise_names(lesson) if name not in THOROUGH]


def honest(exercise: str, lesson: str) -> Performer:
    source = next(entry for entry in entries(lesson) if entry.exercise == exercise and entry.right)
    return Performer(source.namespace()[exercise])


def one(probe, draw):
    """An exam of one call: the answer must be 1."""
    return right("one") if probe().value == 1.0 else wrong("one", "not-one", "It must be one.")


def two(probe, draw):
    """An exam of one call: the answer must be 2."""
    return right("two") if probe().value == 2.0 else wrong("two", "not-two", "It must be two.")


EXAMS = {"one": one, "two": two}


@pytest.fixture
def session():
    with examiner_and_kernel(EXAMS) as (examiner, kernel):
        yield examiner, kernel


def misconception(examiner, exercise):
    return examiner.verdicts[exercise].misconception


@pytest.mark.parametrize("exercise", ["gradient", "soft_threshold"])
def test_honest_kernel_earns_its_verdict(exercise):
    lesson = "00-start-here" if exercise == "gradient" else "01-soft-thresholding"
    assert verdict_when(exercise, honest(exercise, lesson).perform).right


@pytest.mark.parametrize("exercise", THOROUGH)
def test_no_lie_is_right_and_none_breaks_the_exam(exercise):
    found = {name: verdict_when(exercise, lie) for name, lie in LIES.items()}
    assert {
        name: verdict for name, verdict in found.items() if verdict is None or verdict.outcome is not Outcome.WRONG
    } == {}
    assert {
        name: len(verdict.text) for name, verdict in found.items() if len(verdict.text + verdict.traceback) > MANY / 2
    } == {}


@pytest.mark.parametrize("exercise", ELSEWHERE)
@pytest.mark.parametrize("lie", ["a tensor of nan", "says too many digits", "sends gradients of text"])
def test_lies_are_wrong_in_every_lesson(exercise, lie):
    assert verdict_when(exercise, LIES[lie]).outcome is Outcome.WRONG


def test_answer_with_random_fields_is_wrong_and_never_breaks_the_exam():
    dice = random.Random(0)
    values = [
        None,
        True,
        -1,
        10**400,
        float("nan"),
        "",
        "x",
        [],
        [1],
        {},
        {"tensor": "float64"},
        {"list": 3},
        {"kept": -1},
    ]
    fields = [
        *list(LIES["says nan"]({"gradients": {"tuple": ["0"]}, "arguments": {"tuple": []}})),
        "raised",
        "timed_out",
    ]
    for _ in range(150):
        forged = {field: dice.choice(values) for field in dice.sample(fields, dice.randint(0, len(fields)))}
        verdict = verdict_when("soft_abs", lambda call, forged=forged: forged)
        assert verdict.outcome is Outcome.WRONG, forged


def raw(head: bytes, body: bytes = b"") -> bytes:
    return LENGTHS.pack(len(head), len(body)) + head + body


FRAMES = {
    "larger than allowed": LENGTHS.pack(2**32 - 1, 2**32 - 1),
    "a body larger than allowed": LENGTHS.pack(2, 2**32 - 1) + b"{}",
    "no JSON": raw(b"\xff\xfe{"),
    "a list": raw(b"[]"),
    "deep": raw(b"[" * 100_000 + b"]" * 100_000),
    "digits": raw(b'{"seen": ' + b"9" * 10_000 + b"}"),
    "no answer": raw(b'{"seen": 3}'),
    "an unknown exercise": raw(b'{"examine": "three", "defined": true, "callable": true}'),
    "bytes that are not there": raw(b'{"seen": {"value": {"bytes": [0, 100]}}}', b"x"),
    "the same bytes again and again": raw(
        b'{"seen": {"value": {"list": [' + b",".join([b'{"bytes": [0, 1000000]}'] * 30_000) + b"]}}}", bytes(1_000_000)
    ),
    "half a message, then the end": raw(b'{"seen": {}}')[:-3],
    "noise": random.Random(1).randbytes(4096),
}


@pytest.mark.parametrize("frame", FRAMES)
def test_malformed_answer_is_a_wrong_answer(session, frame):
    examiner, kernel = session
    examiner.cell_begins()
    send(kernel, {"examine": "one", "defined": True, "callable": True})
    receive(kernel, 10)
    kernel.sendall(FRAMES[frame])
    kernel.shutdown(socket.SHUT_WR)
    examiner.cell_ends()
    assert misconception(examiner, "one") == "no-answer"


@pytest.mark.parametrize("frame", FRAMES)
def test_malformed_request_gives_no_verdict(session, frame):
    examiner, kernel = session
    examiner.cell_begins()
    kernel.sendall(FRAMES[frame])
    kernel.shutdown(socket.SHUT_WR)
    examiner._thread.join(10)
    assert not examiner._thread.is_alive() and examiner.verdicts == {}


@pytest.mark.parametrize("asked", ["three", None, 3, [], {"one": 1}, "one\n"])
def test_what_is_no_exercise_of_the_lesson_is_not_examined(session, asked):
    examiner, kernel = session
    examiner.cell_begins()
    assert ask(kernel, asked, lambda call: {"value": 2.0}) == 0
    examiner.cell_ends()
    assert examiner.verdicts == {}


def test_exam_asked_for_before_its_cell_is_not_given(session):
    examiner, kernel = session
    assert ask(kernel, "one", lambda call: {"value": 1.0}) == 0
    examiner.cell_begins()
    examiner.cell_ends()
    assert examiner.verdicts == {}


def test_exam_asked_for_after_its_cell_is_not_given(session):
    examiner, kernel = session
    examiner.cell_begins()
    examiner.cell_ends()
    assert ask(kernel, "one", lambda call: {"value": 1.0}) == 0
    assert examiner.verdicts == {}


def test_exam_is_given_again_until_the_answer_is_right_and_no_more(session):
    examiner, kernel = session
    examiner.cell_begins()
    assert ask(kernel, "one", lambda call: {"value": 0.0}) == 1
    assert misconception(examiner, "one") == "not-one"
    examiner.cell_ends()
    examiner.cell_begins()
    assert ask(kernel, "one", lambda call: {"value": 1.0}) == 1
    assert ask(kernel, "one", lambda call: {"value": 0.0}) == 0
    assert examiner.verdicts["one"].right


def test_exam_is_given_a_few_times_only(session):
    examiner, kernel = session
    examiner.cell_begins()
    asked = [ask(kernel, "one", lambda call: {"value": 0.0}) for _ in range(3 * module.MOST_EXAMS)]
    assert asked == [1] * module.MOST_EXAMS + [0] * 2 * module.MOST_EXAMS


@pytest.mark.parametrize(
    ("claims", "label"),
    [
        ({"defined": False}, "undefined"), ({"callable": False}, "not-callable"), ({"defined": 1}, "undefined"),
        ({"callable": "yes"}, "not-callable"), ({"verdict": "right", "outcome": "right", "defined": None}, "undefined"),
    ],
)  # fmt: skip
def test_claims_of_a_request_are_believed_only_against_the_answer(session, claims, label):
    examiner, kernel = session
    examiner.cell_begins()
    assert ask(kernel, "one", lambda call: {"value": 1.0}, **claims) == 0
    examiner.cell_ends()
    assert misconception(examiner, "one") == label


def test_a_verdict_in_place_of_an_answer_earns_nothing(session):
    examiner, kernel = session
    examiner.cell_begins()
    forged = {"outcome": "right", "verdict": {"outcome": "right"}, "done": True, "score": 1e9}
    ask(kernel, "one", lambda call: forged)
    examiner.cell_ends()
    assert misconception(examiner, "one") == "not-one"


def test_exam_ends_with_its_cell(session):
    examiner, kernel = session
    examiner.cell_begins()
    send(kernel, {"examine": "one", "defined": True, "callable": True})
    receive(kernel, 10)
    examiner.cell_ends()
    assert misconception(examiner, "one") == "no-answer"


def test_next_cell_waits_until_the_verdict_is_reached():
    judging, go = threading.Event(), threading.Event()

    def slow(probe, generator):
        probe()
        judging.set()
        go.wait(10)
        return right("slow")

    with examiner_and_kernel({"slow": slow}) as (examiner, kernel):
        examiner.cell_begins()
        in_background(lambda: ask(kernel, "slow", lambda call: {"value": 1.0}))
        judging.wait(10)
        closing = in_background(lambda: examiner.cell_ends())
        assert closing.is_alive() and examiner.verdicts == {}
        go.set()
        closing.join(10)
        assert examiner.verdicts["slow"].right


def test_silent_kernel_is_too_slow_and_its_later_exams_are_lost(session, monkeypatch):
    monkeypatch.setattr(module, "LONGEST_PROBE", 0.2)
    examiner, kernel = session
    examiner.cell_begins()
    send(kernel, {"examine": "one", "defined": True, "callable": True})
    examiner._thread.join(10)
    assert misconception(examiner, "one") == "too-slow" and not examiner._thread.is_alive()


def test_answer_byte_by_byte_is_too_slow(session, monkeypatch):
    monkeypatch.setattr(module, "LONGEST_PROBE", 0.5)
    examiner, kernel = session
    examiner.cell_begins()
    send(kernel, {"examine": "one", "defined": True, "callable": True})

    def trickle():
        for byte in struct.pack("!II", 1000, 0) + b"{" * 1000:
            try:
                kernel.sendall(bytes([byte]))
            except OSError:
                return
            time.sleep(0.05)

    in_background(trickle)
    examiner._thread.join(20)
    assert misconception(examiner, "one") == "too-slow"


def test_answers_that_are_each_in_time_are_too_slow_together(monkeypatch):
    monkeypatch.setattr(module, "LONGEST_EXAM", 0.5)

    def endless(probe, generator):
        while True:
            probe()

    def slowly(call):
        time.sleep(0.1)
        return {"value": 1.0}

    with examiner_and_kernel({"one": endless}) as (examiner, kernel):
        examiner.cell_begins()
        in_background(lambda: ask(kernel, "one", slowly))
        examiner._thread.join(20)
        assert misconception(examiner, "one") == "too-slow"


def test_two_processes_that_both_answer_spoil_the_exam(session):
    examiner, kernel = session
    examiner.cell_begins()
    send(kernel, {"examine": "one", "defined": True, "callable": True})
    receive(kernel, 10)
    both = kernel.dup()
    with both, suppress(OSError):  # the examiner may hang up before all of it is sent
        answers = [raw(b'{"seen": {"value": 1.0}}'), raw(b'{"seen": {"value": 0.0}}')]
        half = len(answers[0]) // 2
        kernel.sendall(answers[0][:half])
        both.sendall(answers[1])
        kernel.sendall(answers[0][half:])
        kernel.shutdown(socket.SHUT_WR)
    examiner.cell_ends()
    assert misconception(examiner, "one") in ("no-answer", "not-one")


def test_answer_sent_before_its_question_counts_for_what_it_says_only(session):
    examiner, kernel = session
    examiner.cell_begins()
    send(kernel, {"examine": "one", "defined": True, "callable": True})
    for value in (0.0, 1.0):
        send(kernel, {"seen": {"value": value}})
    examiner.cell_ends()
    assert not examiner.verdicts.get("one", wrong("one", "none", "")).right


def test_asking_without_end_is_ended(session):
    examiner, kernel = session
    with pytest.raises(OSError):
        for _ in range(10 * module.MOST_REQUESTS):
            ask(kernel, "three", lambda call: {})
        kernel.recv(1)
    examiner._thread.join(10)
    assert not examiner._thread.is_alive()


def test_close_ends_an_exam_that_is_going_on():
    with examiner_and_kernel(EXAMS) as (examiner, kernel):
        examiner.cell_begins()
        send(kernel, {"examine": "one", "defined": True, "callable": True})
        receive(kernel, 10)
        examiner.close()
        assert misconception(examiner, "one") == "no-answer"


def test_fault_of_an_exam_is_left_to_a_person():
    def broken(probe, generator):
        raise ZeroDivisionError

    with examiner_and_kernel({"one": broken}) as (examiner, kernel):
        examiner.cell_begins()
        ask(kernel, "one", lambda call: {})
        examiner.cell_ends()
        assert examiner.verdicts["one"].outcome is Outcome.UNCHECKABLE


def test_inputs_of_an_exam_are_new_for_a_new_text_and_the_same_for_the_same():
    def drawn(source):
        return Draw(module.seed_of("one", source)).normal(4)

    assert torch.equal(drawn("a"), drawn("a")) and not torch.equal(drawn("a"), drawn("b"))


def test_nothing_for_a_browser_is_kept_while_a_hand_in_runs():
    assert not ExamineWhileExecuting().store_widget_state
