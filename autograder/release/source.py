"""Read a lesson's source: a percent script → a notebook with stable ids and nbgrader's metadata."""

import hashlib
from collections import Counter
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from autograder.marking.cells import TEST
from autograder.marking.reading import empty

BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
SOLUTION_TAG = "solution"


class SourceError(ValueError):
    """A fault in a lesson's source; the text reads `file: cell: what to do`."""


def read_source(path: Path) -> NotebookNode:
    """The source notebook, answers included. Raises SourceError for what nbgrader could not use.

    A cell's header says what it is: `grade_id="soft_abs"` an answer, `grade_id="test-soft-abs" points=2` its test,
    `[markdown] grade_id="why-kink" points=3` a text answer marked by a person, `tags=["solution"]` for authors only.
    """
    script = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    notebook = empty()
    seen: Counter = Counter()
    for position, cell in enumerate(script.cells, 1):
        notebook.cells.append(_clean(cell, f"{path.name}: cell {position}", seen))
    return notebook


def _clean(cell: NotebookNode, where: str, seen: Counter) -> NotebookNode:
    make = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "raw": nbformat.v4.new_raw_cell,
    }
    clean = make[cell.cell_type](cell.source)
    name, points = cell.metadata.get("grade_id"), cell.metadata.get("points")
    tags = list(cell.metadata.get("tags", []))
    unknown = set(cell.metadata) - {"grade_id", "points", "tags", "lines_to_next_cell", "cell_marker", "title"}
    if unknown:
        raise SourceError(
            f"{where}: the header holds {', '.join(sorted(unknown))}; only grade_id, points and tags mean something"
        )
    if name is not None:
        clean.metadata["nbgrader"] = _nbgrader_metadata(cell, name, points, where)
        if name.startswith(TEST):
            tags.append("raises-exception")  # an unsolved exercise must not stop "Run all"
    elif points is not None:
        raise SourceError(f"{where}: points without grade_id; name the cell")
    if tags:
        clean.metadata["tags"] = tags
    clean.id = _cell_id(clean, name, seen)
    return clean


def _nbgrader_metadata(cell: NotebookNode, name: str, points: object, where: str) -> dict:
    test, manual = name.startswith(TEST), cell.cell_type == "markdown"
    if (test or manual) and not isinstance(points, (int, float)):
        raise SourceError(f"{where}: {name} needs points=…")
    if not (test or manual) and points is not None:
        raise SourceError(f"{where}: {name} is an answer; its points belong to its test cell")
    if not test and BEGIN_SOLUTION not in cell.source:
        raise SourceError(f"{where}: the answer {name} has no {BEGIN_SOLUTION} … ### END SOLUTION")
    metadata = {
        "grade": test or manual,
        "grade_id": name,
        "locked": test,
        "schema_version": 3,
        "solution": not test,
        "task": False,
    }
    return metadata | ({"points": points} if test or manual else {})


def _cell_id(cell: NotebookNode, name: str | None, seen: Counter) -> str:
    """The grade_id, else a hash of type and source; equal cells are numbered."""
    if name is not None:
        return name
    digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
    seen[digest] += 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def without_solution_cells(notebook: NotebookNode) -> NotebookNode:
    """The notebook without the cells that only authors see."""
    kept = nbformat.from_dict(notebook)
    kept.cells = [cell for cell in notebook.cells if SOLUTION_TAG not in cell.metadata.get("tags", [])]
    return kept


def worked_answers(notebook: NotebookNode) -> dict[str, str]:
    """Exercise → the author's answer, without the markers."""
    return {
        cell.metadata.nbgrader.grade_id: "\n".join(
            line for line in cell.source.splitlines() if not line.strip().startswith("### ")
        )
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def write_bytes(notebook: NotebookNode) -> bytes:
    """The notebook file: the same bytes for the same notebook, on every machine."""
    return (nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n").encode("utf-8").replace(b"\r\n", b"\n")
