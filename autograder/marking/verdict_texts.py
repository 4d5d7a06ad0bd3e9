"""The texts of a verdict, fit to stand in a gradebook, a table and a page: a hand-in has a say in what they hold."""

from dataclasses import replace

from autograder.notebooks.strangers_texts import shortened
from gradlab.exercises.verdict import Verdict

TEXTS = ("message", "misconception", "called", "returned", "expected", "look", "traceback")
LONGEST = 4000  # characters of one text


def bounded(verdict: Verdict) -> Verdict:
    """The verdict with each of its texts bounded."""
    found = {name: getattr(verdict, name) for name in TEXTS}
    return replace(verdict, **{name: shortened(text, LONGEST) for name, text in found.items() if text})
