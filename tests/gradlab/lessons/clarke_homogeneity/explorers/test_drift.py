import pytest

from gradlab.lessons.clarke_homogeneity.explorers.drift import drifts


@pytest.mark.parametrize(
    ("activation", "method", "after", "slope"),
    [
        ("ReLU", "gradient descent", "one step", 2),
        ("ReLU", "gradient descent", "time 2", 1),
        ("none (linear net)", "Runge–Kutta of order 4", "time 2", 4),
        ("ReLU", "Runge–Kutta of order 4", "time 2", 1),
        ("tanh", "gradient descent", "time 2", 0),
    ],
)
def test_drift_has_the_order_that_the_lesson_states(activation, method, after, slope):
    assert drifts(activation, method, after)["slope"] == pytest.approx(slope, abs=0.2)
