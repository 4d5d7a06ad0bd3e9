"""The course: its lessons in their order.

No list of lessons is written by hand. A package in `gradlab/lessons/` is a lesson; its `FOLDER` names the folder of its notebook,
and the number in front of that name gives the order.
"""

import importlib
import pkgutil
from pathlib import Path


def _lessons() -> dict[str, str]:
    packages = [
        name for _, name, is_package in pkgutil.iter_modules([str(Path(__file__).with_name("lessons"))]) if is_package
    ]
    folders = {importlib.import_module(f"gradlab.lessons.{name}").FOLDER: name for name in packages}
    return dict(sorted(folders.items()))


LESSONS = _lessons()
"""The folder of each lesson's notebook → the name of the notebook and of the lesson's package, in the course's order."""


def lesson_named(text: str) -> str:
    """The folder of a lesson's notebook, also from its number ("1") or a beginning that only one of them has ("01-s").

    Raises ValueError with a sentence otherwise.
    """
    beginning = f"{int(text):02d}" if text.isdecimal() else text
    found = [folder for folder in LESSONS if folder.startswith(beginning)] if text else []
    if len(found) != 1:
        raise ValueError(f"There is no lesson {text!r}. The lessons are: {', '.join(LESSONS)}.")
    return found[0]
