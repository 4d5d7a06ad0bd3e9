"""Records of a lesson's explorers, made when the lesson is built, so that its reader waits for no picture."""

import ast
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

from autograder.notebooks.cells import tree_of
from autograder.notebooks.places import source_path
from autograder.release.source import read_source
from gradlab.course import LESSONS, lesson_package
from gradlab.explore import record_store
from gradlab.explore.display import instead_of_page
from gradlab.explore.explorer import Explorer


class RecordError(ValueError):
    """An explorer that cannot be recorded; the text names lesson, call and fault."""


def stale_records(lesson: str) -> list[str]:
    """What `--check` says where the records of a lesson are not those of its explorers. Raises RecordError."""
    wanted = {_place(explorer): call for call, explorer in _explorers(lesson).items()}
    lacking = [f"{lesson}: {call}: has no record" for path, call in wanted.items() if not path.exists()]
    extra = [f"{lesson}: {path.name}: is the record of no explorer" for path in _records(lesson) if path not in wanted]
    return [f"{complaint}; run `gradlab build` and commit it" for complaint in lacking + extra]


def renew_records(lessons: Iterable[str]) -> None:
    """Make the records that lessons lack, and remove those that are no explorer's as it is now. Raises RecordError."""
    stale = [lesson for lesson in lessons if stale_records(lesson)]
    if stale:
        with ProcessPoolExecutor(min(len(stale), cpu_count() or 1), get_context("spawn")) as pool:
            list(pool.map(_renew, stale))


def _renew(lesson: str) -> None:
    explorers = _explorers(lesson)
    for call, explorer in explorers.items():
        if not _place(explorer).exists():
            with _told(lesson, call):
                for _ in explorer.recording():
                    pass
            record_store.save(_place(explorer), explorer.record.tables())
    for path in set(_records(lesson)) - set(map(_place, explorers.values())):
        path.unlink()


def _place(explorer: Explorer) -> Path:
    assert explorer.places is not None  # its code lies in files of the lesson
    return explorer.places.shipped.resolve()


def _records(lesson: str) -> list[Path]:
    return sorted(lesson_package(lesson).glob(f"explorers/{record_store.SHIPPED}/*.json.gz"))


@contextmanager
def _told(lesson: str, call: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise RecordError(f"{lesson}: {call}: fails: {type(error).__name__}: {error}") from None


def _explorers(lesson: str) -> dict[str, Explorer]:
    """The explorers of a lesson, as it calls them; not those whose arguments only the running lesson knows."""
    found: dict[str, Explorer] = {}
    for call in calls_of_explorers(lesson):
        made: list[Explorer] = []
        with _told(lesson, call), suppress(NameError), instead_of_page(made.append):
            explorers = import_module(f"gradlab.lessons.{LESSONS[lesson]}.explorers")
            eval(call, {"__builtins__": {}, "explorers": explorers})
        if made:
            found[call] = made[0]
    return found


def calls_of_explorers(lesson: str) -> list[str]:
    """The calls `explorers.NAME(…)` of a lesson's cells."""
    trees = [tree_of(cell.source) for cell in read_source(source_path(lesson)).cells if cell.cell_type == "code"]
    calls = [node for tree in filter(None, trees) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [text for call in calls if (text := ast.unparse(call)).startswith("explorers.")]
