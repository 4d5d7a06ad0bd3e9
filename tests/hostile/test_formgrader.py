"""The instructor's server shows a hostile hand-in, serves nothing else of it, and takes no settings from it."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import nbformat
import pytest

from autograder.desk.course.folder import Course, tools_on_path
from autograder.desk.gradebook.lesson_source import prepare
from autograder.notebooks.strangers_files import regular_files
from tests.browser.lab import Lab, running_lab
from tests.hostile.attack import LESSON, NOTEBOOK, RIGHT, Attack, put
from tests.hostile.on_the_reader import CALL, HACK
from tests.hostile.test_same_marks import SETTINGS

PATH = f"course/submitted/attacker/{LESSON}"
TEXT = f"""<div class="full-credit navbar-fixed-top" style="background: \\75rl({CALL})">all of this</div>

<a href="http:/formgrader?path={PATH}">one</a> <a href="http://localhost:1/formgrader?path={PATH}">two</a> [three](evil.html)

<svg width="90"><rect fill="url({CALL}#a)" width="9" height="9"/></svg> $\\class{{full-credit}}{{x}}$ <p class="comment">c</p>
"""
FILES = {
    "evil.html": f"<script>{HACK}</script>".encode(), "evil.svg": f"<svg onload='{HACK}'/>".encode(), "nbgrader_config.json": b"{}",
    "nbgrader_config.py": b"open('/tmp/gradlab-hostile-mark-formgrader', 'w')", "a.png": b"\x89PNG\r\n\x1a\n", "evil.png": b"<script>",
}  # fmt: skip


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> Iterator[tuple[Lab, Path, str]]:
    """A server whose course has one marked hand-in, and the address of its page."""
    folder = tmp_path_factory.mktemp("formgrader")
    root = folder / "root"
    settings = folder / "jupyter_config_dir"
    settings.mkdir()
    (settings / "nbgrader_config.py").write_text(SETTINGS + f"c.CourseDirectory.root = {str(root / 'course')!r}\n")
    tools_on_path()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # where the server starts it looks for settings
        yield from _served(folder, root)


def _served(folder: Path, root: Path) -> Iterator[tuple[Lab, Path, str]]:
    with running_lab(folder) as lab:
        course = Course.at(root / "course")
        course.root.mkdir()
        prepare(course, LESSON)
        put(course.root, "attacker", Attack(answer=RIGHT, files=FILES))
        _as_marked(course)
        with course.gradebook() as gradebook:
            gradebook.add_student("attacker", first_name="<img src=x onerror=alert(1)>", last_name="x")
            submitted = gradebook.add_submission(LESSON, "attacker").notebooks[0].id
        yield lab, course.root, f"{lab.url}/formgrader/submissions/{submitted}/"


def _as_marked(course: Course) -> None:
    """The marked notebook with a text in it; every file of the hand-in beside it, as earlier versions left them."""
    notebook = nbformat.read(course.hand_in("attacker", LESSON), as_version=4)
    slow = nbformat.v4.new_output("display_data", {"text/html": "<div>" * 97_000})
    notebook.cells += [nbformat.v4.new_markdown_cell(TEXT), nbformat.v4.new_code_cell("x", outputs=[slow, slow])]
    path = course.autograded("attacker", LESSON)
    path.parent.mkdir(parents=True)
    for name, data in regular_files(course.hand_in("attacker", LESSON).parent, []).items():
        (path.parent / name).write_bytes(data)
    path.write_text(json.dumps(notebook))


def asked(lab: Lab, address: str) -> tuple[int, str, dict]:
    """What the server answers to its owner."""
    try:
        with urlopen(Request(address, headers={"Authorization": f"token {lab.token}"}), timeout=120) as answer:
            return answer.status, answer.read().decode(errors="replace"), dict(answer.headers)
    except HTTPError as error:
        return error.code, error.read().decode(errors="replace"), dict(error.headers)


@pytest.mark.parametrize("name", [*FILES, NOTEBOOK, "../" + NOTEBOOK, "%2e%2e/x.html"])
def test_nothing_of_a_hand_in_is_served_but_a_picture(marked, name):
    lab, _, address = marked
    status, _, headers = asked(lab, address + name)
    if name in ("a.png", "evil.png"):
        assert headers["Content-Type"] == "image/png" and "sandbox" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    else:
        assert status == 404


@pytest.mark.parametrize(
    "path", [PATH, f"course/autograded/attacker/{LESSON}", "course/submitted", "course/../course/submitted", "/tmp"]
)
def test_settings_are_read_from_nowhere_else(marked, path):
    lab, course, _ = marked
    status, _, _ = asked(lab, f"{lab.url}/formgrader?path={quote(str(course.parent / path))}")
    assert status == 403 and asked(lab, f"{lab.url}/formgrader?path={quote(path)}")[0] == 403
    assert not Path("/tmp/gradlab-hostile-mark-formgrader").exists()


def test_page_of_a_hostile_text_shows_it_and_obeys_none_of_it(marked, page, listener):
    lab, _, address = marked
    status, text, headers = asked(lab, address)  # the first page waits for its process
    assert status == 200 and "default-src 'none'" in headers["Content-Security-Policy"] and "MathJax" not in text
    page.goto(f"{lab.url}/formgrader?token={lab.token}", wait_until="commit")  # logs in
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address, timeout=90_000)
    page.get_by_text("all of this").click()
    assert page.evaluate("document.documentElement.dataset.hacked ?? null") is None
    assert (
        page.locator(
            ".text_cell_render a[href*=formgrader], .text_cell_render .full-credit, .rendered_html .comment"
        ).count()
        == 0
    )
    assert page.get_by_text(f"(http:/formgrader?path={PATH})").count() == 1
    assert {url.split("/")[2] for url in requests if url.startswith("http")} == {
        lab.url.split("/")[2]
    } and listener.calls == []
    assert page.locator("img[src=x]").count() == 0
    page.locator("button.full-credit, .name-shown").first.wait_for(state="attached")  # its own program runs
