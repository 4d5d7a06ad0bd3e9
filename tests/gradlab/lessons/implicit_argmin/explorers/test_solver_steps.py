import pytest

from gradlab.lessons.implicit_argmin.explorers.solver_steps import adam_run


def test_opinions_meet_only_where_the_solver_has_converged():
    fast, slow = adam_run(1000, 0.5), adam_run(1000, 0.01)
    for name in ("implicit", "through"):
        assert fast[name][1000] == pytest.approx(fast["truth"], abs=1e-6)
        assert abs(slow[name][1000] - slow["truth"]) > 2
