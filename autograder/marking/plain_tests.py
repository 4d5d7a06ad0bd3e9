"""Test cells of an instructor's own: asserts that run beside the student's code, which could forge them."""

import re

from nbformat import NotebookNode

from autograder.notebooks.cells import TEST, grade_id, nbgrader_metadata, test_cell_name
from gradlab.exercises.verdict import Outcome, Verdict, not_attempted, right, wrong

UNPROTECTED = "A test of plain asserts: it runs beside the student's code, which could forge it."
CHECK = re.compile(r"\bcheck\(")
LONGEST = 500  # characters of what an assert says


def plain_tests(notebook: NotebookNode, examined: dict[str, str]) -> dict[str, NotebookNode]:
    """Exercise → its test cell, for every graded code cell that none of the `examined` test cells is."""
    found = {}
    for cell in notebook.cells:
        known, name = nbgrader_metadata(cell), grade_id(cell) or ""
        if cell.cell_type == "code" and known.get("grade") and not known.get("solution") and name not in examined:
            found[exercise_of(name)] = cell
    return found


def exercise_of(test: str) -> str:
    """test-my-answer → my_answer; any other name stays."""
    exercise = test.removeprefix(TEST).replace("-", "_")
    return exercise if test_cell_name(exercise) == test else test


def plain_verdict(exercise: str, test: NotebookNode, ended: str) -> Verdict:
    """Right where the cell ran without an exception; `ended` says why it could not run."""
    if CHECK.search(test.source):
        sentence = (
            f"No lesson has an exercise that `{test.source.strip()[:80]}` could ask about; a person will mark it."
        )
        return Verdict(Outcome.UNCHECKABLE, exercise, sentence, "exam-missing")
    errors = [output for output in test.outputs if output.output_type == "error"]
    if not errors and (ended or test.execution_count is None):
        return wrong(exercise, "no-exam", f"This test could not be run. {ended}".strip())
    if not errors:
        return right(exercise, UNPROTECTED)
    if errors[0].ename == "NotImplementedError":
        return not_attempted(exercise)
    said = f"{errors[0].ename}: {errors[0].evalue}"[:LONGEST]
    return wrong(exercise, "assertion", f"The test cell says {''.join(c if c.isprintable() else ' ' for c in said)}")
