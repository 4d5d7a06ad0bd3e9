"""gradlab: the helper package behind every lesson.

Lessons import `check`, `predict`, `reveal` and `model_answer` from here, the mathematics from `gradlab.maths`, and their figures
from `gradlab.lessons.NAME`.
Nothing heavy is imported here.
"""

import importlib
import os
import sys
from typing import Any

__version__ = "0.1.0"

EXAM_SOCKET = "GRADLAB_EXAM_FD"
"""The environment variable that is set while a hand-in is marked: the socket over which the grader looks at answers."""


def check(exercise: object) -> None:
    """Check the answer of that name in the notebook, show the verdict, and stop the cell if it is not right.

    `exercise` is the name of the answer, or the answer itself. While a hand-in is marked the grader is asked to look at
    the answer instead, as it is here and now; what judges it is not in the hand-in's process.
    """
    namespace = sys._getframe(1).f_globals
    name = _name_of(exercise, namespace)
    if EXAM_SOCKET in os.environ:
        importlib.import_module("gradlab.probe.examine").examine(name, namespace)
    else:
        importlib.import_module("gradlab.exercises.check").check(name, namespace)


def predict(name: str = "", *prediction: object, **named: object) -> None:
    """Keep a prediction, typed in place of `...`, and say so; nothing depends on it, and no guess costs points."""
    keep = importlib.import_module("gradlab.predictions.keep")
    keep.predict(name, (*prediction, *named.items()), quiet=EXAM_SOCKET in os.environ)


def reveal(name: str = "") -> None:
    """Show what was predicted under this name beside what is."""
    importlib.import_module("gradlab.predictions.keep").reveal(name, quiet=EXAM_SOCKET in os.environ)


def model_answer(question: str) -> None:
    """Show, folded, the author's answer to a question that is answered in words; nothing while a hand-in is marked."""
    if EXAM_SOCKET not in os.environ:
        importlib.import_module("gradlab.exercises.worked").show_model_answer(question)


def _name_of(exercise: object, namespace: dict[str, Any]) -> str:
    """The name of the answer: a text, or what the namespace calls this object."""
    if isinstance(exercise, str):
        return exercise
    found = (name for name, value in namespace.items() if value is exercise and not name.startswith("_"))
    return next(found, getattr(exercise, "__name__", str(exercise)))


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and getattr(ipython, "get_ipython", lambda: None)() is not None


if _in_notebook() and EXAM_SOCKET not in os.environ:  # checks want to know which cells were run
    importlib.import_module("gradlab.exercises.current").remember_cells()
