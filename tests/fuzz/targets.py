"""What is fuzzed: how an input is made, what must hold of it, and its share of a long run."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.fuzz import hand_ins, pages


@dataclass(frozen=True)
class Target:
    """One way in from a hand-in to the grader."""

    make: Callable[[Random], Any]
    check: Callable[[Any], None]
    share: int


TARGETS = {
    "html": Target(pages.some_html, pages.check_html, 40),
    "css": Target(pages.some_style, pages.check_style, 20),
    "markdown": Target(pages.some_markdown, pages.check_markdown, 3),
    "name": Target(hand_ins.some_name, hand_ins.check_name, 20),
    "message": Target(hand_ins.some_message, hand_ins.check_message, 10),
    "outputs": Target(hand_ins.some_outputs, hand_ins.check_outputs, 3),
    "archive": Target(hand_ins.some_archive, hand_ins.check_archive, 2),
    "notebook": Target(hand_ins.some_notebook, hand_ins.check_notebook, 1),
    "code": Target(hand_ins.some_code, hand_ins.check_code, 1),
}
