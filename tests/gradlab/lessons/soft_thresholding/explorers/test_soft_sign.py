import pytest
import torch

from gradlab.lessons.soft_thresholding.explorers.soft_sign import JUMP, smoothing


@pytest.mark.parametrize("lam", [1.0, 1e-2, 1e-5, 1e-8])
def test_filled_area_is_the_integral_of_the_spike(lam):
    data = smoothing(lam)
    measured = torch.trapezoid(data["slope"] - 1, data["x"]).item()
    assert measured == pytest.approx(data["area"], rel=2e-2)
    assert data["slope"].max().item() == pytest.approx(data["height"], rel=1e-9)


def test_filled_area_tends_to_the_jump_while_the_spike_grows_and_thins():
    wide, narrow = smoothing(1e-4), smoothing(1e-6)
    assert abs(narrow["area"] - 1) < abs(wide["area"] - 1) < 1e-3
    assert (narrow["height"] - 1) / (wide["height"] - 1) == pytest.approx(10)
    assert wide["width"] / narrow["width"] == pytest.approx(10)


def test_spike_is_half_as_high_at_half_its_width():
    data = smoothing(0.01)
    slope = 1 + JUMP * 0.01 / (data["width"] ** 2 / 4 + 0.01) ** 1.5
    assert slope - 1 == pytest.approx((data["height"] - 1) / 2)
