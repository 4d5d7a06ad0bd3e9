import math

import pytest

from gradlab.lessons.lasso_path.explorers.descent import HELD_OUT, descend, held_out_loss


@pytest.mark.parametrize("held_out", list(HELD_OUT))
@pytest.mark.parametrize("lam", [0.4, 1.2, 2.5, 6.0])
def test_slope_of_the_held_out_loss_is_that_of_the_curve(held_out, lam):
    b_val = HELD_OUT[held_out]
    up, down = (held_out_loss(lam * math.exp(h), b_val)[0] for h in (1e-5, -1e-5))
    assert held_out_loss(lam, b_val)[1] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-8)


def test_descent_settles_in_a_smooth_minimum_and_chatters_at_a_kink():
    smooth, kink = (descend(8.0, 0.15, held_out)["row"] for held_out in HELD_OUT)
    assert smooth[-1] == pytest.approx(5.0, abs=1e-2)
    assert min(kink[-4:]) < 3 < max(kink[-4:])
