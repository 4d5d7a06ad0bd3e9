"""What an exercise asks for, and the known ways to get it wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gradlab.exercises.case import ANYTHING, Anything, Between, Raises
from gradlab.probe import Answer, Call


@dataclass(frozen=True)
class Case:
    """One call and what must come of it.

    `expected` is a tensor, a number, a bool, None, text, a list or tuple of these, `Between`, `Raises`, or ANYTHING.
    `gradients` maps names asked for in the call to what the gradient must be (a tensor or `Between`).
    Tolerances default by dtype: 1e-9 relative in float64, 2e-5 in float32; `atol` likewise, in units of the largest
    expected entry. `about` ends up in the message: "in the dead zone".
    """

    call: Call
    expected: Any
    gradients: dict[str, Any] = field(default_factory=dict)
    rtol: float | None = None
    atol: float | None = None
    about: str = ""


@dataclass(frozen=True)
class Misconception:
    """A known wrong answer: its label, the sentence that it earns, and how to recognise it.

    `fits(case, answer)` says whether this wrong answer would have shown what was seen. `look` names the passage of the
    lesson that helps.
    """

    label: str
    sentence: str
    fits: Callable[[Case, Answer], bool]
    look: str = ""


@dataclass(frozen=True)
class Exercise:
    """Name and argument names of an exercise, the rules its answer keeps, and its misconceptions, most telling first.

    `graph` lists the arguments from which the autograd graph must be kept.
    """

    name: str
    arguments: tuple[str, ...]
    graph: tuple[str, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    look: str = ""
