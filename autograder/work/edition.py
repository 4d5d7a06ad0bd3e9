"""An edition of the course, wherever it lies: the lessons' notebooks in a folder, a zip file or a wheel."""

import zipfile
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode

from autograder.notebooks.files import parse
from autograder.notebooks.places import ROOT, lesson_path
from autograder.work.matching import Text, text_of
from gradlab.course import LESSONS

Lessons = dict[str, NotebookNode]  # by "01-soft-thresholding/soft_thresholding.ipynb"


class EditionError(ValueError):
    """Something that the learner can put right; the text says how."""


def installed() -> Lessons:
    """The lessons of this installation. Raises EditionError where it has none."""
    paths = [path for lesson in LESSONS if (path := lesson_path(lesson)).exists()]
    if not paths:
        raise EditionError(f"This installation has no lessons in {ROOT}. Install an edition of the course.")
    return {f"{path.parent.name}/{path.name}": parse(path.read_bytes(), str(path)) for path in paths}


def read_edition(place: Path) -> Lessons:
    """The lessons of another edition: a folder (a clone too), a zip file or a wheel. Raises EditionError for what is none."""
    if place.is_dir():
        files = {str(path.relative_to(place).as_posix()): path.read_bytes for path in place.rglob("lessons/*/*.ipynb")}
        return _lessons({name: read() for name, read in files.items() if ".ipynb_checkpoints" not in name}, place)
    try:
        with zipfile.ZipFile(place) as packed:
            names = [name for name in packed.namelist() if PurePosixPath(name).match("lessons/*/*.ipynb")]
            return _lessons({name: packed.read(name) for name in names}, place)
    except FileNotFoundError:
        raise EditionError(f"There is no {place}. Name an edition: a folder, a zip file or a wheel.") from None
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise EditionError(f"{place} cannot be read as an edition ({error}). Download it again.") from None


def _lessons(files: dict[str, bytes], place: Path) -> Lessons:
    if not files:
        raise EditionError(f"{place} holds no lessons. Name an edition: a folder, a zip file or a wheel.")
    try:
        return {"/".join(PurePosixPath(name).parts[-2:]): parse(data, name) for name, data in sorted(files.items())}
    except ValueError as error:
        raise EditionError(f"{place}: {error}") from None


def texts(lessons: Lessons) -> set[Text]:
    """The texts of all cells of these lessons."""
    return {text_of(cell) for notebook in lessons.values() for cell in notebook.cells}
