"""The text of an answer takes in what other cells define for it, and nothing else."""

import pytest

from autograder.marking import helpers
from gradlab.exercises.writing import names_used


def with_helpers(answer, earlier):
    [text] = helpers.with_helpers([*earlier, answer], [len(earlier)])
    return text


def test_helper_of_another_cell_belongs_to_the_answer():
    text = with_helpers(
        "def impostor(c):\n    return helper(c)", ["import torch", "def helper(c):\n    return lambda x: x.detach()"]
    )
    assert ".detach" in names_used(text, "impostor")


def test_helpers_of_helpers_belong_to_it_too():
    text = with_helpers("def f(x):\n    return g(x)", ["def h(x):\n    return x.data", "g = h"])
    assert ".data" in names_used(text, "f")


def test_last_definition_before_the_answer_counts():
    text = with_helpers("def f(x):\n    return g(x)", ["def g(x):\n    return x.detach()", "def g(x):\n    return x"])
    assert ".detach" not in text


@pytest.mark.parametrize("answer", ["def f(x):\n    return x", "x = 1\nprint(x)\ndef f(y):\n    x = y\n    return x"])
def test_what_other_cells_do_with_names_that_are_local_here_is_not_part_of_it(answer):
    assert with_helpers(answer, ["x = torch.ones(3).detach()"]) == answer


def test_own_definition_of_the_answer_cell_wins():
    answer = "def g(x):\n    return x\ndef f(x):\n    return g(x)"
    assert with_helpers(answer, ["def g(x):\n    return x.detach()"]) == answer


@pytest.mark.parametrize("cell", ["%%script bash\nx = (", "def (", "\0", "(" * 5000, "%matplotlib inline\ng = 1"])
def test_cells_that_are_no_python_are_passed_over(cell):
    assert "def f" in with_helpers("def f(x):\n    return g", [cell])
    assert with_helpers(cell, ["g = 1"]).endswith(cell)
