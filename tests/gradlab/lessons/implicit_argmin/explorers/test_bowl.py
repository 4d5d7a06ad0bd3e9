import pytest

from gradlab.lessons.implicit_argmin.explorers.bowl import FLAT, STIFF, shifted_bowl


@pytest.mark.parametrize("net", [FLAT, STIFF])
def test_gap_between_predicted_and_true_shift_is_of_second_order(net):
    gaps = []
    for delta in (0.02, 0.01):
        data = shifted_bowl(delta, net)
        gaps.append(data["new"][0] - data["guess"])
    assert gaps[0] / gaps[1] == pytest.approx(4, rel=0.15)
