"""Predictions are read as people type them, compared in words, and never stop a notebook."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gradlab.predictions import Choice, Number, Numbers, Words
from gradlab.predictions.distance import in_words, same_number
from gradlab.predictions.kinds import NotReadable
from gradlab.predictions.number_text import read_number, write_number

BYTES = Number("the memory", truth=36_000, units=("B", "bytes"))
FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e200, max_value=1e200)


class Odd:
    """An object that fails wherever it is looked at."""

    def __float__(self):
        raise KeyError("no")

    __str__ = __hash__ = __eq__ = __float__


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (36, 36.0),
        ("36 kB", 36_000.0),
        ("36kB", 36_000.0),
        ("36000 bytes", 36_000.0),
        ("3,5", 3.5),
        ("−2", -2.0),
        ("1/4", 0.25),
        ("50 %", 0.5),
        ("1e3 B", 1000.0),
        ("1_000", 1000.0),
        ("inf", math.inf),
        ("-∞", -math.inf),
        ("infinitely many", math.inf),
        ("1,400", 1400.0),
        ("1 400 bytes", 1400.0),
        ("110,100,000", 110_100_000.0),
        ("5·10^20", 5e20),
        ("10^-3", 1e-3),
        ("-2*10^3 B", -2000.0),
        ("0,125", 0.125),
        (torch.tensor(3.0, requires_grad=True), 3.0),
        (np.array([4.0]), 4.0),
    ],
)
def test_a_number_is_read_as_people_type_it(typed, value):
    assert BYTES.read((typed,)) == (value,)


@pytest.mark.parametrize(
    "typed",
    [
        (),
        ("five",),
        ("5 seconds",),
        (None,),
        (True,),
        (1, 2),
        ([1, 2],),
        ("1/0",),
        (1j,),
        ("1 apple",),
        ("1.2.3",),
        ("1e",),
        (Odd(),),
    ],
)
def test_what_is_no_number_is_told_what_would_be_one(typed):
    with pytest.raises(NotReadable, match="Type a number"):
        BYTES.read(typed)


def test_options_are_read_in_any_case_and_order():
    one = Choice("which", ("yes", "no"), truth="no")
    several = Choice("which", ("y - T", "0", "y + T"), truth=("y + T", "0"))
    assert one.read((" NO ",)) == one.read((False,)) == one.answer
    assert several.read(("0", "y + t")) == several.read((["y + T", 0],)) == several.answer
    assert several.read(((),)) == () and several.read(("y+T", "0")) == several.answer
    assert Choice("which", ("50", "10000"), "50").read((1e4,)) == ("10000",)
    for typed in (("maybe",), ("yes", "no"), (), (Odd(),), (10**5000,), ("\ud800",)):
        with pytest.raises(NotReadable, match='one of "yes", "no"'):
            one.read(typed)


def test_several_numbers_come_with_commas_or_as_a_list():
    both = Numbers("slopes", {"left": -1, "right": 1})
    assert both.read((-1, "1")) == both.read(([-1, 1],)) == both.answer
    assert both.compare((-1.0, 3.0)) == (False, "1 of 2 are exact; right: 3 times too large")
    with pytest.raises(NotReadable, match="2 numbers"):
        both.read((1,))


def test_a_point_lies_on_its_axis():
    point = Number("where", truth=0, axis=(-3, 3))
    assert point.read((3,)) == (3.0,)
    with pytest.raises(NotReadable, match="between −3 and 3"):
        point.read((3.1,))


def test_words_are_compared_by_the_reader():
    words = Words("why", truth="because")
    assert words.read(("since",)) == ("since",) and words.compare(("since",))[0] is False
    for typed in ((), (3,), ("x" * 400,)):
        with pytest.raises(NotReadable):
            words.read(typed)


@given(FINITE, FINITE)
def test_distance_is_said_of_any_two_numbers(said, truth):
    told = in_words(said, truth)
    assert told and (told == "exact") == same_number(said, truth)


@given(st.floats(min_value=1e-9, max_value=1e9), st.floats(min_value=1.01, max_value=1e6))
def test_too_large_and_too_small_are_not_confused(truth, factor):
    assert "large" in in_words(truth * factor, truth) and "small" in in_words(truth / factor, truth)
    assert "large" in in_words(-truth * factor, -truth)


@given(FINITE)
def test_a_number_that_was_written_is_read_as_the_same_to_three_digits(value):
    assert math.isclose(read_number(write_number(value)), value, rel_tol=6e-3, abs_tol=1e-300)


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_value_error(text):
    try:
        assert isinstance(read_number(text, ("B",)), float)
    except (ValueError, ArithmeticError):
        pass
