import pytest

from gradlab.lessons.soft_thresholding.steps_to_zero import explicit, implicit, tell


@pytest.mark.parametrize("start", [1.0, -2.3, 0.05])
def test_implicit_walk_solves_its_own_equation_and_stays_at_the_corner(start):
    points = implicit(start, 0.3, 12)
    for old, new in zip(points, points[1:]):
        slope = (old - new) / 0.3
        assert abs(slope) <= 1 + 1e-12 and (new == 0 or slope == pytest.approx(new.sign().item()))
    assert points[-1] == 0


def test_explicit_walk_never_gets_nearer_than_its_step_allows():
    points = explicit(1.0, 0.3, 40)
    assert (points[4:] - points[6:8].repeat(20)[: len(points) - 4]).abs().max() < 1e-9
    assert points[-2:].abs().min() > 0.05


def test_words_tell_both_walks():
    assert "0.1, −0.2, 0.1" in tell(1.0, 0.3, 8) and "0.1, 0, 0" in tell(1.0, 0.3, 8)
