import pytest

from gradlab.lessons.start_here.explorers.tangent import cubic, draw_tangent, tangent_at, tell_tangent


@pytest.mark.parametrize("x", [-2.0, -1.0, 0.0, 0.7, 1.0, 2.0])
def test_slope_is_the_derivative_of_the_cubic(x):
    data = tangent_at(x)
    assert data["slope"] == pytest.approx(3 * x**2 - 3)
    assert data["value"] == pytest.approx(x**3 - 3 * x)


@pytest.mark.parametrize(("x", "word"), [(-1.6, "rises"), (-1.0, "is flat"), (0.3, "falls"), (1.0, "is flat")])
def test_alt_text_says_how_the_tangent_goes(x, word):
    assert f"The tangent {word}" in tell_tangent(tangent_at(x))


def test_tangent_touches_the_curve_at_the_point():
    figure = draw_tangent(tangent_at(0.5))
    (line,) = [line for line in figure.axes[0].lines if line.get_gid() == "tangent"]
    (left, right), (low, high) = line.get_data()
    assert (left + right) / 2 == pytest.approx(0.5)
    assert (low + high) / 2 == pytest.approx(cubic(0.5))
