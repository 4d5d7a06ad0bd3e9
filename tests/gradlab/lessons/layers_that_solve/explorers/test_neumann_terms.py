import pytest

from gradlab.lessons.layers_that_solve.explorers.neumann_terms import PLAIN, SHEARED, errors


@pytest.mark.parametrize("radius", [0.3, 0.8])
def test_both_errors_of_a_rotation_fall_at_the_spectral_radius(radius):
    data = errors(radius, PLAIN)
    for name in ("walk", "sums"):
        assert data[name] == pytest.approx(data["predicted"], rel=1e-6, abs=1e-14)


def test_a_sheared_matrix_has_the_same_rate_after_a_rise():
    data = errors(0.8, SHEARED)
    assert data["norm"] > 1
    for name in ("walk", "sums"):
        assert max(data[name]) > 1.5
        assert max(error / rate for error, rate in zip(data[name], data["predicted"])) < 20


def test_above_radius_one_both_grow():
    data = errors(1.05, PLAIN)
    assert data["walk"][-1] > data["walk"][0] and data["sums"][-1] > data["sums"][0]
