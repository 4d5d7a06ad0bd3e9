"""Start a new lesson or a new exercise: files that build, check, examine and grade as they stand, to be written over."""

import re
from pathlib import Path
from string import Template

from autograder.notebooks.places import ROOT
from gradlab.course import LESSONS
from gradlab.exercises.registry import find_exercise

TEMPLATES = Path(__file__).with_name("templates")
FOLDER = re.compile(r"\d\d-[a-z][a-z0-9]*(-[a-z0-9]+)*")


class NewError(ValueError):
    """Something that its author can put right; the text says how."""


def new_lesson(folder: str, root: Path = ROOT) -> list[Path]:
    """Write a lesson with one prediction, one explorer and one exercise; returns the files. Raises NewError for a name that cannot be.

    `folder` is the name of the lesson's folder: two digits, which give the order, and words in small letters.
    """
    if not FOLDER.fullmatch(folder):
        raise NewError(
            f"A lesson is called like 07-my-lesson: two digits, then words in small letters; {folder!r} is not."
        )
    package = folder[3:].replace("-", "_")
    taken = next((name for name in LESSONS if name[:2] == folder[:2] or LESSONS[name] == package), None)
    if taken:
        raise NewError(f"There is {taken} already. Choose another number and another name.")
    title = folder[3:].replace("-", " ").capitalize()
    figure = f"{package}_line"
    home = root / "lessons" / "gradlab" / "lessons" / package
    written = [
        _write(home / "__init__.py", f'"""Lesson {int(folder[:2])}: {title}."""\n\nFOLDER = "{folder}"\n'),
        _write(
            home / "exercises" / "__init__.py", f'"""The exercises of lesson {int(folder[:2])}, one module each."""\n'
        ),
        _write(home / "explorers" / "__init__.py", _gathering(int(folder[:2]))),
        _write(home / "explorers" / f"{figure}.py", _filled("explorer", figure=figure)),
        _write(home / "predictions.py", _filled("predictions", package=package)),
        _write(
            root / "solutions" / folder / f"{package}.py",
            _filled("solution", title=title, package=package, figure=figure),
        ),
    ]
    return written + _exercise(root, folder, package, f"{package}_example")


def new_exercise(lesson: str, name: str, root: Path = ROOT) -> list[Path]:
    """Write an exercise of a lesson and add its answer cell to the lesson's source; returns the files.

    Raises NewError for a name that is no name of a function, or that another exercise has.
    """
    if not name.isidentifier():
        raise NewError(f"An exercise is called as the function that the learner writes; {name!r} cannot be one.")
    try:
        find_exercise(name)
    except KeyError:
        return _exercise(root, lesson, LESSONS[lesson], name)
    raise NewError(f"There is an exercise called {name} already. Choose another name.")


def _exercise(root: Path, lesson: str, package: str, name: str) -> list[Path]:
    heading = name.replace("_", " ").capitalize()
    source = root / "solutions" / lesson / f"{package}.py"
    answer = _filled("answer", exercise=name, heading=heading)
    source.write_text(source.read_text(encoding="utf-8").rstrip() + "\n" + answer, encoding="utf-8")
    home = root / "lessons" / "gradlab" / "lessons" / package / "exercises"
    return [
        _write(home / f"{name}.py", _filled("exercise", exercise=name, heading=heading)),
        _write(home / f"{name}.mistakes.py", _filled("mistakes", exercise=name)),
        _write(root / "tests" / "answers" / package / f"{name}.py", _filled("bank", exercise=name)),
        source,
    ]


def _filled(template: str, **words: str) -> str:
    return Template((TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")).substitute(words)


def _gathering(number: int) -> str:
    return (
        f'"""The figures with sliders of lesson {number}: `explorers.NAME(…)` calls the function NAME of the module NAME."""\n\n'
        "from gradlab.explore.gather import gather_figures\n\nglobals().update(gather_figures(__name__, __path__))\n"
    )


def _write(path: Path, text: str) -> Path:
    """Write a file that is not there yet. Raises NewError where it is."""
    if path.exists():
        raise NewError(f"{path} exists already; nothing was overwritten. Move it away, or choose another name.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
