"""Mark one hand-in as plain data in, plain data out: what a worker does, here or on another machine."""

import logging
import re
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.marking.configuration import PREPROCESSORS
from autograder.marking.pieces import TookTooLong, piece
from autograder.marking.reading import read_hand_in, whole_text
from autograder.marking.restore import in_order
from autograder.marking.source_cell import SourceCell
from autograder.notebooks.cells import VERDICTS
from autograder.notebooks.files import empty
from autograder.notebooks.timestamp import TIMESTAMP, time_handed_in
from autograder.sandbox.scratch import scratch
from gradlab.exercises.verdict import Verdict

LIMITS = ("ExecutePreprocessor", "ExamineWhileExecuting", "SandboxProvisioner")
"""Sections of nbgrader's settings that say how long and with what a hand-in may run."""
SECONDS_TO_READ, SECONDS_TO_BOUND = 60.0, 60.0  # honest hand-ins need a tenth of a second for each
PICTURES = {
    ".png": b"\x89PNG\r\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".gif": b"GIF8",
    ".webp": b"RIFF",
}
ORDINARY = re.compile(r"[\w.+-][\w .+-]{0,99}(?:/[\w.+-][\w .+-]{0,99}){0,8}")


def for_workers(settings: Config) -> Config:
    """The settings that running a hand-in needs; others may hold what cannot be sent to another process."""
    return Config({name: settings[name] for name in (*LIMITS, "LimitOutput")})


def kept_beside(files: dict[str, bytes]) -> dict[str, bytes]:
    """Of a hand-in's files those that stay beside its marked notebook: pictures, and the time as nbgrader wants it.

    What lies there is served by the Formgrader, so that nothing may lie there which a browser or nbgrader would run.
    """
    kept = {
        name: data
        for name, data in files.items()
        if ORDINARY.fullmatch(name) and (begin := PICTURES.get(Path(name).suffix.lower())) and data.startswith(begin)
    }
    time = time_handed_in(files)
    return kept | ({TIMESTAMP: f"{time:%Y-%m-%d %H:%M:%S.%f} UTC".encode()} if time else {})


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
    notebook = _read(path, hand_in)
    resources: dict[str, Any] = {
        "metadata": {"path": str(folder)},
        "nbgrader": {"assignment": hand_in.lesson, "notebook": hand_in.notebook, "student": hand_in.student},
    }
    run, *bounds = [import_item(name)(config=hand_in.settings) for name in PREPROCESSORS]
    notebook, resources = run.preprocess(notebook, resources)
    try:
        with piece("what the cells put out", SECONDS_TO_BOUND):
            for preprocessor in bounds:
                notebook, resources = preprocessor.preprocess(notebook, resources)
            return nbformat.writes(notebook), resources[VERDICTS]
    except TookTooLong:
        for cell in notebook.cells:
            if cell.cell_type == "code" and "gradlab" not in cell.metadata:
                cell.outputs = []
        return nbformat.writes(notebook), resources[VERDICTS]


def _read(path: Path, hand_in: HandIn) -> NotebookNode:
    """The notebook to run; the file is gone afterwards, as no cell needs it."""
    try:
        with piece("reading the notebook", SECONDS_TO_READ):
            read, trouble = read_hand_in(path)
            return in_order(read, trouble, list(hand_in.source), hand_in.lesson)
    except TookTooLong:
        trouble = (
            f"The notebook could not be read in {SECONDS_TO_READ:g} s. Hand in the .ipynb file that you worked in."
        )
        return in_order(empty(), trouble, list(hand_in.source), hand_in.lesson)
    finally:
        path.unlink(missing_ok=True)


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
