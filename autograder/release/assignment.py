"""Release a lesson with nbgrader's own generate_assignment: answers and hidden tests out, checksums in."""

import logging
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from autograder.notebooks.files import write_bytes
from autograder.notebooks.settings import shared_settings
from autograder.release.source import SourceError, without_solution_cells


def release(source: NotebookNode, lesson: str, name: str) -> NotebookNode:
    """The learner's notebook. Raises SourceError with nbgrader's own words where it refuses the source."""
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root, "source", lesson)
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_bytes(write_bytes(without_solution_cells(source)))
        generate_assignment(Path(root), lesson, database=False)
        return nbformat.read(Path(root, "release", lesson, f"{name}.ipynb"), as_version=4)


def generate_assignment(course: Path, lesson: str, *, database: bool, db_url: str | None = None) -> None:
    """Run nbgrader's converter on a course folder. Raises SourceError with what it logged."""
    config = shared_settings()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.assignment_id = lesson
    if db_url:
        config.CourseDirectory.db_url = db_url
    config.GenerateAssignment.force = True
    config.GenerateAssignment.no_database = not database
    config.SaveCells.enabled = database
    complaints = _Complaints()
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    converter.log = complaints.logger
    try:
        converter.start()
    except (NbGraderException, RuntimeError, ValueError, SystemExit) as error:
        raise SourceError(f"{lesson}: nbgrader refuses the source: {complaints.text() or error}") from None


class _Complaints(logging.Handler):
    """Keeps what nbgrader logs as warnings and errors."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []
        self.logger = logging.Logger("gradlab.release")
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage().strip()
        self.lines.append(message.splitlines()[-1] if message.startswith("Traceback") else message)

    def text(self) -> str:
        return " ".join(self.lines)
