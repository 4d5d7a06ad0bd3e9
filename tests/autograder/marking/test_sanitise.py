"""HTML of a hand-in keeps what is read and loses what runs, loads or covers."""

import re
from html import escape, unescape
from unicodedata import normalize

import pytest

from autograder.marking.allowed_elements import VOID
from autograder.marking.flat import DEEPEST, flattened
from autograder.marking.sanitise import LONGEST_TEXT, clean_html, clean_markdown, shown
from autograder.notebooks.strangers_texts import MOST_SIGNS
from gradlab.exercises.card import as_html
from gradlab.exercises.verdict import Curve, wrong
from tests.autograder.marking.work import work_of
from tests.autograder.notebooks.test_strangers_texts import highest_pile


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
    tags = "".join(re.findall("<[^>]*>", cleaned))  # an address may stand there as text
    assert not any(word in tags for word in live), cleaned


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


def test_markup_of_a_page_that_took_too_long_is_shown_as_text():
    with shown(plain=True):
        assert clean_html("<b>a</b>") == "<pre>&lt;b&gt;a&lt;/b&gt;</pre>"
        assert clean_markdown({"cell": {}}, "*a*") == "<pre>*a*</pre>"
    assert clean_html("<b>a</b>") == "<b>a</b>"


OF_THE_SERVER = [
    "http:/formgrader?path=x", "http:formgrader", "https:evil.html", "HTTP:/x", "/formgrader", "//localhost/x", "\\\\localhost\\x",
    "http://localhost:8888/x", "http://LOCALHOST./x", "http://127.0.0.1/x", "http://127.1/x", "http://2130706433/x", "http://0x7f.1/x",
    "http://[::1]/x", "http://hub/x", "http://hub.local/x", "http://127.0.0.1.nip.io/", "http://127-0-0-1.sslip.io/", "ht\ttp://a.org/",
    "http:/\\a.org/", "https://a.org\\@localhost/", "https://user@a.org/", "https://a.org@localhost:8888/", "files/x.html", "?path=x", "#x",
    "javascript:x", "data:text/html,x", "vbscript:x", "blob:x", "file:///etc/passwd", "https://", "https://a.org:x/",
    " http:/x", "\x01http:/x", "http:///formgrader", "https:///localhost/x", "http://ex_ample/", "http://the.grader.edu/formgrader?path=x",
]  # fmt: skip


@pytest.mark.parametrize("address", OF_THE_SERVER)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_link_that_could_lead_to_the_server_is_text(address, quote):
    with shown(own_host="the.grader.edu"):
        cleaned = clean_html(f"<a href={quote}{address}{quote}>press</a>")
    assert "href" not in cleaned.replace(address, "") and "<a>press</a>" in cleaned


FOLDED = [chr(n) for n in range(0x80, 0x1F000) if any(re.fullmatch("[a-z0-9-]", form, re.IGNORECASE | re.ASCII) for form in
          (chr(n).lower(), chr(n).casefold(), normalize("NFKC", chr(n)), normalize("NFKC", chr(n)).casefold()))
          or re.fullmatch("[a-z]", chr(n), re.IGNORECASE)]  # fmt: skip
"""All letters that a browser, or Python, takes for one of those of which names of hosts are made."""


def test_link_whose_letters_browsers_take_for_others_is_text():
    assert {"\u017f", "\u212a", "\uff53"} <= set(FOLDED)
    for letter in FOLDED:
        plain = normalize("NFKC", letter).casefold()
        for address in (
            f"https://hub.{letter}.edu/x",
            "https://jupyter.cs.uni.edu/hub/logout".replace(plain, letter, 1),
            "http://a.localhost:8888/formgrader?path=x".replace(plain, letter),
            f"https://a.org:{letter}/",
            "https://a.org".replace("s", letter, 1),
        ):
            if not address.isascii():
                with shown(own_host="jupyter.cs.uni.edu"):
                    assert "href" not in clean_html(f'<a href="{address}">press</a>'), address


@pytest.mark.parametrize(
    "address", ["https://en.wikipedia.org/wiki/A_(b)#c", "http://a.org:8080/x?y=1&z=2", "mailto:a.b@c.org"]
)
def test_link_to_elsewhere_stays(address):
    assert f'href="{escape(address)}"' in clean_html(f'<a href="{escape(address)}">a</a>')


@pytest.mark.parametrize(
    "name", ["full-credit", "comment", "navbar-fixed-top", "modal-backdrop in", "score", "gradlab-explorer", "tabbable"]
)
def test_class_that_means_something_to_a_page_is_gone(name):
    assert clean_html(f'<p class="{name}">a</p>') == "<p>a</p>"
    assert clean_html(f'<svg class="{name}"></svg><math class="{name}"></math>') == "<svg></svg><math></math>"


@pytest.mark.parametrize("text", ["a & b &lt; &amp;amp; &", "\ufdd0&\ufdd0", "&#xfdd0;", "& " * 1000])
def test_text_with_ampersands_stays_the_same_text(text):
    wanted = unescape(text).replace("\ufdd0", "")
    assert unescape(clean_html(f"<p>{text}</p>")) == f"<p>{wanted}</p>"
    assert unescape(clean_html(f'<p title="{text}">x</p>')) == f'<p title="{wanted}">x</p>'


@pytest.mark.parametrize("name", ["title", "alt", "alttext", "aria-label"])
@pytest.mark.parametrize(
    "text", ["<style>", "</style><script>x</script>", "><img src=x>", "<span>a</span>", "&lt;&#60;&#x3c;<"]
)
def test_tags_alone_begin_and_end_with_their_signs(name, text):
    """What makes a page smaller looks for `<` and `>`."""
    tag = {"alt": "img", "alttext": "math"}.get(name, "p")
    cleaned = clean_html(f'<{tag} {name}="{escape(text)}">a</{tag}>')
    [attribute] = re.findall(rf'{name}="([^"]*)"', cleaned)
    assert unescape(attribute) == text and not set(attribute) & set("<>")


@pytest.mark.parametrize("language", ["rst", "mathematica", "html", "nonsense", "mermaid", ""])
def test_code_of_other_languages_is_shown_without_colours(language):
    assert clean_markdown({"cell": {}}, f"```{language}\na (*\n```").strip() == "<pre><code>a (*\n</code></pre>"


def test_code_in_colours_keeps_them():
    assert clean_markdown({"cell": {}}, "```python\nreturn 1\n```").count('class="') >= 2


STYLES = [
    "background: \\75rl(http://a.org)", "background: \\69mage-set('http://a.org' 1x)", "background: url(//a.org)", "background: u\\72l('x')",
    "background:/**/url(x)", "background: -webkit-image-set(url(x) 1x)", "border: var(--x)", "background: element(#x)", "color: attr(x)",
    "margin: -500px 0 0", "padding: 900px", "border: 900px solid red", "font-size: 900px", "line-height: 0", "margin: calc(-9px)", "margin: 1e9px",
    "font-size: 99em; line-height: .01", "position: fixed", "transform: scale(99)", "float: left", "display: none", "width: 100vw",
    "margin-top: -9em", "background: linear-gradient(red, blue)", "font-family: url(x)", "list-style: url(x)", "cursor: url(x), auto",
    "content: 'x'", "filter: url(#x)", "clip-path: url(#x)", "-moz-binding: url(x)", "behavior: url(x)", "--x: url(x)", "padding: 9999999999999px",
    "vertical-align: 900px", "vertical-align:-50em", "background: \u0000url(x)", "b\\61 ckground: url(x)", "margin:0 0 0 -9in", "inset:0", "all:unset",
]  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_style_that_fetches_or_covers_is_gone(style):
    assert clean_html(f'<p style="{escape(style)}">a</p>') == "<p>a</p>"


@pytest.mark.parametrize(
    "name", ["fill", "stroke", "d", "transform", "points", "width", "stroke-width", "font-size", "opacity"]
)
@pytest.mark.parametrize(
    "value", ["url(http://a.org#a)", "URL('x')", "u\\72l(x)", "context-fill url(x)", "-900px", "red url(x)", "1e99"]
)
def test_drawing_fetches_nothing_and_stays_in_its_place(name, value):
    cleaned = clean_html(f'<svg {name}="{value}"><rect {name}="{value}"/></svg>')
    assert "url" not in cleaned.lower() and "900px" not in cleaned and "\\" not in cleaned


MARKUP = ["<div>", '<a b="', "<a b='", "<!--", "<b><p>", "<p><b>", "<table><tr><td></div>", "<p><font a=1></p>", "<a ", "</", "<![", "&#", "<a href=x>y</a>",
          "<svg><title>", "<script>", "<textarea>", "<li>", "<b><i><u><p>x</p>", "<math><mi>", '<p style="margin:1px;', "<p class=k ", "<a href=", "<i></b>",
          '<p style="((((', "</p>", "<br", "\0<", "<a/=", "<svg/><g/>", "<p a=1 a=2", '<a style="\\', "<option>", "<template>", "<td colspan=99>"]  # fmt: skip


@pytest.mark.parametrize("piece", MARKUP)
def test_work_of_cleaning_grows_with_the_length_of_the_markup(piece):
    small, large = (work_of(lambda n=n: flattened(piece * n)) for n in (400, 1600))
    assert large <= 5 * small
    assert max_depth(flattened(piece * 2000)) <= DEEPEST


def max_depth(markup: str) -> int:
    depth = deepest = 0
    for tag in re.findall(r"<(/?)(\w+)", markup):
        if tag[1] not in VOID:
            depth += -1 if tag[0] else 1
        deepest = max(deepest, depth)
    assert depth == 0
    return deepest


def test_text_without_end_is_not_rendered_but_a_large_picture_is_no_text():
    assert clean_markdown({"cell": {}}, "*a* " * LONGEST_TEXT).startswith("<pre>*a* ")
    picture = f"*a* ![p](data:image/png;base64,{'A' * LONGEST_TEXT})"
    assert "<em>a</em>" in clean_markdown({"cell": {}}, picture)


PILE = "\u0305" * 400
PILES = [
    f"M{PILE}",
    "M" + "&#x305;" * 400,
    f"M<b>{PILE}</b><i>{PILE}</i>",
    "M" + "<b>\u0305</b>" * 400,
    "M" + "\u0305\u200d" * 400,
    f"<p>M</p>{PILE}",
]


@pytest.mark.parametrize("markup", PILES)
@pytest.mark.parametrize(
    "around", ["{}", '<span style="font-size:40px;color:#fff">{}</span>', "<svg><text>{}</text></svg>"]
)
@pytest.mark.parametrize("plain", [False, True])
def test_signs_are_not_piled_up_over_other_lines(markup, around, plain):
    with shown(plain=plain):
        cleaned = clean_html(around.format(markup))
    assert highest_pile(re.sub("<[^>]*>", "", cleaned)) <= MOST_SIGNS
