"""What a zip file says that it holds. Its author may have written anything, so this is read in a process that can be killed."""

import io
import stat
import time
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from zipfile import ZipInfo

from autograder.marking.pieces import TookTooLong, piece

SECONDS = 30.0  # for the list of one zip file; an honest one needs less than one
LONGEST_NAME = 1000  # characters
DEEPEST_NAME = 50  # folders within one another
ENCRYPTED = 0x1  # of a member's flags
READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of the others Python unpacks all at once, whatever comes of it


@dataclass(frozen=True)
class Member:
    """A file or an empty folder in a zip file: its path there, when it was written, and why it is not taken, or ""."""

    path: PurePosixPath
    info: ZipInfo
    time: datetime | None
    refused: str


def members_of(task: tuple[Path | bytes, int]) -> list[Member] | str:
    """The members of a zip file, given by its place or its bytes, if they are not too many; else why there are none."""
    source, most = task
    try:
        file = io.BytesIO(source) if isinstance(source, bytes) else source
        with piece("the list of a zip file", SECONDS), zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
    except TookTooLong as reason:
        return f"the zip file cannot be read ({reason})"
    except MemoryError:
        return "the zip file cannot be read (it needs too much memory)"
    except Exception as error:  # a damaged archive makes zipfile raise almost anything
        return f"the zip file cannot be read ({str(error)[:200]})"
    if (
        len(infos) > most
    ):  # those without a name too: each has its line in the list, which is read again to unpack others
        return f"the zip file holds too many files, more than {most}; ask for the notebook alone"
    return (
        _without_folders_that_hold_something([_member(info) for info in infos if info.filename])
        or "the zip file is empty"
    )


def _member(info: ZipInfo) -> Member:
    name = _name(info).replace("\\", "/")
    if len(name) > LONGEST_NAME or name.count("/") > DEEPEST_NAME:
        return Member(PurePosixPath(name[:100]), info, None, "its name is too long, or has too many folders in it")
    path = PurePosixPath(unicodedata.normalize("NFC", name))
    if not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        inside = [part for part in path.parts if part.strip("/") and part != ".."]
        return Member(PurePosixPath(*(inside or ["(no name)"])), info, None, "its name points out of the archive")
    if stat.S_ISLNK(info.external_attr >> 16):
        return Member(path, info, None, "it is a link")
    return Member(path, info, _time(info), _cannot_be_unpacked(info))


def _cannot_be_unpacked(info: ZipInfo) -> str:
    if info.flag_bits & ENCRYPTED:
        return "it is locked with a password; ask for it without one"
    return "" if info.compress_type in READ else "it is packed in a way that is not read"


def _without_folders_that_hold_something(members: list[Member]) -> list[Member]:
    folders = {member.path for member in members if member.info.is_dir()}
    filled = {
        folder
        for member in members
        if not of_a_system(member.path)
        for folder in member.path.parents
        if folder in folders
    }
    return [
        member
        for member in members
        if not of_a_system(member.path) and not (member.info.is_dir() and member.path in filled)
    ]


def _name(info: ZipInfo) -> str:
    """The member's name; programs that write UTF-8 without saying so are many."""
    if not info.flag_bits & 0x800:
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            pass
    return whole(info.filename)


def whole(text: str) -> str:
    """The text, with a question mark for what no file of UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _time(info: ZipInfo) -> datetime | None:
    """When the member was written, in UTC; a zip file has it on the clock of the machine that packed it."""
    try:
        local = time.mktime((*info.date_time, 0, 0, -1))
        if info.date_time[0] <= 1980:  # the first year that a zip file knows means that nobody said
            return None
        datetime(*info.date_time)
    except (ValueError, OverflowError):
        return None
    return datetime.fromtimestamp(local, UTC).replace(tzinfo=None)


OF_SYSTEMS = ("__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "desktop.ini")
"""Folders and files that systems and editors leave beside a student's own."""


def of_a_system(path: PurePosixPath) -> bool:
    """Whether a system or an editor, and not the student, put this file there."""
    return any(part in OF_SYSTEMS or part.startswith("._") for part in path.parts)
