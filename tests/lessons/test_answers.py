"""Every right answer of the bank is right, every wrong one earns its own message: at check time and at grade time."""

from collections import Counter

import pytest

from autograder.marking.examiner import seed_of
from autograder.notebooks.places import written_lessons
from autograder.release.bank import Entry, entries
from gradlab.exercises.check import verdict_on
from gradlab.exercises.draw import Draw
from gradlab.exercises.judge import judge
from gradlab.exercises.registry import exercise_names, find_exercise
from gradlab.exercises.verdict import Outcome, Verdict
from gradlab.probe import Probe

ALL = [entry for lesson in written_lessons() for entry in entries(lesson)]
RIGHT = [entry for entry in ALL if entry.right]
WRONG = [entry for entry in ALL if not entry.right]
EXERCISES = [(lesson, exercise) for lesson in written_lessons() for exercise in exercise_names(lesson)]


def exam_of(exercise: str, answer: object, source: str) -> Verdict:
    """The hidden exam's verdict."""
    return judge(find_exercise(exercise), Probe.of(answer, source, exercise), Draw(seed_of(exercise, source)))


def examined(entry: Entry) -> Verdict:
    return exam_of(entry.exercise, entry.namespace()[entry.exercise], entry.source)


@pytest.mark.parametrize("entry", RIGHT, ids=lambda entry: entry.id)
def test_right_answer_passes_its_check(entry):
    verdict = verdict_on(entry.exercise, entry.namespace())
    assert verdict.right, verdict.text


@pytest.mark.parametrize("entry", RIGHT, ids=lambda entry: entry.id)
def test_right_answer_passes_its_exam(entry):
    verdict = examined(entry)
    assert verdict.right, verdict.text


@pytest.mark.parametrize("entry", WRONG, ids=lambda entry: entry.id)
def test_wrong_answer_earns_its_message_at_check_time(entry):
    verdict = verdict_on(entry.exercise, entry.namespace())
    assert (verdict.outcome, verdict.misconception) == (entry.outcome, entry.label), verdict.text
    assert verdict.message
    assert verdict.returned != verdict.expected or not verdict.returned, "two texts that look the same"


@pytest.mark.parametrize("entry", WRONG, ids=lambda entry: entry.id)
def test_wrong_answer_earns_the_same_message_at_grade_time(entry):
    verdict = examined(entry)
    assert (verdict.outcome, verdict.misconception) == (entry.outcome, entry.label), verdict.text
    assert verdict.returned != verdict.expected or not verdict.returned, "two texts that look the same"


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=lambda name: name)
def test_bank_holds_at_least_four_right_and_six_wrong_answers(lesson, exercise):
    counts = Counter(entry.right for entry in entries(lesson) if entry.exercise == exercise)
    assert counts[True] >= 4 and counts[False] >= 6, counts


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=lambda name: name)
def test_untouched_stub_is_not_attempted(lesson, exercise):
    def stub(*args, **kwargs):
        raise NotImplementedError

    assert verdict_on(exercise, {exercise: stub}).outcome is Outcome.NOT_ATTEMPTED
    verdict = exam_of(exercise, stub, "")
    assert verdict.outcome is Outcome.NOT_ATTEMPTED


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=lambda name: name)
@pytest.mark.parametrize("value", [None, 0, 1.5, "text", [], object()], ids=lambda value: type(value).__name__)
def test_nonsense_is_wrong_and_never_an_error(lesson, exercise, value):
    def nonsense(*args, **kwargs):
        return value

    for verdict in (
        verdict_on(exercise, {exercise: nonsense}),
        exam_of(exercise, nonsense, ""),
    ):
        assert verdict.outcome is Outcome.WRONG and verdict.message
