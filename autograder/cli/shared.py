"""What all commands share: the program, its consoles, its options, and how it stops."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

app = typer.Typer(
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
