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

    `unchecked` answers could not be checked; those that still wait for a person count in no other figure.
    `discrimination` is the corrected item-total correlation r(xᵢ, Σ_{j≠i} pⱼxⱼ), x the share earned, p the points
    (Ebel and Frisbie 1991, ch. 13); None where fewer than five students or no spread make it meaningless.
    """

    exercise: str
    points: float
    right: int
    half: int
    wrong: int
    untouched: int
    unchecked: int
    share: float | None
    discrimination: float | None


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
    rows = [[share_earned(mark, name) for name in points] for mark in marks]
    known = [row for row in rows if None not in row]
    whole = np.array(known, dtype=float).reshape(len(known), len(points))
    weights = np.array(list(points.values()))
    found = []
    for column, name in enumerate(points):
        outcomes = Counter(mark.verdicts.get(name, {}).get("outcome", "not attempted") for mark in marks)
        counts = (Outcome.RIGHT, Outcome.HALF, Outcome.WRONG, Outcome.NOT_ATTEMPTED, Outcome.UNCHECKABLE)
        earned = [row[column] for row in rows if row[column] is not None]
        rest = whole @ weights - whole[:, column] * weights[column]
        found.append(
            Item(
                name,
                points[name],
                *(outcomes[each] for each in counts),
                float(np.mean(earned)) if earned else None,
                _correlation(whole[:, column], rest),
            )
        )
    return found


def share_earned(mark: Mark, exercise: str) -> float | None:
    """The share of its points that an exercise earned, also by a person; None while a person has to say.

    Without points, as marks of an earlier version have it, it is the share that the verdict stands for.
    """
    outcome = mark.verdicts.get(exercise, {}).get("outcome")
    earned, worth = mark.points.get(exercise, 0.0), mark.worth.get(exercise, 0.0)
    if outcome == Outcome.UNCHECKABLE and mark.needs_manual_grade and not earned:
        return None
    return earned / worth if worth else SHARES.get(outcome, 0.0)


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
