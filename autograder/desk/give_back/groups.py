"""One hand-in counts for its whole group of the class list."""

from dataclasses import replace

from autograder.desk.give_back.standings import EXEMPT, MISSING, NOT_DUE, NOT_MARKED, Standing
from autograder.desk.grade.up_to_date import CHANGED, LESSON_CHANGED, MARKED

WORST_FIRST = (NOT_MARKED, CHANGED, LESSON_CHANGED, MARKED)
"""States of hand-ins: that of a group is the first that one of its hand-ins has."""


def shared(found: list[Standing]) -> tuple[list[Standing], list[str]]:
    """Every member of a group with the state and the mark of the group, and what to say of groups.

    The best of a group's hand-ins counts. While one of them is not marked, the group has no mark: that one may be the
    best. Who is exempt is left out of it, and so is a group that handed in nothing.
    """
    members: dict[str, list[Standing]] = {}
    for each in found:
        if each.person.group and each.state not in (EXEMPT, MISSING, NOT_DUE):
            members.setdefault(each.person.group, []).append(each)
    of_groups = {group: _one(theirs) for group, theirs in members.items()}
    notes = [
        f"Group {group} handed in more than once, with different marks: {_listed(theirs)}. The best counts for all."
        for group, theirs in members.items()
        if len({each.mark.score for each in theirs if each.mark}) > 1
    ]
    notes += [
        f"Group {group} has no mark while a hand-in of it is not marked: {', '.join(waiting)}."
        for group, theirs in members.items()
        if (waiting := [each.person.id for each in theirs if each.state == NOT_MARKED])
    ]
    every = []
    for each in found:
        one = of_groups.get(each.person.group) if each.state != EXEMPT else None
        every.append(replace(each, state=one.state, mark=one.mark) if one else each)
    return every, notes


def _one(theirs: list[Standing]) -> Standing:
    """The hand-in of a group that counts, with the state of them all."""
    state = min((each.state for each in theirs), key=WORST_FIRST.index)
    marks = [each.mark for each in theirs if each.mark]
    if state == NOT_MARKED or not marks:
        return replace(theirs[0], state=NOT_MARKED, mark=None)
    best = max(marks, key=lambda mark: mark.score)
    waits = any(mark.needs_manual_grade for mark in marks)
    return replace(theirs[0], state=state, mark=replace(best, needs_manual_grade=waits))


def _listed(theirs: list[Standing]) -> str:
    return ", ".join(f"{each.person.id} {round(each.mark.score, 4):g}" for each in theirs if each.mark)
