"""What the class expected: read from the text of hand-ins, counted beside the truth, without names."""

import json
import random

import pytest

from autograder.desk.report.class_report import report
from autograder.desk.report.expectation_figures import expectation_figure
from autograder.desk.report.expectations import expectations
from gradlab.explore.figures import svg
from gradlab.predictions.picture import picture
from gradlab.predictions.registry import predictions_of
from tests.autograder.desk.report.test_class_report import POINTS, class_of

LESSON = "01-soft-thresholding"


def hand_in(*code: str) -> dict:
    return {"metadata": {}, "cells": [{"cell_type": "code", "source": text} for text in code]}


def test_distribution_holds_what_was_typed_and_nothing_else():
    class_ = [
        hand_in('predict("jump", 0)', 'predict("nine_at_the_kink", "YES")'),
        hand_in('predict("jump", 1)\n', 'predict("nine_at_the_kink", False)'),
        hand_in('%time\npredict("jump", "0")', 'predict("nine_at_the_kink", "perhaps")'),
        hand_in('predict("jump", ...)', "syntax error ("),
        hand_in('predict("jump", open("x").read())', 'predict("not_asked", 3)'),
        {"metadata": {}, "cells": [{"cell_type": "markdown", "source": 'predict("jump", 7)'}, {"cell_type": "code"}]},
    ]
    jump, kink = expectations(LESSON, class_)
    assert (jump.name, dict(jump.answers), jump.right, jump.truth) == ("jump", {"0": 2, "1": 1}, 1, "1")
    assert (kink.name, dict(kink.answers), kink.right, kink.truth) == ("nine_at_the_kink", {"yes": 1, "no": 1}, 1, "no")


def test_every_kind_of_prediction_has_its_picture_with_every_value_told():
    for prediction in predictions_of(LESSON):
        kind = predictions_of(LESSON)[prediction]
        [found] = expectations(LESSON, [hand_in(f'predict("{prediction}", {_literal(kind.answer)})')] * 3)
        assert found.right == 3
        figure, alt = expectation_figure(found)
        assert figure.axes and found.truth in alt


EXTREME = ["0", "-0.0", "5e-324", "1e-200", "1", "1e16", "-1e308", "1e308", '"nan"', '"inf"', '"-inf"']


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("one", EXTREME)
def test_extreme_values_are_drawn_or_told(one):
    for other in EXTREME:
        for name, typed in (("jump", "{}"), ("two_integrals", "{}, 2"), ("three_limits", "1, 0, {}")):
            hand_ins = [hand_in(f'predict("{name}", {typed.format(value)})') for value in (one, other)]
            [found] = expectations(LESSON, hand_ins)
            figure, alt = expectation_figure(found)
            assert svg(figure) and "It is" in alt and picture(found.prediction, found.said[0]).count("nan") == 0


def test_page_shows_it_without_names_and_with_strangers_text_as_text():
    luck = random.Random(1)
    class_ = [hand_in(f'predict("jump", {luck.choice((0, 1, 2))})') for _ in range(30)]
    found = expectations(LESSON, class_)
    page = report(LESSON, class_of(30), POINTS, found, names=False, site=None)
    assert "30 of 30 predicted" in page and "student-" not in page
    words = expectations("00-start-here", [hand_in('predict("container", "<script>x</script>")')])
    assert "<script>x" not in report(LESSON, class_of(3), POINTS, words, names=False, site=None)


def _literal(answer: tuple) -> str:
    """The truth as a student would type it."""
    return ", ".join(
        json.dumps(each) if isinstance(each, str) else repr(each).replace("inf", '"inf"') for each in answer
    )
