"""A hash of the code that decides the marks of a lesson: whoever edits one lesson has no other lesson marked again."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import autograder
import gradlab
from gradlab.course import LESSONS, lesson_package

ENGINE = ("gradlab/exercises", "gradlab/probe", "gradlab/maths")
GRADER = ("gradlab/exercises", "autograder/marking", "autograder/sandbox/limits.py")


def decisive_files(lesson: str, home: tuple[Path, Path]) -> list[Path]:
    """The Python files that the marks of a lesson depend on, below the folders that hold `autograder` and `gradlab`."""
    autograder_home, gradlab_home = home
    places = [autograder_home / name for name in GRADER]
    places += [gradlab_home / name for name in ENGINE]
    ours = gradlab_home / "gradlab" / "lessons" / LESSONS[lesson]
    places.append(ours if ours.is_dir() else lesson_package(lesson))
    files = {file for place in places for file in ([place] if place.is_file() else place.rglob("*.py"))}
    return sorted(files)


@cache
def code_version(lesson: str, home: tuple[Path, Path] | None = None) -> str:
    """A hash of the lesson's own package, of the engine, of the grader's side and of the version of torch."""
    home = home or (Path(autograder.__file__).parents[1], Path(gradlab.__file__).parents[1])
    digest = hashlib.sha256(version("torch").encode())
    for file in decisive_files(lesson, home):
        digest.update(f"{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()
