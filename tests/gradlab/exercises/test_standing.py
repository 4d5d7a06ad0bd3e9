"""The foot of a card: points of this lesson, the next open exercise, and help for who is stuck."""

import pytest

from autograder.notebooks.places import source_path, written_lessons
from autograder.release.source import read_source
from gradlab.exercises.outline import outline_of
from gradlab.exercises.standing import standing
from gradlab.exercises.verdict import half_right, not_attempted, right, wrong
from gradlab.exercises.way_on import way_on

LESSON = "01-soft-thresholding"


def after(*verdicts):
    checked = {}
    for verdict in verdicts:
        checked[verdict.exercise] = [*checked.pop(verdict.exercise, []), verdict]
    found = standing(outline_of(LESSON), checked)
    return found, way_on(found, verdicts[-1])


def test_points_grow_and_the_next_open_exercise_is_named():
    found, said = after(right("soft_abs"))
    assert (found.earned, found.next_task.name) == (2, "soft_sign")
    assert "2 of 17 points" in said and 'href="#exercise-2-smooth-the-sign"' in said and "3 minutes" in said
    found, _ = after(right("soft_abs"), half_right(wrong("soft_sign", "x", "")), right("soft_threshold"))
    assert (found.earned, found.next_task.name) == (2 + 1 + 3, "soft_sign")


def test_what_was_right_and_is_wrong_now_counts_as_wrong():
    found, _ = after(right("soft_abs"), wrong("soft_abs", "x", ""), right("soft_sign"))
    assert (found.earned, found.next_task.name) == (2, "soft_abs")


def test_at_the_end_the_text_and_the_next_lesson_are_named():
    tasks = [task for task in outline_of(LESSON).tasks if not task.by_hand]
    found, said = after(*(right(task.name) for task in tasks))
    assert found.earned == found.checked_points and found.next_task is None
    assert 'href="#question-explain-the-kink"' in said and "../02-wasteful-module/wasteful_module.ipynb" in said


def test_three_wrong_answers_in_a_row_lead_to_hint_passage_and_explorer():
    one = wrong("soft_sign", "x", "", look="“2 · Smooth the corner”")
    assert after(one, one)[1] == after(one, one, not_attempted("soft_sign"))[1] == ""
    _, said = after(one, one, one)
    assert 'href="#exercise-2-smooth-the-sign"' in said and "explorers.soft_sign" in said
    _, nowhere = after(*[wrong("soft_threshold", "x", "")] * 3)
    assert "explorers." in nowhere


@pytest.mark.parametrize("lesson", written_lessons())
def test_outline_is_that_of_the_source(lesson):
    found = outline_of(lesson)
    cells = [cell.metadata.nbgrader for cell in read_source(source_path(lesson)).cells if "nbgrader" in cell.metadata]
    assert found.points == sum(cell.get("points", 0) for cell in cells)
    assert [task.name for task in found.tasks] == [cell.grade_id for cell in cells if cell.solution]
    assert all(task.minutes and task.anchor for task in found.tasks) and found.minutes
