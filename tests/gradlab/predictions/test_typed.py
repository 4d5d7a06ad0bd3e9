"""Predictions are read from the text of cells: literals only, nothing runs, no text breaks it."""

import math

from hypothesis import given
from hypothesis import strategies as st

from gradlab.predictions.typed import typed_predictions


def test_literals_and_arithmetic_of_numbers_are_read():
    cells = ['predict("a", 5)\npredict("b", -1/2, 10**-9)', 'predict("c", "x", math.nan)', 'predict("d", [1, 2], (3,))']
    found = typed_predictions(cells)
    assert found["a"] == (5,) and found["b"] == (-0.5, 10**-9) and found["d"] == ((1, 2), (3,))
    assert found["c"][0] == "x" and math.isnan(found["c"][1])


def test_what_people_compute_in_the_call_is_read():
    cells = [
        'predict("a", float("inf"), math.sqrt(9), -math.sin(0))',
        'predict("b", np.array([1, 2]))',
        'predict("c", int(9.5))',
    ]
    assert typed_predictions(cells) == {"a": (math.inf, 3.0, 0.0), "b": ((1, 2),), "c": (9,)}


def test_the_last_one_counts_and_what_was_taken_back_is_gone():
    assert typed_predictions(['predict("a", 5)', 'predict("a", 6)']) == {"a": (6,)}
    assert typed_predictions(['predict("a", 5)', 'predict("a", ...)']) == {}


def test_nothing_is_run_and_nothing_grows():
    bombs = ['predict("a", __import__("os").getpid())', 'predict("a", 9**9**9)', 'predict("a", 10**400*10**400)']
    bombs += ['predict("a", ' + "(" * 500 + ")" * 500 + ")", 'predict("a", 1/0)', 'predict("a", "x"*10**9)', "predict("]
    bombs += [
        'predict("a", ' + "**".join("1" * 40) + " - x)",
        'predict("a", (-1)**0.5)',
        'predict("a", 0**-1)',
        'predict("a", float("much"))',
    ]
    assert typed_predictions(bombs) == {}


@given(st.text(max_size=60))
def test_any_text_is_read(text):
    typed_predictions([text, f'predict("a", {text})'])
