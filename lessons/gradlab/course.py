"""The course: its lessons in their order.

No list of lessons is written by hand. A package in `gradlab/lessons/`, or in the folder `lessons` of a package of somebody's own,
is a lesson; its `FOLDER` names the folder of its notebook, and the number in front of that name gives the order.
"""

import importlib
import pkgutil
import re
import warnings
from pathlib import Path


def _lessons() -> dict[str, str]:
    """Folder of the notebook → name of the package. A lesson that cannot be used is left out, and said."""
    found: dict[str, str] = {}
    for place in importlib.import_module("gradlab.lessons").__path__:
        for _, name, is_package in pkgutil.iter_modules([place]):
            if not is_package:
                continue
            try:
                folder = importlib.import_module(f"gradlab.lessons.{name}").FOLDER
            except Exception as error:  # whoever writes a lesson of their own can write anything
                trouble = f"it cannot be imported ({type(error).__name__}: {error}). Mend its __init__.py."
            else:
                if not re.match(r"\d\d-\w", str(folder)):
                    trouble = f"its FOLDER is {folder!r}, which is not like '07-my-lesson'. Mend its __init__.py."
                elif folder in found or name in found.values():
                    trouble = f"there is a lesson {name} or {folder} already. Choose another name and another number."
                else:
                    found[folder] = name
                    continue
            warnings.warn(f"The lesson in {Path(place, name)} is left out: {trouble}", stacklevel=1)
    return dict(sorted(found.items()))


LESSONS = _lessons()
"""The folder of each lesson's notebook → the name of the notebook and of the lesson's package, in the course's order."""


def lesson_package(lesson: str) -> Path:
    """The folder of the lesson's own package. Raises KeyError for a lesson that the course does not have."""
    return Path(importlib.import_module(f"gradlab.lessons.{LESSONS[lesson]}").__path__[0]).resolve()


def brought_by(lesson: str) -> Path:
    """The folder of the package that the lesson came with: gradlab itself, or a package of somebody's own."""
    return lesson_package(lesson).parents[1]


def lesson_named(text: str) -> str:
    """The folder of a lesson's notebook, also from its number ("1") or a beginning that only one of them has ("01-s").

    Raises ValueError with a sentence otherwise.
    """
    beginning = f"{int(text):02d}" if text.isdecimal() else text
    found = [folder for folder in LESSONS if folder.startswith(beginning)] if text else []
    if len(found) != 1:
        raise ValueError(f"There is no lesson {text!r}. The lessons are: {', '.join(LESSONS)}.")
    return found[0]
