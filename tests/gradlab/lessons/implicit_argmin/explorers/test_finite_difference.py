import math

import pytest

from gradlab.lessons.implicit_argmin.explorers.finite_difference import differences


def test_difference_errors_have_slopes_one_and_two():
    data = differences(1e-3, no_minimum=False)
    finer = differences(1e-4, no_minimum=False)
    forward, central = (math.log10(a / b) for a, b in zip(data["size"], finer["size"]))
    assert (forward, central) == pytest.approx((1, 2), abs=0.1)


def test_without_a_minimum_the_difference_is_a_drift_over_delta():
    drifts = [d * differences(d, no_minimum=True)["here"][0] for d in (1e-10, 1e-6, 1e-3)]
    assert drifts == pytest.approx([drifts[0]] * 3, rel=1e-3)
    assert abs(drifts[0]) > 0.1
