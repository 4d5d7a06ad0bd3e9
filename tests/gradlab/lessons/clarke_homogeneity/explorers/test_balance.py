import math

import pytest

from gradlab.lessons.clarke_homogeneity.explorers.balance import C0, DECAY, END, METHODS, TARGET, descent, path


def test_gradient_descent_obeys_the_scalar_law():
    (u, v), lr = (2.0, 0.5), 0.1
    for after in list(descent(lr))[:20]:
        law = (1 - lr**2 * (u * v - TARGET) ** 2) * (u * u - v * v)
        assert after[0] ** 2 - after[1] ** 2 == pytest.approx(law, rel=1e-12)
        u, v = after


def test_drift_of_descent_is_proportional_to_the_step():
    coarse, fine = (C0 - path(lr, "gradient descent")["c"] for lr in (0.01, 0.005))
    assert coarse / fine == pytest.approx(2, rel=0.02)


def test_weight_decay_lets_the_balance_decay():
    assert path(0.005, "weight decay 0.1")["c"] == pytest.approx(C0 * math.exp(-2 * DECAY * END), rel=0.02)


def test_adam_does_not_come_back_to_the_hyperbola_with_small_steps():
    assert all(path(lr, "Adam")["c"] > C0 + 1 for lr in (0.02, 0.005))


@pytest.mark.parametrize("method", [name for name in METHODS if "decay" not in name])
def test_path_ends_where_the_loss_is_small(method):
    data = path(0.02, method)
    assert abs(data["u"][-1] * data["v"][-1] - TARGET) < 0.05
    assert data["u"][0] == 2 and data["v"][0] == 0.5
