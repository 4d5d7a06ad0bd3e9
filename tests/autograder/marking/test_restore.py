"""A hand-in is put in order: answers from the learner, everything that counts from the source."""

import copy

import nbformat
import pytest

from autograder.marking.restore import NOT_RUN, restored
from autograder.marking.source_cell import SourceCell
from autograder.notebooks.cells import grade_id
from autograder.notebooks.files import empty
from autograder.notebooks.settings import STUB as STUB_LINE

STUB = "def {0}():\n    " + STUB_LINE


def source_cell(name, **fields):
    plain = {"cell_type": "code", "source": name, "grade": False, "solution": False, "points": 0.0, "checksum": None}
    return SourceCell(name, **(plain | fields))


SOURCE = [
    source_cell("first", source=STUB.format("first"), solution=True),
    source_cell("test-first", source="hidden test of first", grade=True, points=2.0),
    source_cell("second", source=STUB.format("second"), solution=True),
    source_cell("test-second", source="hidden test of second", grade=True, points=3.0),
    source_cell("why", cell_type="markdown", source="*answer here*", solution=True, grade=True, points=1.0),
]


def own(source):
    return nbformat.v4.new_code_cell(source)


def known(name, source):
    cell = nbformat.v4.new_markdown_cell(source) if name == "why" else nbformat.v4.new_code_cell(source)
    cell.metadata["nbgrader"] = {"grade_id": name}
    return cell


HAND_IN = [
    own("import torch"),
    known("first", "def first(): return 1"),
    known("test-first", "check('first')"),
    own("helper = 1"),
    known("second", "def second(): return 2"),
    known("test-second", "check('second')"),
    known("why", "because"),
]
ORDER = ["import torch", "def first(): return 1", "hidden test of first", "helper = 1", "def second(): return 2"]
ORDER += ["hidden test of second", "because"]


def put_in_order(cells, texts=frozenset()):
    notebook = empty()
    notebook.cells = copy.deepcopy(cells)
    found, remarks = restored(notebook, SOURCE, texts)
    nbformat.validate(found)
    return found, remarks


def sources(notebook):
    return [cell.source for cell in notebook.cells if NOT_RUN not in cell.metadata]


def answers(notebook):
    return {grade_id(cell): cell.source for cell in notebook.cells if grade_id(cell) and NOT_RUN not in cell.metadata}


def test_honest_hand_in_keeps_its_order_and_gets_the_hidden_tests():
    notebook, remarks = put_in_order(HAND_IN)
    assert sources(notebook) == ORDER and remarks == []


def test_tests_without_a_check_stand_at_the_end():
    notebook, remarks = put_in_order([cell for cell in HAND_IN if not (grade_id(cell) or "").startswith("test-")])
    mine = [line for line in ORDER if not line.startswith("hidden")]
    assert sources(notebook) == [*mine, "hidden test of first", "hidden test of second"] and remarks == []


@pytest.mark.parametrize("kind", ["code", "raw", "markdown"])
def test_what_was_written_into_a_test_cell_is_kept_and_the_test_follows(kind):
    cells = copy.deepcopy(HAND_IN)
    make = {"code": own, "markdown": nbformat.v4.new_markdown_cell, "raw": nbformat.v4.new_raw_cell}[kind]
    cells[2] = make("y = 1")
    cells[2].metadata["nbgrader"] = {"grade_id": "test-first"}
    assert sources(put_in_order(cells)[0]) == [*ORDER[:2], "y = 1", *ORDER[2:]]


def test_learners_order_is_kept_whatever_it_is():
    assert sources(put_in_order(HAND_IN[::-1])[0]) == ORDER[::-1]


def test_copied_hand_in_is_run_whole_and_each_test_stands_behind_the_last_check():
    notebook, remarks = put_in_order(
        [*HAND_IN, known("first", STUB.format("first")), known("test-first", "check('first')")]
    )
    found = sources(notebook)
    assert found[-2:] == [STUB.format("first"), "hidden test of first"] and found.count("hidden test of first") == 1
    assert answers(notebook)["first"] == "def first(): return 1"
    assert len(remarks) == 1 and "`first` is there 2 times" in remarks[0]


def test_check_in_the_answers_own_cell_is_followed_by_the_test():
    cells = [known("first", "def first(): return 1\n\ncheck('first')"), *HAND_IN[3:]]
    assert sources(put_in_order(cells)[0])[:2] == [cells[0].source, "hidden test of first"]


@pytest.mark.parametrize(
    "cells",
    [
        [own("def first(): return 1")],
        [known("first", STUB.format("first")), own("def first(): return 1")],
        [own("half = 1"), own("def first(): return 1\nfirst = first")],
        [own("%%time\ndef first(): return 1")],
        [own("class first: pass")],
        [own("import math\nfirst = lambda: 1")],
    ],
    ids=["no name", "under the stub", "two cells", "magic", "class", "lambda"],
)
def test_answer_is_found_where_its_name_is_defined(cells):
    notebook, remarks = put_in_order([*cells, *HAND_IN[2:]])
    assert answers(notebook)["first"] == cells[-1].source and remarks == []
    assert sources(notebook) == [*(cell.source for cell in cells), *ORDER[2:]]


def test_halves_of_a_split_answer_are_both_run():
    halves = [known("first", "def help(): return 1"), known("first", "def first(): return help()")]
    notebook, _ = put_in_order([*halves, *HAND_IN[2:]])
    assert sources(notebook)[:3] == [halves[0].source, halves[1].source, "hidden test of first"]


def test_missing_answer_is_not_run_and_said():
    notebook, remarks = put_in_order([cell for cell in HAND_IN if grade_id(cell) != "first"])
    missing = next(cell for cell in notebook.cells if grade_id(cell) == "first")
    assert missing.metadata[NOT_RUN] and STUB.format("first") not in sources(notebook)
    assert "`first` is missing" in remarks[0]


def test_answers_in_one_cell_are_not_missing():
    both = known("first", "def first(): return 1\ndef second(): return 2")
    rest = [cell for cell in HAND_IN if grade_id(cell) not in ("first", "second")]
    assert put_in_order([both, *rest])[1] == []


def test_answer_turned_into_text_is_code_again_where_nothing_else_defines_it():
    cells = copy.deepcopy(HAND_IN)
    cells[1] = nbformat.v4.new_markdown_cell(cells[1].source, metadata=cells[1].metadata)
    notebook, remarks = put_in_order(cells)
    assert notebook.cells[1].cell_type == "code" and "markdown cell" in remarks[0]
    notebook, remarks = put_in_order([own("def first(): return 2"), *cells])
    assert answers(notebook)["first"] == "def first(): return 2" and notebook.cells[2].cell_type == "markdown"


@pytest.mark.parametrize("kind", ["markdown", "raw", "code"])
@pytest.mark.parametrize("stub", [[], [known("why", "*answer here*")]], ids=["stub gone", "stub untouched"])
def test_text_answer_in_a_cell_of_its_own_is_found(kind, stub):
    mine = {"markdown": nbformat.v4.new_markdown_cell, "raw": nbformat.v4.new_raw_cell, "code": own}[kind]("# because")
    lesson = nbformat.v4.new_markdown_cell("A passage  of the lesson")
    notebook, remarks = put_in_order([*HAND_IN[:-1], *stub, lesson, mine], frozenset({"A passage of the lesson"}))
    assert answers(notebook)["why"] == "# because" and "`why` was found" in remarks[0]


def test_lesson_of_another_name_is_named():
    cells = [known("soft_abs", "def soft_abs(x, lam): pass"), known("soft_sign", "def soft_sign(x, lam): pass")]
    _, remarks = put_in_order(cells)
    assert len(remarks) == 1 and "01-soft-thresholding" in remarks[0]


def test_points_and_roles_come_from_the_source_only():
    cells = copy.deepcopy(HAND_IN)
    cells[2].metadata["nbgrader"] = {"grade_id": "test-first", "points": 1000, "grade": True, "solution": True}
    cells[0].metadata["nbgrader"] = {"grade_id": "extra", "points": 1000, "grade": True}
    cells[3].metadata["tags"] = ["skip-execution"]
    notebook, _ = put_in_order(cells)
    points = {grade_id(cell): cell.metadata.nbgrader.get("points") for cell in notebook.cells if grade_id(cell)}
    assert points == {"first": None, "test-first": 2.0, "second": None, "test-second": 3.0, "why": 1.0}
    assert not any("tags" in cell.metadata for cell in notebook.cells)


@pytest.mark.parametrize("cells", [[], [own("only mine")]])
def test_foreign_notebook_gets_every_cell_that_nbgrader_knows_and_runs_no_stub(cells):
    notebook, remarks = put_in_order(cells)
    assert len(notebook.cells) == len(SOURCE) + len(cells) and len(remarks) == 3
    assert not any(STUB_LINE in text for text in sources(notebook))
