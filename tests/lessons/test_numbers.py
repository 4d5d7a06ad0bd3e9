"""Every number in a lesson's text is printed or computed by one of its cells, or is explained here."""

import math
import re
from collections.abc import Callable

import pytest
import torch
from nbformat import NotebookNode
from sklearn.datasets import load_diabetes, load_digits

from autograder.notebooks.places import written_lessons
from gradlab.lessons.layers_that_solve.digits import digits
from gradlab.maths import networks

LESSONS = written_lessons()


def adam_without_clearing() -> float:
    """Where the forum's first script ends if it is run as it survives: no gradient is ever cleared."""
    f, theta = networks.tanh_network(), networks.stored_theta(2023)
    x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([x], lr=0.5)
    for _ in range(350):
        f(x, theta).backward()
        adam.step()
    return x.item()


# What no cell prints: the number as it stands in the text → where it is from, and, where it is no fact from outside, how to compute it.
Reason = str | tuple[str, Callable[[], float]]
ELSEWHERE: dict[str, dict[str, Reason]] = {
    "00-start-here": {},
    "01-soft-thresholding": {
        "10^{-150}": "the task's range of x",
        "10^{150}": "the task's range of x",
        "10^{-300}": "the task's range of λ",
        "10^{300}": "the task's range of λ",
        "10^{-12}": "the accuracy that two tasks ask for, and a λ of section 6",
        "10^{110}": (
            "10⁻²²⁰ divided by the cube of its root, factor by factor",
            lambda: 1e-220 / 1e-110 / 1e-110 / 1e-110,
        ),
        "10^{-110}": ("the root of 10⁻²²⁰", lambda: math.sqrt(1e-220)),
        "10^6": "the task's range of x",
        "50": ("a/√λ with a = ½, λ a hundred times smaller than the figure's first one", lambda: 0.5 / math.sqrt(1e-4)),
    },
    "02-wasteful-module": {
        "0.7804": "printed by the homework, on its author's machine",
        "0.0035": "printed by the homework, on its author's machine",
        "223": ("0.7804 divided by 0.0035", lambda: 0.7804 / 0.0035),
        "20 000": ("two products in each of 10 000 rounds", lambda: 2 * 10_000),
        "2022": "the year of the homework",
        "10^{-9}": "the size of noise in ∇A, and an accuracy that two tasks ask for",
        "10^{-6}": "a tolerance",
        "0.07": "from the grid behind the figure, as the next two: tests/gradlab/lessons/wasteful_module/test_chain_grid.py",
        "8 %": "from the grid behind the figure",
        "2 \\cdot 10^{-16}": ("the spacing of float64", lambda: float(f"{torch.finfo(torch.float64).eps:.0e}")),
        "60": "the task's bound on the nodes of a graph",
        "2.13": "the version of torch",
        "200": ("two factors in each of 100 rounds", lambda: 2 * 100),
        "40": ("bytes of five numbers in float64", lambda: torch.zeros(5, dtype=torch.float64).nbytes),
    },
    "03-clarke-homogeneity": {
        "10^{-6}": "the accuracy that a task asks for",
        "0.35": "an example of a time, in a hint",
        "0.05": "an example of a step, in a hint",
        "6.999": ("0.35 divided by 0.05 in float64, cut off", lambda: math.floor(0.35 / 0.05 * 1000) / 1000),
    },
    "04-implicit-argmin": {
        "2.13": "the version of torch",
        "175": ("the forum's script without cleared gradients", adam_without_clearing),
        "10^{15}": "the order of the forum's inverse Hessian, as it prints it",
        "10^{18}": "the largest number of the forum's inverse Hessian, as it prints it",
        "10^{-20}": "a factor in a task: other units",
        "2.1 \\cdot 10^{15}": "printed by the forum thread",
        "8.8 \\cdot 10^{15}": "printed by the forum thread",
        "4.9 \\cdot 10^{16}": "printed by the forum thread",
        "0.1900": "printed by the forum thread; the cell below it computes 0.1901",
        "5.9873": "printed by the forum thread; the cell below it computes 5.9872",
        "12.7340": "printed by the forum thread; the cell below it computes 12.7342",
        "15.6670": "printed by the forum thread; the cell below it computes 15.6671",
        "24": ("two signals in each of twelve steps", lambda: 2 * 12),
    },
    "05-lasso-path": {
        "10^{-8}": "the task's range of λ",
        "10^{-10}": "the accuracy that a task asks for",
        "442": ("patients in scikit-learn's data", lambda: load_diabetes().data.shape[0]),
    },
    "06-layers-that-solve": {
        "1797": ("pictures in scikit-learn's data", lambda: len(load_digits().data)),
        "497": ("pictures held out", lambda: len(digits().test[0])),
        "55": "minutes of a sitting",
        "1.8": ("two times 0.9", lambda: 2 * 0.9),
        "2021": "the year of a paper",
        "0.002": ("one of the pictures held out", lambda: float(f"{1 / len(digits().test[0]):.1g}")),
        "10^{-3}": "the task's distance from the threshold",
    },
}

CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
LINK = re.compile(r"\]\([^)]*\)")
LABELS = re.compile(
    r"^#+ .*$|^●.*$|^\*\*.*\bpoints\*\*$|^\*\*Further reading\..*|(?:[Ll]esson|[Ss]ection|Exercise|step|chapters?)s? \d+(?: (?:and|to) \d+)?",
    re.MULTILINE,
)
READING = re.compile(r"^\*\*Further reading\.\*\*.*?(?=^Next|\Z)", re.MULTILINE | re.DOTALL)
POWER = r"10\^(?:\{[-−]?\d+\}|\d)"
WRITTEN = re.compile(
    rf"(?:\d+(?:\.\d+)? \\cdot )?{POWER}|\d{{1,3}}(?:(?:\\,|[ ,\u202f])\d{{3}})+(?!\d)|\d+(?:\.\d+)?(?: ?%)?"
)
PRINTED = re.compile(r"\d{1,3}(?:[ ,\u202f]\d{3})+(?!\d|\.\d)|\d+\.?\d*(?:e[-−+]?\d+)?")
NO_NUMBER = re.compile(r"float\d\d|(?<!10)\^\d|_\{?\d+\}?")  # a dtype, a square, an index
SMALL = 12  # whole numbers up to here count things that one can see


def written(notebook: NotebookNode) -> list[str]:
    """The numbers in the text that are not labels, small counts, or the author's years and chapters."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = READING.sub("", cell.source)
            for pattern in (CODE, LINK, LABELS):
                text = pattern.sub("", text)
            text = NO_NUMBER.sub(" ", text)
            found += [each for each in WRITTEN.findall(text) if not is_small(each)]
    return found


def is_small(text: str) -> bool:
    return text.isdigit() and int(text) <= SMALL


def value_of(text: str) -> float:
    """The number that a text stands for: "20 000", "2 \\cdot 10^{-16}", "8 %", "1e−8"."""
    text = text.replace("−", "-").replace("\\,", "").replace(" \\cdot 10^", "e").removesuffix("%").strip()
    text = re.sub(r"^10\^", "1e", text)
    return float(re.sub(r"[{} ,\u202f]", "", text))


def computed(notebook: NotebookNode) -> list[float]:
    """The numbers that stand in the code cells and in what they print or say of a figure."""
    texts = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            texts.append(cell.source)
            for output in cell.get("outputs", []):
                texts += [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
    return [value_of(each) for text in texts for each in PRINTED.findall(text)]


def is_computed(text: str, numbers: list[float]) -> bool:
    """Does a computed number, rounded as the text rounds, give the text? A bare power of ten needs its order of size only."""
    wanted = value_of(text)
    if re.fullmatch(POWER, text):
        order = round(math.log10(wanted))
        return any(number > 0 and math.floor(math.log10(number) + 1e-9) == order for number in numbers)
    decimals = len(text.partition(".")[2].split()[0]) if "." in text else 0
    if "\\cdot" in text:
        return any(number and abs(number / wanted - 1) < 0.1 for number in numbers)
    return any(round(number, decimals) == wanted for number in numbers)


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_number_in_the_text_is_computed_or_explained(lesson, solved_lessons):
    notebook = solved_lessons(lesson)
    numbers = computed(notebook)
    unknown = [each for each in written(notebook) if each not in ELSEWHERE[lesson] and not is_computed(each, numbers)]
    assert unknown == []


COMPUTED = [
    (lesson, text, reason[1])
    for lesson, reasons in ELSEWHERE.items()
    for text, reason in reasons.items()
    if isinstance(reason, tuple)
]


@pytest.mark.parametrize(("lesson", "text", "compute"), COMPUTED, ids=[f"{each[0]}-{each[1]}" for each in COMPUTED])
def test_explanation_that_can_be_computed_is_true(lesson, text, compute):
    assert is_computed(text, [compute()]), lesson


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_explained_number_stands_in_the_text(lesson, solved_lessons):
    assert set(ELSEWHERE[lesson]) <= set(written(solved_lessons(lesson)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It falls by 0.786 a step.", ["0.786"]),
        ("In $10\\,000$ rounds, or 20 000.", ["10\\,000", "20 000"]),
        ("about $2 \\cdot 10^{-16}$, not $10^{13}$", ["2 \\cdot 10^{-16}", "10^{13}"]),
        ("See lesson 14, section 23 and `x[99]`, 3 of them.", []),
        ("an error of 8 %", ["8 %"]),
    ],
)
def test_numbers_are_found_and_labels_are_not(text, found):
    cell = NotebookNode(cell_type="markdown", source=text)
    assert written(NotebookNode(cells=[cell])) == found


@pytest.mark.parametrize(
    ("text", "right"), [("0.79", True), ("0.8", True), ("0.78", False), ("10^{-5}", True), ("10^{-6}", False)]
)
def test_a_number_is_computed_if_a_printed_one_rounds_to_it(text, right):
    assert is_computed(text, [0.7865, 3.2e-5]) is right
