"""Visible checks: `check("soft_abs")` in a notebook says at once what is wrong with an answer."""

import importlib
import inspect
import os
import sys
from collections.abc import Callable

from gradlab.exercises.verdict import SIGNS, Outcome, Verdict, wrong
from gradlab.course import LESSONS
from gradlab.probe import Probe

Check = Callable[[Probe], Verdict]


class NotRightYet(Exception):
    """Stops the test cell so that Validate sees it, in one line: the card above it has said the rest."""

    def __init__(self, verdict: Verdict):
        super().__init__(f"{verdict.exercise}: {verdict.outcome}. {verdict.message}")
        self.verdict = verdict

    def _render_traceback_(self) -> list[str]:
        if "NBGRADER_VALIDATING" in os.environ:  # Validate shows this line and not the card
            return [str(self)]
        return [f"{SIGNS[self.verdict.outcome]} {self.verdict.exercise}: {self.verdict.outcome}, see above."]


def find_check(exercise: str) -> Check:
    """The check of an exercise; raises KeyError if no lesson has an exercise of that name."""
    from gradlab.exercises.judge import judge
    from gradlab.exercises.draw import Draw
    from gradlab.exercises.registry import find_exercise

    try:
        found = find_exercise(exercise)
        return lambda probe: judge(found, probe, Draw())
    except KeyError:
        pass
    for lesson in LESSONS.values():
        try:
            checks = importlib.import_module(f"gradlab.checks.{lesson}").CHECKS
        except ModuleNotFoundError as error:
            if error.name != f"gradlab.checks.{lesson}":
                raise
            continue
        if exercise in checks:
            return checks[exercise]
    raise KeyError(f"no lesson has an exercise called {exercise!r}")


def verdict_on(exercise: str, namespace: dict) -> Verdict:
    """Check the answer called `exercise` in a namespace, without showing anything."""
    if exercise not in namespace:
        return wrong(
            exercise,
            "undefined",
            f"There is no `{exercise}` yet. Run the cell that defines it (after a restart of the kernel every cell has "
            "to be run again), or check its spelling.",
        )
    answer = namespace[exercise]
    if not callable(answer):
        return wrong(exercise, "not-callable", f"`{exercise}` must be a function or a class; it is {type(answer).__name__}.")
    return find_check(exercise)(Probe.of(answer, source_of(answer)))


def source_of(answer: object) -> str:
    """The text of the cell (or file) that defines an answer, its helpers there included, as the exam reads it; else nothing.

    Of a class that was defined in a notebook Python 3.11 finds no text: where its `__init__` stands is looked up instead.
    """
    for definition in (answer, getattr(answer, "__init__", None)):
        try:
            return "".join(inspect.findsource(inspect.unwrap(definition))[0])
        except (OSError, TypeError):
            continue
    return ""


def check(exercise: str) -> None:
    """Check the answer of that name in the notebook, show the verdict, and stop the cell if it is not right."""
    from IPython.display import display

    from gradlab.exercises.card import bundle
    from gradlab.exercises.worked import worked_answer

    verdict = verdict_on(exercise, sys._getframe(1).f_globals)
    display(bundle(verdict, worked_answer(exercise) if verdict.right else ""), raw=True)
    if verdict.outcome is not Outcome.RIGHT:
        raise NotRightYet(verdict)
