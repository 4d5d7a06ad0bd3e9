"""Finds exercises: the modules of `gradlab.lessons.NAME.exercises` are the exercises of a lesson, by name."""

import importlib
from typing import TYPE_CHECKING

from gradlab.course import LESSONS, lesson_package

if TYPE_CHECKING:
    from gradlab.exercises.exercise import Exercise


def exercise_names(lesson: str) -> list[str]:
    """The names of a lesson's exercises, in the order of the alphabet; `lesson` is the folder of its notebook.

    Modules that begin with an underscore are shared by several exercises and are none. Raises KeyError for a lesson that
    the course does not have.
    """
    files = (lesson_package(lesson) / "exercises").glob("*.py")
    return sorted(path.stem for path in files if "." not in path.stem and not path.stem.startswith("_"))


def find_exercise(name: str) -> "Exercise":
    """The exercise of this name. Raises KeyError where no lesson has one."""
    exercise = importlib.import_module(f"gradlab.lessons.{LESSONS[lesson_with(name)]}.exercises.{name}").exercise
    return importlib.import_module("gradlab.exercises.recording").from_recording(exercise)


def lesson_with(exercise: str) -> str:
    """The folder of the lesson that has an exercise of this name. Raises KeyError where none has."""
    for lesson in LESSONS:
        if exercise in exercise_names(lesson):
            return lesson
    raise KeyError(f"no lesson has an exercise called {exercise!r}")
