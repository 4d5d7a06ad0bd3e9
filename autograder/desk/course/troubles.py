"""One sentence, with what to do, for every failure of disk, rights and gradebook that an instructor can meet."""

import sqlite3

from filelock import Timeout
from nbgrader.api import InvalidEntry
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from traitlets import TraitError

from autograder.desk.course.folder import CourseError, advice
from autograder.notebooks.system_errors import sentence_of
from autograder.release.source import SourceError


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
    return sentence_of(error) if isinstance(error, OSError) else None
