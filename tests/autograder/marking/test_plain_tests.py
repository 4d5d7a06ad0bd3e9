"""Test cells of plain asserts in a lesson of an instructor's own: marked in the sandbox, shown, said to be unprotected."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.marking.configuration import marking
from autograder.marking.feedback import HideTests
from autograder.marking.hand_in import Examined, HandIn, examine_hand_in
from autograder.marking.source_cell import SourceCell
from autograder.progress import progress_of
from gradlab.exercises.verdict import Outcome
from tests.autograder.desk.hand_ins import filled
from tests.green.both_sides import source_of

LESSON, NOTEBOOK = "00-start-here", "start_here"
STUB = "def twice(x):\n    raise NotImplementedError\n"
HIDDEN = "### BEGIN HIDDEN TESTS\nassert twice(3) == 6, 'of three'\n### END HIDDEN TESTS\n"


def source(test: str) -> tuple[SourceCell, ...]:
    """Lesson 0 with one more answer, and a test cell of the instructor's own."""
    answer = SourceCell("twice", "code", STUB, grade=False, solution=True, points=0.0, checksum=None)
    return (*source_of(LESSON), answer, SourceCell("test-twice", "code", test, True, False, 2.0, None))


def marked(answer: str, test: str = "assert twice(1) == 2\n" + HIDDEN) -> Examined:
    """A hand-in with this answer and the test cell as it was released, without its hidden part."""
    notebook = filled(LESSON, {})
    notebook.cells += [cell.fresh() for cell in source(test)[-2:]]
    notebook.cells[-2].source, notebook.cells[-1].source = answer, test.split("###")[0]
    data = nbformat.writes(notebook).encode()
    return examine_hand_in(HandIn("ada", LESSON, NOTEBOOK, {f"{NOTEBOOK}.ipynb": data}, source(test), marking()))


@pytest.mark.parametrize(
    ("answer", "outcome", "said"),
    [
        ("def twice(x):\n    return 2 * x", Outcome.RIGHT, "could forge"),
        ("def twice(x):\n    return x + 1", Outcome.WRONG, "AssertionError: of three"),
        ("def twice(x):\n    return 1 / 0", Outcome.WRONG, "ZeroDivisionError"),
        ("twice = None", Outcome.WRONG, "TypeError"),
        ("import os; os._exit(1)", Outcome.WRONG, "could not be run"),
        (STUB, Outcome.NOT_ATTEMPTED, ""),
    ],
)
def test_asserts_and_hidden_asserts_decide_and_are_shown(answer, outcome, said):
    examined = marked(answer)
    assert not examined.failure
    verdict = examined.verdicts["twice"]
    assert verdict.outcome is outcome and said in verdict.message
    cell = nbformat.reads(examined.notebook, as_version=4).cells[-1]
    assert cell.metadata.gradlab.protected is False and verdict.message[:30] in str(cell.outputs)
    assert "of three" not in str(cell.outputs) or "of three" in said  # a hidden assert is shown by what it says alone


@pytest.mark.parametrize("name", ["test-twice", "twice_works", "q1", "grade"])
@pytest.mark.parametrize("grade", [True, False])
def test_hidden_asserts_are_shown_nowhere_whatever_the_cell_is_called(name, grade):
    locked = SourceCell(name, "code", f"x = 1\n{HIDDEN}", grade, False, 2.0, None).fresh()
    mine = new_code_cell(HIDDEN)
    answer = SourceCell("answer", "code", HIDDEN, False, True, 0.0, None).fresh()
    shown = [HideTests().preprocess_cell(cell, {}, 0)[0].source for cell in (locked, mine, answer)]
    assert shown == ["x = 1\n", HIDDEN, HIDDEN]


def test_a_check_that_nothing_answers_waits_for_a_person():
    assert marked("def twice(x):\n    return 2 * x", 'check("twice")').verdicts["twice"].outcome is Outcome.UNCHECKABLE


@pytest.mark.parametrize(
    ("outputs", "state"),
    [
        ([], "right"),
        ([nbformat.v4.new_output("error", ename="AssertionError", evalue="", traceback=[])], "wrong"),
        ([nbformat.v4.new_output("error", ename="NotImplementedError", evalue="", traceback=[])], "not attempted"),
    ],
)
def test_progress_reads_what_the_asserts_said(outputs, state):
    answer, test = (cell.fresh() for cell in source("assert twice(1) == 2")[-2:])
    ran = new_code_cell(test.source, execution_count=2, outputs=outputs, metadata=test.metadata)
    answer.execution_count = 1
    [row] = progress_of(nbformat.v4.new_notebook(cells=[answer, ran]))
    assert (row.exercise, row.points, row.state) == ("twice", 2.0, state)
