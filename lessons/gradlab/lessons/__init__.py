<<<<<<< HEAD
"""One package a lesson: its exercises, its explorers, and the functions that its checks hand to an answer."""
=======
"""The lessons of the course: one package a lesson, which holds its exercises, its explorers and its functions.

No list of lessons is written by hand. A package in this folder is a lesson; its `FOLDER` names the folder of its
notebook, and the number in front of that name gives the order.
"""

import importlib
import pkgutil


def _lessons() -> dict[str, str]:
    packages = [name for _, name, is_package in pkgutil.iter_modules(__path__) if is_package]
    folders = {importlib.import_module(f"{__name__}.{name}").FOLDER: name for name in packages}
    return dict(sorted(folders.items()))


LESSONS = _lessons()
"""The folder of each lesson's notebook → the name of the notebook and of the lesson's package, in order."""
>>>>>>> pictures
