"""A folder with lessons of somebody's own: a project that pip installs, which names its package under an entry point."""

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path
from string import Template

from autograder.notebooks.places import home_with, lesson_packages

TEMPLATES = Path(__file__).with_name("templates")
GROUP = "gradlab.lessons"


class NewError(ValueError):
    """Something that its author can put right; the text says how."""


def package_in(home: Path) -> str | None:
    """The package of lessons that a folder's project names; None where there is no project yet.

    Raises NewError for a project that names none in `lessons/`, or cannot be read.
    """
    path = home / "pyproject.toml"
    if not path.exists():
        return None
    try:
        project = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NewError(f"{path} cannot be read ({error}). Mend it, then try again.") from None
    try:
        (package,) = project["project"]["entry-points"][GROUP].values()
        there = (home / "lessons" / package).is_dir()
    except (KeyError, ValueError, TypeError, AttributeError):  # TOML may hold anything there
        there = False
    if not there:
        raise NewError(
            f"{path} belongs to a project without lessons. Choose a new folder for them, or add to it:  "
            f'[project.entry-points."{GROUP}"]  and below it  NAME = "NAME",  where lessons/NAME is the package.'
        )
    return package


def is_installed(home: Path) -> bool:
    """Does gradlab find the lessons in this folder?"""
    return home.resolve() in map(home_with, lesson_packages())


def project_files(home: Path) -> tuple[str, dict[Path, str]]:
    """The name of the package for lessons in a folder that has no project yet, and the files that make it one.

    Raises NewError where the folder's name gives no package, or one that is there already.
    """
    distribution = re.sub(r"[^a-z0-9]+", "-", home.name.lower()).strip("-")
    package = distribution.replace("-", "_")
    if not package.isidentifier():
        raise NewError(f"A folder of lessons is called like my-lessons, with a letter first; {home.name!r} is not.")
    known = find_spec(package)
    if known and known.origin:
        raise NewError(f"There is a Python package {package} already, at {known.origin}. Call the folder otherwise.")
    project = Template((TEMPLATES / "project.txt").read_text(encoding="utf-8"))
    hook = Path(__file__).with_name("wheel_contents.py").read_text(encoding="utf-8")
    return package, {
        home / "pyproject.toml": project.substitute(distribution=distribution, package=package),
        home / "hatch_build.py": hook,
        home / "lessons" / package / "__init__.py": '"""Lessons for gradlab."""\n',
    }
