"""One hostile hand-in: what its author wrote into the notebook and put beside it, and the points that are fair."""

import copy
import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from autograder.marking.cells import grade_id
from tests.autograder.desk.hand_ins import filled, hand_in_bytes, solved

LESSON, EXERCISE, TEST_CELL, NOTEBOOK = "00-start-here", "gradient", "test-gradient", "start_here.ipynb"
WRONG = "def gradient(f, x):\n    return torch.zeros_like(x)\n"
RIGHT = solved(LESSON)[EXERCISE]
POINTS = 2.0
MARK = "gradlab-hostile-mark"  # in the name of everything that an attack tries to leave behind
with socket.create_server(("127.0.0.1", 0)) as free:
    LISTENER = free.getsockname()[1]  # the port where the test waits for what no hand-in may send


@dataclass(frozen=True)
class Attack:
    """`before` and `after` are the author's own code cells around the answer; `change` edits the notebook's JSON.

    `data` stands in the place of the whole file; `files` lie beside it, a `Path` being a link to there.
    `fair` is what an honest author of the same answer would get.
    """

    before: tuple[str, ...] | str = ()
    answer: str = WRONG
    after: tuple[str, ...] | str = ()
    change: Callable[[dict], Any] | None = None
    data: bytes | None = None
    files: dict[str | bytes, bytes | Path] = field(default_factory=dict)
    fair: float = 0.0
    fails: bool = False
    """Whether no mark at all may come of it, with a sentence why."""


def cells(sources: tuple[str, ...] | str) -> list[dict]:
    """Code cells with these sources, as a file has them."""
    sources = (sources,) if isinstance(sources, str) else sources
    return [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, "id": f"own-{number}"}
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
    notebook = json.loads(nbformat.writes(copy.deepcopy(filled(LESSON, {EXERCISE: attack.answer}))))
    place = index_of(notebook, EXERCISE)
    notebook["cells"][place:place] = cells(attack.before)
    notebook["cells"] += cells(attack.after)
    if attack.change:
        attack.change(notebook)
    return json.dumps(notebook).encode()


def put(course: Path, student: str, attack: Attack) -> None:
    """Lay the hand-in where nbgrader expects it."""
    folder = hand_in_bytes(course, student, LESSON, notebook_of(attack)).parent
    for name, content in attack.files.items():
        path = os.path.join(os.fsencode(folder), os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.lexists(path):
            os.unlink(path)
        if isinstance(content, Path):
            os.symlink(os.fsencode(content), path)
        else:
            with open(path, "wb") as file:
                file.write(content)


__all__ = ["Attack", "cells", "grade_id", "index_of", "notebook_of", "put"]
