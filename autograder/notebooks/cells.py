"""Names of nbgrader cells: which test cell belongs to which exercise."""

from collections.abc import Mapping

from nbformat import NotebookNode

TEST = "test-"


def grade_id(cell: NotebookNode) -> str | None:
    """The cell's grade_id, if nbgrader knows the cell."""
    name = nbgrader_metadata(cell).get("grade_id")
    return name if isinstance(name, str) else None


def nbgrader_metadata(cell: NotebookNode) -> Mapping:
    """What nbgrader knows of the cell; nothing where an editor left it out or wrote null or anything else there."""
    metadata = cell.get("metadata")
    known = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return known if isinstance(known, Mapping) else {}


def test_cell_name(exercise: str) -> str:
    """soft_threshold → test-soft-threshold"""
    return TEST + exercise.replace("_", "-")


def exercises_by_test(exercises: list[str]) -> dict[str, str]:
    """test-soft-threshold → soft_threshold, for every exercise of a lesson."""
    return {test_cell_name(exercise): exercise for exercise in exercises}
