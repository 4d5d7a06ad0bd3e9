"""Which code decides the marks of a lesson: whoever edits another lesson's exam does not have this one's hand-ins run again."""

import ast
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import torch

import autograder
import gradlab
from gradlab.lessons import LESSONS

HOME = (
    Path(autograder.__file__).parents[1],
    Path(gradlab.__file__).parents[1],
)  # what `autograder` and `gradlab` lie in
FOLDERS = ("autograder/exams", "autograder/marking", "gradlab")
ALWAYS = (
    "autograder.marking.hand_in",
    "autograder.marking.scoring",
    "autograder.sandbox.limits",
    "gradlab.probe.examine",
    "gradlab.exercises.card",
    "gradlab.exercises.worked",
)


def code_version(lesson: str, hand_in: Iterable[bytes], home: tuple[Path, Path] = HOME) -> str:
    """A hash of the code that a mark of this lesson can depend on, with the version of torch.

    That is the lesson's exams, its checks and those of the lessons before it, how hand-ins are run and marked, whatever of
    gradlab these import, and any module of gradlab whose name occurs in the hand-in's code.
    """
    return _hash(lesson, named_in(hand_in, home), home)


def named_in(hand_in: Iterable[bytes], home: tuple[Path, Path] = HOME) -> frozenset[str]:
    """The modules of gradlab whose name, without what stands before its last dot, is a word of the hand-in's code."""
    words = {word for data in hand_in for word in re.findall(r"\w+", _without_prose(data))}
    return frozenset(name for name in _known(home) if name.startswith("gradlab") and name.split(".")[-1] in words)


def _without_prose(data: bytes) -> str:
    """A notebook without the text cells that are nobody's answer; any other file as it is."""
    try:
        cells = json.loads(data)["cells"]
        return str(
            [cell["source"] for cell in cells if cell["cell_type"] != "markdown" or "nbgrader" in cell["metadata"]]
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return data.decode(errors="replace")


@cache
def _hash(lesson: str, named: frozenset[str], home: tuple[Path, Path]) -> str:
    digest = hashlib.sha256(torch.__version__.encode())
    for name in sorted(modules(lesson, named, home)):
        digest.update(f"{name}\0".encode() + _known(home)[name].read_bytes())
    return digest.hexdigest()


def modules(lesson: str, named: Iterable[str] = (), home: tuple[Path, Path] = HOME) -> set[str]:
    """The modules that the marks of a lesson depend on, given those that the hand-in names."""
    notebooks = list(LESSONS.values())
    until = notebooks[: notebooks.index(LESSONS[lesson]) + 1]  # a check is looked for in one lesson after the other
    waiting = [*ALWAYS, f"autograder.exams.{LESSONS[lesson]}", *(f"gradlab.checks.{name}" for name in until), *named]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in _known(home) and name not in found:
            found.add(name)
            waiting += [*_imports(_known(home)[name]), *(name[: dot.start()] for dot in re.finditer(r"\.", name))]
    return found


@cache
def _known(home: tuple[Path, Path]) -> dict[str, Path]:
    """The modules that can matter, with their files."""
    paths = {
        path.relative_to(root): path for root in home for folder in FOLDERS for path in (root / folder).rglob("*.py")
    }
    paths[Path("autograder/sandbox/limits.py")] = home[0] / "autograder/sandbox/limits.py"
    return {".".join(path.with_suffix("").parts).removesuffix(".__init__"): file for path, file in paths.items()}


@cache
def _imports(path: Path) -> tuple[str, ...]:
    return tuple(_named_by(path.read_text(encoding="utf-8")))


def _named_by(text: str) -> Iterator[str]:
    """What a module imports wherever in it, also by the name of a function that an exam hands to an answer."""
    try:
        nodes = ast.walk(ast.parse(text))
    except SyntaxError:  # each hand-in that needs it will say so
        return
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and (function := re.match(r"(\w+)\.\w", node.value))
        ):
            yield f"gradlab.lessons.{function[1]}.functions"
