"""Commands for learners: open the lessons, see how far one is."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from autograder.cli.shared import JUPYTER_OPTIONS, app, complain, console, stop


def work_folder() -> Path:
    """Where a learner works who names no folder: `work` in the clone, or in the current folder where there is none."""
    from autograder.notebooks.places import ROOT, is_clone

    return ROOT / "work" if is_clone() else Path("work")


WorkFolder = Annotated[Path | None, typer.Option("--in", help="The folder in which you work; default: `work`.")]


@app.command("lab", context_settings=JUPYTER_OPTIONS)
def lab_command(context: typer.Context, folder: WorkFolder = None) -> None:
    """Open JupyterLab on your copies of the lessons, which are made where they lack. Other options go to JupyterLab."""
    from autograder.work.copies import lay_copies, lay_guides
    from autograder.work.edition import EditionError, installed
    from autograder.work.jupyter import run_lab
    from autograder.work.update import is_behind

    folder = folder or work_folder()
    try:
        lessons = installed()
        folder.mkdir(parents=True, exist_ok=True)
        laid = lay_copies(folder, lessons)
        lay_guides(folder)
    except (EditionError, OSError) as error:
        raise stop(str(error)) from None
    if laid:
        console.print(f"{len(laid)} lessons were copied into {folder}; work there.", highlight=False, soft_wrap=True)
    elif is_behind(folder, lessons):
        console.print("There are newer lessons: bring them into your work with  gradlab update", highlight=False)
    raise typer.Exit(run_lab(folder, f"lessons/{next(iter(lessons))}", context.args))


@app.command("update")
def update_command(
    folder: WorkFolder = None,
    edition: Annotated[
        Path | None,
        typer.Option("--from", help="A newer edition: a folder, zip file or wheel; default: what is installed."),
    ] = None,
) -> None:
    """Bring newer lessons into your work: your answers and cells stay, text, tests and what you left alone is new."""
    from datetime import datetime

    from autograder.work.edition import EditionError, installed, read_edition
    from autograder.work.update import update

    folder = folder or work_folder()
    try:
        here = installed()
        done = update(folder, read_edition(edition) if edition else here, here, datetime.now())
    except (EditionError, OSError) as error:
        raise stop(str(error)) from None
    table = Table(
        Column("notebook", no_wrap=True), "your answers", "your cells", "new text", "cells added", "cells removed"
    )
    for path, merged in done.merged.items():
        counts = (len(merged.answers), merged.own, merged.renewed, merged.added, merged.removed)
        table.add_row(str(path.relative_to(folder)), *map(str, counts))
    if done.merged:
        console.print(table)
    for path, merged in done.merged.items():
        for note in merged.notes:
            console.print(f"{path.name}: {note}", highlight=False, soft_wrap=True)
    for path in done.laid:
        console.print(f"{path.relative_to(folder)} is a new lesson.", highlight=False, soft_wrap=True)
    for trouble in done.troubles:
        complain.print(trouble, highlight=False, soft_wrap=True)
    if done.backup:
        console.print(f"Your notebooks as they were are in {done.backup}", highlight=False, soft_wrap=True)
    if not done.merged and not done.laid and not done.troubles:
        console.print("Your work has the newest lessons; nothing was changed.", highlight=False)
    if done.troubles:
        raise typer.Exit(1)


@app.command("progress")
def progress_command(
    lesson: Annotated[
        str | None, typer.Argument(help="One lesson, by name or number; all of them if none is named.")
    ] = None,
    folder: WorkFolder = None,
) -> None:
    """Show your own marks from the checks in your notebooks, and what is still open."""
    from autograder.notebooks.places import ROOT, lesson_path
    from autograder.progress import find_notebooks, progress_of, read_notebook
    from gradlab.course import LESSONS, lesson_named
    from gradlab.exercises.verdict import SHARES, SIGNS

    if folder is None:
        folder = work_folder() if work_folder().is_dir() else ROOT / "lessons"
    try:
        wanted = [lesson_named(lesson)] if lesson else list(LESSONS)
        notebooks = find_notebooks(folder, [LESSONS[name] for name in wanted])
        if not notebooks:
            raise ValueError(f"There is no lesson in {folder}. Say where your notebooks lie with --in FOLDER.")
        table = Table("lesson", "exercise", "points", "", "what the last check said")
        signs = SIGNS | {"changed since": "↻", "not checked": "○", "by hand": "✎"}
        done = total = 0.0
        for name in (name for name in wanted if LESSONS[name] in notebooks):
            handed_out = read_notebook(lesson_path(name)) if lesson_path(name).exists() else None
            for row in progress_of(read_notebook(notebooks[LESSONS[name]]), handed_out):
                table.add_row(
                    name, row.exercise, f"{row.points:g}", f"{signs[row.state]} {row.state}", row.message.split(". ")[0]
                )
                total += row.points if row.state != "by hand" else 0
                done += row.points * SHARES.get(row.state, 0.0)
                name = ""
            table.add_section()
    except ValueError as error:
        raise stop(str(error)) from None
    console.print(table)
    console.print(f"{done:g} of {total:g} points checked right; text answers are marked by a person.", highlight=False)
