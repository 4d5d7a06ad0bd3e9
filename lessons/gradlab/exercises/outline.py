"""What the lessons hold, in short, as the build wrote it: sections with their explorers, exercises with points and minutes."""

import json
from dataclasses import dataclass
from functools import cache

from gradlab.course import LESSONS, brought_by


@dataclass(frozen=True)
class Task:
    """An exercise or a text question: where it stands, what it is worth, how long it takes."""

    name: str
    title: str
    anchor: str
    minutes: int
    points: float
    by_hand: bool


@dataclass(frozen=True)
class Section:
    """A heading of a lesson and the explorers below it."""

    title: str
    anchor: str
    explorers: tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """A lesson in short; `lesson` is the folder of its notebook."""

    lesson: str
    title: str
    minutes: int
    sections: tuple[Section, ...]
    tasks: tuple[Task, ...]

    @property
    def points(self) -> float:
        """All that can be earned."""
        return sum(task.points for task in self.tasks)


@cache
def outline_of(lesson: str) -> Outline | None:
    """The outline of a lesson; None where it has not been built, or while hand-ins are marked."""
    path = brought_by(lesson) / "outlines" / f"{lesson}.json"
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    sections = tuple(Section(each["title"], each["anchor"], tuple(each["explorers"])) for each in found["sections"])
    return Outline(
        lesson, found["title"], found["minutes"], sections, tuple(Task(**each) for each in found["exercises"])
    )


def outline_with(exercise: str) -> Outline | None:
    """The outline of the lesson that has this exercise; None where none has."""
    outlines = filter(None, map(outline_of, LESSONS))
    return next((each for each in outlines if any(task.name == exercise for task in each.tasks)), None)
