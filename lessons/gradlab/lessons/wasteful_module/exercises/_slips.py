"""Slips that learners make in several exercises of lesson 2."""

from dataclasses import replace

from torch import Tensor

from gradlab.exercises import Case, slips
from gradlab.exercises.slips import is_right
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
    return bool(answer.changed) and is_right(case, answer)


UNTRACKED = replace(
    slips.UNTRACKED_INPUT,
    sentence="x and A do not require a gradient here, so no graph was kept from them. Work on copies that do: "
    "x.detach().clone().requires_grad_(True).",
    look="“Look at all three gradients”",
)
UNUSED = replace(
    slips.UNUSED_INPUT,
    sentence="autograd.grad stops when an input is not in the graph, and one that is cut off is not. Ask with "
    "allow_unused=True (then you get None), or with materialize_grads=True (then you get zeros).",
    look=NONE_ZERO_NOISE,
)
EMPTY_GRAPH = replace(
    slips.EMPTY_GRAPH,
    sentence="The output of this module has no graph whatsoever, and nothing can be asked of it. Look at its "
    "`requires_grad` first.",
    look=NONE_ZERO_NOISE,
)
GRAPH_SLIPS = (UNTRACKED, UNUSED, EMPTY_GRAPH, CHANGED_INPUT)
"""Slips of those who differentiate a module(x, A)."""
