"""The course's own functions are not an answer: a function that answers an exercise says so when an answer calls it.

While the answer to an exercise is being looked at, the process that holds the answer knows which exercise it is. A function
of gradlab that would do the learner's work names such exercises in its first line: `not_for("soft_abs", "soft_sign")`. One
that differentiates or solves any function could do it in many exercises, and names those in which it may be used instead:
`only_for("argmin_layer")`. What an answer borrowed so is told with the rest of what was seen, and earns nothing.
"""

import contextlib
import sys
from collections.abc import Iterator
from types import FrameType

_looks: list[tuple[str, dict[str, None]]] = []  # the exercise that is being looked at, and what its answer borrowed


@contextlib.contextmanager
def looking_at(exercise: str) -> Iterator[dict[str, None]]:
    """For the length of the block the answer to this exercise is being looked at; gives the names that it borrows.

    No exercise at all is "": the references and the known mistakes may borrow.
    """
    borrowed: dict[str, None] = {}
    _looks.append((exercise, borrowed))
    try:
        yield borrowed
    finally:
        _looks.pop()


def not_for(*exercises: str) -> None:
    """Say that the calling function answers these exercises; it is noted if the answer to one of them called it."""
    if _looks and _looks[-1][0] in exercises:
        _note(sys._getframe(1))


def only_for(*exercises: str) -> None:
    """Say that the calling function differentiates or solves whatever it is given: it is noted in all exercises but these."""
    if _looks and _looks[-1][0] not in ("", *exercises):
        _note(sys._getframe(1))


def _note(caller: FrameType) -> None:
    name = caller.f_code.co_qualname  # a function in a table has no name of its own
    _looks[-1][1][caller.f_globals["__name__"] if "<" in name else name] = None
