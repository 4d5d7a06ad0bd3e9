"""A lesson's cells in a gradebook that has hand-ins: what changed, and how marks of cells that stay are kept."""

from dataclasses import dataclass, field

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

from autograder.desk.gradebook.removed_marks import FILE, Given, counted, given_by_hand
from gradlab.course import LESSONS


@dataclass(frozen=True)
class Changes:
    """How a lesson differs from what the gradebook has of it, where hand-ins are there; cells by their grade_id.

    `removed` are cells with what a person gave to them, `returning` those of the added cells of which that was kept.
    `given` says whether a person gave anything to any cell.
    """

    added: tuple[NotebookNode, ...] = ()
    removed: dict[str, Given] = field(default_factory=dict)
    returning: dict[str, Given] = field(default_factory=dict)
    points: tuple[tuple[str, float, float], ...] = ()
    texts: tuple[str, ...] = ()
    given: bool = False

    @property
    def structure(self) -> bool:
        """Whether cells came or went, which nbgrader refuses."""
        return bool(self.added or self.removed)

    def __bool__(self) -> bool:
        return bool(self.structure or self.points or self.texts)

    def __str__(self) -> str:
        new = [self._new(cell) for cell in self.added]
        gone = [
            f"{name} is gone, and with it {many}" if (many := counted(given)) else f"{name} is gone"
            for name, given in self.removed.items()
        ]
        points = [f"{name} has {now:g} points instead of {before:g}" for name, before, now in self.points]
        said = "; ".join([*new, *gone, *points, *(f"the text of {name} is another" for name in self.texts)])
        if any(self.removed.values()):
            said += f". What was given by hand to a question that is gone is kept in {FILE} and comes back with the question"
        return said

    def _new(self, cell: NotebookNode) -> str:
        said = f"{_name(cell)} ({cell.metadata.nbgrader.get('points', 0):g} points) is new"
        many = counted(self.returning.get(_name(cell), {}))
        return f"{said}, and gets back {many}" if many else said


def changes(gradebook: Gradebook, lesson: str, released: NotebookNode, kept: dict[str, Given]) -> Changes:
    """The changes that hand-ins are concerned by; none where there are no hand-ins. `kept` is of cells that were removed
    before, by name.
    """
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
    there = {submitted.student.id for submitted in notebook.submissions}
    back = {name: {id: given for id, given in kept[name].items() if id in there} for name in new if name in kept}
    return Changes(
        tuple(cell for name, cell in new.items() if name not in stay),
        {name: given_by_hand(notebook, name) for name in old if name not in stay},
        {name: given for name, given in back.items() if name not in old},
        tuple((name, before, now) for name, before, now in points if before != now),
        tuple(name for name in stay if old[name].source != new[name].source),
        any(given_by_hand(notebook, name) for name in old),
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
            _add(gradebook, notebook, cell, found.returning.get(_name(cell), {}))
        session.commit()
    except BaseException:
        session.rollback()
        raise


def _add(gradebook: Gradebook, notebook: Notebook, cell: NotebookNode, back: Given) -> None:
    name, kind, session = _name(cell), cell.cell_type, gradebook.db
    if is_grade(cell):
        made = GradeCell(name=name, cell_type=kind, notebook=notebook, max_score=float(cell.metadata.nbgrader.points))
        session.add(made)
        for submitted in notebook.submissions:
            given = back.get(submitted.student.id, {})
            by_hand = {key: given.get(key) for key in ("manual_score", "extra_credit")}
            waits = given.get("needs_manual_grade", False)
            session.add(Grade(cell=made, notebook=submitted, needs_manual_grade=waits, **by_hand))
    if is_solution(cell):
        answer = SolutionCell(name=name, notebook=notebook)
        session.add(answer)
        for submitted in notebook.submissions:
            said = back.get(submitted.student.id, {}).get("manual_comment")
            session.add(Comment(cell=answer, notebook=submitted, manual_comment=said))
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
