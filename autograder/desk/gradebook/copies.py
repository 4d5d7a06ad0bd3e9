"""Dated copies of an SQLite gradebook, and what is done when the gradebook is empty, missing, older or damaged.

They lie beside the gradebook, in a folder of its own: a course may have several, and each has its own copies.
A copy counts only after it was checked. SQLite's own `user_version`, a number in the file's header that nbgrader does
not use, counts the copies: a book that counts fewer than the newest copy is an older book, or another one.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from sqlalchemy.engine import make_url

from autograder.desk.course.folder import Course
from autograder.desk.gradebook.given_by_hand import carry_over, how_many

BOOK, FOLDER = "gradebook.db", "gradebook-copies"
OLD_COPY = ".copy"  # the ending of the only copy that earlier versions of gradlab kept
NEWEST, DAYS = 10, 30  # copies that are kept: the newest ones, and the last one of each of so many days
PATIENCE = 30  # seconds to wait for another program that writes
HEADER = 100  # bytes at the beginning of a database, in which SQLite counts its changes


@dataclass(frozen=True)
class Book:
    """An SQLite file: whether it is whole, whether it is a gradebook, and how many copies were made of it."""

    path: Path
    whole: bool = False
    tables: bool = False
    version: int = 0

    @classmethod
    def at(cls, path: Path) -> "Book":
        """The state of a file, which may be missing or anything."""
        if not path.is_file():
            return cls(path)
        try:
            with closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
                names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                whole = connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
        except sqlite3.OperationalError as error:
            if "malformed" not in str(error):
                raise  # it cannot be opened now, which says nothing about what it holds
            return cls(path)
        except sqlite3.DatabaseError:
            return cls(path)
        return cls(path, whole, {"assignment", "student", "grade"} <= names, version)


def keep_copy(course: Course) -> None:
    """Keep a dated copy of a gradebook that has changed since the last one. A course that is read-only keeps none."""
    path = _file(course)
    if path is None or not path.is_file() or not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        return
    newest = next(_copies(path), None)
    book = Book.at(path)
    if not (book.whole and book.tables) or (newest and newest.version > book.version):
        return
    folder = _folder(path)
    folder.mkdir(exist_ok=True)
    aside = folder / f".{os.getpid()}.part"
    try:
        _back_up(path, aside)
        if newest and newest.path.read_bytes()[HEADER:] == aside.read_bytes()[HEADER:]:
            return
        version = book.version + 1
        _count(path, version)  # the book first: after a crash it is ahead of its copies, never behind
        _count(aside, version)
        made = Book.at(aside)
        if made.whole and made.tables:
            _to_disk(aside)
            os.replace(aside, folder / f"{time.strftime('%Y-%m-%d-%H%M%S')}-{version}.db")
            _thin_out(folder)
    finally:
        aside.unlink(missing_ok=True)


def mend(course: Course) -> list[str]:
    """Put the newest whole copy in the place of a gradebook that is empty, missing, older or damaged, and say so.

    The file that was there is kept. An empty list says that nothing was wrong.
    """
    path = _file(course)
    if path is None or not course.root.is_dir():
        return []
    if not os.access(path.parent, os.W_OK):
        return []
    with FileLock(path.with_name(".gradebook.lock"), timeout=PATIENCE):
        book, copy = Book.at(path), next(_copies(path), None)
        if trouble := _trouble(book, copy, course):
            return [_recover(course, book, copy, trouble)]
    return []


def _trouble(book: Book, copy: Book | None, course: Course) -> str:
    """The one word for what is wrong with the gradebook; "" where nothing is."""
    if not book.path.exists():
        return "missing" if copy or any((course.root / "autograded").glob("*/*/*.ipynb")) else ""
    if book.path.stat().st_size == 0 or (book.whole and not book.tables):
        return "empty"
    if not book.whole:
        return "damaged"
    return "older" if copy and copy.version > book.version else ""


def _recover(course: Course, book: Book, copy: Book | None, trouble: str) -> str:
    kept = _set_aside(book.path, trouble)
    was = "an older one than the newest copy" if trouble == "older" else trouble
    said = f"The gradebook was {was}" + (f"; it is kept as {kept}. " if kept else ". ")
    if copy is None:
        return said + (
            "There was no copy of it: every hand-in is marked again by `gradlab grade`; due dates, extensions, and marks "
            "and comments by hand must be given again."
        )
    aside = book.path.with_name(f".{book.path.name}.part")
    _back_up(copy.path, aside)
    more = carry_over(kept, aside) if kept and trouble == "older" else 0
    _to_disk(aside)
    os.replace(aside, book.path)
    made = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(copy.path.stat().st_mtime))
    said += f"The copy of {made} has taken its place, with {how_many(book.path)} marks and comments by hand. "
    if more:
        said += f"{more} marks and comments by hand were taken over from the older one; where both have one, the copy's counts. "
    if trouble == "older":
        return said + f"If you want the older one, move the newer copies out of {copy.path.parent} and copy it back."
    return said + "`gradlab grade` marks again what is missing there; marks by hand given since must be given again."


def _set_aside(path: Path, trouble: str) -> Path | None:
    """Rename a file, and the journal that SQLite would otherwise apply to the file that takes its place."""
    if not path.exists():
        return None
    kept = path.with_name(f"{path.name}.{trouble}-{time.strftime('%Y-%m-%d-%H%M%S')}")
    while kept.exists():
        kept = kept.with_name(kept.name + "-more")
    path.rename(kept)
    for ending in ("-journal", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(kept.with_name(kept.name + ending))
    return kept


def _folder(path: Path) -> Path:
    """The folder of the copies of one gradebook."""
    return path.with_name(FOLDER if path.name == BOOK else f"{path.name}-copies")


def _copies(path: Path) -> Iterator[Book]:
    """The whole copies of a gradebook, the newest first."""
    folder = _folder(path)
    named = sorted(folder.glob("*.db"), key=_number, reverse=True) if folder.is_dir() else []
    for copy in (*named, path.with_name(path.name + OLD_COPY)):
        book = Book.at(copy)
        if book.whole and book.tables:
            yield book


def _number(copy: Path) -> tuple[int, str]:
    tail = copy.stem.rsplit("-", 1)[-1]
    return (int(tail) if tail.isdecimal() else -1, copy.name)


def _thin_out(folder: Path) -> None:
    """Remove copies that are neither new, nor the last of their day, nor the one with most marks by hand."""
    copies = sorted(folder.glob("*.db"), key=_number, reverse=True)
    if len(copies) <= NEWEST:
        return
    days: dict[str, Path] = {}
    for copy in copies:
        days.setdefault(copy.name[:10], copy)
    kept = {*copies[:NEWEST], *list(days.values())[:DAYS], max(copies, key=how_many)}
    for copy in set(copies) - kept:
        copy.unlink(missing_ok=True)


def _back_up(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(source, timeout=PATIENCE)) as ours,
        closing(sqlite3.connect(target)) as theirs,
    ):
        ours.backup(theirs)


def _count(book: Path, version: int) -> None:
    with closing(sqlite3.connect(book, timeout=PATIENCE)) as connection:
        connection.execute(f"PRAGMA user_version = {int(version)}")
        connection.commit()


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _file(course: Course) -> Path | None:
    url = make_url(course.db_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
