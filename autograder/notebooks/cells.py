"""Names of nbgrader cells: which test cell belongs to which exercise."""

from nbformat import NotebookNode

TEST = "test-"


def grade_id(cell: NotebookNode) -> str | None:
    """The cell's grade_id, if nbgrader knows the cell."""
    metadata = cell.metadata.get("nbgrader")
    return metadata.get("grade_id") if isinstance(metadata, dict) else None


def test_cell_name(exercise: str) -> str:
    """soft_threshold → test-soft-threshold"""
    return TEST + exercise.replace("_", "-")


def exercises_by_test(exercises: list[str]) -> dict[str, str]:
    """test-soft-threshold → soft_threshold, for every exercise of a lesson."""
    return {test_cell_name(exercise): exercise for exercise in exercises}
