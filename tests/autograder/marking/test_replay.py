"""Explorers on feedback pages come from the lesson's own run; a hand-in cannot put one there, and is not kept waiting for them."""

from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.marking.execute import ExamineWhileExecuting
from autograder.marking.replay import NOT_DRAWN, PLAYED, PlayExplorers, explorer_sources, played_explorers, put_in
from tests.autograder.desk.hand_ins import filled

LESSON = "00-start-here"
RESOURCES = {"nbgrader": {"assignment": LESSON}}
FORGED = [new_output("display_data", data={"text/html": "<script>forged()</script>"})]


def test_an_untouched_explorer_cell_shows_the_lessons_own_record():
    source, html = next(iter(played_explorers(LESSON).items()))
    notebook = new_notebook(cells=[new_code_cell(source, outputs=FORGED)])
    notebook, resources = PlayExplorers().preprocess(notebook, dict(RESOURCES))
    ((placeholder, played),) = resources[PLAYED].items()
    assert played == html and "gradlab-explorer" in html
    shown = notebook.cells[0].outputs[0].data["text/html"]
    assert put_in(f"<body>{shown}</body>", resources[PLAYED]) == f"<body>{html}</body>" and placeholder in shown


def test_a_cell_that_was_changed_keeps_what_it_put_out():
    source = next(iter(played_explorers(LESSON)))
    cell = new_code_cell(source + "\nprint('mine')", outputs=FORGED)
    notebook, resources = PlayExplorers().preprocess(new_notebook(cells=[cell]), dict(RESOURCES))
    assert notebook.cells[0].outputs == FORGED and resources[PLAYED] == {}


def test_placeholders_are_new_on_every_page():
    source = next(iter(played_explorers(LESSON)))
    made = [
        PlayExplorers().preprocess(new_notebook(cells=[new_code_cell(source)]), dict(RESOURCES))[1][PLAYED]
        for _ in range(2)
    ]
    assert set(made[0]).isdisjoint(made[1])


def test_while_a_hand_in_runs_an_untouched_explorer_is_not_drawn_and_a_changed_one_is(tmp_path):
    source = next(iter(explorer_sources(LESSON)))
    imports = next(cell for cell in filled(LESSON, {}).cells if cell.cell_type == "code")
    notebook = new_notebook(cells=[imports, new_code_cell(source), new_code_cell(source + "\nprint('mine')")])
    notebook, _ = ExamineWhileExecuting().preprocess(notebook, {**RESOURCES, "metadata": {"path": str(tmp_path)}})
    _, untouched, changed = notebook.cells
    assert [output.data["text/plain"] for output in untouched.outputs] == [NOT_DRAWN]
    assert any("gradlab-explorer" in output.get("data", {}).get("text/html", "") for output in changed.outputs)
