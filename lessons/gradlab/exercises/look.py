"""Look at an answer in one case: construct the object where the exercise asks for one, then call."""

from dataclasses import replace

from gradlab.exercises.cases import Case
from gradlab.probe import Answer, Probe


def look(probe: Probe, case: Case) -> Answer:
    """What the call of a case shows; where nothing could be constructed, what the construction showed.

    The answer's `made` is what the construction showed, where the case has one.
    """
    if case.construct is None:
        return probe.look(case.call)
    made = probe.look(case.construct)
    if made.raised is not None or made.timed_out or made.kept is None:
        return made
    return replace(probe.look(replace(case.call, target=made.kept)), made=made)
