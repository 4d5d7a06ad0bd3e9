"""Every prediction that a lesson asks for is described, readable, and true: its numbers are those that the lesson computes."""

import math
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from nbformat import NotebookNode

from autograder.notebooks.places import written_lessons
from autograder.release.prediction_rules import PREDICT, REVEAL
from gradlab.predictions import Choice, Number, Numbers
from gradlab.predictions.card import MIME
from gradlab.predictions.distance import same_number
from gradlab.predictions.registry import predictions_of
from tests.lessons.test_numbers import computed

LESSONS = written_lessons()
PREDICTIONS = [(lesson, name) for lesson in LESSONS for name in predictions_of(lesson)]
OF_NUMBERS = [each for each in PREDICTIONS if isinstance(predictions_of(each[0])[each[1]], (Number, Numbers))]


DECIMAL = re.compile(r"-?\d+\.\d+(?:e[-+]\d+)?")


def rows(text: str) -> list[str]:
    """What is printed of tensors, without their names."""
    return re.findall(r"tensor\((\[[^\]]*\])", text)


def adjoints_at_2(text: str) -> list[float]:
    """The adjoints of y = a·b with a = x² and b = sin x, by autograd."""
    x = torch.tensor(2.0, requires_grad=True)
    a, b = x**2, torch.sin(x)
    (of_a,) = torch.autograd.grad(a * b, a, retain_graph=True)
    by_way_of_a, by_way_of_b = (torch.autograd.grad(way, x)[0] for way in (a * b.detach(), a.detach() * b))
    return [of_a.item(), by_way_of_a.item(), by_way_of_b.item()]


def zeros_by_threshold(text: str) -> list[float]:
    """The zeros of the first two rows that are printed, f_T(Mx) and g."""
    return [sum(float(entry) == 0 for entry in DECIMAL.findall(row)) for row in rows(text)[:2]]


def entries_that_agree(text: str) -> list[float]:
    """How many entries of the two rows are the same."""
    published, efficient = (DECIMAL.findall(row) for row in rows(text))
    return [sum(one == other for one, other in zip(published, efficient, strict=True))]


def unsuspicious_row(text: str) -> list[float]:
    """The row with the smallest difference."""
    differences = [float(difference) for difference in re.findall(r"^ +\d +(\S+)$", text, re.MULTILINE)]
    return [int(np.argmin(differences))]


# Numbers that no cell prints, counted in what the cells of the prediction print or computed here.
COMPUTED: dict[str, Callable[[str], list[float]]] = {
    "flat_points": lambda text: list(np.roots([3, 0, -3])),
    "adjoints_at_2": adjoints_at_2,
    "nan_among_six": lambda text: [text.count("nan")],
    "errors_of_four": lambda text: [text.count("Error")],
    "right_of_nine": lambda text: [len(re.findall(r" 1$", text, re.MULTILINE))],
    "zeros_by_threshold": zeros_by_threshold,
    "entries_that_agree": entries_that_agree,
    "unsuspicious_row": unsuspicious_row,
    "modules_that_say_none": lambda text: [text.count("None")],
}


def cells_of(notebook: NotebookNode, name: str) -> Iterator[NotebookNode]:
    """The code cells from the one that asks for a prediction to the one that reveals it, without their own cards and code."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    first = next(k for k, cell in enumerate(code) if name in PREDICT.findall(cell.source))
    last = next(k for k, cell in enumerate(code) if name in REVEAL.findall(cell.source))
    for cell in code[first : last + 1]:
        outputs = [output for output in cell.outputs if MIME not in output.get("data", {})]
        yield NotebookNode(cell_type="code", source="", outputs=outputs)


def printed(cells: list[NotebookNode]) -> str:
    """What these cells print."""
    return "\n".join(output.get("text", "") for cell in cells for output in cell.outputs)


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_is_described_is_asked_for(lesson, solved_lessons):
    asked = [name for cell in solved_lessons(lesson).cells for name in PREDICT.findall(cell.source)]
    assert asked == list(predictions_of(lesson))


def test_names_are_used_once_in_the_course():
    names = [name for _, name in PREDICTIONS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("lesson", "name"), OF_NUMBERS, ids=[name for _, name in OF_NUMBERS])
def test_truth_is_what_the_lesson_computes(lesson, name, solved_lessons):
    prediction = predictions_of(lesson)[name]
    cells = list(cells_of(solved_lessons(lesson), name))
    found = COMPUTED[name](printed(cells)) if name in COMPUTED else computed(NotebookNode(cells=cells))
    for truth in prediction.answer:
        assert math.isinf(truth) or any(same_number(abs(truth), abs(value)) for value in found), (truth, found)


@pytest.mark.parametrize(("lesson", "name"), PREDICTIONS, ids=[name for _, name in PREDICTIONS])
def test_the_truth_can_be_typed_and_is_right(lesson, name):
    prediction = predictions_of(lesson)[name]
    said = prediction.read(prediction.answer)
    assert prediction.compare(said)[0] or not isinstance(prediction, (Choice, Number, Numbers))
    assert prediction.write(said)
