"""An answer whose cell is no Python is called the same by its check and by the grader."""

import random

import nbformat
import pytest

from autograder.notebooks.cells import grade_id
from tests.green.both_sides import cards, partly_solved, verdicts

LESSON, EXERCISE = "00-start-here", "gradient"
TEXTS = {
    "no colon": "def gradient(f, x)\n    return x",
    "open bracket": "def gradient(f, x):\n    return f(x",
    "a space of another kind": "def gradient(f, x):\n\u00a0   return x\u00a0+ (",
    "indentation": "def gradient(f, x):\nreturn x",
    "below a magic": "%time 1\ndef gradient(f, x) return x",
    "lambda": "gradient = lambda f, x: x +",
    "no name at all": "return x",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_outcome_and_label_are_the_same(text, tmp_path):
    notebook = partly_solved(LESSON, random.Random(1))
    for cell in notebook.cells:
        if grade_id(cell) == EXERCISE:
            cell.source = text
    (told,) = [card for card in cards(notebook, tmp_path) if card["exercise"] == EXERCISE]
    found = verdicts(LESSON, nbformat.writes(notebook).encode())[EXERCISE]
    assert told["outcome"] == str(found.outcome) and found.share == 0
    if "not-run" in (told["misconception"], found.misconception):  # of what defines no such name nothing is said
        assert told["misconception"] == found.misconception
        assert f"The cell that defines `{EXERCISE}` did not run" in found.message
