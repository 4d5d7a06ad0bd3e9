"""The visible check: `check("soft_abs")` in a notebook says at once what is wrong with an answer."""

import inspect
import os
from dataclasses import replace
from typing import Any

import torch
from IPython.display import display

from gradlab.exercises.card import bundle
from gradlab.exercises.current import cells_run, is_run_by_hand, trouble_with
from gradlab.exercises.draw import Draw
from gradlab.exercises.judge import judge_learners
from gradlab.exercises.registry import find_exercise
from gradlab.exercises.standing import standing_after
from gradlab.exercises.verdict import SIGNS, Outcome, Verdict, not_attempted, wrong
from gradlab.exercises.way_on import way_on
from gradlab.exercises.worked import worked_answer
from gradlab.exercises.writing import text_of
from gradlab.probe import Probe


class NotRightYet(Exception):
    """Stops the test cell so that Validate sees it, in one line: the card above it has said the rest."""

    def __init__(self, verdict: Verdict):
        super().__init__(f"{verdict.exercise}: {verdict.outcome}. {verdict.message}")
        self.verdict = verdict

    def _render_traceback_(self) -> list[str]:
        if "NBGRADER_VALIDATING" in os.environ:  # Validate shows this line and not the card
            return [str(self)]
        return [f"{SIGNS[self.verdict.outcome]} {self.verdict.exercise}: {self.verdict.outcome}, see above."]


def check(exercise: str, namespace: dict[str, Any]) -> None:
    """Check the answer of this name in a namespace and show the card.

    Raises NotRightYet where it is not right and nobody is known to look at the card: Validate and nbgrader want an error.
    """
    verdict = verdict_on(exercise, namespace)
    worked = worked_answer(verdict.exercise) if verdict.right else ""
    display(bundle(verdict, worked, way_on(standing_after(verdict), verdict)), raw=True)
    if verdict.outcome is not Outcome.RIGHT and ("NBGRADER_VALIDATING" in os.environ or not is_run_by_hand()):
        raise NotRightYet(verdict)


def verdict_on(exercise: str, namespace: dict[str, Any]) -> Verdict:
    """Check the answer called `exercise` in a namespace, without showing anything."""
    try:
        asked = find_exercise(exercise)
    except KeyError:
        return wrong(exercise, "no-exercise", f"No lesson has an exercise called `{exercise}`. Check its spelling.")
    if trouble := trouble_with(exercise, namespace.get(exercise)):
        return wrong(exercise, "not-run", trouble)
    if exercise not in namespace:
        said = (
            f"There is no `{exercise}` yet. Run the cell that defines it (after a restart of the kernel every cell has "
            "to be run again), or check its spelling."
        )
        return replace(not_attempted(exercise), message=said, misconception="undefined")
    answer = namespace[exercise]
    if not callable(answer):
        return wrong(
            exercise, "not-callable", f"`{exercise}` must be a function or a class; it is {type(answer).__name__}."
        )
    with torch.enable_grad():  # a cell may have turned gradients off for the whole notebook
        return judge_learners(asked, Probe.of(answer, text_run(exercise) or source_of(answer), exercise), Draw())


def text_run(exercise: str) -> str:
    """The text of the answer and its helpers as the cells of this notebook ran, as the exam reads it; empty elsewhere."""
    return text_of(exercise, cells_run())


def source_of(answer: object) -> str:
    """The text of the file that defines an answer, or nothing.

    Of a class that was defined in a notebook Python 3.11 finds no text: where its `__init__` stands is looked up instead.
    """
    for definition in (answer, getattr(answer, "__init__", None)):
        try:
            return "".join(inspect.findsource(inspect.unwrap(definition))[0])  # type: ignore[arg-type]
        except (OSError, TypeError):
            continue
    return ""
