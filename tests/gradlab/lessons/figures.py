"""Every figure with sliders of every lesson, as an Explorer that a test can look into."""

from collections.abc import Callable
from importlib import import_module

from gradlab.course import LESSONS
from gradlab.explore.display import instead_of_page
from gradlab.explore.explorer import Explorer
from gradlab.explore.gather import gather_figures


def figures_of(lesson: str) -> dict[str, Callable[..., None]]:
    """The figures of a lesson's package by name."""
    package = import_module(f"gradlab.lessons.{lesson}.explorers")
    return gather_figures(package.__name__, package.__path__)


FIGURES = {f"{lesson}.{name}": figure for lesson in LESSONS.values() for name, figure in figures_of(lesson).items()}


def explorer_of(figure: Callable[..., None], **start: object) -> Explorer:
    """The explorer that a figure's call would show."""
    made: list[Explorer] = []
    with instead_of_page(made.append):
        figure(**start)
    (explorer,) = made
    return explorer
