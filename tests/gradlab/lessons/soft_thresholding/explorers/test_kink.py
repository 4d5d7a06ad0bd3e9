import pytest

from gradlab.lessons.soft_thresholding.explorers.kink import spelled, tell_kink
from gradlab.maths.prox import SOFT_THRESHOLD_SPELLINGS

SLOPE_NOT_ZERO = {
    "sign(y)*clamp(abs(y)-T, min=0)": 1.0,
    "maximum(y-T, 0)+minimum(y+T, 0)": 0.5,
}


@pytest.mark.parametrize("spelling", SOFT_THRESHOLD_SPELLINGS)
@pytest.mark.parametrize("T", [0.5, 1.0, 2.0])
def test_slope_at_the_kink_depends_on_the_spelling_alone(T, spelling):
    data = spelled(T, spelling)
    assert data["here"] == SLOPE_NOT_ZERO.get(spelling, 0.0)
    assert data["slopes"].tolist() == pytest.approx([0, 0, 1, 1])
    assert data["all"] == [0, 0.5, 1]


def test_without_a_threshold_there_is_no_kink_and_most_spellings_are_outside_the_clarke_set():
    found = {name: spelled(0.0, name) for name in SOFT_THRESHOLD_SPELLINGS}
    assert all(data["clarke"] == (1, 1) for data in found.values())
    assert sum(data["here"] == 0 for data in found.values()) == 6
    assert "lies outside" in tell_kink(found["softshrink(y, T)"])
    assert "no number" in tell_kink(found["y*relu(1-T/abs(y))"])
