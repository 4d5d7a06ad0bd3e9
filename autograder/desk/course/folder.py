"""A course folder in nbgrader's own layout: source, submitted, autograded, feedback, gradebook."""

import os
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

from gradlab.lessons import LESSONS
from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SAWarning, SQLAlchemyError
from traitlets.config import Config, PyFileConfigLoader

from autograder.marking.configuration import marking
from autograder.release.assignment import generate_assignment
from autograder.release.build import source_path
from autograder.release.source import read_source, without_solution_cells, write_bytes


class CourseError(Exception):
    """Something about a course folder that its owner can put right; the text says how."""


@dataclass(frozen=True)
class Course:
    """Where a course's own data lives, and its gradebook."""

    root: Path
    db_url: str

    @classmethod
    def at(cls, root: Path, db_url: str | None = None) -> "Course":
        """The course in this folder; SQLite in the folder unless told otherwise."""
        root = root.resolve()
        return cls(root, db_url or f"sqlite:///{root / 'gradebook.db'}")

    def gradebook(self) -> Gradebook:
        """nbgrader's gradebook; use it in a `with` statement. Raises CourseError where there is none to be had."""
        tools_on_path()
        self.root.mkdir(parents=True, exist_ok=True)
        warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")  # from its add_submission, harmless
        try:
            return Gradebook(self.db_url)
        except (SQLAlchemyError, ModuleNotFoundError) as error:
            raise self.unavailable(error) from None

    def unavailable(self, error: Exception) -> CourseError:
        """What to say where the gradebook does not answer; its address without the password."""
        try:
            url = make_url(self.db_url).render_as_string(hide_password=True)
        except ArgumentError:
            url = self.db_url
        return CourseError(f"The gradebook {url} does not answer: {str(error).splitlines()[0]}")

    def submitted(self, lesson: str) -> list[str]:
        """Ids of the students who handed in something for this lesson."""
        return sorted(p.parent.name for p in self.root.glob(f"submitted/*/{lesson}") if p.is_dir())

    def hand_in(self, student: str, lesson: str) -> Path:
        """A student's notebook as handed in."""
        return self.root / "submitted" / student / lesson / f"{LESSONS[lesson]}.ipynb"

    def autograded(self, student: str, lesson: str) -> Path:
        """A student's notebook as marked."""
        return self.root / "autograded" / student / lesson / f"{LESSONS[lesson]}.ipynb"

    def settings(self) -> Config:
        """nbgrader's settings for this course: ours, and what an `nbgrader_config.py` here or in the course adds.

        Raises CourseError for a file that cannot be run; nbgrader would only log that and go on without it.
        """
        config = marking()
        for folder in dict.fromkeys((Path.cwd(), self.root)):
            path = folder / "nbgrader_config.py"
            if path.exists():
                try:
                    config.merge(PyFileConfigLoader(path.name, str(folder)).load_config())
                except Exception as error:
                    raise CourseError(
                        f"{path} cannot be run ({type(error).__name__}: {error}). Mend it, then try again."
                    ) from None
        config.CourseDirectory.root = str(self.root)
        config.CourseDirectory.db_url = self.db_url
        return config


def tools_on_path() -> None:
    """nbgrader starts `alembic` by name; it stands beside the Python that runs us."""
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = folder + os.pathsep + os.environ.get("PATH", "")


def known_lesson(lesson: str) -> str:
    """The lesson's folder name, also from a unique beginning of it ("01"). Raises CourseError otherwise."""
    found = [name for name in LESSONS if name.startswith(lesson)] if lesson else []
    if len(found) != 1:
        raise CourseError(f"There is no lesson {lesson!r}. The lessons are: {', '.join(LESSONS)}.")
    return found[0]


def prepare(course: Course, lesson: str) -> None:
    """Put the lesson's source into the course and the gradebook, unless it is there and unchanged."""
    path = source_path(lesson)
    if not path.exists():
        raise CourseError(
            f"{path} is missing: the lesson has no source to mark against. Restore it from the repository."
        )
    data = write_bytes(without_solution_cells(read_source(path)))
    target = course.root / "source" / lesson / f"{LESSONS[lesson]}.ipynb"
    known = _in_gradebook(course, lesson)
    if known and target.exists() and target.read_bytes() == data:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    tools_on_path()
    generate_assignment(course.root, lesson, database=True, db_url=course.db_url)


def _in_gradebook(course: Course, lesson: str) -> bool:
    with course.gradebook() as gradebook:
        try:
            return bool(gradebook.find_assignment(lesson).notebooks)
        except MissingEntry:
            return False
        except SQLAlchemyError as error:
            raise course.unavailable(error) from None
