"""`gradlab progress`: how far a learner is, in a table of 80 columns."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.learner import WorkFolder, work_folder
from autograder.cli.shared import app, console, in_words, stop
from gradlab.exercises.verdict import SIGNS

if TYPE_CHECKING:
    from autograder.overview import LessonProgress
    from autograder.progress import Progress

ALL_SIGNS = SIGNS | {"changed since": "↻", "not checked": "○", "written": "✎", "to be written": "○"}
BAR = 12  # signs
SAID = ("half right", "wrong", "cannot be checked")  # of these the last message is shown


@app.command("progress")
def progress_command(
    lesson: Annotated[
        str | None, typer.Argument(help="One lesson, by name or number; all of them if none is named.")
    ] = None,
    folder: WorkFolder = None,
) -> None:
    """Show your own marks from the checks in your notebooks, and what is still open."""
    from autograder.notebooks.places import ROOT
    from autograder.overview import overview, where_to_go_on
    from gradlab.course import LESSONS, lesson_named

    try:
        wanted = [lesson_named(lesson)] if lesson else list(LESSONS)
        if folder is None:
            folder = work_folder() if work_folder().is_dir() else ROOT / "lessons"
        found = overview(folder, wanted)
    except (ValueError, OSError) as error:
        raise stop(in_words(error)) from None
    read = [each for each in found if not each.trouble]
    for each in read:
        console.print(headline(each))
        if each.begun or lesson:
            console.print(table(each.rows))
    total, possible = sum(each.earned for each in read), sum(each.checkable for each in read)
    if read:
        console.print(
            f"{total:g} of {possible:g} points checked right; text answers are marked by a person.", highlight=False
        )
    if (go_on := where_to_go_on(read)) and (task := go_on.next_task):
        console.print(f"Go on with “{task.title}” in {go_on.path.name}.", highlight=False)
    if len(read) < len(found):
        raise stop("\n".join(each.trouble for each in found if each.trouble))


def headline(each: "LessonProgress") -> Text:
    """Number, bar, points and title of a lesson."""
    full = round(BAR * each.earned / each.checkable) if each.checkable else 0
    points = f"{each.earned:g} of {each.checkable:g}"
    state = "" if each.begun else f"not begun, {each.outline.minutes} minutes: "
    title = each.outline.title.partition(":")[0]
    return Text(f"{each.number}  {'█' * full}{'░' * (BAR - full)}  {points:>9}  {state}{title}")


def table(rows: "list[Progress]") -> Table:
    """The exercises of a lesson, a line each, and what the last check said of those that are not right."""
    drawn = Table("exercise", "points", "state", "what the last check said", box=None, pad_edge=True, padding=(0, 1))
    for column in drawn.columns[:3]:  # where there is no room, the last one wraps
        column.no_wrap = True
    for row in rows:
        said = row.message.split(". ")[0] if row.state in SAID else ""
        drawn.add_row(row.exercise, f"{row.points:g}", f"{ALL_SIGNS[row.state]} {row.state}", said)
    return drawn
