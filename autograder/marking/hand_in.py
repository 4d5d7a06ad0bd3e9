"""Mark one hand-in as plain data in, plain data out: what a worker does, here or on another machine."""

import logging
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.marking.configuration import PREPROCESSORS
from autograder.marking.execute import VERDICTS
from autograder.marking.reading import read_hand_in, whole_text
from autograder.marking.restore import in_order
from autograder.marking.source_cell import SourceCell
from autograder.notebooks.timestamp import time_handed_in
from autograder.sandbox.scratch import scratch
from gradlab.exercises.verdict import Verdict


@dataclass(frozen=True)
class HandIn:
    """All that is needed to run and examine a hand-in: its files by relative path, and the lesson's own cells."""

    student: str
    lesson: str
    notebook: str
    files: dict[str, bytes]
    source: tuple[SourceCell, ...]
    settings: Config


@dataclass(frozen=True)
class Examined:
    """What came of it: the notebook as it ran, the verdicts, and a log; or why it could not be examined."""

    student: str
    notebook: str = ""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    log: str = ""
    seconds: float = 0.0
    failure: str = ""


def examine_hand_in(hand_in: HandIn) -> Examined:
    """Restore, run and examine a hand-in as the preprocessors of `nbgrader autograde` do, without a gradebook.

    nbgrader's check of its own metadata is left out: all of it has just been written anew.
    """
    started, lines = time.monotonic(), _Lines()
    with lines, tempfile.TemporaryDirectory(dir=scratch()) as folder:
        try:
            text, verdicts = _examine(hand_in, Path(folder, hand_in.lesson))
            failure = ""
        except Exception as error:
            logging.getLogger("gradlab").exception("this hand-in could not be examined")
            text, verdicts, failure = "", {}, f"It could not be examined: {error}"
    return Examined(hand_in.student, text, verdicts, lines.text(), time.monotonic() - started, failure)


def _examine(hand_in: HandIn, folder: Path) -> tuple[str, dict[str, Verdict]]:
    folder.mkdir()
    time_handed_in(hand_in.files)
    for name, data in hand_in.files.items():
        if name != whole_text(name):
            raise ValueError(
                f"the name of the file {whole_text(name)!r} is not readable text. Rename it, hand in again."
            )
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    path = folder / f"{hand_in.notebook}.ipynb"
    read, trouble = read_hand_in(path)
    path.unlink(missing_ok=True)
    notebook = in_order(read, trouble, list(hand_in.source), hand_in.lesson)
    resources: dict[str, Any] = {
        "metadata": {"path": str(folder)},
        "nbgrader": {"assignment": hand_in.lesson, "notebook": hand_in.notebook, "student": hand_in.student},
    }
    for preprocessor in map(import_item, PREPROCESSORS):
        notebook, resources = preprocessor(config=hand_in.settings).preprocess(notebook, resources)
    return nbformat.writes(notebook), resources[VERDICTS]


class _Lines(logging.Handler):
    """Keeps what is logged while one hand-in runs."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._lines: list[str] = []

    def __enter__(self) -> "_Lines":
        logging.getLogger("gradlab").addHandler(self)
        logging.getLogger("gradlab").setLevel(logging.INFO)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("gradlab").removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))

    def text(self) -> str:
        return "\n".join(self._lines)
