"""Finds exercises: the modules of `gradlab.lessons.NAME.exercises` are the exercises of a lesson, by name."""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from gradlab.course import LESSONS

if TYPE_CHECKING:
    from gradlab.exercises.exercise import Exercise


def exercise_names(lesson: str) -> list[str]:
    """The names of a lesson's exercises, in the order of the alphabet; `lesson` is the folder of its notebook.

    Modules that begin with an underscore are shared by several exercises and are none. Raises KeyError for a lesson that
    the course does not have.
    """
    package = importlib.import_module(f"gradlab.lessons.{LESSONS[lesson]}")
    files = [path for folder in package.__path__ for path in Path(folder, "exercises").glob("*.py")]
    return sorted(path.stem for path in files if "." not in path.stem and not path.stem.startswith("_"))


def find_exercise(name: str) -> "Exercise":
    """The exercise of this name. Raises KeyError where no lesson has one."""
    for lesson, package in LESSONS.items():
        if name in exercise_names(lesson):
            exercise = importlib.import_module(f"gradlab.lessons.{package}.exercises.{name}").exercise
            return importlib.import_module("gradlab.exercises.recording").from_recording(exercise)
    raise KeyError(f"no lesson has an exercise called {name!r}")
