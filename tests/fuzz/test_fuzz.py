"""Inputs at random, some hundred for each way in; `make test-fuzz` runs as many as one likes."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

INPUTS = 40  # that one example of Hypothesis stands for: it shrinks the number from which they are made


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_at_random_breaks_it(name):
    target = TARGETS[name]

    @settings(max_examples=target.share, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**63))
    def some(seed):
        for each in range(INPUTS):
            target.check(target.make(Random(f"{name} {seed} {each}")))

    some()
