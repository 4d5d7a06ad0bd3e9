"""One package a lesson: its exercises, its explorers, and the functions that its checks hand to an answer.

Lessons of somebody's own are found here too, `gradlab.lessons.NAME`, wherever they lie: an installed package that names itself
under the entry point `gradlab.lessons` brings those in its folder `lessons`.
"""

import warnings
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path


def _folders_of(package: str) -> list[str]:
    """Where a package lies, found without importing it; nothing where there is none."""
    try:
        found = find_spec(package)
    except (ImportError, ValueError):
        return []
    return list(found.submodule_search_locations or ()) if found else []


for _entry in entry_points(group="gradlab.lessons"):
    _folders = _folders_of(_entry.value)
    if not _folders:
        warnings.warn(
            f"There is no package {_entry.value}, whose lessons were installed: its folder was moved or removed. "
            f"Install it again, or remove it:  pip uninstall {_entry.dist.name if _entry.dist else _entry.name}",
            stacklevel=1,
        )
    __path__ += [str(Path(folder, "lessons")) for folder in _folders]
