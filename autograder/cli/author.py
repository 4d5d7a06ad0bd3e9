"""Commands for authors: build lessons from their sources, and the web pages from the lessons."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.shared import app, complain, console, stop


@app.command("build")
def build_command(
    lessons: Annotated[list[str] | None, typer.Argument(help="Lessons to build; all of them if none is named.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Build nothing; fail if a lesson is stale or breaks a rule.")
    ] = False,
) -> None:
    """Build lessons from their sources."""
    from autograder.desk.course.folder import CourseError, known_lesson
    from autograder.release.build import build, build_lesson, stale, written_lessons

    try:
        names = [known_lesson(lesson) for lesson in lessons or []] or written_lessons()
    except CourseError as error:
        raise stop(str(error)) from None
    built = [build_lesson(name) for name in names] if check else build(names)
    problems = [problem for each in built for problem in each.problems + (stale(each) if check else [])]
    for problem in problems:
        complain.print(problem, highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    console.print(f"{len(built)} lessons are {'up to date' if check else 'built'}.")


@app.command("site")
def site_command(
    target: Annotated[Path, typer.Argument(help="The folder to write the pages into; it is replaced.")] = Path("site"),
) -> None:
    """Make static pages of all lessons and guides: executed, playing without Python, opened from disk."""
    try:
        from autograder.pages.lesson_page import PageError
        from autograder.pages.site import SiteError, build_site
    except ModuleNotFoundError as error:
        raise stop(f"The pages need {error.name}: install them with  pip install --editable '.[site]'") from None

    try:
        first = build_site(target, say=console.print)
    except (PageError, SiteError) as error:
        raise stop(str(error)) from None
    console.print(f"Open {first.resolve().as_uri()}", highlight=False, soft_wrap=True)
