"""Feedback pages are small, whole without a network, complete for nbgrader's exchange, and one student's if asked."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.desk.give_back.slim_pages import packed, without_plain_spans, without_unused_rules
from autograder.marking.feedback import _draw
from autograder.marking.formgrader import drawer
from tests.autograder.desk.conftest import LESSON, SMALL_LESSON, gradlab

LARGEST_PAGE = 300_000  # bytes
LARGE = (
    "doubled",
    "imports-last",
    "live",
    "floods",
)  # a lesson twice over, an error below each cell, much of their own


@pytest.fixture(scope="module")
def pages(course) -> list[Path]:
    gradlab(course, "feedback", LESSON)
    return sorted(course.glob(f"feedback/*/{LESSON}/*.html"))


def test_pages_are_small(pages):
    assert len(pages) > 10
    assert max(page.stat().st_size for page in pages if page.parts[-3] not in LARGE) <= LARGEST_PAGE


def test_drawings_are_shown_and_told(pages, offline):
    [page] = [page for page in pages if page.parts[-3] == "solved"]
    offline.goto(page.as_uri())
    drawing = offline.locator("img[alt^='Two walks down the V']")
    drawing.wait_for()
    assert drawing.evaluate("node => node.complete && node.naturalWidth > 100")
    assert "<noscript>Two walks down the V" in page.read_text() and not offline.locator("[data-image]").count()


def test_page_without_scripts_says_what_each_explorer_shows(pages):
    [page] = [page for page in pages if page.parts[-3] == "solved"]
    places = re.findall(r"<div data-packed=\"\d\"><noscript><p>([^<]{20,})</p>", page.read_text())
    assert len(places) >= 3


def test_rules_that_a_page_can_need_stay(tmp_path, offline):
    """A page looks the same to the browser with and without the rules that were taken out."""
    sheet = ".a{color:red}.unused b{color:blue}@media screen{#i.a:hover,p{margin:3px}.gone{margin:1px}}" + " " * 20_001
    page = f'<html><head><style>{sheet}</style></head><body><p id="i" class="a">x</p></body></html>'
    slim = without_unused_rules(page)
    assert "unused" not in slim and "gone" not in slim and ".a{color:red}" in slim
    looks = []
    for name, text in (("whole", page), ("slim", slim)):
        (tmp_path / f"{name}.html").write_text(text)
        offline.goto((tmp_path / f"{name}.html").as_uri())
        looks.append(offline.eval_on_selector("p", "p => [getComputedStyle(p).color, getComputedStyle(p).margin]"))
    assert looks[0] == looks[1] == ["rgb(255, 0, 0)", "3px"]


def test_words_that_no_rule_colours_stand_without_a_span():
    page = '<style>.k{color:red}</style><pre><span></span><span class="k">def</span> <span class="n">f</span></pre>'
    assert without_plain_spans(page) == '<style>.k{color:red}</style><pre><span class="k">def</span> f</pre>'


def test_packed_explorers_are_the_same_each_time_and_none_needs_nothing():
    explorers = {"a": "<b>1</b>", "b": '<img src="x" alt="two &lt; three"><script>1</script>'}
    places, unpack = packed(explorers)
    assert packed(explorers) == (places, unpack) and "two &lt; three" in places["b"] and "<script" not in places["a"]
    assert packed({}) == ({}, "")


def test_one_students_page_is_written_alone_and_waiting_text_answers_are_told(course, pages):
    before = {page: page.stat().st_mtime_ns for page in pages}
    said = gradlab(course, "feedback", LESSON, "--student", "published")
    changed = [page.parts[-3] for page in pages if page.stat().st_mtime_ns != before[page]]
    assert changed == ["published"] and "still wait for a person" in said


def test_nbgrader_releases_the_feedback_of_exchange_and_other_hand_ins_and_the_lesson(small_course, tmp_path):
    for student, secret in (("right", "a secret"), ("wrong", None)):
        folder = small_course / "submitted" / student / SMALL_LESSON
        (folder / "timestamp.txt").write_text("2026-03-01 12:00:00.000000 UTC")
        if secret:
            (folder / "submission_secret.txt").write_text(secret)
    gradlab(small_course, "feedback", SMALL_LESSON)
    gradlab(small_course, "assign", SMALL_LESSON)
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    (small_course / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'opt'\nc.Exchange.root = {str(exchange)!r}\n"
    )
    for command in (["release_feedback", SMALL_LESSON], ["release_assignment", SMALL_LESSON]):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command],
            cwd=small_course,
            capture_output=True,
            text=True,
            timeout=120,
            env=os.environ | {"HOME": str(tmp_path)},
        )
        assert done.returncode == 0, done.stderr
    assert len(list(exchange.glob("opt/feedback/*.html"))) == 4
    assert list(exchange.glob(f"opt/outbound/{SMALL_LESSON}/*.ipynb"))


def test_page_of_a_pipe_is_a_reason_and_does_not_wait(tmp_path):
    os.mkfifo(tmp_path / "start_here.ipynb")
    page, _, reason = _draw((str(tmp_path / "start_here.ipynb"), {}, {}, []))
    assert not page and "is no regular file" in reason


@pytest.mark.parametrize("text", [" \n" * 60_000 + "1", "a." * 30_000 + "a"])
def test_code_whose_colours_take_too_long_is_shown_without(tmp_path, text):
    path = tmp_path / "start_here.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text + "  # the end")]), path)
    page, _, reason = drawer().run(_draw, (str(path), {}, {}, []))
    assert not reason and "# the end" in page
