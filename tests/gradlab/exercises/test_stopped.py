"""An inspection that finds nothing, because the call that it looked at was stopped, passes nobody."""

import pytest

from gradlab.exercises import Draw, Exercise
from gradlab.exercises.judge import judge
from gradlab.probe import Probe


def exercise_with(inspection) -> Exercise:
    exercise = Exercise("count(n)")
    exercise.inspection(inspection)
    return exercise


def looks(probe, draw):
    probe(3, seconds=0.2)
    return None


def looks_twice(probe, draw):
    probe(3, seconds=0.2)
    probe(0, seconds=0.2)
    return None


def endless(n):
    while n:
        pass


@pytest.mark.parametrize("inspection", [looks, looks_twice])
def test_stopped_call_is_too_slow(inspection):
    verdict = judge(exercise_with(inspection), Probe.of(endless), Draw())
    assert not verdict.right and verdict.misconception == "too-slow" and "0.2 seconds" in verdict.message


def test_call_that_ends_is_right():
    assert judge(exercise_with(looks), Probe.of(lambda n: n), Draw()).right
