import pytest
import torch

from gradlab.lessons.implicit_argmin.explorers.stabiliser import ONE, THREE, plane, stabilised
from gradlab.maths.networks import stored_weights


@pytest.mark.parametrize("strength", [0.05, 0.125, 0.25])
def test_stabiliser_adds_twice_its_strength_along_the_null_direction(strength):
    data = stabilised(strength, THREE)
    assert min(data["eigenvalues"]) == pytest.approx(2 * strength, rel=1e-9)
    n, across = plane()
    assert torch.linalg.vector_norm(stored_weights(123).W1 @ n) < 1e-15
    assert abs(n @ across) < 1e-12


@pytest.mark.parametrize("net", [ONE, THREE])
def test_without_a_stabiliser_no_minimum_is_shown(net):
    assert stabilised(0.0, net)["minimum"] is None
