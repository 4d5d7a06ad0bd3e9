"""Put a hand-in in order: every cell that nbgrader knows comes from the source, only the answers from the learner."""

import re
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum

from autograder.marking.reading import TROUBLE
from autograder.notebooks.cells import grade_id
from autograder.notebooks.files import empty

LOOKS = re.compile(r"gradlab\.probe|GRADLAB_EXAM_FD|from gradlab import [^\n]*\bprobe\b")
"""The names of what looks at answers during an exam; no lesson needs them."""


@dataclass(frozen=True)
class SourceCell:
    """What the gradebook keeps of a cell of the source notebook, in the notebook's order."""

    name: str
    cell_type: str
    source: str
    grade: bool
    solution: bool
    points: float
    checksum: str | None

    def fresh(self) -> NotebookNode:
        """The cell as the source has it, with nbgrader's metadata and nothing else."""
        make = nbformat.v4.new_code_cell if self.cell_type == "code" else nbformat.v4.new_markdown_cell
        cell = make(self.source)
        cell.id = self.name[:64]
        cell.metadata["nbgrader"] = {
            "grade": self.grade,
            "grade_id": self.name,
            "locked": not self.solution,
            "schema_version": 3,
            "solution": self.solution,
            "task": False,
            "cell_type": self.cell_type,
        }
        if self.grade:
            cell.metadata["nbgrader"]["points"] = self.points
        cell.metadata.nbgrader.checksum = self.checksum or compute_checksum(cell)
        return cell


def restored(hand_in: NotebookNode, source: list[SourceCell]) -> tuple[NotebookNode, list[str]]:
    """The notebook to run, and what its author should know: missing, repeated or wrongly typed cells.

    Cells of the learner's own stay where they were. Each answer takes its text from the hand-in; each test cell is the
    source's, right behind the answer that precedes it in the source, wherever the hand-in had it, or not.
    """
    known = {cell.name: cell for cell in source}
    remarks: list[str] = []
    chosen = _choose_answers(hand_in, known, remarks)
    followers = _followers(source)
    notebook = empty()
    placed: set[str] = set()

    def place(name: str) -> None:
        cell = known[name].fresh()
        if known[name].solution and name in chosen:
            cell.source = chosen[name].source
            if cell.cell_type == "markdown" and "attachments" in chosen[name]:
                cell["attachments"] = chosen[name]["attachments"]
        notebook.cells.append(cell)
        placed.add(name)
        for follower in followers.get(name, ()):
            place(follower)

    for name in followers.get(None, ()):
        place(name)
    for index, cell in enumerate(hand_in.cells):
        name = grade_id(cell)
        if name not in known:
            cell.metadata.clear()
            cell.id = f"own-{index}"
            notebook.cells.append(cell)
        elif known[name].solution and chosen.get(name) is cell:
            place(name)
    for name, cell in known.items():
        if cell.solution and name not in placed:
            remarks.append(
                f"The answer cell `{name}` is missing; it counts as not attempted. Keep the lesson's own cells."
            )
            place(name)
    own = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("locked")
    ]
    if named := sorted({name for source in own for name in LOOKS.findall(source)}):
        remarks.append(
            f"Its code names {', '.join(named)}, part of what looks at answers during an exam. Values are judged from outside all "
            "the same; where an exercise asks how a value comes about, a person should read the code."
        )
    return notebook, remarks


def _followers(source: list[SourceCell]) -> dict[str | None, list[str]]:
    """Which test cells (and other locked ones) stand behind each answer; None: before the first answer."""
    followers: dict[str | None, list[str]] = {}
    answer = None
    for cell in source:
        if cell.solution:
            answer = cell.name
        else:
            followers.setdefault(answer, []).append(cell.name)
    return followers


def _choose_answers(hand_in: NotebookNode, known: dict[str, SourceCell], remarks: list[str]) -> dict[str, NotebookNode]:
    """One cell for each answer: of several copies the only one that was worked on, else the last."""
    found: dict[str, list[NotebookNode]] = {}
    for cell in hand_in.cells:
        name = grade_id(cell)
        if name in known and known[name].solution:
            found.setdefault(name, []).append(cell)
    chosen = {}
    for name, cells in found.items():
        worked = [cell for cell in cells if cell.source.strip() != known[name].source.strip()] or cells
        chosen[name] = worked[-1]
        if len(cells) > 1:
            remarks.append(
                f"The answer cell `{name}` is there {len(cells)} times; the last one that you worked on was marked."
            )
        if chosen[name].cell_type != known[name].cell_type:
            remarks.append(
                f"The answer cell `{name}` had become a {chosen[name].cell_type} cell; it was marked as it should be."
            )
    return chosen


def source_cells(gradebook: Gradebook, notebook: str, assignment: str) -> list[SourceCell]:
    """The source's cells as the gradebook keeps them, in order."""
    found = gradebook.find_notebook(notebook, assignment)
    graded = {cell.name: cell for cell in found.grade_cells}
    answers = {cell.name for cell in found.solution_cells}
    return [
        SourceCell(
            name=cell.name,
            cell_type=cell.cell_type,
            source=cell.source,
            grade=cell.name in graded,
            solution=cell.name in answers,
            points=graded[cell.name].max_score if cell.name in graded else 0.0,
            checksum=cell.checksum,
        )
        for cell in found.source_cells
    ]


def in_order(hand_in: NotebookNode, trouble: str, source: list[SourceCell]) -> NotebookNode:
    """The notebook to run; its first cell and its metadata say what was odd about the hand-in."""
    notebook, remarks = restored(hand_in, source)
    if trouble:
        remarks = [trouble]
    if remarks:
        text = "**About this hand-in**\n\n" + "\n".join(f"- {remark}" for remark in remarks)
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(text, id="about-this-hand-in"))
    notebook.metadata["gradlab"] = {"remarks": remarks}
    return notebook


class RestoreCells(NbGraderPreprocessor):
    """In the place of nbgrader's OverwriteCells, OverwriteKernelspec, DeduplicateIds and ClearOutput."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        marking = resources["nbgrader"]
        with Gradebook(marking["db_url"]) as gradebook:
            source = source_cells(gradebook, marking["notebook"], marking["assignment"])
        return in_order(nb, resources.get(TROUBLE, ""), source), resources
