"""Commands for learners: open the lessons, bring newer ones into the work."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.shared import JUPYTER_OPTIONS, app, complain, console, in_words, stop

if TYPE_CHECKING:
    from autograder.work.edition import Edition
    from autograder.work.merge import Merged


def work_folder() -> Path:
    """Where a learner works who names no folder: `work` in the clone, or in the current folder where there is none."""
    from autograder.notebooks.places import ROOT, is_clone

    return ROOT / "work" if is_clone() else Path("work")


WorkFolder = Annotated[Path | None, typer.Option("--in", help="The folder in which you work; default: `work`.")]


@app.command("lab", context_settings=JUPYTER_OPTIONS)
def lab_command(context: typer.Context, folder: WorkFolder = None) -> None:
    """Open JupyterLab on your copies of the lessons, which are made where they lack. Other options go to JupyterLab."""
    from autograder.work.copies import lay_copies, lay_pages, remember_release
    from autograder.work.edition import EditionError, installed, installed_release
    from autograder.work.jupyter import run_lab
    from autograder.work.start_page import START
    from autograder.work.update import is_behind

    folder = folder or work_folder()
    try:
        lessons = installed()
        folder.mkdir(parents=True, exist_ok=True)
        if laid := lay_copies(folder, lessons):
            remember_release(folder, installed_release())
        lay_pages(folder)
    except (EditionError, OSError) as error:
        raise stop(in_words(error)) from None
    if laid:
        console.print(f"{len(laid)} lessons were copied into {folder}; work there.", highlight=False, soft_wrap=True)
    elif is_behind(folder, lessons):
        console.print("There are newer lessons: bring them into your work with  gradlab update", highlight=False)
    raise typer.Exit(run_lab(folder, START, context.args))


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

    from autograder.work.copies import remembered_release
    from autograder.work.edition import Edition, EditionError, installed, installed_release, read_edition
    from autograder.work.update import update

    folder = folder or work_folder()
    try:
        here = Edition(installed(), installed_release())
        new = read_edition(edition) if edition else here
        before = remembered_release(folder)
        done = update(folder, new.lessons, here.lessons, datetime.now(), new.released)
    except (EditionError, OSError) as error:
        raise stop(in_words(error)) from None
    for path, merged in done.merged.items():
        console.print(str(path.relative_to(folder)), highlight=False, soft_wrap=True)
        console.print(f"  {counted(merged)}", highlight=False)
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
    for sentence in about(edition, new, here, before):
        complain.print(sentence, highlight=False, soft_wrap=True)
    if done.troubles or new.missing:
        raise typer.Exit(1)


def counted(merged: "Merged") -> str:
    """What an update did to a notebook, in one line."""
    kept = f"{len(merged.answers)} answers and {merged.own} cells of yours kept"
    return f"{kept}; {merged.renewed} texts new, {merged.added} cells added, {merged.removed} removed"


def about(place: Path | None, new: "Edition", here: "Edition", before: str) -> list[str]:
    """What is to be said of the edition from which work was updated: its time, what is installed, what it lacks."""
    said = []
    if new.released and new.released < before:
        what = place or "The edition that is installed"
        said.append(f"{what} is older than the one that your work came from. Update from that one to have it again.")
    if new.released > here.released:
        said.append(
            "Checks and points are still those of the gradlab that is installed. Install this edition, too:  "
            f"pip install --upgrade {quote(str(place))}"
        )
    if new.missing:
        said.append(f"{place} is not whole: it lacks {', '.join(new.missing)}. Unpack it again, then update again.")
    return said


@app.command("hub")
def hub_command(
    course_id: Annotated[str, typer.Argument(help="The course's name in nbgrader's exchange.")],
    exchange: Annotated[Path, typer.Argument(help="The folder of nbgrader's exchange.")],
) -> None:
    """Set up the environment in which this gradlab is for learners' servers of a JupyterHub."""
    import sys
    from importlib.util import find_spec

    from autograder.work.hub import HubError, write_hub_settings

    if find_spec("autograder.desk"):
        raise stop(
            "This gradlab is the instructor's, with all solutions. Install the learner's edition into an environment "
            "for the hub, and use its gradlab. Nothing was changed."
        )
    try:
        written = write_hub_settings(Path(sys.prefix, "etc", "jupyter"), course_id, exchange)
    except (HubError, OSError) as error:
        raise stop(in_words(error)) from None
    console.print(f"Learners of {course_id} find it under {exchange} ({written}).", highlight=False, soft_wrap=True)
