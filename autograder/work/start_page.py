"""The page on which a learner begins: it lists the lessons that there are, those of somebody's own too."""

import re

from autograder.notebooks.files import parse, write_bytes
from autograder.notebooks.places import ROOT
from gradlab.course import LESSONS
from gradlab.exercises.outline import outline_of

START = "lessons/start.ipynb"
LISTING = re.compile(r"^- \*\*\d+\*\* · \[.*$(?:\n- .*$)*", re.MULTILINE)


def start_page(lessons: list[str]) -> bytes:
    """The start page with one line for each of these lessons, which are built."""
    notebook = parse((ROOT / START).read_bytes(), START)
    text = notebook.cells[0].source
    notebook.cells[0].source = LISTING.sub(lambda _: "\n".join(map(_line, lessons)), text)
    return write_bytes(notebook)


def title_of(lesson: str) -> str:
    """The title of a lesson that is built; the name of its folder where nobody built it."""
    built = outline_of(lesson)
    return built.title if built else lesson


def _line(lesson: str) -> str:
    return f"- **{int(lesson[:2])}** · [{title_of(lesson)}]({lesson}/{LESSONS[lesson]}.ipynb)"
