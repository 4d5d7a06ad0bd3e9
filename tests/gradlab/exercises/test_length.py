"""An exercise with its mistakes is read in one go."""

import pytest

from gradlab.course import LESSONS, lesson_package
from gradlab.exercises.registry import exercise_names

LONGEST = 150  # lines, of both files together
LONGEST_OF_LONG = 200
LONG = {
    *("balance_drift", "degree", "gradients", "implicit_vjp", "is_strict_minimum", "ista", "lasso_slope"),
    *("layer_inner_products", "minimise", "subdifferential", "tune_lam"),
}


@pytest.mark.parametrize(("lesson", "name"), [(lesson, name) for lesson in LESSONS for name in exercise_names(lesson)])
def test_exercise_with_its_mistakes_is_short(lesson, name):
    files = (lesson_package(lesson) / "exercises").glob(f"{name}.*")
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files if path.suffix == ".py")
    assert lines <= (LONGEST_OF_LONG if name in LONG else LONGEST)
