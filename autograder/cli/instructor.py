"""Commands for instructors: mark hand-ins, write feedback, try the sandbox."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from autograder.cli.shared import CourseFolder, Database, LessonName, app, console, stop


@app.command("grade")
def grade_command(
    lesson: LessonName,
    course: CourseFolder = Path("course"),
    db: Database = None,
    force: Annotated[bool, typer.Option("--force", help="Mark again what has been marked.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the marks to this file.")] = None,
) -> None:
    """Mark the hand-ins of a lesson."""
    from autograder.build.source import SourceError
    from autograder.desk.course import Course, CourseError, known_lesson
    from autograder.desk.grade import grade

    try:
        marks = list(grade(Course.at(course, db), known_lesson(lesson), force=force))
    except (CourseError, SourceError) as error:
        raise stop(str(error)) from None
    table = Table("student", "marks", "of", "by hand", "remarks")
    for mark in marks:
        remarks = mark.failure or " ".join(mark.remarks)
        table.add_row(mark.student, f"{mark.score:g}", f"{mark.max_score:g}", "waits" if mark.needs_manual_grade else "", remarks)
    console.print(table)
    if json_file:
        json_file.write_text(json.dumps([asdict(mark) for mark in marks], indent=1, ensure_ascii=False), encoding="utf-8")
    if any(mark.failure for mark in marks):
        raise typer.Exit(1)


@app.command("feedback")
def feedback_command(lesson: LessonName, course: CourseFolder = Path("course"), db: Database = None) -> None:
    """Write a feedback page for every marked hand-in."""
    from autograder.desk.course import Course, CourseError, known_lesson
    from autograder.desk.feedback import write_feedback

    try:
        pages = write_feedback(Course.at(course, db), known_lesson(lesson))
    except CourseError as error:
        raise stop(str(error)) from None
    console.print(f"{len(pages)} pages written, such as {pages[0]}", highlight=False, soft_wrap=True)


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
