import pytest

from gradlab.lessons.clarke_homogeneity.explorers.slope_sampling import ON_A_LINE, sampled_slopes


@pytest.mark.parametrize("program", list(ON_A_LINE))
def test_slopes_of_every_program_are_those_of_its_function(program):
    data = sampled_slopes(program, x=0.0, radius=0.5)
    figure_one = program not in ("relu(x) - relu(-x)", "clamp(x, min=0) + clamp(x, max=0)")
    assert (data["low"], data["high"]) == ((-1, 1) if figure_one else (1, 1))


def test_larger_radius_sees_no_fewer_slopes():
    small, large = (sampled_slopes("minimum(x, abs(x) - 2)", x=-0.5, radius=r) for r in (0.1, 2.0))
    assert (small["low"], small["high"]) == (-1, -1) and (large["low"], large["high"]) == (-1, 1)
