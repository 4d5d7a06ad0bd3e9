"""Explorers that the learner left as they were: not run with a hand-in, played on its feedback page from the lesson's own run."""

import re
import secrets
import tempfile
from functools import cache

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_notebook, new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.notebooks.places import lesson_path
from gradlab.course import LESSONS

PLAYED = "gradlab_played"
EXPLORERS = "gradlab_explorers"  # what `played_explorers` gave, where somebody has asked it already
EXPLORER = re.compile(r"explorers\.\w+\([^\n]*\)\s*")
SECONDS_A_CELL = 300
NOT_DRAWN = "[explorer] as in the lesson; the feedback page plays it."


def _code_cells(lesson: str) -> list[NotebookNode]:
    """The code cells of the lesson as it is handed out: explorer cells are the same in its source."""
    return [cell for cell in nbformat.read(lesson_path(lesson), as_version=4).cells if cell.cell_type == "code"]


@cache
def explorer_sources(lesson: str) -> frozenset[str]:
    """The sources of a lesson's explorer cells; they bind no name, so that no mark depends on their being run."""
    return frozenset(cell.source for cell in _code_cells(lesson) if EXPLORER.fullmatch(cell.source))


@cache
def played_explorers(lesson: str) -> dict[str, str]:
    """The source of each explorer cell of a lesson → the HTML that it shows, with its whole record."""
    cells = _code_cells(lesson)
    explorers = [cell for cell in cells if cell.source in explorer_sources(lesson)]
    notebook = new_notebook(cells=[cells[0], *explorers])
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=SECONDS_A_CELL,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            extra_arguments=["--log-level=ERROR"],
        )
        client.execute()
    return {
        cell.source: output.data["text/html"]
        for cell in explorers
        for output in cell.outputs
        if "text/html" in output.get("data", {})
    }


class PlayExplorers(NbGraderPreprocessor):
    """Puts a placeholder, which no hand-in can guess, where the learner left an explorer cell as it was."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        lesson = resources["nbgrader"]["assignment"]
        played = resources.get(EXPLORERS)
        if played is None:
            played = played_explorers(lesson) if lesson in LESSONS else {}
        resources[PLAYED] = {}
        for cell in nb.cells:
            if cell.cell_type == "code" and cell.source in played:
                placeholder = f"explorer-{secrets.token_hex(16)}"
                resources[PLAYED][placeholder] = played[cell.source]
                cell.outputs = [new_output("display_data", data={"text/html": f"<p>{placeholder}</p>"})]
        return nb, resources


def put_in(page: str, played: dict[str, str]) -> str:
    """The page with each placeholder replaced by the explorer that belongs there."""
    for placeholder, explorer in played.items():
        page = page.replace(f"<p>{placeholder}</p>", explorer)
    return page
