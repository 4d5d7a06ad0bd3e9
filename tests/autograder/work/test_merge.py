"""A newer lesson is brought into work that a learner has changed in any honest way: nothing of theirs is lost."""

import copy

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.notebooks.cells import grade_id
from autograder.work.edition import texts
from autograder.work.matching import text_of
from autograder.work.merge import merge
from tests.autograder.work.lessons import answer, first_edition, lesson, sealed, text

BASE = first_edition()
KNOWN = texts({"lesson": BASE})
NAMES = ("soft", "hard", "why")


def cell_named(notebook, name):
    return next(cell for cell in notebook.cells if grade_id(cell) == name)


def answered(**answers):
    """The first edition with some answers written."""
    work = copy.deepcopy(BASE)
    for name, source in answers.items():
        cell_named(work, name).source = source
    return work


def rewritten(*places, more=" And more."):
    """The first edition with other texts in some places."""
    new = copy.deepcopy(BASE)
    for place in places:
        new.cells[place].source += more if new.cells[place].cell_type == "markdown" else "\n# more"
        sealed(new.cells[place])
    return new


def sources(notebook):
    return [cell.source for cell in notebook.cells]


@pytest.mark.parametrize("known", [KNOWN, set()], ids=["remembered", "nothing remembered"])
def test_answers_stay_and_text_tests_and_untouched_stubs_are_new(known):
    work = answered(soft="def soft(x):\n    return x", why="Because.")
    merged = merge(work, rewritten(0, 2, 5, 6, 8, 11), known)
    expected = sources(rewritten(0, 2, 5, 6, 8, 11))
    expected[5], expected[11] = "def soft(x):\n    return x", "Because."
    assert sources(merged.notebook) == expected
    assert merged.answers == ["soft", "why"] and (merged.own, merged.renewed, merged.added, merged.removed) == (
        0,
        4,
        0,
        0,
    )
    assert [note.partition(":")[0] for note in merged.notes] == ["soft", "why"]


def test_prediction_stays_where_its_cell_is_rewritten():
    work = copy.deepcopy(BASE)
    work.cells[4].source = 'predict("sign", 0.25)'
    new = copy.deepcopy(BASE)
    new.cells[4] = text('# Guess first.\npredict("sign", …)', "code")
    merged = merge(work, new, KNOWN)
    assert sources(merged.notebook)[4] == 'predict("sign", 0.25)' and merged.answers == ["sign"]


def test_untouched_prediction_is_new():
    new = copy.deepcopy(BASE)
    new.cells[4] = text('# Guess first.\npredict("sign", …)', "code")
    assert sources(merge(BASE, new, set()).notebook) == sources(new)


def test_change_to_a_cell_that_the_lesson_left_stays_and_one_that_it_rewrote_stands_below():
    work = copy.deepcopy(BASE)
    work.cells[3].source = "lam = 7\nprint(lam)"
    assert sources(merge(work, rewritten(0), KNOWN).notebook)[3] == "lam = 7\nprint(lam)"
    merged = merge(work, rewritten(3), KNOWN)
    assert sources(merged.notebook)[3:5] == ["lam = 0.5\nprint(lam)\n# more", "lam = 7\nprint(lam)"]


def test_outputs_stay_where_the_text_is_the_same_and_go_where_it_is_new():
    work = copy.deepcopy(BASE)
    for place in (1, 3):
        work.cells[place].outputs, work.cells[place].execution_count = [new_output("stream", text="seen")], 3
    merged = merge(work, rewritten(3), KNOWN).notebook
    assert merged.cells[1].outputs[0].text == "seen" and not merged.cells[3].outputs


def test_moved_cells_are_followed_by_answers_and_notes():
    work = answered(soft="def soft(x):\n    return 2 * x")
    work.cells.insert(7, new_markdown_cell("My note on soft."))
    cells = copy.deepcopy(BASE).cells
    new = lesson(*cells[:2], *cells[7:12], *cells[2:7], cells[12])
    merged = merge(work, new, KNOWN).notebook
    place = sources(merged).index("def soft(x):\n    return 2 * x")
    assert sources(merged)[place : place + 3] == ["def soft(x):\n    return 2 * x", 'check("soft")', "My note on soft."]


def test_answer_to_an_exercise_that_is_gone_stays_as_a_cell_of_ones_own():
    work, cells = answered(hard="def hard(x):\n    return 3"), copy.deepcopy(BASE).cells
    merged = merge(work, lesson(*cells[:8], *cells[10:]), KNOWN)
    assert "def hard(x):\n    return 3" in sources(merged.notebook) and 'check("hard")' not in sources(merged.notebook)
    assert grade_id(next(cell for cell in merged.notebook.cells if "return 3" in cell.source)) is None


@pytest.mark.parametrize("remember", [True, False], ids=["remembered", "copied by hand"])
def test_notebook_that_lost_ids_and_metadata_is_merged(remember):
    """A copy that went through an editor of format 4.4, with all answers written and a note."""
    work = answered(soft="def soft(x):\n    return x", hard="def hard(x):\n    return 1", why="Since it bends.")
    work.cells.insert(3, new_markdown_cell("My note."))
    for cell in work.cells:
        del cell["id"]
        cell.metadata = {}
    work.nbformat_minor = 4
    merged = merge(work, rewritten(6, more=" New."), KNOWN if remember else texts({"": rewritten()}))
    by_name = {name: cell_named(merged.notebook, name).source for name in NAMES}
    assert by_name == {
        "soft": "def soft(x):\n    return x",
        "hard": "def hard(x):\n    return 1",
        "why": "Since it bends.",
    }
    assert merged.own == 1 and merged.notebook.cells[3].source == "My note."
    nbformat.validate(merged.notebook)


# Honest edits of a learner and changes of an edition, each drawn at random. What a learner writes is unlike all else.

EDITS = ("answer", "insert", "note", "copy", "delete", "move", "change", "predict", "run", "no ids", "no metadata")
CHANGES = ("rewrite", "insert", "remove", "move", "new exercise")
places = st.integers(0, 100)
edits = st.lists(st.tuples(st.sampled_from(EDITS), places, places), max_size=10)
changes = st.lists(st.tuples(st.sampled_from(CHANGES), places, places), max_size=6)


def edited(drawn):
    """The first edition after these edits, and every line that the learner wrote, in order of the cells."""
    work = copy.deepcopy(BASE)
    for number, (kind, one, other) in enumerate(drawn):
        place, cells = one % len(work.cells), work.cells
        line = f"learner_{number} = {number}"
        if kind == "answer":
            found = [cell for cell in cells if grade_id(cell) in NAMES]
            if found:
                cell = found[one % len(found)]
                head = f"def {grade_id(cell)}(x):\n    " if cell.cell_type == "code" else ""
                cell.source = f"{head}{line}"
        elif kind in ("insert", "note"):
            make = new_code_cell if kind == "insert" else new_markdown_cell
            cells.insert(other % (len(cells) + 1), make(line))
        elif kind == "copy":
            cell = copy.deepcopy(cells[place])
            cell.id = f"copy-{number}"
            cells.insert(other % (len(cells) + 1), cell)
        elif kind == "delete" and len(cells) > 1 and "learner_" not in cells[place].source:
            cells.pop(place)
        elif kind == "move":
            cell = cells.pop(place)
            cells.insert(other % (len(cells) + 1), cell)
        elif kind == "change" and not cells[place].source.startswith("predict"):
            cells[place].source += f"\n{line}"
        elif kind == "predict":
            for cell in cells:
                cell.source = cell.source.replace('predict("sign", …)', f'predict("sign", "learner_{number}")')
        elif kind == "run" and cells[place].cell_type == "code":
            cells[place].outputs, cells[place].execution_count = [new_output("stream", text=line)], number + 1
        elif kind == "no ids":
            for cell in cells:
                cell["id"] = f"random-{number}-{id(cell)}"
        elif kind == "no metadata":
            for cell in cells:
                cell.metadata = nbformat.NotebookNode()
    return work


def changed(drawn):
    """The first edition after these changes of its authors."""
    new = copy.deepcopy(BASE)
    for number, (kind, one, other) in enumerate(drawn):
        place, cells = one % len(new.cells), new.cells
        if kind == "rewrite":
            cells[place].source += f"\n\nauthor {number}" if cells[place].cell_type == "markdown" else f"\n# {number}"
            sealed(cells[place])
        elif kind == "insert":
            cells.insert(other % (len(cells) + 1), text(f"The authors add part {number} of the story."))
        elif kind == "remove" and len(cells) > 3:
            cells.pop(place)
        elif kind == "move":
            cells.insert(other % len(cells), cells.pop(place))
        elif kind == "new exercise":
            cells[other % (len(cells) + 1) : 0] = answer(f"more_{number}")
    return new


def written(notebook):
    """What learners wrote: their lines, with how often each stands there."""
    lines = [line.strip() for cell in notebook.cells for line in cell.source.splitlines() if "learner_" in line]
    return sorted(lines)


def graded(notebook):
    """The names of the cells that nbgrader knows, in their order."""
    return [grade_id(cell) for cell in notebook.cells if grade_id(cell)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits, changes, st.booleans())
def test_nothing_of_the_learners_is_lost_and_a_second_merge_changes_nothing(learner, authors, remember):
    work, new = edited(learner), changed(authors)
    merged = merge(work, new, KNOWN if remember else set()).notebook
    nbformat.validate(merged)
    assert written(merged) == written(work)
    assert graded(merged) == graded(new)
    in_lesson = {cell.id for cell in new.cells}
    assert [cell.id for cell in merged.cells if cell.id in in_lesson] == [cell.id for cell in new.cells]
    assert merge(merged, new, texts({"": new})).notebook == merged


@settings(max_examples=40, deadline=None)
@given(changes)
def test_untouched_work_becomes_the_new_lesson(authors):
    new = changed(authors)
    for known in (KNOWN, set()):
        assert text_of_all(merge(copy.deepcopy(BASE), new, known).notebook) == text_of_all(new)


def text_of_all(notebook):
    return [(cell.id, *text_of(cell)) for cell in notebook.cells]
