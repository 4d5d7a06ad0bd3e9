"""Marks on the terminal: a bar while they are made, tables when they are."""

from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder.desk.grade.marks import Mark, unprotected

LONGEST_TABLE = 40  # students; of longer classes only those are shown whom one should look at


class Bar:
    """How many are done, how many a minute, how long still, how many failed. It draws itself when told to: a thread
    of its own would be forked into the workers."""

    def __init__(self, console: Console, total: int):
        self._progress = Progress(
            TextColumn("marking"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[failures]}"),
            console=console,
            auto_refresh=False,
        )
        self._task = self._progress.add_task("", total=total, rate="", failures="")
        self._failed = self._ran = 0

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.refresh()
        self._progress.stop()

    def add(self, mark: Mark) -> None:
        """One more is done."""
        self._failed += bool(mark.failure)
        self._ran += mark.fresh
        minutes = (self._progress.tasks[0].elapsed or 1e-9) / 60
        rate = f"{self._ran / minutes:.0f} a minute" if self._ran else ""
        failures = f"{self._failed} failed" if self._failed else ""
        self._progress.update(self._task, advance=1, rate=rate, failures=failures)
        self.draw()

    def draw(self) -> None:
        """Draw it as it is now."""
        self._progress.refresh()


def show_marks(console: Console, marks: list[Mark], logs: Path) -> None:
    """Marks by student, verdicts by exercise, and a line that sums up."""
    odd = [mark for mark in marks if mark.failure or mark.remarks or mark.seconds_late]
    shown = marks if len(marks) <= LONGEST_TABLE else odd
    if shown:
        table = Table("student", "name", "marks", "of", "by hand", "remarks")
        for mark in shown:
            remarks = mark.failure or " ".join([*mark.remarks, lateness(mark)]).strip()
            waits = "waits" if mark.needs_manual_grade else ""
            table.add_row(mark.student, mark.name, f"{mark.score:g}", f"{mark.max_score:g}", waits, remarks)
        console.print(table)
    console.print(_by_exercise(marks))
    fresh, failed = sum(mark.fresh and not mark.failure for mark in marks), sum(bool(mark.failure) for mark in marks)
    unchanged = len(marks) - fresh - failed
    console.print(
        f"{fresh} marked, {unchanged} unchanged since they were marked, {failed} failed. Logs: {logs}", highlight=False
    )


def lateness(mark: Mark) -> str:
    """How late a hand-in was and what that cost; "" for one in time."""
    if not mark.seconds_late:
        return ""
    days, rest = divmod(int(mark.seconds_late), 86_400)
    much = (
        f"{days} d {rest // 3600} h" if days else f"{rest // 3600} h {rest % 3600 // 60} min" if rest >= 60 else "just"
    )
    return f"{much} late" + (f", which costs {mark.penalty:g}." if mark.penalty else ".")


def _by_exercise(marks: list[Mark]) -> Table:
    table = Table("exercise", "right", "half right", "wrong", "not attempted", "what is wrong most often")
    plain = unprotected(marks)
    for exercise in dict.fromkeys(name for mark in marks for name in mark.verdicts):
        verdicts = [mark.verdicts[exercise] for mark in marks if exercise in mark.verdicts]
        outcomes = Counter(verdict["outcome"] for verdict in verdicts)
        wrong = Counter(
            verdict["misconception"] for verdict in verdicts if verdict["outcome"] in ("half right", "wrong")
        )
        often = ", ".join(f"{label} ({count})" for label, count in wrong.most_common(2))
        table.add_row(
            f"{exercise} (plain asserts, unprotected)" if exercise in plain else exercise,
            *(str(outcomes[name]) for name in ("right", "half right", "wrong", "not attempted")),
            often,
        )
    return table
