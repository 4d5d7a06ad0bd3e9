"""Names of cells: what nbgrader calls them, which test cell belongs to which exercise, ids made from their text."""

import ast
import hashlib
import re
from typing import Any

from nbformat import NotebookNode

TEST = "test-"
VERDICTS = "gradlab_verdicts"
"""The key of nbconvert's resources under which the grader's verdicts travel."""
ANCHOR = re.compile(r'<a id="[^"]*"></a>\n\n')  # the release puts one before every heading, after ids were made


def nbgrader_metadata(cell: NotebookNode) -> dict[str, Any]:
    """What nbgrader wrote into the cell; empty where it is missing, or where another editor left something else."""
    metadata = cell.get("metadata")
    known = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return known if isinstance(known, dict) else {}


def grade_id(cell: NotebookNode) -> str | None:
    """The cell's grade_id, if nbgrader knows the cell."""
    name = nbgrader_metadata(cell).get("grade_id")
    return name if isinstance(name, str) else None


def test_cell_name(exercise: str) -> str:
    """soft_threshold → test-soft-threshold"""
    return TEST + exercise.replace("_", "-")


def exercises_by_test(exercises: list[str]) -> dict[str, str]:
    """test-soft-threshold → soft_threshold, for every exercise of a lesson."""
    return {test_cell_name(exercise): exercise for exercise in exercises}


def content_id(cell_type: str, source: str) -> str:
    """The id of a lesson's cell without a name, which is made from its type and its text."""
    return hashlib.sha256(f"{cell_type}\n{ANCHOR.sub('', source)}".encode()).hexdigest()[:12]


def tree_of(source: str) -> ast.Module | None:
    """The code of a cell, with the lines of IPython's own left out; None for what is no Python."""
    lines = ["pass" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
