"""A hand-in is put in order: answers from the learner, everything that counts from the source."""

import copy

import nbformat
import pytest

from autograder.marking.restore import SourceCell, restored
from autograder.notebooks.cells import grade_id
from autograder.notebooks.files import empty

STUB = "def {0}():\n    raise NotImplementedError"


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


def put_in_order(cells):
    notebook = empty()
    notebook.cells = copy.deepcopy(cells)
    found, remarks = restored(notebook, SOURCE)
    nbformat.validate(found)
    return found, remarks


def sources(notebook):
    return [cell.source for cell in notebook.cells]


def test_honest_hand_in_keeps_its_order_and_gets_the_hidden_tests():
    notebook, remarks = put_in_order(HAND_IN)
    assert sources(notebook) == ORDER and remarks == []


def test_deleted_test_cells_come_back_behind_their_answers():
    notebook, remarks = put_in_order([cell for cell in HAND_IN if not (grade_id(cell) or "").startswith("test-")])
    assert sources(notebook) == ORDER and remarks == []


def test_changed_test_cells_are_the_sources_again():
    cells = copy.deepcopy(HAND_IN)
    cells[2].source, cells[2].cell_type = "pass", "raw"
    assert sources(put_in_order(cells)[0]) == ORDER


def test_reversed_hand_in_tests_each_answer_right_after_it():
    notebook, _ = put_in_order(HAND_IN[::-1])
    found = sources(notebook)
    for answer, test in (
        ("def first(): return 1", "hidden test of first"),
        ("def second(): return 2", "hidden test of second"),
    ):
        assert found.index(test) == found.index(answer) + 1
    assert sorted(found) == sorted(ORDER)


def test_doubled_hand_in_counts_the_copy_that_was_worked_on():
    stub = [known("first", STUB.format("first")), known("test-first", "x")]
    notebook, remarks = put_in_order(HAND_IN + stub)
    assert sources(notebook) == ORDER and len(remarks) == 1 and "`first` is there 2 times" in remarks[0]


def test_missing_answer_is_the_stub_again_and_said():
    notebook, remarks = put_in_order([cell for cell in HAND_IN if grade_id(cell) != "first"])
    assert STUB.format("first") in sources(notebook) and "hidden test of first" in sources(notebook)
    assert "`first` is missing" in remarks[0]


def test_answer_turned_into_text_is_code_again():
    cells = copy.deepcopy(HAND_IN)
    cells[1] = nbformat.v4.new_markdown_cell(cells[1].source, metadata=cells[1].metadata)
    notebook, remarks = put_in_order(cells)
    assert notebook.cells[1].cell_type == "code" and "markdown cell" in remarks[0]


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
def test_foreign_notebook_gets_every_stub(cells):
    notebook, remarks = put_in_order(cells)
    assert len(notebook.cells) == len(SOURCE) + len(cells) and len(remarks) == 3


@pytest.mark.parametrize(
    "text",
    ["import gradlab.probe.perform as p", "from gradlab import probe", "import os\nos.environ['GRADLAB_EXAM_FD']"],
)
def test_code_that_names_what_looks_at_answers_is_remarked_upon(text):
    for cells in ([own(text), *HAND_IN], [known("first", text), *HAND_IN[2:]]):
        _, remarks = put_in_order(cells)
        assert any(remark.startswith("Its code names") for remark in remarks)


def test_nobody_else_is():
    cells = [
        nbformat.v4.new_markdown_cell("What is `gradlab.probe`?"),
        own("from gradlab.maths import prox, soft"),
        *HAND_IN,
    ]
    assert put_in_order([*cells, known("test-first", "import gradlab.probe.examine")])[1] == []
