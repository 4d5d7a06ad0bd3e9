"""Commands for learners: open the lessons, see how far one is."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from autograder.cli.shared import app, console, stop


@app.command()
def lab() -> None:
    """Open JupyterLab on the lessons."""
    from autograder.notebooks.places import ROOT, lesson_path

    first = lesson_path("00-start-here").relative_to(ROOT)
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}"]
    command += [f"--ServerApp.preferred_dir={ROOT / 'lessons'}", f"--LabApp.default_url=/lab/tree/{first.as_posix()}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # containers; Jupyter refuses otherwise
    raise typer.Exit(subprocess.run(command, cwd=ROOT).returncode)


@app.command("progress")
def progress_command(
    lesson: Annotated[
        str | None, typer.Argument(help="One lesson, by name or number; all of them if none is named.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--in", help="Where your notebooks lie; default: the course's own lessons.")
    ] = None,
) -> None:
    """Show your own marks from the checks in your notebooks, and what is still open."""
    from autograder.notebooks.places import ROOT, lesson_path
    from autograder.progress import find_notebooks, progress_of, read_notebook
    from gradlab.course import LESSONS, lesson_named
    from gradlab.exercises.verdict import SHARES, SIGNS

    folder = folder or ROOT / "lessons"
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
