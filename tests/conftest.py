"""What several rooms of tests share: a browser, a JupyterLab, the solved lessons; and which tests share a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from autograder.notebooks.places import written_lessons
from autograder.pages.lesson_page import executed
from tests.browser.lab import Lab, running_lab

# Files that share an expensive fixture stay in one process, which `--dist loadgroup` promises and, with pytest 9.2, does not keep.
ROOMS = {
    "tests/hostile/": "hostile",
    "tests/browser/": "browser",
    "tests/lessons/test_run": "browser",
    "tests/autograder/desk/": "desk",
    "tests/test_documents": "documents",
}


class ByRoom(LoadScopeScheduling):
    """Tests of one room go to one process, elsewhere those of one file; the answer bank, the largest, is split by exercise."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        if file.endswith("test_answers.py"):
            return f"{file} {test.partition('[')[2].partition('-')[0]}"
        return next((room for start, room in ROOMS.items() if file.startswith(start)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByRoom:
    return ByRoom(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The rooms, which take long, come first, so that all processes end at about the same time."""
    items.sort(key=lambda item: not item.nodeid.startswith(tuple(ROOMS)))


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
