"""One hostile hand-in: what its author wrote into the notebook and put beside it, and the points that are fair."""

import copy
import json
import os
import socket
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from autograder.notebooks.cells import grade_id
from tests.autograder.desk.hand_ins import filled, hand_in_bytes, solved

LESSON, EXERCISE, TEST_CELL, NOTEBOOK = "00-start-here", "gradient", "test-gradient", "start_here.ipynb"
SOFT = "01-soft-thresholding"
GRADIENT = frozenset({EXERCISE})
WRONG = "def gradient(f, x):\n    return torch.zeros_like(x)\n"
RIGHT = solved(LESSON)[EXERCISE]
MARK = "gradlab-hostile-mark"  # in the name of everything that an attack tries to leave behind
with socket.create_server(("127.0.0.1", 0)) as free:
    LISTENER = free.getsockname()[1]  # the port where the test waits for what no hand-in may send


@dataclass(frozen=True)
class Attack:
    """`before` and `after` are the author's own code cells around the answer; `change` edits the notebook's JSON.

    `answers` has those of another lesson than the first, the text answer included. Only the cells that nbgrader knows are
    handed in, and the imports, unless the `whole` lesson is. `data` stands in the place of the whole file; `files` lie beside it, a
    `Path` being a link to there and None a pipe. `fair` has the exercises that are right when an honest author gives
    the same answers.
    """

    before: tuple[str, ...] | str = ()
    answer: str = WRONG
    after: tuple[str, ...] | str = ()
    change: Callable[[dict], Any] | None = None
    data: bytes | None = None
    files: dict[str | bytes, bytes | Path | None] = field(default_factory=dict)
    fair: Set[str] = frozenset()
    fails: bool = False
    """Whether no mark at all may come of it, with a sentence why."""
    lesson: str = LESSON
    answers: dict[str, str] = field(default_factory=dict)
    whole: bool = False
    noticed: bool = False
    """Whether a remark tells the grader to read it."""


def cells(sources: tuple[str, ...] | str) -> list[dict]:
    """Code cells with these sources, as a file has them."""
    sources = (sources,) if isinstance(sources, str) else sources
    return [
        {
            "cell_type": "code",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "id": f"own-{number}",
        }
        for number, source in enumerate(sources)
    ]


def index_of(notebook: dict, name: str) -> int:
    """Where the cell with this grade_id stands."""
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]]
    return ids.index(name)


def notebook_of(attack: Attack) -> bytes:
    """The file as it is handed in."""
    if attack.data is not None:
        return attack.data
    answers = {EXERCISE: attack.answer} if attack.lesson == LESSON else attack.answers
    notebook = json.loads(nbformat.writes(copy.deepcopy(filled(attack.lesson, answers))))
    if not attack.whole:
        notebook["cells"] = [
            cell
            for cell in notebook["cells"]
            if "nbgrader" in cell["metadata"] or "import torch" in "".join(cell["source"])
        ]
    place = min(
        index for index, cell in enumerate(notebook["cells"]) if cell["metadata"].get("nbgrader", {}).get("solution")
    )
    notebook["cells"][place:place] = cells(attack.before)
    notebook["cells"] += cells(attack.after)
    if attack.change:
        attack.change(notebook)
    return json.dumps(notebook).encode()


def put(course: Path, student: str, attack: Attack) -> None:
    """Lay the hand-in where nbgrader expects it."""
    folder = hand_in_bytes(course, student, attack.lesson, notebook_of(attack)).parent
    for name, content in attack.files.items():
        path = os.path.join(os.fsencode(folder), os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.lexists(path):
            os.unlink(path)
        if content is None:
            os.mkfifo(path)
        elif isinstance(content, Path):
            os.symlink(os.fsencode(content), path)
        else:
            with open(path, "wb") as file:
                file.write(content)


__all__ = ["Attack", "cells", "grade_id", "index_of", "notebook_of", "put"]
