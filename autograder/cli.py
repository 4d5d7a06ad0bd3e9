"""The command `gradlab`."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

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


@app.command()
def lab() -> None:
    """Open JupyterLab on the lessons."""
    from autograder.build.build import ROOT, lesson_path

    first = lesson_path("00-start-here").relative_to(ROOT / "lessons")
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT / 'lessons'}", f"--LabApp.default_url=/lab/tree/{first.as_posix()}"]
    command += ["--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    raise typer.Exit(subprocess.run(command, cwd=ROOT / "lessons").returncode)


@app.command("build")
def build_command(
    lessons: Annotated[list[str] | None, typer.Argument(help="Lessons to build; all of them if none is named.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Build nothing; fail if a lesson is stale or breaks a rule.")] = False,
) -> None:
    """Build lessons from their sources."""
    from autograder.build.build import build, build_lesson, stale, written_lessons
    from autograder.desk.course import CourseError, known_lesson

    try:
        names = [known_lesson(lesson) for lesson in lessons or []] or written_lessons()
    except CourseError as error:
        raise stop(str(error)) from None
    built = [build_lesson(name) for name in names] if check else build(names)
    problems = [problem for each in built for problem in each.problems + (stale(each) if check else [])]
    for problem in problems:
        complain.print(problem, highlight=False, markup=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    console.print(f"{len(built)} lessons are {'up to date' if check else 'built'}.")


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


@app.command("progress")
def progress_command(
    lesson: Annotated[str | None, typer.Argument(help="One lesson, by name or number; all of them if none is named.")] = None,
    folder: Annotated[Path | None, typer.Option("--in", help="Where your notebooks lie; default: the course's own lessons.")] = None,
) -> None:
    """Show your own marks from the checks in your notebooks, and what is still open."""
    from autograder.build.build import ROOT
    from autograder.desk.course import CourseError, known_lesson
    from autograder.progress import find_notebooks, progress_of, read_notebook
    from gradlab.checks import LESSONS

    folder = folder or ROOT / "lessons"
    try:
        wanted = [known_lesson(lesson)] if lesson else list(LESSONS)
        notebooks = find_notebooks(folder, [LESSONS[name] for name in wanted])
        if not notebooks:
            raise CourseError(f"There is no lesson in {folder}. Say where your notebooks lie with --in FOLDER.")
        table = Table("lesson", "exercise", "points", "", "what the last check said")
        signs = {"right": "✓", "wrong": "✗", "not attempted": "○", "changed since": "↻", "not checked": "○", "by hand": "✎"}
        done = total = 0.0
        for name in (name for name in wanted if LESSONS[name] in notebooks):
            for row in progress_of(read_notebook(notebooks[LESSONS[name]])):
                table.add_row(name, row.exercise, f"{row.points:g}", f"{signs[row.state]} {row.state}", row.message.split(". ")[0])
                total += row.points if row.state != "by hand" else 0
                done += row.points if row.state == "right" else 0
                name = ""
            table.add_section()
    except (CourseError, ValueError) as error:
        raise stop(str(error)) from None
    console.print(table)
    console.print(f"{done:g} of {total:g} points checked right; text answers are marked by a person.", highlight=False)


if __name__ == "__main__":
    app()
