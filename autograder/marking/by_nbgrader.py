"""`nbgrader autograde` and the Formgrader's button, with our own reader and our own kernels in a process that can be killed."""

import os
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.converters.autograde import Autograde
from nbgrader.converters.base import NbGraderException
from traitlets.config.loader import LazyConfigValue
from traitlets.utils.importstring import import_item

from autograder.marking.aside import Aside
from autograder.marking.source_cell import source_cells
from autograder.notebooks.cells import VERDICTS
from autograder.notebooks.strangers_files import files_of_hand_in, regular_files
from autograder.notebooks.timestamp import TIMESTAMP, time_handed_in
from autograder.sandbox.zygote import SandboxUnavailable, refuse_if_shown


@cache
def marker() -> Aside:
    """The process that marks; it keeps its warm sandbox from one hand-in to the next."""
    return Aside()


class HandInExporter(NotebookExporter):
    """nbgrader reads and marks hand-ins through this.

    nbgrader's own way copies all that lies in the hand-in's folder, links and devices too, and opens `timestamp.txt` whatever
    it is. Here the files are read as `gradlab grade` reads them, and the same function marks them.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._examined: Any = None
        converter: Any = self.parent
        if isinstance(converter, Autograde):
            converter.init_assignment = self._init_assignment
            directory: Any = converter.coursedir
            directory.get_existing_timestamp = time_in

    def _init_assignment(self, assignment_id: str, student_id: str) -> None:
        """nbgrader's, without its copying; the hand-in's pictures are kept."""
        converter: Any = self.parent
        ignore = converter.coursedir.ignore
        converter.coursedir.ignore = ["*"]
        try:
            Autograde.init_assignment(converter, assignment_id, student_id)
        finally:
            converter.coursedir.ignore = ignore
        kept_beside = import_item("autograder.marking.hand_in.kept_beside")  # brings torch, which only marking needs
        folder = Path(converter._format_source(assignment_id, student_id))
        marked = Path(converter._format_dest(assignment_id, student_id))
        for name, data in kept_beside(files_of_hand_in(folder, ignore)).items():
            (marked / name).parent.mkdir(parents=True, exist_ok=True)
            (marked / name).write_bytes(data)

    def from_filename(self, filename: str, resources: dict | None = None, **options: Any) -> Any:
        converter: Any = self.parent
        resources = dict(resources or {})
        if not getattr(converter, "_sanitizing", True):  # the second pass reads what we wrote ourselves
            resources[VERDICTS] = self._examined.verdicts
            return super().from_filename(filename, resources, **options)
        self._examined = self._marked(Path(filename), resources["nbgrader"])
        resources["metadata"] = {"name": Path(filename).stem, "path": str(Path(filename).parent)}
        notebook = nbformat.reads(self._examined.notebook, as_version=4)
        return self.from_notebook_node(notebook, resources=resources, **options)

    def _marked(self, path: Path, marking: dict[str, str]) -> Any:
        """What came of the hand-in. Raises NbGraderException, with a sentence, where it could not be examined."""
        converter: Any = self.parent
        if self.config.ExamineWhileExecuting.get("sandbox", True):
            try:
                refuse_if_shown(Path(converter.coursedir.root))
            except SandboxUnavailable as reason:
                raise NbGraderException(str(reason)) from None
        ignore = converter.coursedir.ignore
        files = files_of_hand_in(path.parent, ignore)
        if path.name not in files:
            raise NbGraderException(f"{path.name} is a link or no ordinary file. Hand in the notebook itself.")
        lessons_own = converter.coursedir.format_path(converter.coursedir.source_directory, ".", marking["assignment"])
        files = {name: data for name, data in files.items() if name == path.name or not name.endswith(".ipynb")}
        if os.path.isdir(lessons_own):
            own = regular_files(Path(lessons_own), ignore)
            files |= {name: data for name, data in own.items() if not name.endswith(".ipynb")}
        with Gradebook(marking["db_url"]) as gradebook:
            source = tuple(source_cells(gradebook, marking["notebook"], marking["assignment"]))
        hand_in = import_item("autograder.marking.hand_in")
        examined = marker().run(
            hand_in.examine_hand_in,
            hand_in.HandIn(
                marking["student"], marking["assignment"], marking["notebook"], files, source, self._limits()
            ),
        )
        if examined is None or examined.failure:
            raise NbGraderException(examined.failure if examined else "Its process had to be ended, twice.")
        for line in filter(None, examined.log.split("\n")):
            self.log.info("%s", line)
        return examined

    def _limits(self) -> Any:
        """The settings in force that running a hand-in needs, plain enough to be sent."""
        config = import_item("autograder.marking.hand_in").for_workers(self.config)
        for section in config.values():
            for name in [name for name, value in section.items() if isinstance(value, LazyConfigValue)]:
                del section[name]
        return config


def time_in(folder: str) -> datetime | None:
    """When the hand-in in this folder was handed in: in the place of nbgrader's, which would wait at a pipe and follow a link.

    Raises ValueError where the time cannot be read.
    """
    try:
        number = os.open(os.path.join(folder, TIMESTAMP), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        data = os.read(number, 1000)
    except OSError:  # a folder, or a pipe to which somebody has yet to write
        return None
    finally:
        os.close(number)
    return time_handed_in({TIMESTAMP: data})
