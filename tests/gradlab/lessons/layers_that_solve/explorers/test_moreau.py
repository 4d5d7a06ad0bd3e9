import pytest

from gradlab.lessons.layers_that_solve.explorers.moreau import envelope_at


@pytest.mark.parametrize("y", [-2.5, -0.5, 0.0, 1.0, 3.0])
@pytest.mark.parametrize("T", [0.5, 2.0])
def test_value_is_the_lowest_point_of_the_function(y, T):
    data = envelope_at(y, T)
    assert data["value"] <= data["function"].min().item() + 1e-12
    assert data["value"] == pytest.approx((data["place"] - y) ** 2 / 2 + T * abs(data["place"]))


@pytest.mark.parametrize("y", [-2.5, -0.25, 0.75, 2.75])
def test_slope_is_that_of_the_envelope(y):
    above, below = (envelope_at(y + h, 1.0)["value"] for h in (1e-4, -1e-4))
    assert (above - below) / 2e-4 == pytest.approx(envelope_at(y, 1.0)["slope"], abs=1e-6)
