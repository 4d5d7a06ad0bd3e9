"""The still pictures of lesson 4 show what the lesson says of them."""

import numpy as np

from gradlab.lessons.implicit_argmin import adam_run, bowl_and_push, falling_for_ever


def test_hollow_point_is_the_bottom_of_the_pushed_bowl():
    for panel, curvature in zip(bowl_and_push.figure().axes, bowl_and_push.BOWLS.values()):
        x, value = panel.lines[1].get_data()
        at = panel.lines[4].get_xdata()[0]
        assert abs(x[value.argmin()] - at) <= x[1] - x[0]
        assert np.isclose(at * curvature, -bowl_and_push.PUSH)


def test_network_456_falls_for_ever_and_its_newton_step_does_not_shrink():
    left, right = falling_for_ever.figure().axes
    value, infimum = left.lines[0].get_ydata(), left.lines[1].get_ydata()[0]
    assert (np.diff(value) > 0).all() and value.min() > infimum
    step, gradient, curvature = (line.get_ydata() for line in right.lines)
    assert step.min() > 1.3 and gradient.max() < 0.02 and curvature.min() > 0


def test_newton_step_is_the_distance_in_the_end_and_the_gradient_is_far_below():
    distance, step, gradient = (np.array(line.get_ydata()) for line in adam_run.figure().axes[0].lines)
    assert np.allclose(step[200:], distance[200:], rtol=0.02, atol=1e-12)
    assert (gradient[100:] < 0.01 * distance[100:]).all()
