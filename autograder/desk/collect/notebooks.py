"""Whether a file holds a notebook, and of which lesson: by its content, whatever it is called."""

import html
import json
import re
from dataclasses import dataclass
from functools import cache

import nbformat

from autograder.marking.pieces import TookTooLong, piece
from autograder.notebooks.cells import grade_id
from autograder.notebooks.places import lesson_path
from gradlab.course import LESSONS

COPY_NUMBER = re.compile(r"(?:-\d+| ?\(\d+\))$")
ENDINGS = re.compile(r"(?:\.(?:ipynb|json|txt|html?))+$", re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")
SECONDS = 30.0  # for one file; an honest one needs less than one
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
WORDS = (b'"cells"', b'"worksheets"', b"&quot;")
NO_NOTEBOOK = "it holds no notebook; ask for the .ipynb file itself"


@dataclass(frozen=True)
class Content:
    """What a file turned out to be: a notebook or not, and why not; the lesson whose cells are in it, if any are."""

    is_notebook: bool = False
    lesson: str = ""
    reason: str = ""


def read_content(task: tuple[bytes, str]) -> Content:
    """What is in a file of this name; what no program can read is no notebook, whatever it does to the program."""
    try:
        with piece("reading it", SECONDS):
            return _content(*task)
    except TookTooLong as reason:
        return Content(reason=str(reason))
    except MemoryError:
        return Content(reason="it needs too much memory to be read")
    except Exception as error:  # json, html and nbformat each have their own
        return Content(reason=f"it cannot be read ({type(error).__name__})")


def cannot_be_a_notebook(data: bytes) -> bool:
    """Whether a look at the bytes is enough: the words that every notebook holds are not there."""
    return not data.startswith(tuple(mark for mark, _ in MARKS)) and not any(word in data for word in WORDS)


def no_notebook(data: bytes, name: str) -> Content:
    """What is said of a file that holds none."""
    cut = name.lower().endswith(".ipynb") and data.lstrip()[:1] == b"{"
    return Content(reason="the file was cut off on the way, or damaged; ask for it again" if cut else NO_NOTEBOOK)


def _content(data: bytes, name: str) -> Content:
    cells = _cells(_notebook_in(data))
    return no_notebook(data, name) if cells is None else Content(True, _lesson_of(cells))


def notebook_in(data: bytes) -> bytes:
    """The bytes of the notebook in a file, also where a browser saved it as a page; anything else as it is."""
    try:
        with piece("reading it", SECONDS):
            return _notebook_in(data)
    except (TookTooLong, MemoryError):
        return data


def can_be_a_page(data: bytes) -> bool:
    """Whether there may be a notebook in a page, as far as a look at the bytes tells."""
    return b"&quot;" in data


def _notebook_in(data: bytes) -> bytes:
    if can_be_a_page(data) and _cells(data) is None:
        return html.unescape(TAG.sub("", _decoded(data))).encode(errors="replace")
    return data


def is_called(name: str, notebook: str) -> bool:
    """Whether a file has this notebook's name, also with a copy's number or with an ending that a browser added."""
    stem = ENDINGS.sub("", name).lower()
    return notebook.lower() in (stem, COPY_NUMBER.sub("", stem))


def _decoded(data: bytes) -> str:
    encoding = next((encoding for mark, encoding in MARKS if data.startswith(mark)), "utf-8")
    return data.decode(encoding, errors="replace")


def _cells(data: bytes) -> list | None:
    """The cells of a notebook, of an old format too; None for what is none."""
    try:
        notebook = json.loads(_decoded(data))
        cells = notebook.get("cells")
        return cells if isinstance(cells, list) else notebook["worksheets"][0]["cells"]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return None


def _lesson_of(cells: list) -> str:
    """The lesson most of whose cells are there; "" where no cell is of any lesson."""
    names = set()
    for cell in cells:
        metadata = cell.get("metadata") if isinstance(cell, dict) else None
        known = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        name = known.get("grade_id") if isinstance(known, dict) else None
        names |= {name} if isinstance(name, str) else set()
    shares = {lesson: len(names & ids) for lesson, ids in cells_of_lessons().items()}
    best = max(shares, key=lambda lesson: shares[lesson], default="")
    return best if best and shares[best] else ""


@cache
def cells_of_lessons() -> dict[str, frozenset[str]]:
    """Lesson → the names of its answers and tests, of every lesson that is built."""
    found = {}
    for lesson in LESSONS:
        if lesson_path(lesson).exists():
            notebook = nbformat.read(lesson_path(lesson), as_version=4)
            found[lesson] = frozenset(name for cell in notebook.cells if (name := grade_id(cell)))
    return found
