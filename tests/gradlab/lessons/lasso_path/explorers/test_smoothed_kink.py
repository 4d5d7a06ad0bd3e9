import pytest
import torch

from gradlab.lessons.lasso_path.explorers.smoothed_kink import limit_slope, smoothing


@pytest.mark.parametrize("k", [-5.0, -1.0, 0.0, 2.5])
def test_slope_at_the_kink_tends_to_its_limit(k):
    lens, slope = limit_slope(torch.logspace(-1, 1, 20001, dtype=torch.float64))
    expected = slope[(lens - k).abs().argmin()].item()
    assert abs(smoothing(k, 1e-12)["point"][2] - expected) < 1e-3


def test_slope_at_the_kink_itself_tends_to_one_third():
    gaps = [abs(smoothing(0.0, lam)["point"][2] - 1 / 3) for lam in (1e-4, 1e-8, 1e-12)]
    assert gaps[0] > gaps[1] > gaps[2] and gaps[2] < 1e-4
