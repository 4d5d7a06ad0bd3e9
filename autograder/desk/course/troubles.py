"""One sentence, with what to do, for every failure of disk, rights and gradebook that an instructor can meet."""

import errno
import sqlite3
from pathlib import Path

from filelock import Timeout
from nbgrader.api import InvalidEntry
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from traitlets import TraitError

from autograder.desk.course.folder import CourseError, advice
from autograder.release.source import SourceError

NO_RIGHT = (errno.EACCES, errno.EPERM, errno.EROFS)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def sentence_for(error: BaseException) -> str | None:
    """What to tell of this error; None for one that is a fault of gradlab itself, whose traceback is wanted."""
    if isinstance(error, CourseError | SourceError):
        return str(error)
    if isinstance(error, SQLAlchemyError | sqlite3.Error | InvalidEntry):
        reason = str(error.orig if isinstance(error, DBAPIError) and error.orig else error).strip() or "no reason given"
        first = reason.splitlines()[0]
        return f"The gradebook cannot be used: {first}{advice(first)}"
    if isinstance(error, Timeout):
        return f"Another gradlab works on the same course ({error.lock_file}). Wait until it has ended, then try again."
    if isinstance(error, TraitError):
        return f"A setting in nbgrader_config has a value that it cannot have: {error} Mend it, then try again."
    return _of_the_system(error) if isinstance(error, OSError) else None


def _the_file(place: str) -> str:
    """The file on the way to a place that cannot be made below it."""
    return str(next((path for path in (Path(place), *Path(place).parents) if path.is_file()), place))


def _of_the_system(error: OSError) -> str | None:
    place = error.filename2 or error.filename or "the course folder"
    if isinstance(place, bytes | int):
        place = "a file"
    if error.errno in NO_RIGHT:
        return f"You have no right to write {place}. Ask its owner, or copy the course folder to where you may write."
    if error.errno in NO_ROOM:
        return "The disk is full. Make room, then give the same command again; what is there already is kept."
    if error.errno == errno.EISDIR:
        return f"{place} is a folder. Name a file, such as {place}/marks.csv."
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return f"{_the_file(str(place))} is a file, and a folder should be there. Move or rename it, then try again."
    if error.errno == errno.ENOENT:
        return f"There is no {place}. See that the name is right, and that nobody has moved it meanwhile."
    if error.errno == errno.ENAMETOOLONG:
        return f"The name {place} is longer than this disk allows. Use a shorter one."
    if error.errno and error.filename:  # a disk or a network folder that has gone away, too many open files, ...
        return (
            f"{place} cannot be used: {error.strerror}. See that its disk is there, then give the same command again."
        )
    return None
