"""The folder in which a learner works: lessons are copied into it once, and found there again, whatever they are called."""

import os
from pathlib import Path

from nbformat import NotebookNode

from autograder.notebooks.files import read_notebook, write_bytes, write_whole
from autograder.notebooks.places import ROOT, lesson_path
from autograder.work.edition import Lessons, read_edition
from autograder.work.matching import Lesson, lost_names, text_of
from autograder.work.start_page import START, start_page
from gradlab.course import LESSONS

BACKUPS = "backups"
HANDED_OUT = ".gradlab"  # the lessons as they were when they were copied
RELEASED = "released.txt"
HALF = 0.5
PAGES = ("assets/guides/glossary.md", "assets/guides/notation.md")


def lay_copies(folder: Path, lessons: Lessons) -> list[Path]:
    """Copy every lesson that the folder lacks; returns the new files. Nothing that is there is touched."""
    there = {lesson for lesson, _ in find_work(folder, lessons)[0].values()}
    laid = []
    for name, notebook in lessons.items():
        path = folder / "lessons" / name
        if name not in there and not os.path.lexists(path):
            write_whole(path, write_bytes(notebook))
            remember(folder, {name: notebook})
            laid.append(path)
    return laid


def lay_pages(folder: Path) -> None:
    """Write the start page, and copy the pages that lessons link to, where the links of the copies find them.

    Nothing that is there is touched.
    """
    if (ROOT / START).exists() and not os.path.lexists(folder / START):
        write_whole(folder / START, start_page([lesson for lesson in LESSONS if lesson_path(lesson).exists()]))
    for name in PAGES:
        page, copy = ROOT / name, folder / name
        if page.exists() and not os.path.lexists(copy):
            write_whole(copy, page.read_bytes())


def remember(folder: Path, lessons: Lessons) -> None:
    """Keep how lessons were handed out, so that an update can tell what the learner changed."""
    for name, notebook in lessons.items():
        write_whole(folder / HANDED_OUT / "lessons" / name, write_bytes(notebook))


def remembered(folder: Path) -> Lessons:
    """How the lessons in this folder were handed out; empty where nobody kept it."""
    kept = folder / HANDED_OUT
    return read_edition(kept).lessons if any(kept.glob("lessons/*/*.ipynb")) else {}


def remember_release(folder: Path, released: str) -> None:
    """Keep when the edition was released that the work comes from."""
    write_whole(folder / HANDED_OUT / RELEASED, released.encode())


def remembered_release(folder: Path) -> str:
    """When the edition was released that the work comes from; empty where nobody kept it."""
    path = folder / HANDED_OUT / RELEASED
    return path.read_text(encoding="utf-8") if path.exists() else ""


def find_work(folder: Path, lessons: Lessons) -> tuple[dict[Path, tuple[str, NotebookNode]], list[str]]:
    """The notebooks of a folder that are a learner's work on one of these lessons: which one, and what they hold.

    The learner's other notebooks are left out; of those that cannot be read nobody knows, and each has a sentence.
    """
    known = {name: Lesson.of(notebook) for name, notebook in lessons.items()}
    found, troubles = {}, []
    for path in sorted(folder.rglob("*.ipynb")):
        if is_kept_copy(path, folder):
            continue
        try:
            notebook = read_notebook(path)
        except ValueError as error:
            troubles.append(str(error))
            continue
        likeness = {name: _likeness(path, notebook, name, lesson) for name, lesson in known.items()}
        name = max(likeness, key=lambda each: likeness[each])
        if likeness[name] >= HALF:
            found[path] = (name, notebook)
    return found, troubles


def is_kept_copy(path: Path, folder: Path) -> bool:
    """Does a file of this folder lie where an editor, `lay_copies` or an update keeps copies?"""
    inside = path.relative_to(folder).parts
    return any(part.startswith(".") for part in inside) or inside[0] == BACKUPS


def _likeness(path: Path, notebook: NotebookNode, name: str, lesson: Lesson) -> float:
    """How much of a lesson is in a notebook, by ids and texts of its cells or by its answers: the larger share."""
    ids, texts, names = set(), set(), set()
    for cell in notebook.cells:
        ids.add(cell.get("id", ""))
        texts.add(text_of(cell))
        names.update(lost_names(cell))
    cells = [cell.id in ids or text_of(cell) in texts for cell in lesson.cells]
    named = [each in names for each in lesson.by_name]
    shares = [sum(each) / len(each) for each in (cells, named) if each]
    if path.name == Path(name).name and any(shares):
        return 1.0 + max(shares)
    return max(shares, default=0.0)
