"""The files in a folder or a zip file, also in zip files within it, each with a bounded reader."""

import io
import os
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TypeVar

from autograder.desk.collect.zip_members import Member, members_of, of_a_system, whole
from autograder.desk.course.folder import CourseError
from autograder.marking.aside import Aside
from autograder.marking.reading import LARGEST_FILE

MOST_FILES = 50_000
MOST_FILES_OF_ONE = 10_000  # in what one student handed in
MOST_BYTES_OF_ONE = 2**30
LARGEST_ARCHIVE = 8 * LARGEST_FILE  # of a zip file within another, in bytes
DEEPEST = 3  # zip files within one another
DEEPEST_FOLDER = 50
EMPTY = "(nothing)"  # stands for the content of an empty folder
NOTHING = "the folder is empty: handed in nothing"
FULL = f"all that was handed in is larger than {MOST_BYTES_OF_ONE >> 20} MB; ask for the notebook alone"


Task, Result = TypeVar("Task"), TypeVar("Result")


class Unreadable(Exception):
    """A file whose content cannot be had; the text says why."""


@dataclass(frozen=True)
class Found:
    """A file of an archive: its path there, when it was written, if that is known, and how to read it."""

    path: str
    time: datetime | None
    read: Callable[[], bytes]
    refused: str = ""
    within: tuple[tuple[str, datetime | None], ...] = ()
    """The zip files in the source that hold it, the outermost first: their paths, and when they were written."""

    @property
    def name(self) -> str:
        """The file's own name."""
        return PurePosixPath(self.path).name


@cache
def _reader() -> Aside:
    return Aside()


def aside(function: Callable[[Task], Result], task: Task) -> Result | None:
    """What a function makes of what a student wrote, in a process that can be killed; None where it had to be.

    Windows cannot start such a process; nothing is marked there either.
    """
    return _reader().run(function, task) if hasattr(os, "fork") else function(task)


class _Room:
    """How much one student's upload may still hold."""

    def __init__(self) -> None:
        self.files, self._bytes = MOST_FILES_OF_ONE, MOST_BYTES_OF_ONE

    def has_none_for(self, member: Member) -> bool:
        """Take room for a file; whether there was none. One that is too large to be read needs none."""
        size, most = member.info.file_size, LARGEST_ARCHIVE if _is_zip(member.path.name) else LARGEST_FILE
        self.files, self._bytes = self.files - 1, self._bytes - (size if size <= most else 0)
        return self._bytes < 0


def files_of(source: Path) -> list[Found]:
    """All files of a folder or a zip file. Raises CourseError where it is neither, or holds far too much."""
    if source.is_dir():
        return list(_in_folder(source))
    if not zipfile.is_zipfile(source):
        raise CourseError(
            f"{source} is neither a folder nor a whole zip file. Name what Canvas or Moodle gave you, or a folder."
        )
    members = _members_of(source, MOST_FILES)
    if isinstance(members, str):
        raise CourseError(f"{source} cannot be read: {members}. Nothing was collected; download it again.")
    return list(_in_zip(members, lambda: source, (), None))


def name_of_folder(source: Path) -> str:
    """The name with which the paths in a folder begin; "" for a zip file."""
    return unicodedata.normalize("NFC", whole(source.resolve().name)) if source.is_dir() else ""


def _in_folder(folder: Path) -> Iterator[Found]:
    called = name_of_folder(folder)
    for count, (path, reason) in enumerate(_paths(folder, 0)):
        if count == MOST_FILES:
            raise CourseError(f"{folder} holds more than {MOST_FILES} files; no class hands in that many.")
        name = unicodedata.normalize("NFC", whole(f"{called}/{path.relative_to(folder).as_posix()}"))
        if reason:
            yield Found(name, None, bytes, reason)
            continue
        written = datetime.fromtimestamp(path.lstat().st_mtime, UTC).replace(tzinfo=None)
        file = Found(name, written, partial(_read, path, LARGEST_FILE))
        yield from _unpacked(file, partial(_read, path, LARGEST_ARCHIVE), _Room())


def _paths(folder: Path, depth: int) -> Iterator[tuple[Path, str]]:
    """Every file below a folder in the order of the names, and every empty folder; why it is not taken, or ""."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder / EMPTY, "you have no right to look into the folder"
        return
    entries = [entry for entry in entries if not of_a_system(PurePosixPath(entry.name))]
    if depth and not entries:
        yield folder / EMPTY, NOTHING
    for entry in entries:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False) and depth < DEEPEST_FOLDER:
            yield from _paths(path, depth + 1)
        elif not entry.is_file(follow_symlinks=False):
            yield path, "it is a link or no ordinary file"
        else:
            yield path, "" if os.access(path, os.R_OK) else "you have no right to read it"


def _members_of(source: Path | bytes, most: int) -> list[Member] | str:
    """What a zip file holds, or why that cannot be said."""
    return aside(members_of, (source, most)) or "the zip file cannot be read (its process had to be ended)"


def _in_zip(
    members: list[Member],
    opened: Callable[[], Path | BinaryIO],
    within: tuple[tuple[str, datetime | None], ...],
    room: _Room | None,
) -> Iterator[Found]:
    """The files in a zip file; where it is no student's, each with room of its own."""
    for member in members:
        path = str(PurePosixPath(within[-1][0], member.path)) if within else str(member.path)
        its_room = room or _Room()
        content = _Member(opened, member.info)
        read = partial(content.read, LARGEST_FILE)
        file = Found(path, member.time, read, within=within)
        if reason := member.refused or (its_room.has_none_for(member) and FULL):
            yield Found(path, None, bytes, reason)
        elif member.info.is_dir():
            yield Found(f"{path}/{EMPTY}", None, bytes, NOTHING)
        else:
            yield from _unpacked(file, partial(content.read, LARGEST_ARCHIVE), its_room)


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _unpacked(file: Found, read_all: Callable[[], bytes], room: _Room) -> Iterator[Found]:
    """The file, or what is in it where it is a zip file."""
    if not _is_zip(file.path):
        yield file
        return
    if len(file.within) >= DEEPEST:
        members: list[Member] | str = f"zip files lie in one another, more than {DEEPEST} deep"
    else:
        try:
            members = _members_of(read_all(), max(0, room.files))
        except Unreadable as error:
            members = f"the zip file cannot be read ({error})"
    if isinstance(members, str):
        yield Found(file.path, file.time, bytes, members)
    else:
        within = (*file.within, (file.path, file.time))
        yield from _in_zip(members, lambda: io.BytesIO(read_all()), within, room)


@lru_cache(
    maxsize=DEEPEST + 1
)  # to open an archive takes as long as it has members; those that hold one another are kept
def _archive(opened: Callable[[], Path | BinaryIO]) -> zipfile.ZipFile:
    """The archive whose members are read now."""
    return zipfile.ZipFile(opened())


def close_archive() -> None:
    """Let go of the archive that was read last."""
    _archive.cache_clear()


@dataclass(frozen=True)
class _Member:
    """A member of a zip file."""

    opened: Callable[[], Path | BinaryIO]
    info: zipfile.ZipInfo

    def read(self, most: int) -> bytes:
        if self.info.file_size > most:
            raise Unreadable(_too_large(most))
        try:
            return _bounded(_archive(self.opened).open(self.info), most)
        except Unreadable:
            raise
        except Exception as error:  # damaged, encrypted, of an unknown method: each library of it has its own
            raise Unreadable(f"it cannot be unpacked ({str(error) or type(error).__name__})") from None


def _read(path: Path, most: int) -> bytes:
    try:
        return _bounded(path.open("rb"), most)
    except OSError as error:
        raise Unreadable(f"it cannot be read ({error.strerror})") from None


def _bounded(file: io.IOBase, most: int) -> bytes:
    """The content, as long as it is no larger than it may be, whatever an archive says of its size."""
    with file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Unreadable(_too_large(most))
    return data


def _too_large(most: int) -> str:
    return f"it is larger than {most >> 20} MB; ask for it with its outputs cleared"
