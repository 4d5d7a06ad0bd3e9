"""Where the lessons of this repository lie: sources in `solutions/`, notebooks for learners in `lessons/`."""

from pathlib import Path

import gradlab
from gradlab.course import LESSONS

CLONE = Path(__file__).resolve().parents[2]
ROOT = CLONE if (CLONE / "lessons" / "gradlab").is_dir() else Path(gradlab.__file__).with_name("edition")
"""The clone, or what an installed edition brought of it: `lessons/`, `assets/`, an instructor's `solutions/` too."""


def is_clone() -> bool:
    """Does gradlab run from a clone (or an unpacked edition), or from an installed wheel?"""
    return ROOT == CLONE


def source_path(lesson: str, root: Path = ROOT) -> Path:
    """Where an author writes a lesson."""
    return root / "solutions" / lesson / f"{LESSONS[lesson]}.py"


def lesson_path(lesson: str, root: Path = ROOT) -> Path:
    """Where a learner finds it."""
    return root / "lessons" / lesson / f"{LESSONS[lesson]}.ipynb"


def written_lessons(root: Path = ROOT) -> list[str]:
    """The lessons that have a source, in the course's order."""
    return [lesson for lesson in LESSONS if source_path(lesson, root).exists()]
