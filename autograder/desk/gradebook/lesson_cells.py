"""A lesson's cells in a gradebook that has hand-ins: what changed, and how marks of cells that stay are kept."""

from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    SourceCell,
)
from nbgrader.utils import is_grade, is_locked, is_solution

from gradlab.course import LESSONS


@dataclass(frozen=True)
class Changes:
    """How a lesson differs from what the gradebook has of it, where hand-ins are there; cells by their grade_id."""

    added: tuple[NotebookNode, ...] = ()
    removed: tuple[str, ...] = ()
    points: tuple[tuple[str, float, float], ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def structure(self) -> bool:
        """Whether cells came or went, which nbgrader refuses."""
        return bool(self.added or self.removed)

    def __bool__(self) -> bool:
        return bool(self.structure or self.points or self.texts)

    def __str__(self) -> str:
        new = [f"{_name(cell)} ({cell.metadata.nbgrader.get('points', 0):g} points) is new" for cell in self.added]
        gone = [f"{name} is gone" for name in self.removed]
        points = [f"{name} has {now:g} points instead of {before:g}" for name, before, now in self.points]
        return "; ".join([*new, *gone, *points, *(f"the text of {name} is another" for name in self.texts)])


def changes(gradebook: Gradebook, lesson: str, released: NotebookNode) -> Changes:
    """The changes that hand-ins are concerned by; none where there are no hand-ins."""
    try:
        notebook = gradebook.find_notebook(LESSONS[lesson], lesson)
    except MissingEntry:
        return Changes()
    if not notebook.submissions:
        return Changes()
    new = {_name(cell): cell for cell in released.cells if "nbgrader" in cell.metadata}
    old = {cell.name: cell for cell in notebook.source_cells}
    worth = {cell.name: cell.max_score for cell in notebook.grade_cells}
    stay = [name for name in new if name in old and _parts(new[name]) == _known_parts(notebook, name)]
    points = [(name, worth[name], float(new[name].metadata.nbgrader.points)) for name in stay if name in worth]
    return Changes(
        tuple(cell for name, cell in new.items() if name not in stay),
        tuple(name for name in old if name not in stay),
        tuple((name, before, now) for name, before, now in points if before != now),
        tuple(name for name in stay if old[name].source != new[name].source),
    )


def renew_cells(gradebook: Gradebook, lesson: str, found: Changes, released: NotebookNode) -> None:
    """Add and remove cells, with their marks and comments, in one transaction; all other marks stay.

    The source's cells are written anew, since their order in the table is their order in the notebook.
    """
    notebook, session = gradebook.find_notebook(LESSONS[lesson], lesson), gradebook.db
    try:
        for name in found.removed:
            for cell in session.query(BaseCell).filter(BaseCell.notebook_id == notebook.id, BaseCell.name == name):
                session.query(Grade).filter(Grade.cell_id == cell.id).delete()
                session.query(Comment).filter(Comment.cell_id == cell.id).delete()
                session.delete(cell)
        session.query(SourceCell).filter(SourceCell.notebook_id == notebook.id).delete()
        session.flush()
        for cell in released.cells:
            if "nbgrader" in cell.metadata:
                kept = {"cell_type": cell.cell_type, "source": cell.source, "locked": is_locked(cell)}
                session.add(SourceCell(name=_name(cell), notebook=notebook, **kept))
                session.flush()
        for cell in found.added:
            _add(gradebook, notebook, cell)
        session.commit()
    except BaseException:
        session.rollback()
        raise


def _add(gradebook: Gradebook, notebook: Notebook, cell: NotebookNode) -> None:
    name, kind, session = _name(cell), cell.cell_type, gradebook.db
    if is_grade(cell):
        made = GradeCell(name=name, cell_type=kind, notebook=notebook, max_score=float(cell.metadata.nbgrader.points))
        session.add(made)
        for submitted in notebook.submissions:
            session.add(Grade(cell=made, notebook=submitted))
    if is_solution(cell):
        answer = SolutionCell(name=name, notebook=notebook)
        session.add(answer)
        for submitted in notebook.submissions:
            session.add(Comment(cell=answer, notebook=submitted))
    session.flush()


def _name(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader.grade_id


def _parts(cell: NotebookNode) -> tuple[bool, bool]:
    return is_grade(cell), is_solution(cell)


def _known_parts(notebook: Notebook, name: str) -> tuple[bool, bool]:
    return (
        any(cell.name == name for cell in notebook.grade_cells),
        any(cell.name == name for cell in notebook.solution_cells),
    )
