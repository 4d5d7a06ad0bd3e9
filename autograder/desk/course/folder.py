"""A course folder in nbgrader's own layout: source, submitted, autograded, feedback, gradebook."""

import logging
import os
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SAWarning, SQLAlchemyError
from traitlets import TraitError
from traitlets.config import Config, ConfigFileNotFound, JSONFileConfigLoader, PyFileConfigLoader

from autograder.marking.configuration import marking
from gradlab.course import LESSONS, lesson_named

SETTINGS = {"nbgrader_config.py": PyFileConfigLoader, "nbgrader_config.json": JSONFileConfigLoader}


class CourseError(Exception):
    """Something about a course folder that its owner can put right; the text says how."""


@dataclass(frozen=True)
class Course:
    """The place of a course's own data, and of its gradebook."""

    root: Path
    db_url: str

    @classmethod
    def at(cls, root: Path, db_url: str | None = None) -> "Course":
        """The course in this folder; its gradebook is this one, else that of its settings, else SQLite in the folder.

        Raises CourseError for settings that cannot be run.
        """
        root = root.resolve()
        return cls(root, db_url or _own_gradebook(root))

    def gradebook(self) -> Gradebook:
        """nbgrader's gradebook; use it in a `with` statement. Raises CourseError where there is none to be had."""
        tools_on_path()
        self.root.mkdir(parents=True, exist_ok=True)
        logging.getLogger("tornado.application").setLevel(logging.CRITICAL)  # nbgrader logs tracebacks that it raises
        warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")  # from its add_submission, harmless
        try:
            return Gradebook(self.db_url)
        except (SQLAlchemyError, ModuleNotFoundError) as error:
            raise self.unavailable(error) from None

    def unavailable(self, error: Exception) -> CourseError:
        """What to say where the gradebook does not answer; its address without the password."""
        try:
            url = make_url(self.db_url)
            place = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
        except ArgumentError:
            place = self.db_url
        reason = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
        return CourseError(f"The gradebook {place} does not answer: {reason[0]}{advice(reason[0])}")

    def submitted(self, lesson: str) -> list[str]:
        """Ids of the students who handed in something for this lesson."""
        return _students(self.root / "submitted", lesson)

    def marked(self, lesson: str) -> list[str]:
        """Ids of the students whose hand-in for this lesson was marked."""
        return _students(self.root / "autograded", lesson)

    def hand_in(self, student: str, lesson: str) -> Path:
        """A student's notebook as handed in."""
        return self.root / "submitted" / student / lesson / f"{LESSONS[lesson]}.ipynb"

    def autograded(self, student: str, lesson: str) -> Path:
        """A student's notebook as marked."""
        return self.root / "autograded" / student / lesson / f"{LESSONS[lesson]}.ipynb"

    def settings(self) -> Config:
        """nbgrader's settings for this course: ours, and what an `nbgrader_config` file here or in the course adds.

        A plugin of the course's own is found beside those files, as nbgrader finds it. Raises CourseError for a file
        that cannot be run, and for a plugin that cannot be imported; nbgrader would only log the first.
        """
        config = marking()
        for folder in dict.fromkeys((Path.cwd(), self.root)):
            config.merge(_settings_in(folder))
        try:
            AssignLatePenalties(config=config)
        except (TraitError, ImportError) as error:
            plugin = config.AssignLatePenalties.get("plugin_class")
            raise CourseError(
                f"The late plugin {plugin!r} of nbgrader_config cannot be used ({error}). Put its file into "
                f"{self.root}, beside nbgrader_config.py, or mend the name there."
            ) from None
        config.CourseDirectory.root = str(self.root)
        config.CourseDirectory.db_url = self.db_url
        return config


def _settings_in(folder: Path) -> Config:
    """What an `nbgrader_config` file in this folder says. Raises CourseError for one that cannot be run."""
    config = Config()
    for name, loader in SETTINGS.items():
        try:
            config.merge(loader(name, str(folder)).load_config())
        except ConfigFileNotFound:
            continue
        except Exception as error:  # a file of Python may raise anything
            reason = f"{type(error).__name__}: {error}"
            raise CourseError(f"{folder / name} cannot be run ({reason}). Mend it, then try again.") from None
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
    return config


def _own_gradebook(root: Path) -> str:
    """The address of the gradebook that the course's settings name, a file from the course's folder on; else SQLite there."""
    named = _settings_in(root).CourseDirectory.get("db_url")
    try:
        url = make_url(named) if named else URL.create("sqlite", database="gradebook.db")
    except ArgumentError:  # said where it is opened
        return str(named)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        url = url.set(database=str(root / url.database))
    return url.render_as_string(hide_password=False)


def _students(folder: Path, lesson: str) -> list[str]:
    """Names of the folders in which there is one of this lesson; not by glob, to which [ and ? mean something."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if _holds(path, lesson))


def _holds(folder: Path, lesson: str) -> bool:
    """Whether a folder has one of this lesson, or nobody may look, which is said when it is read."""
    try:
        return (folder / lesson).is_dir()
    except PermissionError:
        return True


ADVICE = {
    "readonly": "You have no right to write there: ask its owner, or copy the course folder.",
    "is full": "Make room on the disk, then give the same command again; what is there already is kept.",
    "unable to open": "See that the folder exists and that you may write there.",
    "locked": "Another program writes to it. Close it (JupyterLab's Formgrader, a database browser), then try again.",
    "no such column": "It is of an older nbgrader: run  nbgrader db upgrade  in the course folder, which keeps all marks.",
    "no such table": "It is of an older nbgrader: run  nbgrader db upgrade  in the course folder, which keeps all marks.",
    "malformed": "Give the same command again: it puts a copy in its place.",
    "not a database": "Give the same command again: it puts a copy in its place.",
    "closed the connection": "See that the server runs, then give the same command again: it goes on from here.",
    "terminating connection": "See that the server runs, then give the same command again: it goes on from here.",
    "connection is lost": "See that the server runs, then give the same command again: it goes on from here.",
    "disk I/O": "See whether the disk is full or was removed, then give the same command again.",
}


def advice(reason: str) -> str:
    """What to do about what SQLite says, to be put behind it; "" where nothing is known."""
    return next((f". {advice}" for word, advice in ADVICE.items() if word in reason), "")


def tools_on_path() -> None:
    """nbgrader starts `alembic` by name; it stands beside the Python that runs us."""
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = folder + os.pathsep + os.environ.get("PATH", "")


def known_lesson(lesson: str) -> str:
    """The lesson's folder name, also from its number or a unique beginning of it. Raises CourseError otherwise."""
    try:
        return lesson_named(lesson)
    except ValueError as error:
        raise CourseError(str(error)) from None
