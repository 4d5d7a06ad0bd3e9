"""The cells of a lesson that nbgrader knows, as the gradebook keeps them."""

from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.utils import compute_checksum


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
