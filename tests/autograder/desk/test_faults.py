"""A small class is marked while everything goes wrong; `python -m tests.faults 500` does it with a large one."""

from tests.faults.run import Faults, lost, quiet_and_disturbed


def test_marks_comments_and_penalties_are_those_of_a_quiet_run_whatever_happens_in_between(tmp_path):
    faults = Faults(kills=3, full=1, seed=2)
    quiet, disturbed = quiet_and_disturbed(tmp_path, 10, faults)
    assert len({student for student, _ in quiet}) == 10 and any(penalty for *_, penalty, _ in quiet.values())
    assert lost(quiet, disturbed) == []
    assert sum(faults.happened.values()) == 3 + 1 + 4
