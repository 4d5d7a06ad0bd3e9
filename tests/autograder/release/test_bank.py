"""`gradlab bank` finds what does not earn what it says: a right answer called wrong, a wrong label, a mistake that is none."""

import copy
from dataclasses import replace

import pytest

from autograder.release.bank import Entry, disagreements, entries, unrecognised
from gradlab.exercises.registry import find_exercise
from gradlab.exercises.verdict import Outcome

LESSON, EXERCISE = "00-start-here", "gradient"
BANK = [entry for entry in entries(LESSON) if entry.exercise == EXERCISE]
RIGHT = next(entry for entry in BANK if entry.right)
WRONG = next(entry for entry in BANK if entry.outcome is Outcome.WRONG)
DISAGREES = {
    "a right answer that is called wrong": replace(RIGHT, outcome=Outcome.WRONG, label="sign"),
    "a wrong answer that is called right": replace(WRONG, outcome=Outcome.RIGHT),
    "a wrong answer with another label": replace(WRONG, label="another"),
    "a wrong answer that is called half right": replace(WRONG, outcome=Outcome.HALF),
}


@pytest.mark.parametrize("entry", [RIGHT, WRONG], ids=lambda entry: entry.id)
def test_answer_that_earns_what_it_says_is_not_told(entry):
    assert list(disagreements(entry, 2)) == []


@pytest.mark.parametrize("what", DISAGREES)
def test_answer_that_earns_something_else_is_told_for_the_check_and_each_exam(what):
    entry: Entry = DISAGREES[what]
    told = list(disagreements(entry, 2))
    assert [line.split(": ")[1] for line in told] == ["check", "exam with seed 0", "exam with seed 1"]
    assert all(line.startswith(entry.id) for line in told)


def test_mistake_that_is_a_right_answer_is_told():
    exercise = copy.copy(find_exercise(EXERCISE))
    assert list(unrecognised(exercise, 1)) == []
    right = replace(exercise.mistakes[0], source=f"import torch\n{RIGHT.source}")
    exercise.mistakes = (*exercise.mistakes, right)
    told = list(unrecognised(exercise, 1))
    assert len(told) == 2 and all(f"mistake {len(exercise.mistakes)}, {right.label}" in line for line in told)
