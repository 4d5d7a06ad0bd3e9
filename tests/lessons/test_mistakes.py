"""The catalogue of mistakes tests itself: every known wrong answer, run as an answer, earns its own label."""

import pytest

from autograder.notebooks.places import written_lessons
from gradlab.exercises.draw import Draw
from gradlab.exercises.judge import judge
from gradlab.exercises.registry import exercise_names, find_exercise
from gradlab.exercises.verdict import Outcome
from gradlab.probe import Probe

MISTAKES = [
    pytest.param(exercise, number, id=f"{name}-{number}-{mistake.label}")
    for lesson in written_lessons()
    for name in exercise_names(lesson)
    for exercise in [find_exercise(name)]
    for number, mistake in enumerate(exercise.mistakes)
]


@pytest.mark.parametrize("seed", [None, 1], ids=["check", "exam"])
@pytest.mark.parametrize(("exercise", "number"), MISTAKES)
def test_mistake_run_as_an_answer_earns_its_own_label(exercise, number, seed):
    mistake = exercise.mistakes[number]
    verdict = judge(exercise, Probe.of(mistake.answer, mistake.source), Draw(seed))
    assert verdict.misconception == mistake.label and verdict.outcome in (Outcome.WRONG, Outcome.HALF), verdict.text
