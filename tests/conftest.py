"""What several rooms of tests share: a browser, a JupyterLab, the solved lessons; which tests share a process, and which
are skipped where a program is missing."""

import autograder.cli.shared  # noqa: F401  (first: it spares each process the seconds in which jsonschema compiles a grammar)

# isort: split
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

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
    "tests/lessons/test_numbers": "browser",
    "tests/autograder/desk/": "desk",
    "tests/autograder/hub/": "hub",
    "tests/green/": "green",
    "tests/test_documents": "documents",
}


class ByRoom(LoadScopeScheduling):
    """Tests of one room go to one process, elsewhere those of one file; the answer bank, the largest, is split by exercise."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        if file.endswith("test_answers.py"):
            return f"{file} {test.partition('[')[2].partition('-')[0]}"
        return next((room for start, room in ROOMS.items() if file.startswith(start)), file)


class Program(NamedTuple):
    """A program of the system that tests wait for: how it is seen to be there, and which tests cannot run without it."""

    package: str
    there: Callable[[], bool]
    rooms: tuple[str, ...] = ()
    fixtures: tuple[str, ...] = ()


def chromium() -> str | None:
    """The browser's program."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def sandbox_works() -> bool:
    """Whether bubblewrap is there and allowed to make namespaces, which some systems forbid to ordinary users."""
    command = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
    return bool(shutil.which("bwrap")) and subprocess.run(command, capture_output=True).returncode == 0


def postgresql() -> bool:
    """Whether a server could be started."""
    return bool(shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


SANDBOXED = (
    "tests/hostile/",
    "tests/autograder/desk/",
    "tests/autograder/sandbox/",
    "tests/autograder/cli/test_consoles",
    "tests/autograder/editions/test_instructor",
    "tests/autograder/editions/test_own_lessons",
    "tests/autograder/marking/test_replay.py::test_while_a_hand_in_runs",
    "tests/autograder/marking/test_plain_tests.py",
    "tests/autograder/release/test_new.py::test_hand_ins",
    "tests/green/",
    "tests/warm/",  # serves the rooms above
)
PROGRAMS = (
    Program("chromium", lambda: bool(chromium()), fixtures=("browser",)),
    Program("bubblewrap", sandbox_works, rooms=(*SANDBOXED, "tests/test_documents")),
    Program("postgresql", postgresql, rooms=("tests/autograder/desk/test_postgresql",), fixtures=("server",)),
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByRoom:
    return ByRoom(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--part", metavar="I/N", help="run every N-th test only, from the I-th on")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The rooms, which take long, come first, so that all processes end at about the same time."""
    if part := config.getoption("--part"):
        first, step = map(int, part.split("/"))
        items[:] = items[first::step]
    items.sort(key=lambda item: not item.nodeid.startswith(tuple(ROOMS)))
    for program in PROGRAMS:
        waiting = [item for item in items if waits_for(item, program)]
        if waiting and not program.there():
            reason = f"{program.package} does not run here: sudo apt-get install {program.package}"
            for item in waiting:
                item.add_marker(pytest.mark.skip(reason=reason))


def waits_for(item: pytest.Item, program: Program) -> bool:
    """Whether a test cannot run without this program."""
    return item.nodeid.startswith(program.rooms) or bool({*program.fixtures} & {*getattr(item, "fixturenames", ())})


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its module: while it is open, no other test of the process can run an event loop."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield opened
        opened.close()


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
