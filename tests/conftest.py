"""What several rooms of tests share: a browser, a JupyterLab, the solved lessons; and which tests share a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from autograder.build.build import written_lessons
from autograder.pages.lesson_page import executed
from tests.browser.lab import Lab, running_lab

# Files that share an expensive fixture; every other file is by itself.
ROOMS = {"tests/hostile/": "hostile", "tests/autograder/desk/": "desk", "tests/browser/": "browser", "tests/lessons/test_run": "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep in one process what shares a fixture; the answer bank, the largest file, is split by lesson."""
    for item in items:
        group = next((room for start, room in ROOMS.items() if item.nodeid.startswith(start)), item.nodeid.split("::")[0])
        params = item.callspec.params if hasattr(item, "callspec") else {}
        if "entry" in params:
            group = params["entry"].lesson
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its module: while it is open, no other test of the process can run an event loop."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    """A page that reaches no network."""
    context = browser.new_context(viewport={"width": 1100, "height": 900}, offline=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


class SolvedLessons:
    """Every solved lesson, executed once in a session, when first asked for."""

    def __init__(self, folder: Path):
        self.folder, self.done = folder, {}

    def __call__(self, lesson: str) -> NotebookNode:
        if lesson not in self.done:
            work = self.folder / lesson
            work.mkdir(exist_ok=True)
            self.done[lesson] = executed(lesson, work)
        return self.done[lesson]

    def all(self) -> dict[str, NotebookNode]:
        return {lesson: self(lesson) for lesson in written_lessons()}


@pytest.fixture(scope="session")
def solved_lessons(tmp_path_factory: pytest.TempPathFactory) -> SolvedLessons:
    return SolvedLessons(tmp_path_factory.mktemp("solved"))
