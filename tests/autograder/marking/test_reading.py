"""A hand-in may be any file at all; its author is told what is wrong with it."""

import json
import os
import re

import nbformat
import pytest

from autograder.marking.reading import LARGEST_FILE, MOST_CELLS, MOST_CODE, read_hand_in


def cell(source, **more):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None} | more


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a whole notebook"),
        (b'{"cells": [{"cell_', "not a whole notebook"),
        (b"hello", "not a whole notebook"),
        (b"[" * 100_000, "not a whole notebook"),
        (b"\x00\xff\xfe", "not a text file"),
        (b"[]", "holds no cells"),
        (b"{}", "holds no cells"),
        (b'{"cells": 3}', "holds no cells"),
        (b'{"worksheets": [3]}', "old format"),
        (b" " * (LARGEST_FILE + 1), "larger than"),
    ],
)
def test_what_is_no_notebook_is_empty_and_says_why(tmp_path, data, words):
    path = tmp_path / "hand-in.ipynb"
    path.write_bytes(data)
    notebook, trouble = read_hand_in(path)
    assert notebook.cells == [] and words in trouble


def test_damaged_cells_are_left_out_and_counted(tmp_path):
    path = tmp_path / "hand-in.ipynb"
    path.write_text(json.dumps({"cells": [cell("x = 1"), None, {"cell_type": "virus"}, cell({"not": "text"})]}))
    notebook, trouble = read_hand_in(path)
    assert [c.source for c in notebook.cells] == ["x = 1"] and trouble.startswith("3 cells")


def test_more_than_a_notebook_may_hold_is_left_out_and_the_rest_is_read(tmp_path):
    path = tmp_path / "hand-in.ipynb"
    many = [{"cell_type": "markdown", "source": "x"}] * MOST_CELLS
    path.write_text(json.dumps({"cells": [cell("x = 1\n" * MOST_CODE), cell("y = 1"), *many]}))
    notebook, trouble = read_hand_in(path)
    assert (
        notebook.cells[0].source == "y = 1" and len(notebook.cells) == MOST_CELLS - 1 and trouble.startswith("3 cells")
    )


def test_nothing_but_source_type_and_grade_id_is_believed(tmp_path):
    path = tmp_path / "hand-in.ipynb"
    bad = {"tags": ["skip-execution"], "nbgrader": {"grade_id": "soft_abs", "points": 1e9, "grade": True}, "hide": 1}
    metadata = {"kernelspec": {"name": "bash", "language": "bash"}, "widgets": {"x": 1}}
    path.write_text(json.dumps({"cells": [cell("x", metadata=bad, outputs=[{"evil": 1}])], "metadata": metadata}))
    notebook, trouble = read_hand_in(path)
    assert dict(notebook.cells[0].metadata) == {"nbgrader": {"grade_id": "soft_abs"}}
    assert notebook.cells[0].outputs == [] and notebook.metadata.kernelspec.name == "python3" and "bash" in trouble
    nbformat.validate(notebook)


def test_pictures_pasted_into_text_survive_and_scripts_do_not(tmp_path):
    path = tmp_path / "hand-in.ipynb"
    attached = {"a.png": {"image/png": "AAAA", "text/html": "<script>"}}
    path.write_text(
        json.dumps({"cells": [{"cell_type": "markdown", "source": "![a](attachment:a.png)", "attachments": attached}]})
    )
    notebook, _ = read_hand_in(path)
    assert notebook.cells[0].attachments == {"a.png": {"image/png": "AAAA"}}


def old_format(*texts):
    cells = [
        {"cell_type": "code", "input": text, "language": "python", "outputs": [], "metadata": {}} for text in texts
    ]
    return json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells, "metadata": {}}]}
    )


def test_notebook_of_format_three_is_read_and_bounded_as_any_other(tmp_path):
    path = tmp_path / "hand-in.ipynb"
    path.write_text(old_format("x = 1"))
    notebook, trouble = read_hand_in(path)
    assert [c.source for c in notebook.cells] == ["x = 1"] and not trouble
    path.write_text(old_format("x = 1", "y" * MOST_CODE))
    notebook, trouble = read_hand_in(path)
    assert [c.source for c in notebook.cells] == ["x = 1"] and trouble.startswith("1 cells")
    path.write_text(old_format(*["x"] * (MOST_CELLS + 1)))
    assert len(read_hand_in(path)[0].cells) == MOST_CELLS


@pytest.mark.parametrize(
    "language",
    [
        "<img src=//e.org/x>",
        "\n\n# full marks",
        "[a](http://a.org)",
        "\u202ex",
        "M" + "\u0305" * 99,
        "*x*_`",
        "\ud800",
        "3" * 9999,
    ],
)
def test_remark_obeys_nothing_in_the_name_of_a_language(tmp_path, language):
    path = tmp_path / "hand-in.ipynb"
    path.write_text(json.dumps({"cells": [cell("x")], "metadata": {"kernelspec": {"language": language}}}))
    _, trouble = read_hand_in(path)
    assert re.fullmatch(r"The notebook names the language [a-z0-9+#. ?-]{1,40}; it was marked with Python\.", trouble)


@pytest.mark.parametrize("language", ["R", "C++", "F#", "ir 4.2", "maple-9"])
def test_real_language_is_named_as_it_is(tmp_path, language):
    path = tmp_path / "hand-in.ipynb"
    path.write_text(json.dumps({"cells": [cell("x")], "metadata": {"kernelspec": {"language": language}}}))
    assert f" {language.lower()};" in read_hand_in(path)[1]


def test_link_to_anothers_notebook_is_not_followed(tmp_path):
    (tmp_path / "theirs.ipynb").write_text(json.dumps({"cells": [cell("answer")]}))
    path = tmp_path / "hand-in.ipynb"
    path.symlink_to(tmp_path / "theirs.ipynb")
    notebook, trouble = read_hand_in(path)
    assert notebook.cells == [] and trouble


def test_pipe_in_the_place_of_a_notebook_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "hand-in.ipynb")
    assert read_hand_in(tmp_path / "hand-in.ipynb")[0].cells == []


@pytest.mark.parametrize("number", ["9" * 10_000, "NaN", "1e999"])
def test_odd_numbers_are_no_trouble_for_the_reader(tmp_path, number):
    path = tmp_path / "hand-in.ipynb"
    path.write_text('{"cells": [], "x": ' + number + "}")
    assert read_hand_in(path)[0].cells == []


def test_half_a_character_becomes_a_question_mark(tmp_path):
    path = tmp_path / "hand-in.ipynb"
    path.write_text(json.dumps({"cells": [cell("x = '\ud800'")]}))
    assert read_hand_in(path)[0].cells[0].source == "x = '?'"
