"""What the exercises of lesson 1 tell a learner."""

from pathlib import Path

import pytest

import gradlab
from gradlab.exercises.registry import exercise_names, find_exercise

LESSON = "01-soft-thresholding"
SOURCE = Path(gradlab.__file__).parents[2] / "solutions" / LESSON / "soft_thresholding.py"


@pytest.mark.parametrize("name", exercise_names(LESSON))
def test_passages_to_look_at_are_headings_of_the_lesson_and_sentences_end(name):
    exercise = find_exercise(name)
    headings = [line.lstrip("# ") for line in SOURCE.read_text(encoding="utf-8").splitlines() if line.startswith("# #")]
    known = [*exercise.mistakes, *exercise.symptoms, *exercise.slips]
    assert known and all(each.sentence.endswith((".", ".)")) for each in known)
    for look in {exercise.look, *(each.look for each in known)} - {""}:
        assert look.strip("“”") in headings
