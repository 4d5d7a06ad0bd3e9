"""An edition of the course, wherever it lies: the lessons' notebooks in a folder, a zip file or a wheel."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode

from autograder.notebooks.files import parse, read_file
from autograder.notebooks.places import EDITION, GRADLAB, ROOT, lesson_path
from autograder.notebooks.system_errors import sentence_of
from autograder.work.matching import Text, text_of
from autograder.work.start_page import START
from gradlab.course import LESSONS

Lessons = dict[str, NotebookNode]  # by "01-soft-thresholding/soft_thresholding.ipynb"
NOTEBOOKS = "lessons/[0-9]*/*.ipynb"
PROJECT = "pyproject.toml"
RELEASED = re.compile(r'^version = "[^"+]+\+(\d{8}\.[\d.]+)"', re.MULTILINE)
NAMED = re.compile(r"\]\((\d\d-[^)/]+/[^)/]+\.ipynb)\)")


class EditionError(ValueError):
    """Something that the learner can put right; the text says how."""


@dataclass(frozen=True)
class Edition:
    """The lessons of an edition, when it was released, and what it should have besides."""

    lessons: Lessons
    released: str = ""  # such as 20260301.120000.000000; that of a later release is greater; empty for a clone
    missing: tuple[str, ...] = ()  # lessons that its start page names


def installed() -> Lessons:
    """The lessons of this installation. Raises EditionError where it has none."""
    paths = [path for lesson in LESSONS if (path := lesson_path(lesson)).exists()]
    if not paths:
        raise EditionError(f"This installation has no lessons in {ROOT}. Install an edition of the course.")
    return {f"{path.parent.name}/{path.name}": parse(path.read_bytes(), str(path)) for path in paths}


def installed_release() -> str:
    """When what is installed was released; empty for a clone."""
    return _released((ROOT / PROJECT).read_bytes()) if (ROOT / PROJECT).exists() else ""


def read_edition(place: Path) -> Edition:
    """Another edition: a folder (a clone too), a zip file or a wheel. Raises EditionError for what is none."""
    try:
        files = _of_folder(place) if place.is_dir() else _of_archive(place)
        names = [name for name in sorted(files) if PurePosixPath(name).match(NOTEBOOKS) and ".yours-" not in name]
        if not names:
            raise EditionError(f"{place} holds no lessons. Name an edition: a folder, a zip file or a wheel.")
        lessons = {name.removeprefix("lessons/"): parse(files[name], name) for name in names}
        named = NAMED.findall(files.get(START, b"").decode(errors="replace"))
        missing = tuple(name for name in named if name not in lessons)
        return Edition(lessons, _released(files.get(PROJECT, b"")), missing)
    except OSError as error:
        raise EditionError(sentence_of(error) or f"{place} cannot be read ({error}).") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise EditionError(f"{place} cannot be read as an edition ({error}). Download it again.") from None
    except EditionError:
        raise
    except ValueError as error:
        raise EditionError(f"{place}: {error}") from None


def _of_folder(place: Path) -> dict[str, bytes]:
    """What is wanted of an edition in a folder, by its name there. Only where an edition has it is looked for."""
    while not (place / "lessons").is_dir():
        if (place / GRADLAB.name / EDITION).is_dir():  # an unpacked wheel
            place = place / GRADLAB.name / EDITION
            break
        inside = [path for path in place.iterdir() if path.is_dir() and not path.name.startswith(".")]
        if len(inside) != 1:
            return {}
        (place,) = inside
    paths = [path for pattern in (NOTEBOOKS, START, PROJECT) for path in place.glob(pattern)]
    return {path.relative_to(place).as_posix(): read_file(path) for path in paths}


def _of_archive(place: Path) -> dict[str, bytes]:
    """What is wanted of an edition in a zip file or a wheel, by its name there."""
    if not place.is_file():
        raise EditionError(f"There is no {place}. Name an edition: a folder, a zip file or a wheel.")
    with zipfile.ZipFile(place) as packed:
        names = {PurePosixPath(name): name for name in packed.namelist()}
        tops = {path.parents[2] for path in names if path.match(NOTEBOOKS)}
        top = min(tops, key=lambda path: len(path.parts), default=PurePosixPath())
        wanted = {path for path in names if path.match(NOTEBOOKS) and path.parents[2] == top}
        wanted |= {top / START, top / PROJECT}
        return {str(path.relative_to(top)): packed.read(names[path]) for path in wanted & names.keys()}


def _released(project: bytes) -> str:
    found = RELEASED.search(project.decode(errors="replace"))
    return found[1] if found else ""


def texts(lessons: Lessons) -> set[Text]:
    """The texts of all cells of these lessons."""
    return {text_of(cell) for notebook in lessons.values() for cell in notebook.cells}
