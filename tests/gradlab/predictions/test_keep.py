"""`predict` and `reveal` in a real kernel: kept, shown, soft in every accident."""

import nbformat
import pytest
from nbclient import NotebookClient

from gradlab.predictions.card import MIME

CELLS = {
    "untouched": 'predict("jump", ...)',
    "revealed unsaid": 'reveal("jump")',
    "kept": 'predict("jump", 3)',
    "revealed": 'reveal("jump")',
    "exact": 'predict("jump", 1)\nreveal("jump")',
    "not readable": 'predict("jump", "<b>much</b>")\nreveal("jump")',
    "unknown": 'predict("jmp", 3)\nreveal("jmp")\npredict(jump := 3)\npredict(["jump"])\nreveal({})\npredict()\npredict("\\ud800")',
    "named": 'predict("jump", x=1)',
    "not run": 'reveal("two_integrals")',
}


@pytest.fixture(scope="module")
def shown() -> dict[str, list[dict]]:
    cells = [nbformat.v4.new_code_cell("from gradlab import predict, reveal")]
    cells += [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", timeout=60, extra_arguments=["--log-level=ERROR"]).execute()
    return {name: [output.data for output in cell.outputs] for name, cell in zip(CELLS, notebook.cells[1:])}


def test_left_alone_it_says_what_may_be_typed_and_reveals_the_truth(shown):
    assert "type a number" in shown["untouched"][0]["text/plain"]
    assert shown["revealed unsaid"][0]["text/plain"] == "It is: 1."


def test_what_was_said_is_laid_beside_what_is_with_the_distance_and_a_picture(shown):
    assert "Kept: 3" in shown["kept"][0]["text/plain"]
    card = shown["revealed"][0]
    assert card["text/plain"].startswith("You said: 3\nIt is:    1\n3 times too large")
    assert 'role="img"' in card["text/html"] and "you said 3, it is 1" in card["text/html"]
    assert "<svg" not in shown["exact"][1]["text/html"] and "Exact" in shown["exact"][1]["text/plain"]


def test_accidents_are_sentences_and_markup_is_text(shown):
    said, revealed = shown["not readable"]
    assert "Type a number" in said["text/plain"] and revealed["text/plain"] == "It is: 1."
    assert all("No lesson asks" in data["text/plain"] for data in shown["unknown"])
    assert not any("<b>much" in data["text/html"] for outputs in shown.values() for data in outputs)
    assert all(
        data[MIME]["state"] in ("asked", "kept", "odd", "revealed") for outputs in shown.values() for data in outputs
    )
