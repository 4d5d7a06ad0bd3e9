"""Small lessons for these tests, with ids and checksums as the release writes them, and a newer edition of each."""

import copy

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.notebooks.cells import content_id, nbgrader_metadata
from autograder.notebooks.files import empty
from autograder.notebooks.settings import STUB, TEXT_STUB


def text(source: str, kind: str = "markdown") -> NotebookNode:
    """A cell without a name."""
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}[kind]
    return make(source, id=content_id(kind, source))


def named(source: str, name: str, *, kind: str = "code", grade: bool, solution: bool) -> NotebookNode:
    """A cell that nbgrader knows."""
    cell = text(source, kind)
    cell.id = name
    graded = {"grade": grade, "solution": solution, "grade_id": name, "locked": not solution, "task": False}
    cell.metadata["nbgrader"] = {**graded, "schema_version": 3, **({"points": 2} if grade else {})}
    return sealed(cell)


def sealed(cell: NotebookNode) -> NotebookNode:
    """The cell with the sign of its text: a checksum, or an id made from it."""
    if nbgrader_metadata(cell):
        cell.metadata.nbgrader.checksum = compute_checksum(cell)
    else:
        cell.id = content_id(cell.cell_type, cell.source)
    return cell


def answer(name: str, doc: str = "The task.") -> list[NotebookNode]:
    """A stub and its check."""
    stub = f'def {name}(x):\n    """{doc}"""\n    {STUB}'
    return [
        named(stub, name, grade=False, solution=True),
        named(f'check("{name}")', f"test-{name}", grade=True, solution=False),
    ]


def lesson(*cells: NotebookNode) -> NotebookNode:
    notebook = empty()
    notebook.cells = [copy.deepcopy(cell) for cell in cells]
    return notebook


def first_edition() -> NotebookNode:
    """Texts, a demonstration, a prediction, two answers of code and one of text."""
    return lesson(
        text("# A lesson\n\nWhat it is about, in some words."),
        text("import torch", "code"),
        text('<a id="one"></a>\n\n## 1 · One\n\nThe first part explains a thing or two.'),
        text("lam = 0.5\nprint(lam)", "code"),
        text('predict("sign", …)', "code"),
        *answer("soft"),
        text("## 2 · Two\n\nThe second part goes on."),
        *answer("hard"),
        text("**Why?** Say it in a sentence."),
        named(TEXT_STUB, "why", kind="markdown", grade=True, solution=True),
        text("That was all."),
    )
