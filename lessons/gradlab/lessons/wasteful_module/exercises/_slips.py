"""Slips that learners make in several exercises of lesson 2."""

from dataclasses import replace

from torch import Tensor

from gradlab.exercises import Case, slips
from gradlab.exercises.symptom import slip
from gradlab.probe import Answer


@slip("not-one-answer")
def NOT_ONE_ANSWER(case: Case, answer: Answer) -> bool:
    """This is a tensor of many answers. You were asked for a single True or False: .all(), .any() or .max() makes one of
    many."""
    return isinstance(answer.value, Tensor) and answer.value.dim() > 0
