"""Outputs fold for narrow screens and say the same, letter by letter."""

import pytest
from bs4 import BeautifulSoup

from autograder.pages.outputs import fold

SPELLINGS = """\
the slope, spelled                         at 0    at 1
relu(y - T) - relu(-y - T)                  0.0     1.0
where(abs(y) > T, y - T * sign(y), 0)       nan    -1.0
"""
NUMBERS = "   λ     slope\n0.01   1.0e-02\n1e-6       nan\n"
BLANK = "          steps   bytes\nunrolled     10      20\nto 1e-5       3       4\n"
SENTENCES = "no minimum: the Hessian is singular\nlook for a flat direction, or add a stabiliser\n"
MATRIX = "tensor([[1., 0.],\n        [0., 1.]])\n"


def folded(text):
    page = BeautifulSoup("<pre><span></span></pre>", "html.parser")
    page.pre.append(text)
    fold(page.pre, page)
    assert page.pre.get_text() == text
    return page.pre


@pytest.mark.parametrize(
    "text", ["", "\n", "x\n\n\ny", "  ", SPELLINGS + "\n" + BLANK, SENTENCES + SPELLINGS, "a  b\nc  d"]
)
def test_the_text_stays(text):
    folded(text)


def test_names_are_apart_from_their_numbers():
    output = folded(SPELLINGS)
    assert [name.get_text().strip() for name in output.select(".row.wide .name")][1:] == [
        "relu(y - T) - relu(-y - T)",
        "where(abs(y) > T, y - T * sign(y), 0)",
    ]
    assert [row.get_text().split() for row in output.select(".numbers")][1:] == [["0.0", "1.0"], ["nan", "-1.0"]]
    assert len({len(row.get_text()) for row in output.select(".numbers")}) == 1, "columns stay columns"


def test_a_narrow_table_stays_in_one_line_on_a_telephone():
    rows = folded(BLANK).select(".row")
    assert len(rows) == 3 and not folded(BLANK).select(".wide")


def test_columns_of_numbers_and_sentences_and_matrices_have_no_names():
    assert not folded(NUMBERS).select("span")
    assert len(folded(SENTENCES).select(".text-line")) == 2
    assert len(folded(MATRIX).select(".text-line")) == 2


def test_text_beside_a_name_wraps():
    assert (
        len(folded("at a fold   the derivative of F is singular here\nabove 1     [-3.0]\n").select(".has-text")) == 2
    )


def test_an_output_with_colours_stays_as_it_is():
    page = BeautifulSoup('<pre><span class="red">a</span>  b\nc  d</pre>', "html.parser")
    before = str(page)
    fold(page.pre, page)
    assert str(page) == before
