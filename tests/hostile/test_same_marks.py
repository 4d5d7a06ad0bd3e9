"""Attackers and neighbours get the same marks by `gradlab grade`, by `nbgrader autograde`, and by the Formgrader's button."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from autograder.desk.course.folder import tools_on_path
from tests.browser.lab import Lab, running_lab, screenshot
from tests.hostile.attack import LESSON, Attack, put
from tests.hostile.conftest import HONEST_GRADIENTS, LIMITS, rows, table

SETTINGS = LIMITS.replace(
    "c = get_config()", "from autograder.marking.configuration import marking\nc = get_config()\nc.merge(marking())"
)
SOME = [
    "skipped-by-tag",
    "input-transformer",
    "points-everywhere",
    "lying-tensor",
    "exits",
    "link-to-the-gradebook",
    "html-handler",
    "json-halves",
    "grade-ids-doubled",
    "time-stamp-a-folder",
    "time-stamp-a-pipe",
]
STUDENTS = ["a-neighbour", "g-neighbour", "j-neighbour", *SOME]


def some_course(folder: Path, generated: Path) -> Path:
    """A few of the hostile course's students, with the lesson's source, as an instructor of nbgrader has them."""
    course = folder / "course"
    shutil.copytree(generated, course)
    attacks = table(course)
    for student in STUDENTS:
        put(course, student, attacks[student] if student in attacks else Attack(answer=HONEST_GRADIENTS[student]))
    return course


@pytest.fixture(scope="module")
def generated(hostile, tmp_path_factory) -> Path:
    """The assignment as `nbgrader generate_assignment` makes it from the lesson's source."""
    course = tmp_path_factory.mktemp("generated") / "course"
    shutil.copytree(hostile.course / "source" / LESSON, course / "source" / LESSON)
    (course / "nbgrader_config.py").write_text(SETTINGS)
    tools_on_path()
    nbgrader(course, "generate_assignment", LESSON, "--force")
    return course


def nbgrader(course: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words], cwd=course, capture_output=True, text=True, timeout=400,
        env=os.environ | {"HOME": str(course.parent)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stderr


def assert_same(found: dict, hostile, students: list[str]) -> None:
    assert {student: found[student] for student in students} == {
        student: hostile.gradebook[LESSON][student] for student in students
    }


def test_nbgrader_autograde_gives_the_same_marks(hostile, generated, tmp_path):
    course = some_course(tmp_path, generated)
    nbgrader(course, "autograde", LESSON)
    assert_same(rows(course), hostile, STUDENTS)
    text = "".join(path.read_text() for path in (course / "autograded").rglob("*.ipynb"))
    assert '"a secret was read' not in text.replace("print('a secret", "")
    # The pages are drawn in a process that can be killed; what nbgrader gets of them is whole.
    nbgrader(course, "generate_feedback", LESSON)
    pages = {path.parts[-3]: path.read_text() for path in (course / "feedback").rglob("*.html")}
    assert set(pages) == set(STUDENTS)
    shown = {student: float(re.search(r"\(Score: ([\d.]+) /", page)[1]) for student, page in pages.items()}
    points = {student: sum(row[1] or 0 for row in found if len(row) == 5) for student, found in rows(course).items()}
    assert shown == {student: points[student] for student in STUDENTS}


@pytest.fixture
def formgrader(generated, tmp_path, monkeypatch) -> Iterator[tuple[Lab, Path]]:
    """A JupyterLab whose served folder is the course."""
    root = tmp_path / "root"
    course = some_course(tmp_path / "aside", generated)
    config = SETTINGS + f"c.CourseDirectory.root = {str(root / 'course')!r}\n"
    settings = tmp_path / "jupyter_config_dir"
    settings.mkdir()
    (settings / "nbgrader_config.py").write_text(config)
    (course / "nbgrader_config.py").write_text(config)
    tools_on_path()
    monkeypatch.chdir(tmp_path)  # where the server starts it looks for settings
    with running_lab(tmp_path) as lab:
        course.rename(root / "course")
        yield lab, root / "course"


def test_formgrader_button_gives_the_same_marks_and_shows_nothing_live(hostile, formgrader, page, listener):
    lab, course = formgrader
    page.goto(f"{lab.url}/lab?token={lab.token}")  # logs in
    for student in ("a-neighbour", "skipped-by-tag", "html-handler"):
        page.goto(f"{lab.url}/formgrader/manage_submissions/{LESSON}")
        row = page.locator("tr", has=page.get_by_text(student, exact=True))
        row.locator(".autograde a, .autograde button").first.click()
        expect(page.get_by_text("Successfully", exact=False).first).to_be_visible(timeout=90_000)
    assert_same(rows(course), hostile, ["a-neighbour", "skipped-by-tag", "html-handler"])
    screenshot(page, "formgrader-marked")
    page.goto(f"{lab.url}/formgrader/gradebook/{LESSON}/start_here")
    links = page.locator("a[href*='/submissions/']")
    expect(links.first).to_be_visible(timeout=30_000)
    for address in {link.get_attribute("href") for link in links.all()}:
        page.goto(lab.url + address)
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.dataset.hacked ?? null") is None
    screenshot(page, "formgrader-hand-in")
    assert listener.calls == []
