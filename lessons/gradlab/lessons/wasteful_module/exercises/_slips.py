"""Slips that learners make in several exercises of lesson 2."""

from dataclasses import replace

from torch import Tensor

from gradlab.exercises import Case, slips
from gradlab.exercises.symptom import slip
from gradlab.probe import Answer

NONE_ZERO_NOISE = "“What None, zero and noise mean”"


@slip("not-one-answer")
def NOT_ONE_ANSWER(case: Case, answer: Answer) -> bool:
    """This is a tensor of many answers. You were asked for one True or False: .all(), .any() or .max() makes one."""
    return isinstance(answer.value, Tensor) and answer.value.dim() > 0


@slip("changed-input")
def CHANGED_INPUT(case: Case, answer: Answer) -> bool:
    """What came back is right, but x or A is no longer what it was, its `requires_grad` included. Work on copies:
    x.detach().clone().requires_grad_(True)."""
    return bool(answer.changed) and slips.is_right(case, answer)


@slip("unused-input", look=NONE_ZERO_NOISE)
def UNUSED(case: Case, answer: Answer) -> bool:
    """autograd.grad stops when an input is not in the graph, and one that is cut off is not. Ask with allow_unused=True
    (then you get None), or with materialize_grads=True (then you get zeros)."""
    return slips.UNUSED_INPUT.fits(case, answer)


UNTRACKED = replace(slips.UNTRACKED_INPUT, look="“Look at all three gradients”")
EMPTY_GRAPH = replace(slips.EMPTY_GRAPH, look=NONE_ZERO_NOISE)
GRAPH_SLIPS = (UNTRACKED, UNUSED, EMPTY_GRAPH, CHANGED_INPUT)
"""Slips of those who differentiate a module(x, A)."""
