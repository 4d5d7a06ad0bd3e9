"""LaTeX becomes MathML that keeps its source for those who read it aloud."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest

from autograder.notebooks.mathml import MathError, long_formula, mathml
from autograder.notebooks.places import source_path, written_lessons

FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$([^$\n]+(?:\n# [^$\n]+)*)\$", re.DOTALL)


@pytest.mark.parametrize(
    "latex", [r"x^2", r"\frac{\lambda}{B^3} \odot dX", r"a < b", r"\begin{cases} 0 & x \le T \\ 1 & x > T \end{cases}"]
)
def test_result_is_well_formed_and_carries_its_latex(latex):
    element = ElementTree.fromstring(mathml(latex))
    assert element.tag.endswith("math") and element.attrib["alttext"] == latex


def test_block_formulas_are_displayed_as_blocks():
    assert ElementTree.fromstring(mathml("x", block=True)).attrib["display"] == "block"


def test_what_is_no_formula_is_named():
    with pytest.raises(MathError, match=r"\\frac"):
        mathml(r"\frac")


@pytest.mark.parametrize("lesson", written_lessons())
def test_every_formula_of_a_lesson_can_be_rendered(lesson):
    text = "\n".join(line for line in source_path(lesson).read_text().splitlines() if line.startswith("#"))
    for block, inline in FORMULA.findall(text):
        ElementTree.fromstring(mathml((block or inline).replace("\n# ", "\n")))


@pytest.mark.parametrize(
    ("latex", "letter"),
    [(r"\mathbb M", "𝕄"), (r"\mathbb{R}^n", "ℝ"), (r"\mathcal L", "ℒ"), (r"\mathsf T", "𝖳"), (r"\mathbf{x}", "𝐱")],
)
def test_a_letter_of_another_alphabet_is_a_letter_of_its_own(latex, letter):
    element = unescape(mathml(latex))
    assert letter in element and "mathvariant" not in element


@pytest.mark.parametrize("environment", ["aligned", "align", "align*", "split", "cases"])
def test_an_environment_of_rows_has_rows_and_columns(environment):
    element = mathml(rf"f = \begin{{{environment}}} a &= b \\ c &= d \end{{{environment}}}")
    assert element.count("<mtr>") == 2 and element.count("<mtd") == 4
    assert "<mi>&</mi>" not in element


@pytest.mark.parametrize("rows", [2, 3, 5])
def test_the_brace_of_cases_is_as_tall_as_its_rows(browser, page, rows):
    latex = r"\begin{cases}" + r"\\".join(rf"x_{k} & k = {k}" for k in range(rows)) + r"\end{cases}"
    page.set_content(f"<!doctype html><body>{mathml(latex, block=True)}")
    table, brace = (page.locator(name).first.bounding_box()["height"] for name in ("mtable", "mo"))
    assert 0.7 * table < brace < 1.6 * table
    left = [cell.bounding_box()["x"] for cell in page.locator("mtr > mtd:first-child > *:first-child").all()]
    assert max(left) - min(left) < 3


@pytest.mark.parametrize(
    ("latex", "parts"),
    [
        (r"g = (-0.5, 6.5, -1)", ["g", "=(−0.5,", "6.5,", "−1)"]),
        (r"v^\top u \ge q - 1 > 0", ["v⊤u", "≥q−1", ">0"]),
        (r"f(x, y) + g(y, x)", ["f(x,y)+g(y,x)"]),
        (r"\sum_{k=0}^n \frac{a = b}{c}", ["∑k=0na=bc"]),
    ],
)
def test_a_long_formula_may_end_a_line_before_a_relation_and_between_numbers(latex, parts):
    math = ElementTree.fromstring(long_formula(mathml(latex)))[0]
    assert math.attrib["alttext"] == latex
    assert ["".join(part.itertext()) for part in math[0]] == parts
