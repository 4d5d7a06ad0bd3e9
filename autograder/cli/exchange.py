"""Commands between the course folder and the learning platform: collect hand-ins, give back marks and feedback."""

import sys
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from autograder.cli.shared import (
    CourseFolder,
    Database,
    LessonName,
    app,
    complain,
    console,
    explained,
    opened,
    stop,
    visible,
)


class Form(StrEnum):
    """What the marks are written for."""

    CSV = "csv"
    CANVAS = "canvas"
    MOODLE = "moodle"


@app.command("collect")
@explained
def collect_command(
    lesson: LessonName,
    sources: Annotated[
        list[Path], typer.Argument(help="Zip files from Canvas or Moodle, or folders STUDENT/NOTEBOOK.", exists=True)
    ],
    course: CourseFolder = Path("course"),
    db: Database = None,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", help="The class list as a table: from Canvas, Moodle, or a spreadsheet.", exists=True),
    ] = None,
) -> None:
    """Collect hand-ins from zip files and folders; of several attempts the newest readable one counts.

    Exit code 1: somebody's was refused, or a name alone does not tell whose it is. What lies in nbgrader's exchange is
    collected by `nbgrader collect`, into the same folder.
    """
    from autograder.desk.collect.class_list import compare
    from autograder.desk.collect.collect import collect, refused
    from autograder.desk.course.folder import known_lesson
    from autograder.desk.course.people import People, changing
    from autograder.desk.course.roster import read_roster, take_in
    from autograder.desk.gradebook.copies import keep_copy

    lesson = known_lesson(lesson)
    rows = read_roster(roster) if roster else []
    where = opened(course, db, new=True)
    if rows:
        with changing(where) as people, where.gradebook() as gradebook:
            take_in(people, rows, gradebook)
            people.save()
    said = collect(where, lesson, sources)
    keep_copy(where)
    if not said:
        raise stop("There is nothing in there.")
    table = Table("student", "name", "", "remarks")
    found = compare(People.of(where), lesson, said)
    for one in found.said:
        table.add_row(one.student, one.name, one.state, one.said)
    console.print(table)
    counts = Counter(one.state for one in said)
    console.print(", ".join(f"{count} {state}" for state, count in counts.items()) + ".", highlight=False)
    for people, state in (
        (found.missing, f"of the class list have not handed in {lesson}"),
        (found.not_listed, "handed in and are not on the class list"),
    ):
        if people:
            said_of = f"{len(people)} {state}: {', '.join(people)}."
            console.print(said_of, highlight=False, soft_wrap=True, markup=False)
    for sentence in found.unclear:
        complain.print(sentence, highlight=False, soft_wrap=True, markup=False)
    if refused(said) or found.unclear:
        raise typer.Exit(1)


@app.command("export")
@explained
def export_command(
    lesson: LessonName,
    course: CourseFolder = Path("course"),
    db: Database = None,
    form: Annotated[Form, typer.Option("--format", help="csv, or what Canvas or Moodle imports.")] = Form.CSV,
    to: Annotated[Path | None, typer.Option("--to", help="File to write; default: printed.")] = None,
    column: Annotated[
        str | None, typer.Option("--column", help="Canvas's name of the column, such as 'Lesson 1 (43142)'.")
    ] = None,
    language: Annotated[
        str, typer.Option("--language", help="Language in which your Moodle shows itself: en, de, es, fr.")
    ] = "en",
    worksheet: Annotated[
        Path | None,
        typer.Option("--worksheet", help="Moodle's own grading worksheet, whose headings are then used.", exists=True),
    ] = None,
    groups: Annotated[
        bool, typer.Option("--groups", help="A group of the class list has one mark, that of its best hand-in.")
    ] = False,
) -> None:
    """Write the marks of a lesson as a table: one row for each student of the course."""
    from autograder.desk.course.folder import known_lesson
    from autograder.desk.give_back.tables import export
    from autograder.notebooks.files import write_whole

    if to and not to.absolute().parent.is_dir():
        raise stop(f"There is no folder {to.parent}. Make it, or write to another place.")
    where, lesson = opened(course, db), known_lesson(lesson)
    text, notes = export(where, lesson, form, column or lesson, language=language, worksheet=worksheet, groups=groups)
    if to:
        write_whole(to, text.encode("utf-8-sig" if form == Form.CSV else "utf-8", errors="replace"))
        console.print(f"Written to {to}.", highlight=False, soft_wrap=True)
    else:
        # UTF-8 whatever the console's own encoding is: a table without its names is none.
        sys.stdout.buffer.write(visible(text.replace("\r\n", "\n")).encode(errors="replace"))
        sys.stdout.flush()
    for note in notes:
        complain.print(note, highlight=False, soft_wrap=True)


@app.command("feedback")
@explained
def feedback_command(
    lesson: LessonName,
    course: CourseFolder = Path("course"),
    db: Database = None,
    student: Annotated[
        list[str] | None, typer.Option("--student", help="Only this student's page; may be given several times.")
    ] = None,
    zip_file: Annotated[
        Path | None,
        typer.Option("--zip", help="Pack the pages into this file too, as Moodle and Canvas take them back."),
    ] = None,
) -> None:
    """Write a feedback page for every marked hand-in; `nbgrader release_feedback` gives them to students, too."""
    from autograder.desk.course.folder import known_lesson
    from autograder.desk.give_back.feedback_pages import write_feedback
    from autograder.desk.give_back.feedback_zip import pack

    where, lesson = opened(course, db), known_lesson(lesson)
    pages, notes = write_feedback(where, lesson, students=student)
    console.print(f"{len(pages)} pages written, such as {pages[0]}", highlight=False, soft_wrap=True)
    for note in notes:
        complain.print(note, highlight=False, soft_wrap=True)
    if zip_file:
        unknown = pack(where, lesson, pages, zip_file)
        console.print(f"{len(pages) - len(unknown)} of them packed into {zip_file}.", highlight=False, soft_wrap=True)
        if unknown:
            left_out = f"Left out, since they were not collected from a learning platform: {', '.join(unknown)}."
            complain.print(left_out, highlight=False, soft_wrap=True)
