"""Commands for time: put a lesson into the course, set its due date, what lateness costs, who has longer."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.shared import CourseFolder, Database, LessonName, app, complain, console, explained, opened

Time = Annotated[
    str,
    typer.Argument(
        help="Such as '2026-03-01 23:59', on this machine's clock, or a day, to its end; `none` takes it back."
    ),
]


@app.command("assign")
@explained
def assign_command(lesson: LessonName, course: CourseFolder = Path("course"), db: Database = None) -> None:
    """Put a lesson into the course: its source, and what `nbgrader release_assignment` hands out."""
    from autograder.desk.course.folder import known_lesson
    from autograder.desk.grade.assign import assign

    where, lesson = opened(course, db, new=True), known_lesson(lesson)
    if changed := assign(where, lesson):
        complain.print(changed, highlight=False, soft_wrap=True)
    console.print(
        f"{lesson} is in {where.root}: release/{lesson} is what students get.", highlight=False, soft_wrap=True
    )


@app.command("due")
@explained
def due_command(lesson: LessonName, time: Time, course: CourseFolder = Path("course"), db: Database = None) -> None:
    """Set when a lesson is due. What lateness costs says `gradlab penalty`."""
    from autograder.desk.course.folder import known_lesson
    from autograder.desk.gradebook.copies import keep_copy
    from autograder.desk.gradebook.due_dates import give_back, read_time, set_due, shown

    lesson, due = known_lesson(lesson), None if time == "none" else read_time(time)
    where = opened(course, db, new=True)
    with where.gradebook() as gradebook:
        ended = set_due(where, gradebook, lesson, due)
    keep_copy(where)
    said = f"{lesson} is due: {shown(due)}. `gradlab export` and all that gives marks reckons lateness by it."
    console.print(said, highlight=False, soft_wrap=True)
    if ended:
        complain.print(give_back(lesson, ended), highlight=False, soft_wrap=True)


@app.command("extend")
@explained
def extend_command(
    lesson: LessonName,
    student: Annotated[str, typer.Argument(help="The student's id, as `gradlab grade` shows it.")],
    time: Time,
    course: CourseFolder = Path("course"),
    db: Database = None,
) -> None:
    """Let one student hand in until another time."""
    from autograder.desk.course.folder import known_lesson
    from autograder.desk.grade.assign import assign, is_assigned
    from autograder.desk.gradebook.copies import keep_copy
    from autograder.desk.gradebook.due_dates import extend, read_time, shown

    lesson, until = known_lesson(lesson), None if time == "none" else read_time(time)
    where = opened(course, db)
    if not is_assigned(where, lesson):  # the extension stands with a submission, and that with the lesson's cells
        assign(where, lesson)
    with where.gradebook() as gradebook:
        extend(gradebook, lesson, student, until)
    keep_copy(where)
    until_when = shown(until) if until else "as everybody"
    console.print(f"{student} may hand in {lesson} until: {until_when}.", highlight=False, soft_wrap=True)


@app.command("penalty")
@explained
def penalty_command(
    percent: Annotated[
        float, typer.Argument(min=0, max=100, help="Percent of the marks that each day costs; 0: none.")
    ],
    course: CourseFolder = Path("course"),
    db: Database = None,
) -> None:
    """Set what a day of lateness costs in this course, for `nbgrader autograde` too: the setting is nbgrader's own."""
    from autograder.desk.gradebook.late_penalty import set_penalty

    path = set_penalty(opened(course, db, new=True), percent)
    console.print(
        f"Each day that has begun costs {percent:g} % of the marks ({path}).", highlight=False, soft_wrap=True
    )
