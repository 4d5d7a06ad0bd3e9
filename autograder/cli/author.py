"""Commands for authors: build lessons from their sources, and the web pages from the lessons."""

from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from autograder.cli.shared import app, complain, console, in_words, stop


@app.command("build")
def build_command(
    lessons: Annotated[list[str] | None, typer.Argument(help="Lessons to build; all of them if none is named.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Build nothing; fail if a lesson is stale or breaks a rule.")
    ] = False,
) -> None:
    """Build lessons from their sources."""
    from autograder.desk.course.folder import CourseError, known_lesson
    from autograder.notebooks.places import is_clone, written_lessons
    from autograder.release.build import build, build_lesson, stale
    from autograder.release.records import RecordError, renew_records, stale_records
    from gradlab.course import brought_by

    try:
        names = [known_lesson(lesson) for lesson in lessons or []] or written_lessons()
    except CourseError as error:
        raise stop(str(error)) from None
    own = [name for name in names if is_clone(brought_by(name))]
    if not own or (lessons and own != names):
        raise stop("Lessons are built in a clone of the course; those of an installed edition are built already.")
    names = own
    built = [build_lesson(name) for name in names] if check else build(names)
    problems = [problem for each in built for problem in each.problems + (stale(each) if check else [])]
    try:
        if check:
            problems += [problem for name in names for problem in stale_records(name)]
        else:
            renew_records(each.lesson for each in built if not each.problems)
    except RecordError as error:
        problems.append(str(error))
    for problem in problems:
        complain.print(problem, highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    for each in built:
        for name in each.unprotected:
            sentence = "a test of plain asserts: it counts, and a student's code could forge it."
            console.print(f"{each.lesson}: {name} is {sentence}", highlight=False, soft_wrap=True)
    console.print(f"{len(built)} lessons are {'up to date' if check else 'built'}.")


new = typer.Typer(help="Start a lesson or an exercise: files that work as they stand, to be written over.")
app.add_typer(new, name="new")


@new.command("lesson")
def new_lesson_command(
    folder: Annotated[str, typer.Argument(help="Number and name of the lesson: 07-my-lesson.")],
    home: Annotated[
        Path | None,
        typer.Option("--in", help="A folder for lessons of your own; default: the clone of the course."),
    ] = None,
) -> None:
    """Start a lesson with one explorer and one exercise, in the course or in a folder of your own."""
    from autograder.notebooks.places import ROOT, is_clone
    from autograder.release.new import new_lesson
    from autograder.release.own_home import NewError, is_installed

    if home is None and not is_clone():
        raise stop(f"Say in which folder your lessons shall lie:  gradlab new lesson {folder} --in my-lessons")
    try:
        written = new_lesson(folder, home or ROOT)
    except (NewError, OSError) as error:
        raise stop(in_words(error)) from None
    _tell_written(written, f"gradlab build {folder}")
    if home and not is_installed(home):
        console.print(
            f"gradlab finds them once they are installed:  pip install --editable {quote(str(home))}",
            highlight=False,
            soft_wrap=True,
        )


@new.command("exercise")
def new_exercise_command(
    lesson: Annotated[str, typer.Argument(help="The lesson, or the beginning of its name: 07.")],
    name: Annotated[str, typer.Argument(help="The exercise, called as the function that the learner writes.")],
) -> None:
    """Start an exercise of a lesson; its answer cell is added to the end of the lesson's source."""
    from autograder.desk.course.folder import CourseError, known_lesson
    from autograder.release.new import new_exercise
    from autograder.release.own_home import NewError

    try:
        lesson = known_lesson(lesson)
        written = new_exercise(lesson, name)
    except (CourseError, NewError) as error:
        raise stop(str(error)) from None
    _tell_written(written, f"gradlab build {lesson}")


def _tell_written(paths: list[Path], build: str) -> None:
    for path in paths:
        console.print(f"  {path}", highlight=False, soft_wrap=True)
    console.print(f"Write over these files, then run  {build}", highlight=False)


@app.command("bank")
def bank_command(
    lesson: Annotated[str, typer.Argument(help="The lesson, or the beginning of its name: 07.")],
    exercises: Annotated[
        list[str] | None, typer.Argument(help="Exercises; all of the lesson if none is named.")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="How many exams, each with other random inputs.")] = 8,
) -> None:
    """Judge a lesson's bank of answers and its known mistakes: each must earn what it says, in check and exams."""
    from autograder.desk.course.folder import CourseError, known_lesson
    from autograder.notebooks.places import bank_path
    from autograder.release.bank import disagreements, entries, unrecognised
    from gradlab.exercises.registry import exercise_names, find_exercise

    try:
        lesson = known_lesson(lesson)
    except CourseError as error:
        raise stop(str(error)) from None
    if not bank_path(lesson).is_dir():
        raise stop(
            f"There is no bank of answers in {bank_path(lesson)}. A clone has it, an installed edition has not: "
            f"run  gradlab bank {lesson}  in the clone."
        )
    names = exercise_names(lesson)
    if strange := sorted({*(exercises or ())} - {*names}):
        raise stop(f"{lesson} has no exercise {strange[0]}. It has: {', '.join(names) or 'none'}.")
    wanted = [find_exercise(name) for name in exercises or names]
    answers = [entry for entry in entries(lesson) if entry.exercise in {exercise.name for exercise in wanted}]
    wrong = [line for entry in answers for line in disagreements(entry, seeds)]
    wrong += [line for exercise in wanted for line in unrecognised(exercise, seeds)]
    for line in wrong:
        complain.print(line, highlight=False, soft_wrap=True)
    mistakes = sum(len(exercise.mistakes) for exercise in wanted)
    console.print(
        f"{len(answers)} answers and {mistakes} mistakes, {seeds} exams each and the check: {len(wrong)} disagree"
    )
    if wrong:
        raise typer.Exit(1)


@app.command("site")
def site_command(
    target: Annotated[Path, typer.Argument(help="The folder to write the pages into; it is replaced.")] = Path("site"),
) -> None:
    """Make static pages of all lessons and guides: executed, playing without Python, opened from disk."""
    from autograder.pages.lesson_page import PageError
    from autograder.pages.site import SiteError, build_site

    try:
        first = build_site(target, say=console.print)
    except (PageError, SiteError) as error:
        raise stop(str(error)) from None
    console.print(f"Open {first.resolve().as_uri()}", highlight=False, soft_wrap=True)


release = typer.Typer(help="Make an edition of the course, to be handed out and installed.")
app.add_typer(release, name="release")


@release.command("learner")
def release_learner_command(
    to: Annotated[
        Path, typer.Option("--to", help="A folder, a zip file (.zip) or a wheel (.whl); its ending decides.")
    ],
    lessons: Annotated[
        list[str] | None, typer.Option("--lessons", help="A lesson, by name or number; may be given several times.")
    ] = None,
    with_answers: Annotated[
        bool, typer.Option("--with-answers", help="A worked answer unfolds once its check has passed.")
    ] = False,
    answers_from: Annotated[
        str | None, typer.Option("--from", help="Worked answers unfold from this day on, as 2099-03-06.")
    ] = None,
    address: Annotated[
        str, typer.Option("--address", help="The repository where it will lie, for badges of Binder and Colab.")
    ] = "",
) -> None:
    """Make the learner's edition: complete and runnable, without solutions, exams and answers."""
    from autograder.desk.course.folder import CourseError, known_lesson
    from autograder.notebooks.places import written_lessons
    from autograder.release.edition import ReleaseError, release_learner

    def say(text: str) -> None:
        console.print(text, highlight=False, soft_wrap=True)

    try:
        day = datetime.strptime(answers_from, "%Y-%m-%d").date() if answers_from else None
    except ValueError:
        raise stop(f"{answers_from!r} is no day. Write it like 2099-03-06.") from None
    try:
        names = sorted({known_lesson(lesson) for lesson in lessons or []}) or written_lessons()
        with console.status("Recording the checks: a minute or two for all lessons."):
            written = release_learner(to, names, answers=with_answers, answers_from=day, address=address, say=say)
    except (CourseError, ReleaseError, OSError) as error:
        raise stop(in_words(error)) from None
    say(f"{len(names)} lessons are in {written}")


@release.command("instructor")
def release_instructor_command(
    to: Annotated[Path, typer.Option("--to", help="A wheel, as gradlab.whl; it gets the name that pip wants.")],
) -> None:
    """Make the instructor's edition, a wheel with sources, checks and marking: pip install 'FILE[teach]'."""
    from autograder.release.edition import ReleaseError, release_instructor

    try:
        written = release_instructor(to)
    except (ReleaseError, OSError) as error:
        raise stop(in_words(error)) from None
    console.print(f"Written to {written}", highlight=False, soft_wrap=True)
