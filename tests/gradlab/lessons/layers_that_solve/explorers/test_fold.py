import math

import pytest

from gradlab.explore.figures import close, style
from gradlab.explore.format_number import format_number
from gradlab.lessons.layers_that_solve.explorers.fold import derivative, draw_fold, root_curve, tell_fold, theta_of

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


@pytest.mark.parametrize("z, w", [*POINTS, (math.sqrt(0.5), 2.0)])
def test_the_tangent_that_is_drawn_touches_the_curve(z, w):
    """Its direction is that of the curve, also at a fold, where it is upright."""
    with style():
        figure = draw_fold(root_curve(z, w))
    close(figure)
    (line,) = (line for line in figure.axes[0].lines if line.get_gid() == "tangent")
    (x0, y0), (x1, y1) = line.get_xydata()
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((theta_of(z, w), z))
    h = 1e-6
    assert (x1 - x0) / (y1 - y0) == pytest.approx((theta_of(z + h, w) - theta_of(z - h, w)) / (2 * h), abs=1e-6)


def test_words_tell_the_slope_of_the_curve():
    h = 1e-6
    slope = 2 * h / (theta_of(0.5 + h, 2.0) - theta_of(0.5 - h, 2.0))
    assert f"slope {format_number(slope, '.2f')}" in tell_fold(root_curve(0.5, 2.0))
