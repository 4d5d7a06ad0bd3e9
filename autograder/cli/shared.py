"""What all commands share: the program, its consoles, its options, and how it stops."""

import io
import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

# Packages that not every installation has, as they are imported, and the extra that brings them.
EXTRAS = dict.fromkeys(("filelock", "jupytext", "latex2mathml", "nbclient", "nbconvert", "nh3"), "teach")
EXTRAS |= dict.fromkeys(("bs4", "docutils", "furo", "myst_nb", "sphinx", "sphinx_copybutton"), "site")
EXTRAS |= {"distributed": "cluster", "psycopg": "postgresql"}


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
    """What to install where a package of an extra is missing; None if it is none of ours."""
    package = (error.name or "").partition(".")[0]
    if package not in EXTRAS:
        return None
    return f'This command needs {package}: install it with  pip install "gradlab[{EXTRAS[package]}]"'


app = Program(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="gradlab: build lessons, work on them, mark hand-ins.",
)
# What a terminal obeys instead of showing, and what turns the direction of writing.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class PlainConsole(Console):
    """Shows text as it is, in tables too: names, file names and messages are strangers', and may look like Rich's markup."""

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text), **options)


console = PlainConsole()
complain = PlainConsole(stderr=True)

CourseFolder = Annotated[Path, typer.Option("--course", help="The course folder, in nbgrader's layout.")]
Database = Annotated[
    str | None, typer.Option("--db", help="Gradebook as an SQLAlchemy URL; default: SQLite in the course folder.")
]
LessonName = Annotated[str, typer.Argument(help="A lesson's folder name, or its number: 01-soft-thresholding or 01.")]


def stop(message: str) -> typer.Exit:
    """Say what is wrong and end with exit code 1."""
    complain.print(message, style="bold red", highlight=False, soft_wrap=True)
    return typer.Exit(1)
