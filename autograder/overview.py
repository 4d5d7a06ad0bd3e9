"""Where a learner stands in the whole course: each lesson with its points, what is open, and where to go on."""

import os
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from IPython.display import display

from autograder.notebooks.files import read_notebook
from autograder.notebooks.places import ROOT, lesson_path
from autograder.progress import Progress, find_notebooks, progress_of
from gradlab.course import LESSONS
from gradlab.exercises.outline import Outline, Task, outline_of
from gradlab.exercises.verdict import SHARES

UNTOUCHED = ("not checked", "not attempted", "to be written")


@dataclass(frozen=True)
class LessonProgress:
    """A lesson of the course, a learner's notebook of it, and the state of every exercise there."""

    outline: Outline
    path: Path
    rows: list[Progress]
    trouble: str = ""  # why the notebook could not be read

    @property
    def number(self) -> int:
        """The lesson's number in the course."""
        return int(self.outline.lesson[:2])

    @property
    def earned(self) -> float:
        """Points that checks have found right."""
        return sum(row.points * SHARES.get(row.state, 0.0) for row in self.rows)

    @property
    def checkable(self) -> float:
        """Points of which checks can say something."""
        texts = {task.name for task in self.outline.tasks if task.by_hand}
        return sum(row.points for row in self.rows if row.exercise not in texts)

    @property
    def begun(self) -> bool:
        """Whether anything was answered or checked."""
        return any(row.state not in UNTOUCHED for row in self.rows)

    @property
    def next_task(self) -> Task | None:
        """The first exercise or question that is still open."""
        still = {row.exercise for row in self.rows if row.state not in ("right", "written")}
        return next((task for task in self.outline.tasks if task.name in still), None)


def overview(folder: Path, lessons: list[str]) -> list[LessonProgress]:
    """The progress in the notebooks under a folder, and what is the matter with those that cannot be read.

    Raises ValueError with a sentence where there is none.
    """
    notebooks = find_notebooks(folder, [LESSONS[lesson] for lesson in lessons])
    if not notebooks:
        raise ValueError(f"There is no lesson in {folder}. Say where your notebooks lie with --in FOLDER.")
    found = []
    for lesson in lessons:
        path, outline = notebooks.get(LESSONS[lesson]), outline_of(lesson)
        if path and outline:
            handed_out = read_notebook(lesson_path(lesson)) if lesson_path(lesson).exists() else None
            try:
                found.append(LessonProgress(outline, path, progress_of(read_notebook(path), handed_out)))
            except ValueError as error:
                found.append(LessonProgress(outline, path, [], str(error)))
    return found


def where_to_go_on(found: list[LessonProgress]) -> LessonProgress | None:
    """The lesson that was begun and is not done; else the first that is not done."""
    still = [each for each in found if each.next_task]
    return next((each for each in still if each.begun), still[0] if still else None)


def show_overview(folder: str | Path = ".") -> None:
    """Display the course with what is done in the notebooks of a folder, and a link to where to go on."""
    try:
        found = overview(Path(folder), list(LESSONS))
    except ValueError as error:
        return display({"text/plain": str(error)}, raw=True)
    lines = [
        f"{each.number} · {each.outline.title}: {each.trouble or f'{each.earned:g} of {each.checkable:g} points'}"
        for each in found
    ]
    display({"text/html": as_html(found, Path(folder)), "text/plain": "\n".join(lines)}, raw=True)


def as_html(found: list[LessonProgress], folder: Path) -> str:
    """A table with a row for each lesson: title, bar, points, minutes, the next open exercise."""
    rows = "".join(_row(each, folder) for each in found)
    heads = "".join(
        f'<th scope="col" style="text-align:left">{head}</th>'
        for head in ("lesson", "done", "points", "minutes", "go on with")
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{_map()}"


def _row(each: LessonProgress, folder: Path) -> str:
    path = quote(os.fsencode(os.path.relpath(each.path, folder).replace(os.sep, "/")))
    title = f'<a href="{path}">{each.number} · {escape(each.outline.title)}</a>'
    if each.trouble:
        return f'<tr><td style="text-align:left">{title}</td><td colspan="4" style="text-align:left">{escape(each.trouble)}</td></tr>'
    task = each.next_task
    # JupyterLab finds a cell of another notebook by its id; the headings' own anchors it knows in an open one only.
    on = f'<a href="{path}#cell-id={quote(task.name)}">{escape(task.title)}</a>' if task else "✓ all done"
    share = each.earned / each.checkable if each.checkable else 0.0
    label = f"{each.earned:g} of {each.checkable:g} points"
    cells = (
        title,
        f'<progress value="{share:.3f}" max="1" aria-label="{label}">{share:.0%}</progress>',
        label.removesuffix(" points"),
        f"{each.outline.minutes}",
        on if each.begun else f"not begun: {on}",
    )
    return f"<tr>{''.join(f'<td style={chr(34)}text-align:left{chr(34)}>{cell}</td>' for cell in cells)}</tr>"


def _map() -> str:
    """The map of the course, where this installation has it."""
    path = ROOT / "assets" / "map.svg"
    if not path.exists():
        return ""
    return (
        f'<img src="data:image/svg+xml,{quote(path.read_text(encoding="utf-8"))}" alt="Map of the course: what each lesson '
        'has to do with the others" style="max-width:100%;background:#fff">'
    )
