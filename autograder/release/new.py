"""Start a new lesson or a new exercise: files that build, check, examine and grade as they stand, to be written over."""

import os
import re
from pathlib import Path
from string import Template

from autograder.notebooks.places import GRADLAB, ROOT, bank_path, source_path
from autograder.release.own_home import TEMPLATES, NewError, package_in, project_files
from gradlab.course import LESSONS, lesson_package
from gradlab.exercises.registry import lesson_with

FOLDER = re.compile(r"\d\d-[a-z][a-z0-9]*(-[a-z0-9]+)*")


def new_lesson(folder: str, home: Path = ROOT) -> list[Path]:
    """Write a lesson with one prediction, one explorer and one exercise; returns the files.

    `folder` is the name of the lesson's folder: two digits, which give the order, and words in small letters. `home` is the
    clone, or a folder for lessons of one's own, which becomes a project that pip installs. Raises NewError for a name that
    cannot be, and where a file is there already.
    """
    if not FOLDER.fullmatch(folder):
        raise NewError(
            f"A lesson is called like 07-my-lesson: two digits, then words in small letters; {folder!r} is not."
        )
    name = folder[3:].replace("-", "_")
    taken = next((each for each in LESSONS if each[:2] == folder[:2] or LESSONS[each] == name), None)
    if taken:
        raise NewError(f"There is {taken} already. Choose another number and another name.")
    home, files = Path(os.path.abspath(home)), {}  # a link keeps its name, which becomes that of the package
    package = GRADLAB.name if home.resolve() == ROOT else package_in(home)
    if package is None:
        package, files = project_files(home)
    number, title, figure = int(folder[:2]), folder[3:].replace("-", " ").capitalize(), f"{name}_line"
    lesson = home / "lessons" / package / "lessons" / name
    files |= {
        lesson / "__init__.py": f'"""Lesson {number}: {title}."""\n\nFOLDER = "{folder}"\n',
        lesson / "exercises" / "__init__.py": f'"""The exercises of lesson {number}, one module each."""\n',
        lesson / "explorers" / "__init__.py": _gathering(number),
        lesson / "explorers" / f"{figure}.py": _filled("explorer", figure=figure),
        lesson / "predictions.py": _filled("predictions", package=name),
    }
    source = home / "solutions" / folder / f"{name}.py"
    text = _filled("solution", title=title, package=name, figure=figure)
    bank = home / "tests" / "answers" / name
    return _write(files | _exercise(f"{name}_example", lesson, bank) | {source: text + _answer(f"{name}_example")})


def new_exercise(lesson: str, name: str) -> list[Path]:
    """Write an exercise of a lesson and add its answer cell to the lesson's source; returns the files.

    Raises NewError for a name that is no name of a function, or that another exercise has.
    """
    if not name.isidentifier():
        raise NewError(f"An exercise is called as the function that the learner writes; {name!r} cannot be one.")
    try:
        other = lesson_with(name)
    except KeyError:
        written, source = _write(_exercise(name, lesson_package(lesson), bank_path(lesson))), source_path(lesson)
        source.write_text(source.read_text(encoding="utf-8").rstrip() + "\n" + _answer(name), encoding="utf-8")
        return [*written, source]
    raise NewError(f"There is an exercise called {name} in {other} already. Choose another name.")


def _exercise(name: str, lesson: Path, bank: Path) -> dict[Path, str]:
    """The files of an exercise: of the lesson's package, and of its bank."""
    return {
        lesson / "exercises" / f"{name}.py": _filled("exercise", exercise=name, heading=_heading(name)),
        lesson / "exercises" / f"{name}.mistakes.py": _filled("mistakes", exercise=name),
        bank / f"{name}.py": _filled("bank", exercise=name),
    }


def _answer(name: str) -> str:
    """The answer cell of an exercise, as a piece of a lesson's source."""
    return _filled("answer", exercise=name, heading=_heading(name))


def _heading(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _filled(template: str, **words: str) -> str:
    return Template((TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")).substitute(words)


def _gathering(number: int) -> str:
    return (
        f'"""The figures with sliders of lesson {number}: `explorers.NAME(…)` calls the function NAME of the module NAME."""\n\n'
        "from gradlab.explore.gather import gather_figures\n\nglobals().update(gather_figures(__name__, __path__))\n"
    )


def _write(files: dict[Path, str]) -> list[Path]:
    """Write files that are not there yet. Raises NewError, and writes none, where one is."""
    if there := next((path for path in files if path.exists()), None):
        raise NewError(f"{there} exists already; nothing was overwritten. Move it away, or choose another name.")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)
