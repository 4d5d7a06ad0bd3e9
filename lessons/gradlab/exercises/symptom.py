"""Symptoms: mistakes that no wrong function shows, recognised by a predicate of what was seen."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from gradlab.exercises.cases import Case
from gradlab.probe import Answer

Fits = Callable[[Case, Answer], bool]


@dataclass(frozen=True)
class Symptom:
    """The label of a mistake, the sentence that it earns, how it is recognised, and the passage that helps.

    `repeated` says that it must show in half of the failures, as a wrong function must: one number may fit by luck.
    """

    label: str
    sentence: str
    fits: Fits
    look: str = ""
    repeated: bool = False


def sentence_of(function: Callable[..., object]) -> str:
    """The docstring of a function as one line. Raises ValueError where there is none."""
    text = " ".join((inspect.getdoc(function) or "").split())
    if not text:
        raise ValueError(f"{function.__name__} has no docstring: it is the sentence that the learner reads")
    return text


def slip(label: str, look: str = "", repeated: bool = False) -> Callable[[Fits], Symptom]:
    """Decorates a predicate that several exercises share; the docstring is the sentence that the learner reads."""
    return lambda fits: Symptom(label, sentence_of(fits), fits, look, repeated)
