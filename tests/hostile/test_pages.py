"""Whoever opens the page of a hostile hand-in, in a browser that runs scripts, runs none of its author's."""

from html import escape
from pathlib import Path

import pytest

from tests.hostile import on_the_exam, on_the_reader
from tests.hostile.attack import LESSON, LISTENER
from tests.hostile.conftest import World, command

READERS = [*on_the_reader.ATTACKS, "raises-html", "type-name-html", "replies-forged", "metadata-of-widgets"]
# The elements, as a browser's own parser finds them, that would run or load what a hand-in wrote; nothing runs meanwhile.
LIVE = """text => [...new DOMParser().parseFromString(text, 'text/html').querySelectorAll('*')].filter(node =>
    [...node.attributes].some(each => each.name.startsWith('on'))
    || (node.matches('script, iframe, object, embed, form, base, link, meta') && /hacked|127\\.0\\.0\\.1/.test(node.outerHTML))
).map(node => node.outerHTML.slice(0, 200))"""
COVERED = """() => [...document.querySelectorAll('*')].filter(node => {
    const { position, zIndex } = getComputedStyle(node);
    return position === 'fixed' && Number(zIndex) > 0;
}).length"""


@pytest.fixture(scope="module")
def pages(hostile: World) -> dict[str, Path]:
    """The feedback of everybody, written after the attacks."""
    done = command(hostile.course, "feedback", LESSON)
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.parts[-3]: path for path in (hostile.course / "feedback").rglob("*.html")}


@pytest.fixture(scope="module")
def reader(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_everybody_with_a_mark_has_a_page(hostile, pages):
    assert set(pages) == set(hostile.gradebook[LESSON])


@pytest.mark.parametrize("name", READERS)
def test_feedback_page_runs_nothing_of_the_hand_in(pages, reader, listener, name):
    asked, heard = [], []
    reader.on("request", lambda request: asked.append(request.url))
    reader.on("dialog", lambda dialog: heard.append(dialog.message))
    reader.goto(pages[name].as_uri())
    reader.mouse.move(200, 200)
    assert reader.evaluate("document.documentElement.dataset.hacked ?? null") is None
    assert reader.evaluate(COVERED) == 0
    assert [url for url in asked if str(LISTENER) in url] == [] and heard == [] and listener.calls == []


def test_no_page_holds_live_code_of_a_hand_in(pages, reader):
    found = {name: reader.evaluate(LIVE, path.read_text()) for name, path in pages.items()}
    assert {name: live for name, live in found.items() if live} == {}


@pytest.mark.parametrize(
    "markup", ["<p onclick=f()>x</p>", "<script>hacked()</script>", "<link href=http://127.0.0.1:9/>"]
)
def test_live_code_would_be_found(reader, markup):
    assert reader.evaluate(LIVE, f"<html><body>{markup}</body></html>")
    assert not reader.evaluate(LIVE, f"<p title='{escape(markup)}'>{escape(markup)}</p>")


def test_page_of_an_attacker_still_tells_the_mark(pages):
    assert "Not right yet" in pages["html-script"].read_text() or "Right" in pages["html-script"].read_text()
    assert not on_the_exam.ATTACKS["raises-html"].fair and "Not right yet" in pages["raises-html"].read_text()
