"""The course's own functions are not an answer: a function that answers an exercise refuses to be called by one.

While the answer to an exercise is being looked at, the process that holds the answer says which exercise it is. A function of
gradlab that would do the learner's work names those exercises in its first line: `not_for("soft_abs", "soft_sign")`.
"""

import contextlib
from collections.abc import Iterator

_looked_at: list[str] = []


class NotYourOwn(Exception):
    """Raised by a function of gradlab that was called from an answer to an exercise which it would answer."""


@contextlib.contextmanager
def looking_at(exercise: str) -> Iterator[None]:
    """For the length of the block the answer to this exercise is being looked at; no exercise at all: ""."""
    _looked_at.append(exercise)
    try:
        yield
    finally:
        _looked_at.pop()


def not_for(*exercises: str) -> None:
    """Refuse to go on while the answer to one of these exercises is being looked at. Raises NotYourOwn."""
    if _looked_at and _looked_at[-1] in exercises:
        raise NotYourOwn(
            f"This function of gradlab answers `{_looked_at[-1]}`. Use it anywhere else, and write your own for the exercise."
        )
