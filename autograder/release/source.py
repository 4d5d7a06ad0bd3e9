"""Read a lesson's source: a percent script → a notebook with stable ids and nbgrader's metadata."""

import re
from collections import Counter
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from autograder.notebooks.cells import TEST, content_id, nbgrader_metadata, test_cell_name
from autograder.notebooks.files import empty

BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
SOLUTION_TAG = "solution"
MAY_FAIL = "raises-exception"  # an unsolved exercise must not stop "Run all"
PREDICT = re.compile(r'^predict\("(\w+)", \.\.\.\)$', re.MULTILINE)
TEST_CELL = 'check("{exercise}")'


class SourceError(ValueError):
    """A fault in a lesson's source; the text reads `file: cell: what to do`."""


def read_source(path: Path) -> NotebookNode:
    """The source notebook, answers included. Raises SourceError for what nbgrader could not use.

    A cell's header says what it is: `grade_id="soft_abs" points=2` an answer, whose test cell is written here;
    `[markdown] grade_id="why-kink" points=3` a text answer marked by a person, `tags=["solution"]` for authors only.
    An answer without points is followed by a test cell of the author's own, `grade_id="test-…" points=2`.
    """
    script = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    notebook = empty()
    seen: Counter[str] = Counter()
    for position, cell in enumerate(script.cells, 1):
        where = f"{path.name}: cell {position}"
        clean = _clean(cell, where, seen)
        notebook.cells.append(clean)
        points = cell.metadata.get("points")
        if points is not None and clean.metadata.nbgrader.solution and not clean.metadata.nbgrader.grade:
            notebook.cells.append(_test_cell(clean.metadata.nbgrader.grade_id, points))
    return notebook


def _test_cell(exercise: str, points: float) -> NotebookNode:
    """The cell in which a learner checks an answer, and in whose place the grader examines it."""
    cell = nbformat.v4.new_code_cell(TEST_CELL.format(exercise=exercise), id=test_cell_name(exercise))
    cell.metadata["nbgrader"] = _nbgrader_metadata(test_cell_name(exercise), grade=True, solution=False, points=points)
    cell.metadata["tags"] = [MAY_FAIL]
    return cell


def _clean(cell: NotebookNode, where: str, seen: Counter[str]) -> NotebookNode:
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
    if points is not None and not isinstance(points, (int, float)):
        raise SourceError(f"{where}: points={points!r} is no number")
    if name is not None:
        clean.metadata["nbgrader"] = _graded(cell, name, points, where)
        if name.startswith(TEST):
            tags.append(MAY_FAIL)
    elif points is not None:
        raise SourceError(f"{where}: points without grade_id; name the cell")
    if PREDICT.fullmatch(clean.source):
        tags.append(MAY_FAIL)  # a word that was typed without quotation marks
    if tags:
        clean.metadata["tags"] = tags
    clean.id = _cell_id(clean, name, seen)
    return clean


def _graded(cell: NotebookNode, name: str, points: float | None, where: str) -> dict[str, object]:
    """nbgrader's metadata of a named cell of the source."""
    test, manual = name.startswith(TEST), cell.cell_type == "markdown"
    if (test or manual) and points is None:
        raise SourceError(f"{where}: {name} needs points=…")
    if not test and BEGIN_SOLUTION not in cell.source:
        raise SourceError(f"{where}: the answer {name} has no {BEGIN_SOLUTION} … ### END SOLUTION")
    return _nbgrader_metadata(name, grade=test or manual, solution=not test, points=points)


def _nbgrader_metadata(name: str, *, grade: bool, solution: bool, points: float | None) -> dict[str, object]:
    metadata: dict[str, object] = {
        "grade": grade,
        "grade_id": name,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return metadata | ({"points": points} if grade else {})


def _cell_id(cell: NotebookNode, name: str | None, seen: Counter) -> str:
    """The grade_id, else a hash of type and source; equal cells are numbered."""
    if name is not None:
        return name
    digest = content_id(cell.cell_type, cell.source)
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
        if nbgrader_metadata(cell).get("solution")
    }
