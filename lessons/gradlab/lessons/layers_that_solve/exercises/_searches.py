"""Slips of a search for a fixed point, in an answer that returns the point."""

import torch
from torch import Tensor

from gradlab.exercises import Case, Raises
from gradlab.exercises.compare import agrees
from gradlab.exercises.slips import raises
from gradlab.exercises.symptom import slip
from gradlab.lessons.layers_that_solve.exercises._slips import SINGULAR_UNCHECKED, WALK
from gradlab.probe import Answer


def missed(case: Case, answer: Answer) -> bool:
    """There is a fixed point, and this is not it."""
    return not isinstance(case.expected, Raises) and not agrees(answer.value, case.expected, case.rtol, case.atol)


@slip("not-finite", look=WALK)
def NOT_FINITE(case: Case, answer: Answer) -> bool:
    """What came back is not finite. Every comparison with nan is False, so `while step > tol` ends at nan. Look at
    torch.isfinite, and raise a ValueError."""
    return isinstance(answer.value, Tensor) and answer.raised is None and not bool(torch.isfinite(answer.value).all())


@slip("no-fixed-point", look=WALK)
def NO_FIXED_POINT(case: Case, answer: Answer) -> bool:
    """φ has no fixed point here, and you raised no ValueError. Test the residual ‖φ(z, θ) − z‖ at the end of the search,
    and raise one if the residual is larger than tol·max(1, ‖z‖)."""
    stopped = answer.raised is not None and "ValueError" not in answer.raised.bases
    return isinstance(case.expected, Raises) and not answer.timed_out and (answer.raised is None or stopped)


@slip("gives-up", look=WALK)
def GIVES_UP(case: Case, answer: Answer) -> bool:
    """φ contracts here, and you raised a ValueError. Is the search too short? With factor 0.9 it wins a digit in 22
    steps: from far away that takes hundreds. And in float32 only a tol of its own can be reached."""
    return missed(case, answer) and raises("ValueError")(case, answer)


@slip("stopped-early", look=WALK)
def STOPPED_EARLY(case: Case, answer: Answer) -> bool:
    """This point is on its way to the fixed point and not there: ‖φ(z, θ) − z‖ is larger than tol·max(1, ‖z‖). A fixed
    number of steps is too few for a map that contracts slowly, and one entry that stands still says nothing of the
    others. Repeat until the norm of the residual passes."""
    start = (case.construct or case.call).arguments[1]
    if not missed(case, answer) or not isinstance(answer.value, Tensor) or answer.value.shape != start.shape:
        return False
    return bool((answer.value - case.expected).norm() < 0.9 * (start - case.expected).norm())


SEARCH_SLIPS = (NOT_FINITE, SINGULAR_UNCHECKED, NO_FIXED_POINT, GIVES_UP, STOPPED_EARLY)
