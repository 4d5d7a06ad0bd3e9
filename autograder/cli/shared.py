"""What all commands share: the program, its consoles, its options, and how it stops."""

import io
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from autograder.notebooks.strangers_texts import visible
from autograder.notebooks.system_errors import sentence_of

# Packages that not every installation has, as they are imported, and the extra that brings them.
EXTRAS = dict.fromkeys(("filelock", "hatchling", "jupytext", "latex2mathml", "nbclient", "nbconvert", "nh3"), "teach")
EXTRAS |= dict.fromkeys(("bs4", "docutils", "furo", "myst_nb", "sphinx", "sphinx_copybutton"), "site")
EXTRAS |= {"distributed": "cluster", "psycopg": "postgresql", "playwright": "test"}


class Program(typer.Typer):
    """The command line: it writes on any console, and says in one sentence which extra a command lacks."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a console that lacks a sign gets "?", not a traceback
        try:
            return super().__call__(*args, **kwargs)
        except ModuleNotFoundError as error:
            if (sentence := missing_extra(error)) is None:
                raise
            raise SystemExit(stop(sentence).exit_code) from None


def missing_extra(error: ModuleNotFoundError) -> str | None:
    """What to install where a package of an extra, or the instructor's part, is missing; None if it is none of ours."""
    package = (error.name or "").partition(".")[0]
    if package == "autograder":
        return "This is the learner's edition of gradlab, which does not have this command. Install the instructor's edition."
    if package not in EXTRAS:
        return None
    return f'This command needs {package}: install it with  pip install "gradlab[{EXTRAS[package]}]"'


if TYPE_CHECKING:
    from autograder.desk.course.folder import Course

# jsonschema compiles a grammar of internationalised addresses when it is imported, which takes more than a second, if
# there is one to be had. No notebook holds such addresses.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

app = Program(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="gradlab: build lessons, work on them, mark hand-ins.",
)


class PlainConsole(Console):
    """Shows text as it is, in tables too: names and messages are strangers', and may look like Rich's markup."""

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(visible(text), **options)


console = PlainConsole()
complain = PlainConsole(stderr=True)

JUPYTER_OPTIONS = {"allow_extra_args": True, "ignore_unknown_options": True}  # of commands that hand options on
CourseFolder = Annotated[Path, typer.Option("--course", help="The course folder, in nbgrader's layout.")]
Database = Annotated[
    str | None, typer.Option("--db", help="Gradebook as an SQLAlchemy URL; default: SQLite in the course folder.")
]
LessonName = Annotated[str, typer.Argument(help="A lesson's folder name, or its number: 01-soft-thresholding or 01.")]


def stop(message: str) -> typer.Exit:
    """Say what is wrong and end with exit code 1."""
    complain.print(message, style="bold red", highlight=False, soft_wrap=True)
    return typer.Exit(1)


def in_words(error: Exception) -> str:
    """What to say of an error that its user can put right: of one of the system, about a file, what to do too."""
    return (sentence_of(error) if isinstance(error, OSError) else None) or str(error)


def explained(command: Callable[..., None]) -> Callable[..., None]:
    """The command, which ends with one sentence and exit code 1 where its user can put right what went wrong."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except KeyboardInterrupt:
            raise stop("Stopped. The same command goes on from here.") from None
        except Exception as error:
            from autograder.desk.course.troubles import sentence_for

            if (sentence := sentence_for(error)) is None:
                raise
            raise stop(sentence) from None

    return run


def opened(folder: Path, db: str | None, *, new: bool = False) -> "Course":
    """The course in a folder, its gradebook mended where it has to be and copied; `new` may be a folder yet to be made.

    Raises CourseError where there is no such folder.
    """
    from autograder.desk.course.folder import Course, CourseError
    from autograder.desk.gradebook.copies import keep_copy, mend

    course = Course.at(folder, db)
    if not course.root.is_dir() and not new:
        raise CourseError(
            f"There is no course folder {course.root}. Name yours with --course; `gradlab collect` makes one."
        )
    for sentence in mend(course):
        complain.print(sentence, highlight=False, soft_wrap=True)
    keep_copy(course)
    return course
