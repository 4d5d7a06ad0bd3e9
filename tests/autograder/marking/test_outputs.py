"""What a kernel put out comes back as fields that a notebook has, of their types, and no more of it than allowed."""

import json

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.marking.outputs import LARGEST_CELL, LARGEST_OUTPUT, TEXTS, BoundOutput, bounded, rebuilt
from autograder.notebooks.strangers_texts import MOST_SIGNS
from tests.autograder.notebooks.test_strangers_texts import highest_pile

NONSENSE = [None, 3, -1, 10**400, [], {}, [3, None], {"a": [1]}, "text", True, 1e400, "\ud800"]
FIELDS = ["name", "text", "ename", "evalue", "traceback", "data", "metadata", "execution_count", "transient"]


def cell_with(*outputs):
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = [nbformat.from_dict(output) for output in outputs]
    return cell


@pytest.mark.parametrize("kind", ["stream", "error", "display_data", "execute_result", "virus", None, 3])
@pytest.mark.parametrize("value", NONSENSE, ids=repr)
def test_output_with_fields_of_any_type_is_left_out_or_valid(kind, value):
    cell = cell_with({"output_type": kind} | dict.fromkeys(FIELDS, value))
    cell.outputs = bounded(cell.outputs)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()


def test_only_what_can_be_shown_stays_in_a_display():
    data = {
        "text/html": "<b>",
        "text/plain": "b",
        "application/javascript": "x",
        "application/vnd.jupyter.widget-view+json": {"x": 1},
    }
    shown = rebuilt(NotebookNode(output_type="display_data", data=NotebookNode(data), metadata={"isolated": True}))
    assert set(shown.data) == {"text/html", "text/plain"} and shown.metadata == {}


def test_picture_that_is_not_base64_is_left_out_and_its_alt_text_is_all_of_its_metadata():
    metadata = {"image/png": {"alt": "a line", "width": "1 onerror=x"}, "image/jpeg": {"height": 3}}
    data = NotebookNode({"image/png": "iVBORw0KGgo=\n", "image/jpeg": 'AAAA" onerror="x'})
    shown = rebuilt(NotebookNode(output_type="display_data", data=data, metadata=metadata))
    assert set(shown.data) == {"image/png"} and shown.metadata == {"image/png": {"alt": "a line"}}


@pytest.mark.parametrize("count", ["<script>", -1, True, 1.5, 10**400])
def test_count_of_a_cell_is_a_number_or_nothing(count):
    cell = cell_with()
    cell["execution_count"] = count
    assert BoundOutput().preprocess_cell(cell, {}, 0)[0].execution_count is None


def test_large_output_is_replaced_by_a_sentence_and_a_cell_has_its_share():
    stream = {"output_type": "stream", "name": "stdout"}
    [long] = bounded(cell_with(stream | {"text": "x" * (LARGEST_OUTPUT + 1)}).outputs)
    assert "left out" in long.text
    many = bounded(cell_with(*[stream | {"text": "y" * (LARGEST_OUTPUT - 100)}] * 20).outputs)
    assert len(many) <= LARGEST_CELL // (LARGEST_OUTPUT - 100) + 1 and "More output" in many[-1].text


def test_signs_are_not_piled_up_in_anything_that_was_put_out():
    pile = "M" + "\u0305" * 100
    shown = [
        rebuilt(nbformat.from_dict(output))
        for output in (
            {"output_type": "stream", "name": "stdout", "text": pile},
            {"output_type": "stream", "name": "stderr", "text": [pile]},
            {"output_type": "error", "ename": pile, "evalue": pile, "traceback": [pile]},
            {"output_type": "display_data", "data": dict.fromkeys(TEXTS, pile), "metadata": {}},
            {"output_type": "display_data", "data": {"image/png": "AAAA"}, "metadata": {"image/png": {"alt": pile}}},
        )
    ]
    assert all(
        "M" in str(output) and highest_pile(json.dumps(output, ensure_ascii=False)) <= MOST_SIGNS for output in shown
    )
