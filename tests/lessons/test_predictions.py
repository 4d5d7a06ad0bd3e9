"""Every prediction that a lesson asks for is described, readable, and true: its numbers are those that the lesson computes."""

import math
import re
from collections.abc import Callable, Iterator
from unittest.mock import patch

import numpy as np
import pytest
import torch
from nbformat import NotebookNode

from autograder.notebooks.places import written_lessons
from autograder.release.prediction_rules import PREDICT, REVEAL
from gradlab.lessons.clarke_homogeneity.explorers.drift import drifts
from gradlab.lessons.clarke_homogeneity.explorers.slope_sampling import ON_A_LINE, sampled_slopes
from gradlab.lessons.implicit_argmin.explorers.bowl import FLAT, shifted_bowl
from gradlab.lessons.lasso_path.diabetes import FOLDS
from gradlab.lessons.lasso_path.explorers.exact_path import kinks
from gradlab.lessons.layers_that_solve.explorers.fold import derivative
from gradlab.maths import implicit
from gradlab.maths.envelope import moreau_envelope
from gradlab.maths.finite_differences import central_gradient
from gradlab.maths.piecewise_linear import figure_one
from gradlab.maths.smooth_prox import smooth_prox
from gradlab.maths.stationarity import certify
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


def slopes_that_support(text: str) -> list[float]:
    """How many lines through the point of Figure 1 at −1, and at 0, lie nowhere above it."""
    f, steps = figure_one(), torch.logspace(-3, 12, 1501, dtype=torch.float64)
    found = []
    for at in torch.tensor([-1.0, 0.0], dtype=torch.float64):
        least, most = ((f(at - steps) - f(at)) / -steps).max(), ((f(at + steps) - f(at)) / steps).min()
        found.append(1 if math.isclose(least, most, abs_tol=1e-9) else 0 if least > most else math.inf)
    return found


def spellings_outside(text: str) -> list[float]:
    """How many rows of each table have a slope outside of the set: [−1, 1] for Figure 1, {1} for the identity."""
    figure, identity = (
        [[float(each) for each in DECIMAL.findall(row)] for row in table.splitlines()[1:]]
        for table in text.strip().split("\n\n")
    )
    return [sum(max(map(abs, row)) > 1 for row in figure), sum(row[-1] != 1 for row in identity)]


def crosses_outside(text: str) -> list[float]:
    """For how many programs of the explorer autograd's slope is outside of the hull at one x at least."""
    places = [k / 2 for k in range(-4, 3)]
    return [sum(any(sampled_slopes(program, x, 0.5)["outside"] > 1e-9 for x in places) for program in ON_A_LINE)]


def order_of_drift(text: str) -> list[float]:
    """The order that the drift of each network has for small steps."""
    nets = ("none (linear net)", "ReLU", "tanh")
    return [round(drifts(net, "Runge–Kutta of order 4", "time 2")["slope"]) for net in nets]


def ten_times_smaller(text: str) -> list[float]:
    """The ratios of the last two errors, forward and central, to the nearest power of ten."""
    *_, before, after = ([float(error) for error in re.findall(r"\S+e-\d+", row)] for row in text.splitlines())
    return [10 ** round(math.log10(b / a)) for b, a in zip(before, after)]


def gap_at_twice_delta(text: str) -> list[float]:
    """By what factor the gap between guess and minimum grows from δ = 10⁻⁴ on."""
    bowls = (shifted_bowl(delta, FLAT) for delta in (1e-4, 2e-4))
    small, large = (data["guess"] - data["new"][0] for data in bowls)
    return [large / small]


def digits_as_expected(text: str) -> list[float]:
    """The digits that the formula and the difference have in common, to the nearest whole number."""
    formula, difference = (float(re.search(rf"{name} (-\d\S+)", text)[1]) for name in ("formula", "more:"))
    return [round(-math.log10(abs(difference / formula - 1)))]


def solves_of_54(text: str) -> list[float]:
    """How often a central gradient calls its function, and how often an adjoint calls its solver."""
    theta, calls, solves = torch.zeros(54, dtype=torch.float64), [], []
    central_gradient(lambda point: calls.append(1) or point.sum(), theta)
    f, x = lambda x, theta: ((x - theta.sum()) ** 2).sum(), torch.zeros(1, dtype=torch.float64)

    def counted(*arguments):
        certificate, solver = certify(*arguments)
        return certificate, lambda v: solves.append(1) or solver(v)

    with patch.object(implicit, "certify", counted):
        implicit.argmin_vjp(f, x, theta, torch.ones_like(x))
    return [len(calls), len(solves)]


def entries_not_undone(text: str) -> list[float]:
    """How many entries of the two rows differ."""
    before, after = (DECIMAL.findall(row) for row in text.strip().splitlines())
    return [sum(one != other for one, other in zip(before, after, strict=True))]


def steps_until_rest(text: str) -> list[float]:
    """The first step at which each column is 0."""
    table = [row.split() for row in text.strip().splitlines()[1:]]
    return [next((int(row[0]) for row in table if float(row[k]) == 0), math.inf) for k in (1, 2)]


def smoothed_slope_at_kink(text: str) -> list[float]:
    """1/(1 + λT/B³) at y = T = 1 for a small λ."""
    lam = 1e-13
    x = smooth_prox(torch.ones(1, dtype=torch.float64), 1.0, lam).item()
    return [1 / (1 + lam / math.sqrt(x * x + lam) ** 3)]


def rate_of_ista(text: str) -> list[float]:
    """The rate that is printed, and the slope in the start after most steps."""
    rate = re.search(r"predicted rate (\S+)", text)[1]
    *_, after_most = re.findall(r"^ +\d+ +\S+ +(\S+) +\d+$", text, re.MULTILINE)
    return [float(rate), round(float(after_most), 9)]


def weight_of_the_fold(text: str) -> list[float]:
    """The largest weight for which K is negative nowhere on the curve of roots."""
    places = [k / 100 for k in range(-99, 100)]
    return [max(w for w in (k / 100 for k in range(300)) if min(derivative(z, w) for z in places) >= 0)]


def sum_along_the_constraint(text: str) -> list[float]:
    """The sum of the first column of the first matrix."""
    matrix = [float(entry) for entry in DECIMAL.findall(text)[:4]]
    return [matrix[0] + matrix[2]]


def slope_of_moreau(text: str) -> list[float]:
    """The slope of the envelope with T = 1 at ½ and at 2, by autograd."""
    y = torch.tensor([0.5, 2.0], requires_grad=True)
    return torch.autograd.grad(moreau_envelope(y, 1.0).sum(), y)[0].tolist()


# Numbers that no cell prints, counted in what the cells of the prediction print or computed here.
COMPUTED: dict[str, Callable[[str], list[float]]] = {
    "flat_points": lambda text: sorted(np.roots([3, 0, -3])),
    "adjoints_at_2": adjoints_at_2,
    "nan_among_six": lambda text: [text.count("nan")],
    "errors_of_four": lambda text: [text.count("Error")],
    "right_of_nine": lambda text: [len(re.findall(r" 1$", text, re.MULTILINE))],
    "zeros_by_threshold": zeros_by_threshold,
    "entries_that_agree": entries_that_agree,
    "unsuspicious_row": unsuspicious_row,
    "modules_that_say_none": lambda text: [text.count("None")],
    "slopes_that_support": slopes_that_support,
    "spellings_outside": spellings_outside,
    "crosses_outside": crosses_outside,
    "order_of_drift": order_of_drift,
    "ten_times_smaller": ten_times_smaller,
    "rank_of_hessian": lambda text: [
        sum(float(each) > 1e-12 for each in re.findall(r" (\S+e-\d+)", text.splitlines()[0]))
    ],
    "gap_at_twice_delta": gap_at_twice_delta,
    "rows_convicted": lambda text: [
        sum(abs(float(defect)) > 1e-3 for defect in re.findall(r"(\S+) +\S+$", text, re.MULTILINE)[1:])
    ],
    "digits_as_expected": digits_as_expected,
    "solves_of_54": solves_of_54,
    "entries_not_undone": entries_not_undone,
    "steps_until_rest": steps_until_rest,
    "smoothed_slope_at_kink": smoothed_slope_at_kink,
    "rate_of_ista": rate_of_ista,
    "jumps_of_the_slopes": lambda text: [int((kinks().lam > 0).sum())],
    "slopes_at_twelve": lambda text: [len(set(re.findall(r" (\S+)$", text, re.MULTILINE)[-4:-1]))],
    "problems_with_ten": lambda text: [FOLDS * 100.0**10, FOLDS],
    "weight_of_the_fold": weight_of_the_fold,
    "trace_on_the_simplex": lambda text: [round(float(each), 12) for each in re.findall(r"J: (\S+)", text)],
    "jacobian_at_the_corner": lambda text: [float(first) for first in re.findall(r"\[\[([^,]+),", text)],
    "sum_along_the_constraint": sum_along_the_constraint,
    "slope_of_moreau": slope_of_moreau,
    "failures_told": lambda text: [sum(not row.endswith("]") for row in text.strip().splitlines())],
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
    return "".join(output.get("text", "") for cell in cells for output in cell.outputs)


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_is_described_is_asked_for(lesson, solved_lessons):
    asked = [name for cell in solved_lessons(lesson).cells for name in PREDICT.findall(cell.source)]
    assert asked == list(predictions_of(lesson))


def test_names_are_used_once_in_the_course():
    names = [name for _, name in PREDICTIONS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("lesson", "name"), OF_NUMBERS, ids=[name for _, name in OF_NUMBERS])
def test_truth_is_what_the_lesson_computes(lesson, name, solved_lessons):
    truth = predictions_of(lesson)[name].answer
    cells = list(cells_of(solved_lessons(lesson), name))
    if name in COMPUTED:
        found = COMPUTED[name](printed(cells))
        assert len(found) == len(truth) and all(map(same_number, found, truth)), (truth, found)
    else:
        found = computed(NotebookNode(cells=cells))
        for each in truth:
            assert math.isinf(each) or any(same_number(abs(each), abs(value)) for value in found), (each, found)


@pytest.mark.parametrize(("lesson", "name"), PREDICTIONS, ids=[name for _, name in PREDICTIONS])
def test_the_truth_can_be_typed_and_is_right(lesson, name):
    prediction = predictions_of(lesson)[name]
    said = prediction.read(prediction.answer)
    assert prediction.compare(said)[0] or not isinstance(prediction, (Choice, Number, Numbers))
    assert prediction.write(said)
