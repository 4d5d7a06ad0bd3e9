"""What counts as the same answer when a hand-in is marked again."""

import pytest

from autograder.desk.grade.marks import answers_of

PICTURE, OTHER = {"a.png": {"image/png": "AAAA"}}, {"a.png": {"image/png": "AAAB"}}


def answer(text: str, pictures: dict | None) -> str:
    cell = {"cell_type": "markdown", "source": text, "metadata": {"nbgrader": {"grade_id": "why"}}}
    return answers_of({"cells": [cell | ({"attachments": pictures} if pictures is not None else {})]})["why"]


@pytest.mark.parametrize(
    "other", [("because", OTHER), ("because", None), ("because", PICTURE | {"b.png": {}}), ("of it", PICTURE)]
)
def test_another_picture_or_text_is_another_answer(other):
    assert answer("because", PICTURE) == answer("because", dict(PICTURE)) != answer(*other)


@pytest.mark.parametrize("none", [None, {}])
def test_answer_without_pictures_is_its_text(none):
    assert answer("because", none) == "because"
