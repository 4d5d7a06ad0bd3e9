"""LaTeX becomes MathML that keeps its source for those who read it aloud."""

import re
from xml.etree import ElementTree

import pytest

from autograder.notebooks.mathml import MathError, mathml
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
