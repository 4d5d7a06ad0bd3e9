"""What a check or an exam says of an answer."""

from dataclasses import dataclass, field, replace
from enum import StrEnum


class Outcome(StrEnum):
    """What can be said of an answer."""

    RIGHT = "right"
    HALF = "half right"
    WRONG = "wrong"
    NOT_ATTEMPTED = "not attempted"
    UNCHECKABLE = "cannot be checked"


@dataclass(frozen=True)
class Curve:
    """Where an answer leaves the truth: the same points, what was expected, what came back."""

    points: tuple[float, ...]
    expected: tuple[float, ...]
    returned: tuple[float, ...]
    label: str = "x"


@dataclass(frozen=True)
class Verdict:
    """One sentence each: what was called, what came back, what was expected, what is wrong, where to look.

    `misconception` is the label of a known wrong answer or of the rung of the ladder that failed; None when the answer
    is right.
    """

    outcome: Outcome
    exercise: str
    message: str
    misconception: str | None = None
    called: str = ""
    returned: str = ""
    expected: str = ""
    look: str = ""
    traceback: str = ""
    curve: Curve | None = field(default=None, compare=False)

    @property
    def right(self) -> bool:
        return self.outcome is Outcome.RIGHT

    @property
    def share(self) -> float:
        """The share of the points that the answer earns."""
        return SHARES.get(self.outcome, 0.0)

    @property
    def text(self) -> str:
        """The whole verdict as plain lines, for terminals, logs and feedback."""
        rows = [("called", self.called), ("came back", self.returned), ("expected", self.expected)]
        lines = [f"{SIGNS[self.outcome]} {self.exercise}: {self.outcome}. {self.message}".rstrip()]
        lines += [f"    {name:9} {value}" for name, value in rows if value]
        if self.look:
            lines.append(f"    look at   {self.look}")
        return "\n".join(lines)


SIGNS = {
    Outcome.RIGHT: "✓",
    Outcome.HALF: "◐",
    Outcome.WRONG: "✗",
    Outcome.NOT_ATTEMPTED: "○",
    Outcome.UNCHECKABLE: "?",
}

SHARES = {Outcome.RIGHT: 1.0, Outcome.HALF: 0.5}
"""The share of the points that an outcome earns; every other one earns nothing."""


def right(exercise: str, message: str = "") -> Verdict:
    """The answer is right."""
    return Verdict(Outcome.RIGHT, exercise, message)


def wrong(exercise: str, misconception: str, message: str, *, curve: Curve | None = None, **details: str) -> Verdict:
    """The answer is wrong, and this is what is wrong with it."""
    return Verdict(Outcome.WRONG, exercise, message, misconception, curve=curve, **details)


def half_right(found: Verdict) -> Verdict:
    """Every ordinary value is right, and what was found wrong is the other half of the points."""
    return replace(found, outcome=Outcome.HALF)


def not_attempted(exercise: str) -> Verdict:
    """The stub is untouched."""
    return Verdict(
        Outcome.NOT_ATTEMPTED,
        exercise,
        "Write your answer in the cell above, run that cell, then run this one again.",
        "not-attempted",
    )
