"""Whatever a hand-in says, a verdict's texts are bounded, and the verdict is the same."""

import nbformat
import pytest

from autograder.marking.configuration import marking
from autograder.marking.hand_in import HandIn, examine_hand_in
from autograder.marking.verdict_texts import LONGEST, TEXTS, bounded
from gradlab.exercises.verdict import Outcome, Verdict
from tests.autograder.desk.hand_ins import filled
from tests.autograder.notebooks.test_strangers_texts import highest_pile
from tests.green.both_sides import source_of

LESSON, NOTEBOOK = "00-start-here", "start_here"
LONG = ["A" * 3_000_000, "M" + "\u0305" * 100_000, "word " * 100_000]


@pytest.mark.parametrize("text", LONG, ids=["letters", "signs", "words"])
@pytest.mark.parametrize("name", TEXTS)
def test_each_text_is_bounded(name, text):
    verdict = bounded(Verdict(**{"outcome": Outcome.WRONG, "exercise": "x", "message": ""} | {name: text}))
    assert (verdict.outcome, verdict.exercise) == (Outcome.WRONG, "x")
    assert len(getattr(verdict, name)) <= LONGEST and highest_pile(verdict.text) < 9


@pytest.mark.parametrize("message", ["", "A plain sentence with `code`, ℝ and é.", "word " * 500])
def test_ordinary_verdict_stays_as_it_is(message):
    verdict = Verdict(Outcome.HALF, "x", message, "label", called="f(1)", look="“A passage”", traceback="a\nb\n")
    assert bounded(verdict) == verdict


NAMED = 'raise type("A" * 3_000_000, (Exception,), {})'
SAID = 'raise ValueError("x" + "\\u0305" * 100_000)'


@pytest.mark.parametrize("fault", [NAMED, SAID], ids=["name", "words"])
@pytest.mark.parametrize("where", ["in its cell", "in the answer"])
def test_fault_of_any_length_makes_a_mark_of_some_length(fault, where):
    answer = "def gradient(f, x):\n    " + (fault if where == "in the answer" else "pass")
    if where == "in its cell":
        answer += f"\ndel gradient\n{fault}"
    data = nbformat.writes(filled(LESSON, {"gradient": answer})).encode()
    hand_in = HandIn("ada", LESSON, NOTEBOOK, {f"{NOTEBOOK}.ipynb": data}, source_of(LESSON), marking())
    examined = examine_hand_in(hand_in)
    verdict = examined.verdicts["gradient"]
    assert verdict.outcome is Outcome.WRONG and len(verdict.text) < 2 * LONGEST and highest_pile(verdict.text) < 9
    cells = nbformat.reads(examined.notebook, as_version=4).cells
    assert verdict.message in [cell.metadata["gradlab"].get("message") for cell in cells if "gradlab" in cell.metadata]
