"""A lesson's source in the course: its folders and the gradebook change together, or not at all."""

import shutil
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from autograder.desk.course.files import replace_folder
from autograder.desk.course.folder import Course, CourseError, tools_on_path
from autograder.desk.gradebook.copies import keep_copy
from autograder.desk.gradebook.lesson_cells import Changes, changes, renew_cells
from autograder.desk.gradebook.removed_marks import keep, kept
from autograder.marking.source_cell import source_cells
from autograder.notebooks.files import write_bytes, write_whole
from autograder.notebooks.places import source_path
from autograder.release.assignment import generate_assignment
from autograder.release.source import read_source, without_solution_cells
from gradlab.course import LESSONS


def prepare(course: Course, lesson: str, *, renew: bool = False) -> str:
    """Put the lesson into the course's `source`, `release` and gradebook, unless it is there and unchanged.

    The gradebook comes first and the folders last, and what the three hold is compared each time: after a crash the
    next call begins again. Returns a sentence on what changed for hand-ins that were marked, or "". Raises CourseError
    where cells came or went, hand-ins were marked, and `renew` does not say that they shall be marked anew. An extension
    alone, which stands in the gradebook like a hand-in, hinders nobody.
    """
    path = source_path(lesson)
    if not path.exists():
        raise CourseError(
            f"{path} is missing: the lesson has no source to mark against. Restore it from the repository."
        )
    name = f"{LESSONS[lesson]}.ipynb"
    data = write_bytes(without_solution_cells(read_source(path)))
    source, released = course.root / "source" / lesson / name, course.root / "release" / lesson / name
    with course.gradebook() as gradebook:
        if _same(source, data) and released.exists() and _agrees(gradebook, lesson, _as_kept(source, released)):
            return ""
    tools_on_path()
    with tempfile.TemporaryDirectory() as aside:
        copy = Path(aside, "source", lesson)
        if source.parent.is_dir():
            shutil.copytree(source.parent, copy, symlinks=True)  # data files of the instructor's own
        write_whole(copy / name, data)
        generate_assignment(Path(aside), lesson, database=False)
        with course.gradebook() as gradebook:
            notebook = _as_kept(copy / name, Path(aside, "release", lesson, name))
            found = changes(gradebook, lesson, notebook, kept(course, lesson))
            marked = bool(course.marked(lesson)) or found.given
            if found.structure:
                if marked and not renew:
                    raise CourseError(_ways(lesson, found))
                keep_copy(course)
                keep(course, lesson, found.removed)
                renew_cells(gradebook, lesson, found, notebook)
        generate_assignment(Path(aside), lesson, database=True, db_url=course.db_url)
        other_text = source.exists() and not _same(source, data)
        for folder in ("release", "source"):
            made = Path(aside, folder, lesson)
            files = {str(path.relative_to(made)): path.read_bytes() for path in made.rglob("*") if path.is_file()}
            replace_folder(course.root / folder / lesson, files)
    what = str(found) or ("the cells around its questions" if other_text else "")
    return f"{lesson} has changed: {what}." if what and marked else ""


def _ways(lesson: str, found: Changes) -> str:
    return (
        f"{lesson} has changed since hand-ins of it were marked: {found}. Two ways: `gradlab grade {lesson} --renew` "
        "marks them anew against the lesson as it is now, and keeps marks and comments by hand of all cells that stay; "
        "or put the lesson's old source back and go on as before. Until then nothing has been changed."
    )


def _as_kept(source: Path, released: Path) -> NotebookNode:
    """The released notebook as nbgrader keeps it in the gradebook: locked cells still have their hidden tests."""
    whole = {cell.metadata.nbgrader.grade_id: cell for cell in _read(source).cells if "nbgrader" in cell.metadata}
    notebook = _read(released)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata and not cell.metadata.nbgrader.get("solution"):
            cell.source = whole.get(cell.metadata.nbgrader.grade_id, cell).source
    return notebook


def _read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def _same(path: Path, data: bytes) -> bool:
    return path.exists() and path.read_bytes() == data


def _agrees(gradebook: Gradebook, lesson: str, released: NotebookNode) -> bool:
    """Whether the gradebook holds just these cells: it may be an older one than the folders."""
    try:
        kept = source_cells(gradebook, LESSONS[lesson], lesson)
    except MissingEntry:
        return False
    ours = [
        (cell.metadata.nbgrader.grade_id, cell.source, float(cell.metadata.nbgrader.get("points", 0)))
        for cell in released.cells
        if "nbgrader" in cell.metadata
    ]
    return sorted(ours) == sorted((cell.name, cell.source, cell.points) for cell in kept)
