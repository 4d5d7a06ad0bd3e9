"""A copy of an SQLite gradebook beside it, and what to do when the gradebook itself is damaged."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from autograder.desk.course.folder import Course

COPY = ".copy"


def keep_copy(course: Course) -> None:
    """Put a copy beside a whole gradebook, by SQLite's own backup; a crash leaves the old copy or the new one."""
    book = _file(course)
    if book is None or not book.exists() or not _is_whole(book):
        return
    aside = book.with_name(f"{book.name}.part")
    with closing(sqlite3.connect(book)) as ours, closing(sqlite3.connect(aside)) as theirs:
        ours.backup(theirs)
    os.replace(aside, book.with_name(book.name + COPY))


def mend(course: Course) -> str:
    """Put the copy in the place of a damaged gradebook, and say so; "" where nothing is wrong.

    The damaged file is kept. Without a copy a new gradebook is begun: automatic marks are made again from the hand-ins.
    """
    book = _file(course)
    if book is None or not book.exists() or _is_whole(book):
        return ""
    damaged = book.with_name(f"{book.name}.damaged-{time.strftime('%Y-%m-%d-%H%M%S')}")
    book.rename(damaged)
    said = f"The gradebook was damaged; it is kept as {damaged}. "
    copy = book.with_name(book.name + COPY)
    if not copy.exists() or not _is_whole(copy):
        return (
            said
            + "There was no copy of it: every hand-in is marked again, marks and comments by hand must be given again."
        )
    made = time.strftime("%Y-%m-%d %H:%M", time.localtime(copy.stat().st_mtime))
    copy.rename(book)
    return (
        said
        + f"The copy of {made} has taken its place: what is missing there is marked again; marks by hand given since must be given again."
    )


def _file(course: Course) -> Path | None:
    url = make_url(course.db_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _is_whole(book: Path) -> bool:
    try:
        with closing(sqlite3.connect(book)) as connection:
            return connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False
