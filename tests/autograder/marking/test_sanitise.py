"""HTML of a hand-in keeps what is read and loses what runs, loads or covers."""

import pytest

from autograder.marking.sanitise import LONGEST_TEXT, at_most, clean_html, clean_markdown
from gradlab.exercises.card import as_html
from gradlab.exercises.verdict import Curve, wrong


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>", "<img src=x onerror=y>", '<iframe srcdoc="x"></iframe>', '<a href="javascript:x">a</a>',
        '<a href="data:text/html,x">a</a>', '<a href="evil.html">a</a>', '<img src="https://elsewhere/x.png">', "<style>p{}</style>",
        '<p style="background:url(https://elsewhere)">p</p>', '<p style="position:fixed;z-index:9">p</p>', '<form action="x"><input></form>',
        '<svg onload="x"><script>x</script><use href="data:x"/><foreignObject>x</foreignObject></svg>', '<base href="x">',
        '<meta http-equiv="refresh" content="0">', '<link rel="stylesheet" href="https://elsewhere">', '<object data="x"></object>',
    ],
)  # fmt: skip
def test_nothing_live_is_left(html):
    cleaned = clean_html(html)
    live = (
        "script",
        "onerror",
        "onload",
        "iframe",
        "javascript",
        "data:",
        "href",
        "src",
        'style="b',
        "position",
        "<form",
        "<input",
        "url",
    )
    assert not any(word in cleaned for word in live), cleaned


@pytest.mark.parametrize(
    "html",
    [
        "<p>a <b>b</b> <code>c</code></p>",
        "<table><tbody><tr><td>1</td></tr></tbody></table>",
        '<img src="data:image/png;base64,AAAA" alt="a line">',
    ],
)
def test_text_tables_and_pictures_of_the_page_stay(html):
    assert clean_html(html) == html


def test_card_of_a_verdict_keeps_its_words_its_curve_and_its_look():
    curve = Curve((0.0, 1.0), (0.0, 1.0), (0.0, 2.0))
    card = as_html(
        wrong("soft_abs", "x", "A message with `code`.", called="soft_abs(1)", returned="2", expected="1", curve=curve)
    )
    cleaned = clean_html(card)
    for piece in (
        "border-left",
        'role="status"',
        "<svg",
        'aria-label="soft_abs',
        "stroke-dasharray",
        "<code>code</code>",
        "viewBox",
    ):
        assert piece in cleaned, piece


def test_markup_that_takes_too_long_is_shown_as_text():
    with at_most(-1):
        assert clean_html("<b>a</b>") == "<pre>&lt;b&gt;a&lt;/b&gt;</pre>"
    assert clean_html("<b>a</b>") == "<b>a</b>"


def test_text_without_end_is_not_rendered_but_a_large_picture_is_no_text():
    assert clean_markdown({"cell": {}}, "*a* " * LONGEST_TEXT).startswith("<pre>*a* ")
    picture = f"*a* ![p](data:image/png;base64,{'A' * LONGEST_TEXT})"
    assert "<em>a</em>" in clean_markdown({"cell": {}}, picture)
