"""Finds predictions: the variables of `gradlab.lessons.NAME.predictions` are those of a lesson, by name."""

import importlib

from gradlab.course import LESSONS, lesson_package
from gradlab.predictions.kinds import Prediction


def predictions_of(lesson: str) -> dict[str, Prediction]:
    """Name → prediction of a lesson, in the order of its file; nothing where the lesson has none.

    Raises KeyError for a lesson that the course does not have.
    """
    if not (lesson_package(lesson) / "predictions.py").exists():
        return {}
    module = importlib.import_module(f"gradlab.lessons.{LESSONS[lesson]}.predictions")
    return {name: value for name, value in vars(module).items() if isinstance(value, Prediction)}


def find_prediction(name: str) -> Prediction:
    """The prediction of this name. Raises KeyError where no lesson has one."""
    for lesson in LESSONS:
        if (found := predictions_of(lesson).get(name)) is not None:
            return found
    raise KeyError(f"no lesson asks for a prediction called {name!r}")
