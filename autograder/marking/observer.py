"""Whether code names what looks at answers during an exam, as Python reads it and not as it is spelled."""

import ast
import re
from collections.abc import Iterable, Iterator

from gradlab.exercises.writing import python_text

LOOKS = re.compile(
    r"gradlab\.(?:probe|answers|EXAM_SOCKET)\b|GRADLAB_EXAM_FD|\bgetsource(?:lines|file)?\b|\b(?:not|only)_for\b"
)
"""The names of what looks at answers during an exam, and of what copies a function of the course; no lesson needs them."""
WRITTEN_IMPORT = re.compile(r"from\s+gradlab\s+import\s+(\([^)]*+|[^\n]*+)")
WRITTEN_NAME = re.compile(r"\b(?:probe|answers)\b")


def observers_named(cells: Iterable[str]) -> list[str]:
    """The names of that kind which some cell of a notebook holds."""
    texts = list(cells)
    trees = [tree for text in texts if (tree := _tree(text)) is not None]
    packages = {bound for tree in trees for bound in _packages(tree)}
    read = [name for tree in trees for name in _names(tree, packages)]
    found = {name for text in (*texts, *read) for name in LOOKS.findall(text)}
    # A program within a text is no code of Python's yet.
    written = [names for text in texts for names in WRITTEN_IMPORT.findall(text)]
    return sorted(found | {f"gradlab.{name}" for names in written for name in WRITTEN_NAME.findall(names)})


def _tree(cell: str) -> ast.Module | None:
    """The cell as Python reads it; None where it is no Python, and does not run."""
    try:
        return ast.parse(python_text(cell))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _packages(tree: ast.Module) -> Iterator[str]:
    """The names under which the cell has the package `gradlab`; "" where it takes all that is in it."""
    yield "gradlab"
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.asname for each in node.names if each.name == "gradlab" and each.asname)
        elif isinstance(node, ast.ImportFrom) and node.module == "gradlab":
            yield from ("" for each in node.names if each.name == "*")


def _names(tree: ast.Module, packages: set[str]) -> Iterator[str]:
    """All names and texts of the cell, each in its one plain spelling."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Attribute):
            package = isinstance(node.value, ast.Name) and node.value.id in packages
            yield f"gradlab.{node.attr}" if package else node.attr
        elif isinstance(node, ast.Name):
            yield f"gradlab.{node.id}" if "" in packages else node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
