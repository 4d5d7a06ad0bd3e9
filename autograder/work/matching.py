"""Which cell of a lesson a cell of the work is, and whether the learner has changed it."""

import ast
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.notebooks.cells import content_id, grade_id, nbgrader_metadata, tree_of

Text = tuple[str, str]  # type and text of a cell
OWN = "own-"  # how the id of a cell begins that stands in no lesson


def text_of(cell: NotebookNode) -> Text:
    """Type and text of a cell, without the blanks at the ends of lines that editors take away."""
    return cell.cell_type, "\n".join(line.rstrip() for line in cell.source.splitlines()).strip()


@dataclass
class Lesson:
    """A lesson's cells, and how they are found: by id, by the name of an answer or a prediction, by text."""

    cells: list[NotebookNode]
    by_id: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, int] = field(default_factory=dict)
    by_text: dict[Text, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, notebook: NotebookNode) -> "Lesson":
        """The lesson in a notebook as it was handed out."""
        lesson = cls(list(notebook.cells))
        for place, cell in enumerate(lesson.cells):
            lesson.by_id[cell.get("id", "")] = place
            for name in names_of(cell):
                lesson.by_name.setdefault(name, place)
            lesson.by_text.setdefault(text_of(cell), []).append(place)
        return lesson


def names_of(cell: NotebookNode) -> Iterator[str]:
    """The names under which a cell may be found when it lost its id: those of nbgrader, of a prediction, of an answer."""
    if name := grade_id(cell):
        yield f"grade_id {name}"
        if nbgrader_metadata(cell).get("solution") and cell.cell_type == "code":
            yield f"defines {name}"
    yield from (f"predict {name}" for name in predictions(cell))


def lost_names(cell: NotebookNode) -> Iterator[str]:
    """The names under which a cell of the work is looked for."""
    yield from names_of(cell)
    if cell.cell_type == "code":
        yield from (f"defines {name}" for name in _definitions(cell.source))


def predictions(cell: NotebookNode) -> Iterator[str]:
    """The first arguments of calls `predict("name", …)` in a code cell."""
    if cell.cell_type != "code" or "predict" not in cell.source:
        return
    tree = tree_of(cell.source)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "predict":
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
    if tree is None:  # an answer that is not Python yet
        yield from re.findall(r"""\bpredict\(\s*["']([^"']+)["']""", cell.source)


def _definitions(source: str) -> list[str]:
    tree = tree_of(source)
    if tree is None:
        return re.findall(r"^(?:def|class)\s+(\w+)", source, re.MULTILINE)
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node.name for node in tree.body if isinstance(node, definitions)]


def as_handed_out(cell: NotebookNode, known: set[Text]) -> bool:
    """Is this cell still as a lesson gave it, of whatever edition?

    A cell of a lesson says so itself: nbgrader's checksum or the cell's id was made from its text. `known` are texts of
    editions that are at hand, for cells that lost both.
    """
    checksum = nbgrader_metadata(cell).get("checksum")
    if checksum is not None:
        try:
            return checksum == compute_checksum(cell)
        except (KeyError, TypeError, AttributeError):
            return False
    if text_of(cell) in known:
        return True
    made, _, number = cell.get("id", "").partition("-")
    return made == content_id(cell.cell_type, cell.source) and (not number or number.isdigit())


def is_answer(cell: NotebookNode) -> bool:
    """Is this a cell of a lesson that the learner fills in?"""
    return bool(nbgrader_metadata(cell).get("solution")) or any(predictions(cell))


def own_id(cell: NotebookNode, taken: set[str]) -> str:
    """An id for a cell of the learner's: its own where no lesson's cell has it, else one made from its text."""
    name = cell.get("id") or ""
    if not name or name in taken or as_handed_out(cell, set()):
        name = OWN + hashlib.sha256("\n".join(text_of(cell)).encode()).hexdigest()[:12]
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free
