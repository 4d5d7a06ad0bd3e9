import pytest

from gradlab.lessons.clarke_homogeneity.exercises.subdifferential import reference as subdifferential
from gradlab.lessons.clarke_homogeneity.explorers.supporting_line import FUNCTIONS, line, tell_line

SLOPES = [k / 4 for k in range(-6, 7)]


@pytest.mark.parametrize("function", list(FUNCTIONS))
@pytest.mark.parametrize("x", [-2.0, -1.0, -0.5, 0.0, 1.0, 1.5])
def test_lines_that_stay_below_are_those_of_the_subdifferential(function, x):
    found = subdifferential(FUNCTIONS[function], x)
    for slope in SLOPES:
        data = line(function, x, slope)
        supports = found is not None and found[0] <= slope <= found[1]
        assert (data["first"] is None) == supports
        assert ("is a subgradient" in tell_line(data)) == supports


def test_crossing_out_of_sight_is_told():
    data = line("Figure 1", 0.0, 0.75)
    assert data["first"] is not None and not data["seen"]
    assert "far out" in tell_line(data)
