"""Who may mark what: graders that work on one course at the same time do not get in each other's way."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.desk.course.folder import Course, CourseError


class OneGrader:
    """SQLite: one grader at a time has the whole course."""

    def claim(self, lesson: str, student: str) -> bool:
        """Always granted: the course is ours."""
        return True

    def release(self, lesson: str, student: str) -> None:
        """Nothing to give back before the end."""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nothing to wait for: nobody else is here."""
        yield


class ManyGraders:
    """PostgreSQL: advisory locks, one a hand-in; the server frees them when the grader has ended, however."""

    def __init__(self, connection: Connection):
        self.connection = connection

    def claim(self, lesson: str, student: str) -> bool:
        """Whether the hand-in is ours; False while another grader has it."""
        return bool(
            self.connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _key(lesson, student)}).scalar()
        )

    def release(self, lesson: str, student: str) -> None:
        """Let others have it."""
        self.connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _key(lesson, student)})

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While tables or a lesson's cells are made, the other graders wait."""
        self.connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _key("gradlab")})
        try:
            yield
        finally:
            self.connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _key("gradlab")})


@contextmanager
def claims(course: Course) -> Iterator[OneGrader | ManyGraders]:
    """The way to claim hand-ins of this course. Raises CourseError if another grader has an SQLite course."""
    if make_url(course.db_url).get_backend_name() == "postgresql":
        try:
            connection = create_engine(course.db_url, isolation_level="AUTOCOMMIT").connect()
        except (SQLAlchemyError, ModuleNotFoundError) as error:
            raise course.unavailable(error) from None
        with connection:
            yield ManyGraders(connection)
        return
    course.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(course.root / ".grading.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise CourseError(
            f"Another `gradlab grade` is at work in {course.root}. Wait until it has ended; to mark with several at "
            "once keep the gradebook in PostgreSQL: --db postgresql+psycopg://…"
        ) from None
    try:
        yield OneGrader()
    finally:
        lock.release()


def _key(*names: str) -> int:
    digest = hashlib.sha256("\0".join(names).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
