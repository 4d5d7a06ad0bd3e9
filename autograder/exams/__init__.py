"""Hidden exams: pure functions (probe, generator) → Verdict that only ever run in the grader's process."""

import importlib
from collections.abc import Callable

import torch

from gradlab.course import LESSONS
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Probe

Exam = Callable[[Probe, torch.Generator], Verdict]


def exams_of(lesson: str) -> dict[str, Exam]:
    """The exams of a lesson by exercise, in the lesson's order. Raises KeyError for a lesson that the course has not."""
    from gradlab.exercises.draw import Draw
    from gradlab.exercises.judge import judge
    from gradlab.exercises.registry import exercise_names, find_exercise

    exams = dict(importlib.import_module(f"autograder.exams.{LESSONS[lesson]}").EXAMS)
    for name in exercise_names(lesson):
        exams[name] = lambda probe, generator, name=name: judge(
            find_exercise(name), probe, Draw(generator.initial_seed())
        )
    return exams


def lesson_of(exercise: str) -> str:
    """The lesson folder that an exercise belongs to. Raises KeyError if no lesson has it."""
    for lesson in LESSONS:
        try:
            if exercise in exams_of(lesson):
                return lesson
        except ModuleNotFoundError as error:
            if error.name != f"autograder.exams.{LESSONS[lesson]}":
                raise
    raise KeyError(f"no lesson has an exercise called {exercise!r}")
