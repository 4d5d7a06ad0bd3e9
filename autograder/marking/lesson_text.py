"""The lesson's own text, to tell what a learner added to a notebook."""

from functools import cache

import nbformat

from autograder.notebooks.places import lesson_path
from gradlab.course import LESSONS


def plain(text: str) -> str:
    """A text without differences of white space."""
    return " ".join(text.split())


@cache
def texts_of_lesson(lesson: str) -> frozenset[str]:
    """The text of every cell of the lesson as it is handed out; nothing where it is not to be had."""
    if lesson not in LESSONS or not lesson_path(lesson).exists():
        return frozenset()
    return frozenset(plain(cell.source) for cell in nbformat.read(lesson_path(lesson), as_version=4).cells)
