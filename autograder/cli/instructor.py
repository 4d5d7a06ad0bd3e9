"""Commands for instructors: mark hand-ins, write feedback, try the sandbox."""

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from autograder.cli.shared import CourseFolder, Database, LessonName, app, complain, console, stop


@app.command("grade")
def grade_command(
    lesson: LessonName,
    course: CourseFolder = Path("course"),
    db: Database = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Hand-ins at a time; default: one a processor.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Run again also what has not changed since it was marked.")
    ] = False,
    no_sandbox: Annotated[
        bool,
        typer.Option(
            "--no-sandbox", help="Run hand-ins with your own rights: they can read and change all that you can."
        ),
    ] = False,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Address of a Dask scheduler whose workers run the hand-ins.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the marks to this file.")] = None,
) -> None:
    """Mark the hand-ins of a lesson. Killed at any moment, the next call goes on. Exit code 1: something failed."""
    from sqlalchemy.exc import SQLAlchemyError

    from autograder.cli.mark_tables import Bar, show_marks
    from autograder.desk.course.files import write_whole
    from autograder.desk.course.folder import Course, CourseError, known_lesson
    from autograder.desk.grade.run import grade
    from autograder.release.source import SourceError

    marks = []
    try:
        where, lesson = Course.at(course, db), known_lesson(lesson)
        with Bar(console, len(where.submitted(lesson))) as bar:
            tell = partial(console.print, highlight=False, soft_wrap=True)
            for mark in grade(
                where,
                lesson,
                jobs=jobs,
                force=force,
                sandbox=not no_sandbox,
                scheduler=scheduler,
                tick=bar.tick,
                tell=tell,
            ):
                marks.append(mark)
                bar.add(mark)
    except (CourseError, SourceError) as error:
        raise stop(str(error)) from None
    except SQLAlchemyError as error:
        reason = str(where.unavailable(error))
        raise stop(
            f"{reason}. The {len(marks)} marks made so far are kept; the same command goes on from here."
        ) from None
    except KeyboardInterrupt:
        raise stop(
            f"Stopped after {len(marks)} hand-ins; their marks are kept. The same command goes on from here."
        ) from None
    marks.sort(key=lambda mark: mark.student)
    show_marks(console, marks, where.root / "logs" / lesson)
    if json_file:
        data = json.dumps([asdict(mark) for mark in marks], indent=1, ensure_ascii=False)
        write_whole(json_file, data.encode())
    if any(mark.failure for mark in marks):
        raise typer.Exit(1)


@app.command("feedback")
def feedback_command(
    lesson: LessonName,
    course: CourseFolder = Path("course"),
    db: Database = None,
    zip_file: Annotated[
        Path | None,
        typer.Option("--zip", help="Pack the pages into this file too, as Moodle and Canvas take them back."),
    ] = None,
) -> None:
    """Write a feedback page for every marked hand-in."""
    from autograder.desk.course.folder import Course, CourseError, known_lesson
    from autograder.desk.give_back.feedback_pages import write_feedback
    from autograder.desk.give_back.feedback_zip import pack

    try:
        where, lesson = Course.at(course, db), known_lesson(lesson)
        pages = write_feedback(where, lesson)
    except CourseError as error:
        raise stop(str(error)) from None
    console.print(f"{len(pages)} pages written, such as {pages[0]}", highlight=False, soft_wrap=True)
    if zip_file:
        unknown = pack(where, lesson, pages, zip_file)
        console.print(f"{len(pages) - len(unknown)} of them packed into {zip_file}.", highlight=False, soft_wrap=True)
        if unknown:
            left_out = f"Left out, since they were not collected from a learning platform: {', '.join(unknown)}."
            complain.print(left_out, highlight=False, soft_wrap=True)


@app.command("report")
def report_command(
    lesson: LessonName,
    course: CourseFolder = Path("course"),
    db: Database = None,
    names: Annotated[bool, typer.Option("--names", help="Say who has which misconception.")] = False,
    site: Annotated[str, typer.Option("--site", help="Where the lessons' pages are, for links into them.")] = "site",
) -> None:
    """Write the class report: marks, difficulty, misconceptions; no names unless asked."""
    from autograder.desk.course.folder import Course, CourseError, known_lesson
    from autograder.desk.report.class_report import write_report

    try:
        path = write_report(Course.at(course, db), known_lesson(lesson), names=names, site=site)
    except CourseError as error:
        raise stop(str(error)) from None
    console.print(f"Written to {path}", highlight=False, soft_wrap=True)


@app.command("doctor")
def doctor_command() -> None:
    """Try the sandbox: start kernels in it, attempt what a hand-in must not do, and say what holds."""
    from autograder.sandbox.doctor import run_self_test

    findings = run_self_test()
    table = Table("promise", "", "what was seen")
    for finding in findings:
        table.add_row(finding.promise, "✓ holds" if finding.holds else "✗ broken", finding.seen)
    console.print(table)
    if not all(finding.holds for finding in findings):
        raise typer.Exit(1)
