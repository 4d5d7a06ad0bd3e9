import math

import pytest

from gradlab.explore import choice, log_slider, slider, toggle


def test_a_slider_reaches_both_ends_and_its_start():
    control = slider(0, 5, step=0.1, start=3.14, label="T")
    assert control.values[0] == 0 and control.values[-1] == 5
    assert control.values[control.start] == 3.14
    assert list(control.values) == sorted(control.values)


def test_a_slider_of_integers_gives_integers():
    control = slider(1, 9, step=2, label="n")
    assert control.values == (1, 3, 5, 7, 9)
    assert all(type(value) is int for value in control.values)


def test_a_slider_says_decimals_without_round_off():
    assert slider(0, 1, step=0.1, label="T").texts[3] == "0.3"


def test_a_log_slider_is_even_in_the_logarithm():
    control = log_slider(1e-8, 1, label="λ")
    steps = [math.log(b / a) for a, b in zip(control.values, control.values[1:])]
    assert len(control) == 41
    assert max(steps) - min(steps) < 1e-4 * steps[0]
    assert control.texts[0] == "1e−8" and control.texts[-1] == "1"


@pytest.mark.parametrize(("options", "kind"), [("ab", "radio"), ("abcd", "radio"), ("abcde", "select")])
def test_a_choice_drops_down_beyond_four_options(options, kind):
    assert choice(list(options), label="letter").kind == kind


def test_a_choice_gives_the_option_itself():
    control = choice([1.5, None], start=None, label="value")
    assert control.values == (1.5, None) and control.texts == ("1.5", "None")


def test_a_toggle_starts_where_it_is_told():
    control = toggle(start=True, label="grid")
    assert control.values[control.start] is True


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: slider(1, 0, label="T"),
        lambda: slider(0, 1, step=2, label="T"),
        lambda: slider(0, 1, start=2, label="T"),
        lambda: slider(0, math.inf, label="T"),
        lambda: log_slider(0, 1, label="T"),
        lambda: log_slider(1, 10, start=11, label="T"),
        lambda: log_slider(1, 10, positions=1, label="T"),
        lambda: choice(["a"], label="T"),
        lambda: choice(["a", "a"], label="T"),
        lambda: choice(["a", "b"], start="c", label="T"),
    ],
)
def test_a_control_that_cannot_be_says_so_by_its_label(wrong):
    with pytest.raises(ValueError, match="'T'"):
        wrong()
