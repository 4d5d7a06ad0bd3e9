"""Commands between the course folder and the learning platform: collect hand-ins, export marks."""

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from autograder.cli.shared import CourseFolder, Database, LessonName, app, complain, console, stop


class Form(StrEnum):
    """What the marks are written for."""

    CSV = "csv"
    CANVAS = "canvas"
    MOODLE = "moodle"


@app.command("collect")
def collect_command(
    lesson: LessonName,
    sources: Annotated[
        list[Path], typer.Argument(help="Zip files from Canvas or Moodle, or folders STUDENT/NOTEBOOK.", exists=True)
    ],
    course: CourseFolder = Path("course"),
    db: Database = None,
) -> None:
    """Collect hand-ins from zip files and folders; of several attempts the newest counts. Exit code 1: some were refused.

    What lies in nbgrader's exchange is collected by `nbgrader collect`, into the same folder.
    """
    from autograder.desk.collect.hand_ins import collect
    from autograder.desk.course.folder import Course, CourseError, known_lesson

    try:
        said = collect(Course.at(course, db), known_lesson(lesson), sources)
    except CourseError as error:
        raise stop(str(error)) from None
    if not said:
        raise stop("There is no notebook in there.")
    table = Table("student", "", "remarks")
    for one in said:
        if one.said:
            table.add_row(one.student, one.state, one.said)
    if table.rows:
        console.print(table)
    counts = Counter(one.state for one in said)
    console.print(", ".join(f"{count} {state}" for state, count in counts.items()) + ".", highlight=False)
    if counts["refused"]:
        raise typer.Exit(1)


@app.command("export")
def export_command(
    lesson: LessonName,
    course: CourseFolder = Path("course"),
    db: Database = None,
    form: Annotated[Form, typer.Option("--format", help="csv, or what Canvas or Moodle imports.")] = Form.CSV,
    to: Annotated[Path | None, typer.Option("--to", help="File to write; default: printed.")] = None,
    column: Annotated[
        str | None, typer.Option("--column", help="Canvas's name of the column, such as 'Lesson 1 (43142)'.")
    ] = None,
) -> None:
    """Write the marks of a lesson as a table."""
    from autograder.desk.course.files import write_whole
    from autograder.desk.course.folder import Course, CourseError, known_lesson
    from autograder.desk.give_back.tables import export

    try:
        lesson = known_lesson(lesson)
        text, notes = export(Course.at(course, db), lesson, form, column or lesson)
    except CourseError as error:
        raise stop(str(error)) from None
    if to:
        write_whole(to, text.encode())
        console.print(f"Written to {to}.", highlight=False, soft_wrap=True)
    else:
        print(text, end="")
    for note in notes:
        complain.print(note, highlight=False, soft_wrap=True)
