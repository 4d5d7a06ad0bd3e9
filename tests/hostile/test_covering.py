"""Whatever a hand-in's markup is made of, it stays in its place: what stands before and after it can be read and clicked."""

from itertools import product

import pytest

from autograder.marking.allowed_elements import FORMULAS, SHAPES, TEXTS, VOID
from autograder.marking.feedback import IN_ITS_PLACE
from autograder.marking.sanitise import clean_html, in_its_row

LONG = ("0", "-2000px", "2000px", "-100em", "3em", "48px", "-900%", "0%")
FLAGS = {
    "stretchy": ("true",), "linethickness": LONG, "minsize": LONG, "maxsize": LONG, "lspace": LONG, "rspace": LONG,
    "width": LONG, "height": LONG, "depth": LONG, "voffset": LONG, "scriptlevel": ("-9",), "transform": ("scale(90)", "translate(-900,-900)"),
    "y": ("-2000",), "viewBox": ("0 0 1 1",), "d": ("M-2000-2000H2000V2000H-2000Z",),
}  # fmt: skip
STYLES = (
    "margin:-900px", "position:fixed;inset:0", "transform:scale(90)", "height:0;overflow:visible", "line-height:0.01", "float:left;width:0",
    "display:inline-block;height:0", "position:relative;top:-500px", "padding:48px;margin:48px", "outline:900px solid", "box-shadow:0 0 0 900px red",
    "text-indent:-900px", "vertical-align:2000px", "font-size:2.5em", "max-width:0;white-space:nowrap", "translate:0 -900px", "zoom:90",
)  # fmt: skip
LEVELS = 20
# What Bootstrap, on which both pages stand, says of raised and lowered text, of lines and of the size of letters.
BOOTSTRAP = """<style>
body { font-size: 14px; line-height: 1.42857143; }
sub, sup { position: relative; font-size: 75%; line-height: 0; vertical-align: baseline; }
sup { top: -0.5em; }
sub { bottom: -0.25em; }
</style>"""
LARGE = '<mspace height="1500px" depth="1500px" width="1500px" style="background:#fff"></mspace><mo>(</mo>'
DRAWING = '<rect width="2000" height="2000" x="-900" y="-900"></rect>'


def element(tag: str, attribute: str, inside: str) -> str:
    """An element with that attribute around the rest, within what it must stand in."""
    whole = f"<{tag} {attribute}>" if tag in VOID else f"<{tag} {attribute}>{inside}</{tag}>"
    if tag in FORMULAS:
        return whole if tag == "math" else f"<math>{whole}</math>"
    return f'<svg width="50" height="50">{whole}</svg>' if tag in SHAPES and tag != "svg" else whole


def markups() -> list[str]:
    """Each element with each attribute and style, around much."""
    attributes = [f'{name}="{value}"' for name, values in FLAGS.items() for value in values]
    attributes += [f'style="{style}"' for style in STYLES]
    found = []
    for tag, attribute in product(sorted(TEXTS | SHAPES | FORMULAS), attributes):
        inside = LARGE if tag in FORMULAS else DRAWING if tag in SHAPES else "much " * 40 + f"<math>{LARGE}</math>"
        found.append(element(tag, attribute, inside))
    for tag, style in product(
        sorted(TEXTS - VOID), (*STYLES, "font-size:40px;background:#fff", "font-size:250%;line-height:1")
    ):
        found.append(f'<{tag} style="{style}">' * LEVELS + "much " * 4 + f"</{tag}>" * LEVELS)
    return found


# Points of the lines before and after, at which something else is found.
COVERED = """(pieces) => pieces.filter((piece) => {
    document.body.innerHTML = '<p id="before">' + 'before '.repeat(30) + '</p><div id="between" style="font-size:14px">' + piece
        + '</div><p id="after">' + 'after '.repeat(30) + '</p>';
    return ['before', 'after'].some((name) => {
        const line = document.getElementById(name);
        line.scrollIntoView({ block: 'center' });
        const { left, top, width, height } = line.getBoundingClientRect();
        return [0.02, 0.2, 0.5, 0.8].some((part) => {
            const hit = document.elementFromPoint(left + part * width, top + height / 2);
            return hit && document.getElementById('between').contains(hit);
        });
    });
})"""


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context(viewport={"width": 900, "height": 700})
    page = context.new_page()
    page.set_content(f"<!doctype html><head>{BOOTSTRAP}{IN_ITS_PLACE}</head><body></body>")
    yield page
    context.close()


def test_what_covers_is_found(page):
    piece = '<math><mpadded height="0"><mspace height="1500px" width="900px"></mspace></mpadded></math>'
    assert page.evaluate(COVERED, [piece]) == [piece]


def test_no_element_reaches_over_what_stands_beside_it(page):
    pieces = {clean_html(markup): markup for markup in markups()}
    assert len(pieces) > 300
    covering = page.evaluate(COVERED, list(pieces))
    assert [pieces[piece][:90] for piece in covering] == []


SIGNS = ("\u0305", "\u0301\u0316", "\u20dd\u0489", "\u0329\u030d\u031b")


@pytest.mark.parametrize("signs", SIGNS)
@pytest.mark.parametrize("size", ["40px", "14px"])
def test_signs_on_letters_are_drawn_over_no_other_row(page, signs, size):
    """What is drawn beyond its box is found at no point; so the lines beside it are compared with and without it."""
    row = in_its_row(f'<span style="font-size:{size};color:#f00">{("M" + signs * 200) * 20}</span>')
    lines = [f'<div id="{name}">{name * 9}</div>' for name in ("before", "after")]
    page.evaluate("page => { document.body.innerHTML = page; }", f'{lines[0]}<div id="between">{row}</div>{lines[1]}')
    beside = [page.locator(f"#{name}") for name in ("before", "after")]
    with_it = [each.screenshot() for each in beside]
    page.evaluate("document.getElementById('between').style.visibility = 'hidden'")
    assert [each.screenshot() for each in beside] == with_it
