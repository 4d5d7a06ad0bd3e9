import pytest
import torch

from gradlab.lessons.soft_thresholding.explorers.tangent_fan import fan


@pytest.mark.parametrize("s0", [-1.5, -1.0, 0.0, 0.5, 1.0, 1.25])
def test_line_supports_if_and_only_if_it_stays_below(s0):
    x = torch.linspace(-1, 1, 101)
    assert fan(s0)["supports"] == bool((s0 * x <= x.abs()).all())
