import math

import pytest

from gradlab.lessons.layers_that_solve.explorers.fold import derivative, root_curve, theta_of

POINTS = [(z, w) for z in (-0.9, -0.5, 0.0, 0.3, 0.7) for w in (0.5, 1.0, 2.0)]


@pytest.mark.parametrize("z, w", POINTS)
def test_every_root_that_is_shown_is_one_and_none_is_missing(z, w):
    data = root_curve(z, w)
    theta, here = data["point"]
    roots = [here, *(root for _, root in data["others"])]
    assert all(root == pytest.approx(math.tanh(w * root + theta), abs=1e-9) for root in roots)
    folds = sorted(place for place, _ in data["folds"])
    inside = bool(folds) and folds[0] < theta < folds[1]
    assert len({round(root, 6) for root in roots}) == (3 if inside else 1)


@pytest.mark.parametrize("z, w", POINTS)
def test_the_curve_has_the_derivative_of_the_equation(z, w):
    """dθ/dz = K / (1 − z²), since F_θ = −(1 − z²)."""
    rate = (theta_of(z + 1e-6, w) - theta_of(z - 1e-6, w)) / 2e-6
    assert rate == pytest.approx(derivative(z, w) / (1 - z * z), rel=1e-6, abs=1e-8)


def test_the_derivative_vanishes_at_the_folds():
    for _, z in root_curve(0.0, 2.0)["folds"]:
        assert derivative(z, 2.0) == pytest.approx(0, abs=1e-12)
