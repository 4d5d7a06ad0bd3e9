"""The command that answers a student who asks why."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.shared import CourseFolder, Database, app, console, explained, opened


@app.command("why")
@explained
def why_command(
    student: Annotated[str, typer.Argument(help="The student's id, as `gradlab grade` shows it, or the full name.")],
    exercise: Annotated[str, typer.Argument(help="The exercise, as soft_threshold.")],
    course: CourseFolder = Path("course"),
    db: Database = None,
    no_sandbox: Annotated[bool, typer.Option("--no-sandbox", help="Run the hand-in with your own rights.")] = False,
) -> None:
    """Show an answer, each question that it was asked, what came back, and run it again. Nothing is written."""
    from autograder.desk.appeals.explanation import explain

    found = explain(opened(course, db), student, exercise, sandbox=not no_sandbox)

    def show(text: str, **style: str) -> None:
        console.print(text, highlight=False, soft_wrap=True, **style)

    if found.warning:
        show(found.warning, style="bold red")
    show(f"{found.student}, {found.lesson}, {found.exercise}: {found.points:g} points", style="bold")
    show(found.answer + "\n")
    if found.answer_now:
        show(f"The answer as it is handed in now:\n{found.answer_now}\n")
    for remark in found.remarks:
        show(f"Remark: {remark}")
    if found.comment:
        show(f"Comment: {found.comment}")
    if not found.verdict:
        return show("A person marks this one.")
    show(f"When it was marked:\n{found.verdict}\n")
    for number, question in enumerate(found.questions, 1):
        show(f"{number}. {question.call}\n   → {question.seen}")
    show(f"\nRun again just now: {'another verdict' if found.differs else 'the same verdict'}.")
    if found.differs:
        show(found.again)
