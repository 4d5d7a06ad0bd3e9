"""Green stays green: what a check shows in the learner's notebook the grader marks, whatever honest edits were made.

Sixty notebooks in the ordinary tests; `GRADLAB_GREEN=2000 pytest tests/green` walks as many as it says.
"""

import os
import random

import nbformat
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from autograder.notebooks.places import written_lessons
from tests.green.both_sides import marked, partly_solved, shown
from tests.green.edits import EDITS, answers_of, written

NOTEBOOKS = int(os.environ.get("GRADLAB_GREEN", "60"))
LESSONS = written_lessons()


def edited(lesson: str, seed: int, places: list[int]) -> tuple[nbformat.NotebookNode, bytes]:
    rng = random.Random(seed)
    notebook = partly_solved(lesson, rng)
    for place in places:
        if answers_of(notebook):
            EDITS[place](notebook, rng)
    for number, cell in enumerate(notebook.cells):
        if notebook.nbformat_minor >= 5:
            cell.id = f"cell-{number}"
        else:
            cell.pop("id", None)
    return notebook, written(notebook, rng)


def hides_a_check(cell: nbformat.NotebookNode) -> bool:
    """Does the learner see less than was checked? `%reset` forgets even `check`, `%%capture` shows no card."""
    return "%reset" in cell.source or ("%%capture" in cell.source and "check(" in cell.source)


@pytest.mark.parametrize("lesson", LESSONS)
def test_points_are_what_restart_and_run_all_showed(lesson, tmp_path):
    @settings(
        max_examples=max(1, NOTEBOOKS // len(LESSONS)),
        deadline=None,
        derandomize=NOTEBOOKS == 60,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink a failing notebook would take minutes
    )
    @given(st.integers(0, 2**32), st.lists(st.integers(0, len(EDITS) - 1), min_size=1, max_size=6))
    def walk(seed: int, places: list[int]) -> None:
        notebook, data = edited(lesson, seed, places)
        seen, marks = shown(notebook, tmp_path), marked(lesson, data)
        told = [EDITS[place].__name__ for place in places], seen, marks
        assert all(marks.get(exercise, 0) >= share for exercise, share in seen.items()), told
        if not any(map(hides_a_check, notebook.cells)):
            earned = {exercise: share for exercise, share in marks.items() if share}
            assert earned == {exercise: share for exercise, share in seen.items() if share}, told

    walk()
