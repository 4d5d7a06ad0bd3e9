"""The files in a folder or a zip file, also in zip files within it, each with a bounded reader."""

import io
import stat
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from autograder.desk.course.folder import CourseError
from autograder.marking.reading import LARGEST_FILE

MOST_FILES = 50_000
LARGEST_ARCHIVE = 8 * LARGEST_FILE  # of a zip file within another, in bytes
DEEPEST = 3  # zip files within one another
EMPTY = "(nothing)"  # stands for the content of an empty folder
NOTHING = "the folder is empty: handed in nothing"
OF_SYSTEMS = ("__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "desktop.ini")
"""Folders and files that systems and editors leave beside a student's own."""


class Unreadable(Exception):
    """A file whose content cannot be had; the text says why."""


@dataclass(frozen=True)
class Found:
    """A file of an archive: its path there, when it was written, if that is known, and how to read it."""

    path: str
    time: datetime | None
    read: Callable[[], bytes]
    refused: str = ""
    packed: bool = False
    """Whether it lay in a zip file, whose times are not those of a copy made here."""

    @property
    def name(self) -> str:
        """The file's own name."""
        return PurePosixPath(self.path).name


def files_of(source: Path) -> list[Found]:
    """All files of a folder or a zip file. Raises CourseError where it is neither, or holds far too much."""
    if source.is_dir():
        found = _in_folder(source)
    elif zipfile.is_zipfile(source):
        found = _in_zip(source.name, lambda: source, "", 0)
    else:
        raise CourseError(
            f"{source} is neither a folder nor a whole zip file. Name what Canvas or Moodle gave you, or a folder."
        )
    files = []
    for file in found:
        files.append(file)
        if len(files) > MOST_FILES:
            raise CourseError(
                f"{source} holds more than {MOST_FILES} files; no class hands in that many. Nothing was collected."
            )
    if len(files) == 1 and files[0].refused and source.is_file() and files[0].path == source.name:
        raise CourseError(f"{source} cannot be read: {files[0].refused}. Download it again.")
    return files


def _in_folder(folder: Path) -> Iterator[Found]:
    for path in sorted(folder.rglob("*")):
        inside = PurePosixPath(folder.resolve().name, path.relative_to(folder).as_posix())
        if _is_of_a_system(inside):
            continue
        if path.is_dir() and not path.is_symlink():
            if all(_is_of_a_system(PurePosixPath(inner.name)) for inner in path.iterdir()):
                yield Found(f"{inside}/{EMPTY}", None, bytes, NOTHING)
            continue
        name = unicodedata.normalize("NFC", _whole(str(inside)))
        if path.is_symlink() or not path.is_file():
            yield Found(name, None, bytes, "it is a link or no ordinary file")
            continue
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
        file = Found(name, written, lambda path=path: _bounded(path.open("rb"), LARGEST_FILE))
        yield from _unpacked(file, lambda path=path: _bounded(path.open("rb"), LARGEST_ARCHIVE), 1)


def _in_zip(name: str, opened: Callable[[], Path | BinaryIO], before: str, depth: int) -> Iterator[Found]:
    try:
        with zipfile.ZipFile(opened()) as archive:
            members = [member for member in archive.infolist()[: MOST_FILES + 1] if member.filename]
    except Exception as error:  # a damaged archive makes zipfile raise almost anything
        yield Found(before or name, None, bytes, f"the zip file cannot be read ({error})")
        return
    if not members:
        yield Found(str(PurePosixPath(before or name, EMPTY)), None, bytes, "the zip file is empty")
    inners = [PurePosixPath(unicodedata.normalize("NFC", _name(member)).replace("\\", "/")) for member in members]
    filled = {folder for inner in inners if not _is_of_a_system(inner) for folder in inner.parents}
    for member, inner in zip(members, inners):
        if _is_of_a_system(inner) or (member.is_dir() and inner in filled):
            continue
        path = str(PurePosixPath(before, inner))
        if not inner.parts or inner.is_absolute() or ".." in inner.parts or ":" in inner.parts[0]:
            yield Found(path.lstrip("/") or name, None, bytes, "its name points out of the archive")
        elif stat.S_ISLNK(member.external_attr >> 16):
            yield Found(path, None, bytes, "it is a link")
        elif member.is_dir():
            yield Found(f"{path}/{EMPTY}", None, bytes, NOTHING)
        else:
            reader = _Member(opened, member)
            file = Found(path, _time(member), lambda reader=reader: reader.read(LARGEST_FILE), packed=True)
            yield from _unpacked(file, lambda reader=reader: reader.read(LARGEST_ARCHIVE), depth + 1)


def _unpacked(file: Found, read_all: Callable[[], bytes], depth: int) -> Iterator[Found]:
    """The file, or what is in it where it is a zip file."""
    if not file.path.lower().endswith(".zip"):
        yield file
    elif depth > DEEPEST:
        yield Found(file.path, file.time, bytes, f"zip files lie in one another, more than {DEEPEST} deep")
    else:
        yield from _in_zip(file.name, lambda: io.BytesIO(read_all()), file.path, depth)


@lru_cache(maxsize=1)  # to open an archive takes as long as it has members; one at a time, so that no content is kept
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
    member: zipfile.ZipInfo

    def read(self, most: int) -> bytes:
        try:
            return _bounded(_archive(self.opened).open(self.member), most)
        except Unreadable:
            raise
        except Exception as error:  # damaged, encrypted, of an unknown method: each library of it has its own
            raise Unreadable(f"it cannot be unpacked ({str(error) or type(error).__name__})") from None


def _bounded(file: io.IOBase, most: int) -> bytes:
    """The content, as long as it is no larger than it may be, whatever an archive says of its size."""
    with file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Unreadable(f"it is larger than {most >> 20} MB; ask for it with its outputs cleared")
    return data


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name; programs that write UTF-8 without saying so are many."""
    if not member.flag_bits & 0x800:
        try:
            return member.filename.encode("cp437").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            pass
    return _whole(member.filename)


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _time(member: zipfile.ZipInfo) -> datetime | None:
    """When the member was written, in UTC; a zip file has it on the clock of the machine that packed it."""
    try:
        local = time.mktime((*member.date_time, 0, 0, -1))
        if member.date_time[0] <= 1980:  # the first year that a zip file knows means that nobody said
            return None
        datetime(*member.date_time)
    except (ValueError, OverflowError):
        return None
    return datetime.fromtimestamp(local, UTC).replace(tzinfo=None)


def _is_of_a_system(path: PurePosixPath) -> bool:
    return any(part in OF_SYSTEMS or part.startswith("._") for part in path.parts)
