"""The folder in which a learner works: lessons are copied into it once, and found there again, whatever they are called."""

from pathlib import Path

from nbformat import NotebookNode

from autograder.notebooks.files import parse, write_bytes, write_whole
from autograder.notebooks.places import ROOT, lesson_path
from autograder.work.edition import Lessons, read_edition
from autograder.work.matching import Lesson, lost_names, text_of
from autograder.work.start_page import START, start_page
from gradlab.course import LESSONS

BACKUPS = "backups"
HANDED_OUT = ".gradlab"  # the lessons as they were when they were copied
HALF = 0.5
PAGES = ("assets/guides/glossary.md", "assets/guides/notation.md")


def lay_copies(folder: Path, lessons: Lessons) -> list[Path]:
    """Copy every lesson that the folder lacks; returns the new files. Nothing that is there is touched."""
    there = {lesson for lesson, _ in find_work(folder, lessons).values()}
    laid = []
    for name, notebook in lessons.items():
        path = folder / "lessons" / name
        if name not in there and not path.exists():
            write_whole(path, write_bytes(notebook))
            remember(folder, {name: notebook})
            laid.append(path)
    return laid


def lay_pages(folder: Path) -> None:
    """Write the start page, and copy the pages that lessons link to, where the links of the copies find them.

    Nothing that is there is touched.
    """
    if (ROOT / START).exists() and not (folder / START).exists():
        write_whole(folder / START, start_page([lesson for lesson in LESSONS if lesson_path(lesson).exists()]))
    for name in PAGES:
        page, copy = ROOT / name, folder / name
        if page.exists() and not copy.exists():
            write_whole(copy, page.read_bytes())


def remember(folder: Path, lessons: Lessons) -> None:
    """Keep how lessons were handed out, so that an update can tell what the learner changed."""
    for name, notebook in lessons.items():
        write_whole(folder / HANDED_OUT / "lessons" / name, write_bytes(notebook))


def remembered(folder: Path) -> Lessons:
    """How the lessons in this folder were handed out; empty where nobody kept it."""
    kept = folder / HANDED_OUT
    return read_edition(kept) if any(kept.glob("lessons/*/*.ipynb")) else {}


def find_work(folder: Path, lessons: Lessons) -> dict[Path, tuple[str, NotebookNode]]:
    """The notebooks of a folder that are a learner's work on one of these lessons: which one, and what they hold.

    Notebooks that cannot be read, and the learner's others, are left out.
    """
    known = {name: Lesson.of(notebook) for name, notebook in lessons.items()}
    found = {}
    for path in sorted(folder.rglob("*.ipynb")):
        inside = path.relative_to(folder).parts
        if any(part.startswith(".") for part in inside) or inside[0] == BACKUPS:
            continue
        try:
            notebook = parse(path.read_bytes(), str(path))
        except ValueError:
            continue
        likeness = {name: _likeness(path, notebook, name, lesson) for name, lesson in known.items()}
        name = max(likeness, key=lambda each: likeness[each])
        if likeness[name] >= HALF:
            found[path] = (name, notebook)
    return found


def unreadable(folder: Path, lessons: Lessons) -> list[str]:
    """A sentence for each notebook that is called as a lesson and cannot be read."""
    found = []
    for name in lessons:
        for path in folder.rglob(Path(name).name):
            if BACKUPS in path.parts or any(part.startswith(".") for part in path.relative_to(folder).parts):
                continue
            try:
                parse(path.read_bytes(), str(path))
            except ValueError as error:
                found.append(str(error))
    return found


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
