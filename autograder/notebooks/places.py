"""Where lessons lie: sources in `solutions/`, notebooks for learners in `lessons/`, of this repository or of another folder.

Lessons of somebody's own lie in a folder of the same layout, with a package of its own name in the place of `lessons/gradlab`.
"""

from pathlib import Path

import gradlab.lessons
from gradlab.course import LESSONS, brought_by

EDITION = "edition"


def home_with(package: Path) -> Path:
    """The folder that holds `lessons/` and `solutions/` beside a package with lessons, or what a wheel brought of it."""
    installed = package.resolve() / EDITION
    return installed if installed.is_dir() else installed.parents[2]


GRADLAB = Path(gradlab.__file__).resolve().parent
ROOT = home_with(GRADLAB)
"""The clone, or what an installed edition brought of it: `lessons/`, `assets/`, an instructor's `solutions/` too."""


def is_clone(package: Path = GRADLAB) -> bool:
    """Does gradlab, or a package with lessons of somebody's own, lie in a clone or an unpacked edition, or is it installed?"""
    return not (package / EDITION).is_dir()


def lesson_packages() -> list[Path]:
    """The folders of all packages that bring lessons: gradlab, and those of somebody's own."""
    return [Path(place).absolute().parent for place in gradlab.lessons.__path__]


def home_of(lesson: str) -> Path:
    """The folder that holds `solutions/` and `lessons/` of a lesson: `ROOT`, or that of somebody's own lessons."""
    return home_with(brought_by(lesson))


def source_path(lesson: str, home: Path | None = None) -> Path:
    """Where an author writes a lesson."""
    return (home or home_of(lesson)) / "solutions" / lesson / f"{LESSONS[lesson]}.py"


def lesson_path(lesson: str, home: Path | None = None) -> Path:
    """Where a learner finds it."""
    return (home or home_of(lesson)) / "lessons" / lesson / f"{LESSONS[lesson]}.ipynb"


def bank_path(lesson: str, home: Path | None = None) -> Path:
    """The folder of the lesson's bank of right and wrong answers."""
    return (home or home_of(lesson)) / "tests" / "answers" / LESSONS[lesson]


def written_lessons() -> list[str]:
    """The lessons that have a source, in the course's order."""
    return [lesson for lesson in LESSONS if source_path(lesson).exists()]
