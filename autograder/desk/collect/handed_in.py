"""What a student handed in: which of the files is the notebook, which of several attempts counts, and when it came."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import PurePosixPath

from autograder.desk.collect.archives import Found, Unreadable, aside
from autograder.desk.collect.notebooks import (
    Content,
    can_be_a_page,
    cannot_be_a_notebook,
    is_called,
    no_notebook,
    notebook_in,
    read_content,
)
from autograder.desk.collect.platforms import Owner
from autograder.notebooks.timestamp import TIMESTAMP, time_handed_in
from gradlab.course import LESSONS


@dataclass(frozen=True)
class HandedIn:
    """A file of a student's, with what is in it, and the archive or folder that it came in."""

    owner: Owner
    found: Found
    content: Content
    source: str
    from_folder: bool = False
    """Whether that is a folder, whose files may be copies, with the times of the copying."""
    unpacked: tuple[bool, datetime | None] = (False, None)
    """Whether it lay in a zip file that the student had made, and when that was written."""

    @property
    def name(self) -> str:
        """The name that the student gave it."""
        return self.owner.file_name if self.found.path.endswith(f"_{self.owner.file_name}") else self.found.name

    @property
    def order(self) -> float:
        """Larger for what is newer: Canvas numbers its files, elsewhere the time tells."""
        time = self.found.time.replace(tzinfo=UTC).timestamp() if self.found.time else 0.0
        return float(self.owner.file_number) if self.owner.platform == "canvas" else time

    @cached_property
    def notebook(self) -> bytes:
        """The notebook that it holds, kept to be compared with others."""
        return self.read()

    def read(self) -> bytes:
        """The notebook that it holds; nothing where it cannot be read any more."""
        try:
            data = self.found.read()
        except Unreadable:
            return b""
        return (aside(notebook_in, data) or data) if can_be_a_page(data) else data


def content_of(file: Found) -> Content:
    """What is in a file, or why that cannot be said."""
    if file.refused:
        return Content(reason=file.refused)
    try:
        data = file.read()
        if cannot_be_a_notebook(data):
            return no_notebook(data, file.name)
        return aside(read_content, (data, file.name)) or Content(
            reason="it cannot be read: its process had to be ended"
        )
    except Unreadable as error:
        return Content(reason=str(error))


def age(file: HandedIn) -> tuple[float, str, str, str]:
    """The order of files, the newest last; names decide where times do not, so that no order of sources does."""
    return file.order, file.owner.name, file.found.path, file.source


def newest_of(chosen: list[HandedIn], there: bytes) -> tuple[HandedIn, list[HandedIn]]:
    """The newest of a student's attempts, and others of the very same time with another content.

    Of those what is there already counts, else the one whose content has the larger hash: any rule will do that does
    not ask in which order the sources were named.
    """
    last = max(file.order for file in chosen)
    tied = [file for file in chosen if file.order == last]
    if len(tied) == 1:
        return tied[0], []
    newest = max(tied, key=lambda file: (file.notebook == there, sha256(file.notebook).digest(), age(file)))
    return newest, [file for file in tied if file.notebook != newest.notebook]


def best_of(attempt: list[HandedIn], lesson: str) -> HandedIn | None:
    """The notebook of an attempt: one with the lesson's cells, else one of no lesson that has its name or is alone.

    Of several the lesson's own name decides, then the time, then the later place in the archive.
    """
    notebooks = [file for file in attempt if file.content.is_notebook and file.content.lesson in (lesson, "")]
    sure = [file for file in notebooks if file.content.lesson == lesson]
    named = [file for file in notebooks if is_called(file.name, LESSONS[lesson])]
    candidates = sure or named or (notebooks if len(notebooks) == 1 else [])
    return max(reversed(candidates), key=lambda file: (is_called(file.name, LESSONS[lesson]), file.order), default=None)


def time_of(newest: HandedIn, found: list[HandedIn]) -> datetime | None:
    """When it was handed in, in UTC, where that is known.

    A platform knows it: Moodle gives each file its time, and Canvas says who is late. Without one nbgrader's own file
    beside it says so. In a zip file of the student's all times are the student's to write: then that of the zip file counts.
    Canvas packs with the time of packing, and files in a folder may be copies.
    """
    platform, (in_own_zip, time) = newest.owner.platform, newest.unpacked
    beside = str(PurePosixPath(newest.found.path).with_name(TIMESTAMP))
    stamp = next((file.found for file in found if file.found.path == beside and not file.found.refused), None)
    if stamp and not platform and not in_own_zip:
        try:
            return time_handed_in({TIMESTAMP: stamp.read()})
        except (ValueError, Unreadable):
            return None
    reliable = platform == "moodle" or (not newest.from_folder and platform != "canvas")
    return (time if in_own_zip else newest.found.time) if reliable else None
