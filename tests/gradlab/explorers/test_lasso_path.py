import math
import re
from pathlib import Path

import pytest
import torch

from gradlab.explorers import course_map, descent, hyperbola, path, smoothed_kink
from gradlab.lessons.lasso_path.example import B, D
from gradlab.maths.ista import ista
from gradlab.maths.lasso import lasso_solution
from gradlab.maths.prox import soft_threshold


@pytest.mark.parametrize("k", [-5.0, -1.0, 0.0, 2.5])
def test_slope_at_the_kink_tends_to_its_limit(k):
    lens, slope = smoothed_kink.limit_slope(torch.logspace(-1, 1, 20001, dtype=torch.float64))
    expected = slope[(lens - k).abs().argmin()].item()
    assert abs(smoothed_kink.smoothing(k, 1e-12)["point"][2] - expected) < 1e-3


def test_slope_at_the_kink_itself_tends_to_one_third():
    gaps = [abs(smoothed_kink.smoothing(0.0, lam)["point"][2] - 1 / 3) for lam in (1e-4, 1e-8, 1e-12)]
    assert gaps[0] > gaps[1] > gaps[2] and gaps[2] < 1e-4


def test_path_has_the_exact_kinks():
    wanted = torch.tensor([12, 3, 20 / 11, 38 / 71], dtype=torch.float64)
    assert torch.allclose(path.kinks().lam[:4], wanted)


@pytest.mark.parametrize("lam", [0.25, 1.0, 2.5, 7.0, 12.5])
def test_path_is_read_off_at_any_lam(lam):
    x, slope = path.solution_and_slope(lam)
    assert torch.allclose(x, lasso_solution(D, B, lam), atol=1e-10)
    nearby = (lasso_solution(D, B, lam + 1e-4) - lasso_solution(D, B, lam - 1e-4)) / 2e-4
    assert torch.allclose(slope, nearby, atol=1e-8)


@pytest.mark.parametrize("steps", [1, 5, 50])
def test_unrolled_slope_is_that_of_the_iteration(steps):
    x, slope = path.unrolled(2.0, steps)
    assert torch.allclose(x, ista(D, B, 2.0, steps))
    by_autograd = torch.autograd.functional.jacobian(lambda lam: ista(D, B, lam, steps), torch.tensor(2.0).double())
    assert torch.allclose(slope, by_autograd)


@pytest.mark.parametrize("held_out", list(descent.HELD_OUT))
@pytest.mark.parametrize("lam", [0.4, 1.2, 2.5, 6.0])
def test_slope_of_the_held_out_loss_is_that_of_the_curve(held_out, lam):
    b_val = descent.HELD_OUT[held_out]
    up, down = (descent.held_out_loss(lam * math.exp(h), b_val)[0] for h in (1e-5, -1e-5))
    assert descent.held_out_loss(lam, b_val)[1] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-8)


def test_descent_settles_in_a_smooth_minimum_and_chatters_at_a_kink():
    smooth, kink = (descent.descend(8.0, 0.15, held_out)["row"] for held_out in descent.HELD_OUT)
    assert smooth[-1] == pytest.approx(5.0, abs=1e-2)
    assert min(kink[-4:]) < 3 < max(kink[-4:])


def test_balance_is_kept_up_to_the_step_size():
    drifts = [hyperbola.train(lr, 0.0) for lr in (0.02, 0.01, 0.005)]
    c = [(3.75 - (u**2 - v**2)).item() for u, v in (data["end"] for data in drifts)]
    assert c[0] / c[1] == pytest.approx(2, rel=0.1) and c[1] / c[2] == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("decay", [0.5, 1.0, 2.0])
def test_weight_decay_ends_at_the_soft_threshold(decay):
    u, v = hyperbola.train(0.01, decay)["end"]
    assert (u * v).item() == pytest.approx(soft_threshold(torch.tensor(3.0), decay).item(), abs=2e-3)


def test_every_picture_says_what_it_shows():
    told = [
        smoothed_kink.tell_smoothing(smoothed_kink.smoothing(1.0, 0.01)),
        path.tell_slopes(path.slopes(13.0, 5)),
        descent.tell_descent(descent.descend(2.0, 0.1, descent.SMOOTH)),
        hyperbola.tell_training(hyperbola.train(0.05, 0.25)),
        course_map.COURSE_MAP_ALT,
    ]
    assert all(len(text) > 80 for text in told)


def test_map_in_assets_is_the_figure():
    kept = (Path(__file__).parents[3] / "assets" / "map.svg").read_text(encoding="utf-8")
    drawn = course_map.course_map_svg()
    assert course_map.COURSE_MAP_ALT in kept
    assert all(kept.count(mark) == drawn.count(mark) > 0 for mark in ("<use ", "<path "))


def test_map_can_be_read_on_a_dark_page():
    fills = set(re.findall(r"fill: ?([^;\"]+)", course_map.course_map_svg()))
    assert not [fill for fill in fills if fill.startswith("#")], "words there are in the page's ink"
