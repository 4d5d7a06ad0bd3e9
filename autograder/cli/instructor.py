"""Commands for instructors: mark hand-ins, see what the class got wrong, try the sandbox."""

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.table import Table

from autograder.cli.shared import (
    JUPYTER_OPTIONS,
    CourseFolder,
    Database,
    LessonName,
    app,
    complain,
    console,
    explained,
    opened,
    stop,
)


@app.command("grade")
@explained
def grade_command(
    lesson: LessonName,
    course: CourseFolder = Path("course"),
    db: Database = None,
    student: Annotated[
        list[str] | None, typer.Option("--student", help="Only this student's hand-in; may be given several times.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Hand-ins at a time; default: one a processor.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Run again also what has not changed since it was marked.")
    ] = False,
    renew: Annotated[
        bool,
        typer.Option(
            "--renew", help="The lesson's cells have changed: mark anew, keep marks and comments of cells that stay."
        ),
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
    from autograder.desk.grade.warm_up import warm_zygote_aside

    if not no_sandbox and not scheduler:
        warm_zygote_aside(course, lesson, force)

    from autograder.cli.mark_tables import Bar, show_marks
    from autograder.desk.course.folder import Course, known_lesson
    from autograder.desk.course.troubles import sentence_for
    from autograder.desk.grade.interrupts import remembered
    from autograder.desk.grade.run import grade
    from autograder.notebooks.files import write_whole

    marks = []
    where, lesson = Course.at(course, db), known_lesson(lesson)
    if no_sandbox:
        complain.print("Without a sandbox hand-ins run with your own rights. Do this for hand-ins that you trust.")
    try:
        with Bar(console, len(set(student or where.submitted(lesson)))) as bar, remembered(bar.draw) as while_waiting:
            for mark in grade(
                where,
                lesson,
                students=student,
                jobs=jobs,
                force=force,
                renew=renew,
                sandbox=not no_sandbox,
                scheduler=scheduler,
                while_waiting=while_waiting,
                tell=partial(console.print, highlight=False, soft_wrap=True),
            ):
                marks.append(mark)
                bar.add(mark)
    except KeyboardInterrupt:
        raise stop(
            f"Stopped after {len(marks)} hand-ins; their marks are kept. The same command goes on from here."
        ) from None
    except Exception as error:
        if (sentence := sentence_for(error)) is None or not marks:
            raise
        kept = f"The {len(marks)} marks made so far are kept; the same command goes on from here."
        raise stop(f"{sentence.rstrip('.')}. {kept}") from None
    marks.sort(key=lambda mark: mark.student)
    show_marks(console, marks, where.root / "logs" / lesson)
    if json_file:
        data = json.dumps([asdict(mark) for mark in marks], indent=1, ensure_ascii=False)
        write_whole(json_file, data.encode(errors="backslashreplace"))  # as JSON writes what no text holds
    if any(mark.failure for mark in marks):
        raise typer.Exit(1)


@app.command("teach", context_settings=JUPYTER_OPTIONS)
@explained
def teach_command(context: typer.Context, course: CourseFolder = Path("course"), db: Database = None) -> None:
    """Open JupyterLab on a course folder, with the Formgrader on that course. Other options go to JupyterLab."""
    from autograder.desk.course.jupyter import settings_of
    from autograder.work.jupyter import serve

    where = opened(course, db)
    console.print(
        f"The course is {where.root}; its Formgrader is in the menu Nbgrader.", highlight=False, soft_wrap=True
    )
    with TemporaryDirectory(prefix="gradlab-settings-") as settings:
        Path(settings, "nbgrader_config.py").write_text(settings_of(where), encoding="utf-8")
        raise typer.Exit(serve(where.root, "", context.args, settings))


@app.command("report")
@explained
def report_command(
    lesson: Annotated[
        str | None, typer.Argument(help="A lesson, by name or number; the whole course if none is named.")
    ] = None,
    course: CourseFolder = Path("course"),
    db: Database = None,
    names: Annotated[bool, typer.Option("--names", help="Say who has which misconception, and who is behind.")] = False,
    site: Annotated[
        str | None, typer.Option("--site", help="Address of the lessons' pages, for links into them; none by default.")
    ] = None,
) -> None:
    """Write the class report of a lesson, or that of the course over its lessons; no names unless asked."""
    from autograder.desk.course.folder import known_lesson
    from autograder.desk.report.class_report import write_report
    from autograder.desk.report.course_report import write_course_report

    where = opened(course, db)
    if lesson:
        path = write_report(where, known_lesson(lesson), names=names, site=site)
    else:
        path = write_course_report(where, names=names)
    console.print(f"Written to {path}", highlight=False, soft_wrap=True)


@app.command("doctor")
def doctor_command() -> None:
    """Try the sandbox and a page: attempt what a hand-in must not do, and say what holds."""
    from autograder.marking.page_trial import page_finding
    from autograder.sandbox.doctor import Finding, run_self_test

    findings = [*run_self_test(), Finding(*page_finding())]
    table = Table("promise", "", "what was seen")
    for finding in findings:
        table.add_row(finding.promise, "✓ holds" if finding.holds else "✗ broken", finding.seen)
    console.print(table)
    if not all(finding.holds for finding in findings):
        raise typer.Exit(1)
