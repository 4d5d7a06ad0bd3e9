"""Item statistics of a class: how hard each exercise was, how well it separates, which misconceptions the class has."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.stats import pearsonr

from autograder.desk.grade.marks import Mark
from gradlab.exercises.verdict import SHARES, Outcome

FEWEST = 5  # students; a correlation of fewer says nothing


@dataclass(frozen=True)
class Item:
    """One exercise: counts of outcomes, the share of its points that the class has, its correlation with the rest.

    `discrimination` is the corrected item-total correlation r(xᵢ, Σ_{j≠i} pⱼxⱼ), x the share earned, p the points
    (Ebel and Frisbie 1991, ch. 13); None where fewer than five students or no spread make it meaningless.
    """

    exercise: str
    points: float
    right: int
    half: int
    wrong: int
    untouched: int
    discrimination: float | None

    @property
    def share(self) -> float:
        """The share of its points that the class has."""
        return (self.right + self.half / 2) / max(1, self.right + self.half + self.wrong + self.untouched)


@dataclass(frozen=True)
class MisconceptionCount:
    """A known wrong answer of this class: how often, and what was said of it."""

    exercise: str
    label: str
    count: int
    sentence: str
    students: tuple[str, ...]


def items(marks: list[Mark], points: dict[str, float]) -> list[Item]:
    """The statistics of every exercise in `points` (its order), over the marked hand-ins."""
    table = np.array([[share_earned(mark.verdicts.get(name, {})) for name in points] for mark in marks], dtype=float)
    weights = np.array(list(points.values()))
    found = []
    for column, name in enumerate(points):
        outcomes = Counter(mark.verdicts.get(name, {}).get("outcome", "not attempted") for mark in marks)
        rest = table @ weights - table[:, column] * weights[column] if marks else np.zeros(0)
        counts = [outcomes[each] for each in (Outcome.RIGHT, Outcome.HALF, Outcome.NOT_ATTEMPTED)]
        right, half, untouched = counts
        wrong = len(marks) - sum(counts)
        separation = _correlation(table[:, column], rest) if marks else None
        found.append(Item(name, points[name], right, half, wrong, untouched, separation))
    return found


def share_earned(verdict: dict) -> float:
    """The share of the points that a verdict in a marked notebook stands for."""
    return SHARES.get(verdict.get("outcome"), 0.0)


def _correlation(x: np.ndarray, y: np.ndarray) -> float | None:
    if len(x) < FEWEST or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return float(pearsonr(x, y).statistic)


def misconceptions(marks: list[Mark]) -> list[MisconceptionCount]:
    """What the answers that are wrong or half right have in common, the most frequent first."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for mark in marks:
        for exercise, verdict in mark.verdicts.items():
            if verdict["outcome"] in (Outcome.HALF, Outcome.WRONG):
                found.setdefault((exercise, verdict["misconception"]), []).append((mark.student, verdict["message"]))
    made = [
        MisconceptionCount(
            exercise, label, len(seen), Counter(m for _, m in seen).most_common(1)[0][0], tuple(s for s, _ in seen)
        )
        for (exercise, label), seen in found.items()
    ]
    return sorted(made, key=lambda each: (-each.count, each.exercise, each.label))


@dataclass(frozen=True)
class TextAnswer:
    """A question that a person marks: how many have marks, their mean, and how many hand-ins still wait."""

    exercise: str
    marked: int
    mean: float
    waiting: int


def text_answers(marks: list[Mark]) -> list[TextAnswer]:
    """The text answers of a lesson. A hand-in that waits for a person counts as waiting for each of its texts."""
    names = dict.fromkeys(name for mark in marks for name in mark.points if name not in mark.verdicts)
    done = [mark for mark in marks if not mark.needs_manual_grade]
    waiting = len(marks) - len(done)
    return [
        TextAnswer(name, len(done), float(np.mean([mark.points.get(name, 0.0) for mark in done] or [0.0])), waiting)
        for name in names
    ]
