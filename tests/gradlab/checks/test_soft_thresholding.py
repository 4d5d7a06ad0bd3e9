from fractions import Fraction
from pathlib import Path

import pytest
import torch

import gradlab
from gradlab.checks import noisy_sign, soft_sign, soft_sign_slope, soft_threshold, soft_threshold_slope
from gradlab.checks.soft_sign_slope import exact_slope
from gradlab.checks.soft_thresholding import CHECKS
from gradlab.maths.prox import soft_threshold as reference

SOURCE = Path(gradlab.__file__).parents[2] / "solutions" / "01-soft-thresholding" / "soft_thresholding.py"
EXERCISES = [
    soft_sign.SOFT_ABS,
    soft_sign.SOFT_SIGN,
    soft_sign.LAM_FOR_ERROR,
    soft_sign_slope.SOFT_SIGN_SLOPE,
    noisy_sign.NOISY_SIGN_JACOBIAN,
    noisy_sign.MISSING_JUMP,
    soft_threshold.SOFT_THRESHOLD,
    soft_threshold_slope.SOFT_THRESHOLD_SLOPE,
]


def test_every_exercise_has_a_check():
    assert {exercise.name for exercise in EXERCISES} == set(CHECKS)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_labels_are_unique_and_sentences_end(exercise):
    labels = [misconception.label for misconception in exercise.misconceptions]
    assert len(set(labels)) == len(labels)
    assert all(misconception.sentence.endswith((".", ".)")) for misconception in exercise.misconceptions)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_passages_to_look_at_are_headings_of_the_lesson(exercise):
    headings = [line.lstrip("# ") for line in SOURCE.read_text(encoding="utf-8").splitlines() if line.startswith("# #")]
    for look in {exercise.look, *(misconception.look for misconception in exercise.misconceptions)} - {""}:
        assert look.strip("“”") in headings


@pytest.mark.parametrize(("x", "lam"), [(3, 16), (-4, 9), (0, 25), (5, 144), (0.75, 1)])
def test_exact_slope_on_triangles_with_rational_sides(x, lam):
    side = Fraction(x) ** 2 + lam
    hypotenuse = Fraction(round(float(side) ** 0.5 * 4), 4)
    assert hypotenuse**2 == side
    assert exact_slope(torch.tensor(x, dtype=torch.float64), lam).item() == float(lam / hypotenuse**3)


@pytest.mark.parametrize("lam", [1e-300, 1e-220, 1.0, 1e300])
def test_exact_slope_scales_like_one_over_x(lam):
    x = torch.tensor([0.0, 0.3, -1.0, 2.0], dtype=torch.float64)
    root = lam**0.5
    torch.testing.assert_close(root * exact_slope(root * x, root**2), exact_slope(x, 1.0), rtol=1e-12, atol=0)


def test_expected_thresholds_are_those_of_the_library():
    for case in soft_threshold.visible_thresholds():
        y, T = (a.detach() if isinstance(a, torch.Tensor) else a for a in case.call.arguments)
        torch.testing.assert_close(case.expected, reference(y, T))
