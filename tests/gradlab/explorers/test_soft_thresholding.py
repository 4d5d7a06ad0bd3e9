import math

import pytest
import torch

from gradlab.explore.explorer import Explorer
from gradlab.explorers import kinks, soft_thresholding
from gradlab.maths.prox import SOFT_THRESHOLD_SPELLINGS

SLOPE_NOT_ZERO = {
    "sign(y)*clamp(abs(y)-T, min=0)": 1.0,
    "maximum(y-T, 0)+minimum(y+T, 0)": 0.5,
}


@pytest.fixture(params=["soft_sign", "precision", "tangent_fan", "kink"])
def explorer(request, monkeypatch):
    made = []
    keep = lambda compute, draw, *, alt, **controls: made.append(Explorer(compute, draw, alt, controls))  # noqa: E731
    for module in (soft_thresholding, kinks):
        monkeypatch.setattr(module, "explore", keep)
    getattr(soft_thresholding, request.param)()
    return made[0]


def test_every_position_can_be_computed_and_told(explorer):
    assert len(explorer.positions) == math.prod(len(control) for control in explorer.controls)
    for position in explorer.positions:
        assert explorer.told(position, explorer.compute(**explorer.values(position)))


def test_the_extreme_positions_can_be_drawn_and_look_different(explorer):
    pictures = []
    for position in (explorer.positions[0], min(explorer.positions), max(explorer.positions)):
        assert len(explorer.show(position)) > 1, explorer.record.strings[explorer.show(position)[0]]
        pictures.append(explorer.show(position)[2:])
    assert pictures[1] != pictures[2]


def test_alt_text_tells_each_position_apart(explorer):
    told = {explorer.told(p, explorer.compute(**explorer.values(p))) for p in explorer.positions}
    assert len(told) == len(explorer.positions)


@pytest.mark.parametrize("lam", [1.0, 1e-2, 1e-5, 1e-8])
def test_filled_area_is_the_integral_of_the_spike(lam):
    data = soft_thresholding.rounding(lam)
    measured = torch.trapezoid(data["slope"] - 1, data["x"]).item()
    assert measured == pytest.approx(data["area"], rel=2e-2)
    assert data["slope"].max().item() == pytest.approx(data["height"], rel=1e-9)


def test_filled_area_tends_to_the_jump_while_the_spike_grows_and_thins():
    wide, narrow = soft_thresholding.rounding(1e-4), soft_thresholding.rounding(1e-6)
    assert abs(narrow["area"] - 1) < abs(wide["area"] - 1) < 1e-3
    assert (narrow["height"] - 1) / (wide["height"] - 1) == pytest.approx(10)
    assert wide["width"] / narrow["width"] == pytest.approx(10)


def test_spike_is_half_as_high_at_half_its_width():
    data = soft_thresholding.rounding(0.01)
    slope = 1 + soft_thresholding.JUMP * 0.01 / (data["width"] ** 2 / 4 + 0.01) ** 1.5
    assert slope - 1 == pytest.approx((data["height"] - 1) / 2)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("lam", [1e-12, 1e-6, 1.0])
def test_stable_formula_keeps_its_digits_where_autograd_loses_them(lam, dtype):
    data = soft_thresholding.errors(lam, dtype)
    assert data["stable"].max() < 10 * data["epsilon"]
    far = data["x"] > 10 * data["cliff"]
    assert (data["naive"][far] > 0.5).all()


@pytest.mark.parametrize("s0", [-1.5, -1.0, 0.0, 0.5, 1.0, 1.25])
def test_line_supports_if_and_only_if_it_stays_below(s0):
    x = torch.linspace(-1, 1, 101)
    assert kinks.fan(s0)["supports"] == bool((s0 * x <= x.abs()).all())


@pytest.mark.parametrize("spelling", SOFT_THRESHOLD_SPELLINGS)
@pytest.mark.parametrize("T", [0.5, 1.0, 2.0])
def test_slope_at_the_kink_depends_on_the_spelling_alone(T, spelling):
    data = kinks.spelled(T, spelling)
    assert data["here"] == SLOPE_NOT_ZERO.get(spelling, 0.0)
    assert data["slopes"].tolist() == pytest.approx([0, 0, 1, 1])
    assert data["all"] == [0, 0.5, 1]


@pytest.mark.parametrize("T", [0.25, 1.0, 2.0])
def test_smoothed_slope_is_a_third(T):
    assert kinks.spelled(T, "softshrink(y, T)")["smoothed"] == pytest.approx(1 / 3, abs=1e-3)


def test_without_a_threshold_there_is_no_kink_and_most_spellings_are_outside_the_clarke_set():
    found = {name: kinks.spelled(0.0, name) for name in SOFT_THRESHOLD_SPELLINGS}
    assert all(data["clarke"] == (1, 1) and data["smoothed"] == 1 for data in found.values())
    assert sum(data["here"] == 0 for data in found.values()) == 6
    assert "lies outside" in kinks.tell_kink(found["softshrink(y, T)"])
    assert "no number" in kinks.tell_kink(found["y*relu(1-T/abs(y))"])
