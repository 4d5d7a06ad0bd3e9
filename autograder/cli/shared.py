"""What all commands share: the program, its consoles, its options, and how it stops."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="gradlab: build lessons, work on them, mark hand-ins.",
)
console = Console()
complain = Console(stderr=True)

CourseFolder = Annotated[Path, typer.Option("--course", help="The course folder, in nbgrader's layout.")]
Database = Annotated[str | None, typer.Option("--db", help="Gradebook as an SQLAlchemy URL; default: SQLite in the course folder.")]
LessonName = Annotated[str, typer.Argument(help="A lesson's folder name, or its number: 01-soft-thresholding or 01.")]


def stop(message: str) -> typer.Exit:
    """Say what is wrong and end with exit code 1."""
    complain.print(message, style="bold red", highlight=False, markup=False, soft_wrap=True)
    return typer.Exit(1)
