"""Hand-ins against the class list: who is missing, who is not on it, and whom a name alone does not tell."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from autograder.desk.collect.collect import NOT_NEEDED, Collected
from autograder.desk.course.matching import namesakes
from autograder.desk.course.names import alike, identifier, name_key, shown_name
from autograder.desk.course.people import People
from autograder.desk.course.person import Person

NOT_LISTED = "not on the class list"
MOST_NAMED = 20
SEPARATORS = str.maketrans("", "", "-._")


@dataclass(frozen=True)
class ClassListComparison:
    """The table with what the class list adds to it, and sentences about the people in it."""

    said: list[Collected]
    missing: list[str]
    not_listed: list[str]
    unclear: list[str]
    """Sentences about people who cannot be told apart; somebody has to do something about each."""


def compare(people: People, lesson: str, said: list[Collected]) -> ClassListComparison:
    """Compare what was collected now, and before, with the class list that the course has."""
    everybody = people.by_id.values()
    missing = people.missing(lesson)
    has_list = any(each.on_roster for each in everybody)
    handed_in = {*people.course.submitted(lesson), *(one.student for one in said if one.student)}
    strangers = [people.get(id) for id in sorted(handed_in) if not people.get(id).on_roster] if has_list else []
    groups = _unclear(missing, strangers)
    unclear = {each.id for rows, hand_ins in groups for each in (*rows, *hand_ins)}
    now = {one.student for one in said if one.state != NOT_NEEDED}
    not_listed = [each for each in strangers if each.id in now and each.id not in unclear]
    remarks = {each.id: NOT_LISTED for each in not_listed}
    remarks |= {
        each.id: "its name does not tell who of the class list it is" for each in strangers if each.id in unclear
    }
    sentences = _two_platforms(groups) or [_sentence(rows, hand_ins) for rows, hand_ins in groups]
    return ClassListComparison(
        [_with(one, remarks.get(one.student, "")) for one in said],
        _labels([each for each in missing if each.id not in unclear]),
        _labels(not_listed),
        sentences + _like_one_another([people.get(id) for id in sorted(now - {""} - unclear)]),
    )


def _unclear(missing: list[Person], strangers: list[Person]) -> list[tuple[list[Person], list[Person]]]:
    """People of the list who wait for a hand-in, with those hand-ins of their name that may be theirs."""
    groups: dict[tuple[str, ...], tuple[list[Person], list[Person]]] = {}
    for hand_in in strangers:
        rows = [row for row in missing if alike(row.name, hand_in.name) and _may_be_one(row, hand_in)]
        if rows:
            groups.setdefault(tuple(row.id for row in rows), (rows, []))[1].append(hand_in)
    return list(groups.values())


def _may_be_one(row: Person, hand_in: Person) -> bool:
    """Whether somebody of the list and of a hand-in, of one name, may be one: not where both have a platform's number."""
    return not (row.is_numbered and hand_in.is_numbered and row.platform == hand_in.platform)


def _two_platforms(groups: list[tuple[list[Person], list[Person]]]) -> list[str]:
    """The sentence for a class list of one platform and hand-ins of another; nothing where it is not so."""
    pairs = {
        (row.platform.capitalize(), hand_in.platform.capitalize())
        for rows, hand_ins in groups
        for row in rows
        for hand_in in hand_ins
    }
    if len(pairs) != 1 or not all(all(pair) for pair in pairs):
        return []
    [(listed, handed_in)] = pairs
    names = _some(_labels([row for rows, _ in groups for row in rows]))
    return [
        f"The class list and the hand-ins seem to be of two platforms: the numbers of the list are {listed}'s, those of the "
        f"hand-ins {handed_in}'s, and the names are the same ({names}). Nobody was guessed, and the hand-ins are "
        f"collected as people who are not on the list. Collect again with the class list of {handed_in}."
    ]


def _sentence(rows: list[Person], hand_ins: list[Person]) -> str:
    listed = "; ".join(f"{shown_name(row.name)} ({_details(row) or row.id})" for row in rows)
    given = ", ".join(hand_in.id for hand_in in hand_ins)
    numbers = ", ".join(hand_in.number for hand_in in hand_ins if hand_in.number)
    way = f"the platform's number ({numbers})" if numbers else f"the name of the folder ({given})"
    return (
        f"A name alone does not tell who is who: on the class list {'are' if len(rows) > 1 else 'is'} {listed}; of that name "
        f"{'are the hand-ins' if len(hand_ins) > 1 else 'is the hand-in'} {given}. Nobody was guessed: what came is "
        f"collected under {'these ids' if len(hand_ins) > 1 else 'this id'}. Write {way} into a column `ID` of the class list, "
        "in the row of whom it is, and collect again."
    )


def _like_one_another(people: list[Person]) -> list[str]:
    """Folders whose names differ in letters' case or signs only, or that are called like somebody else."""
    groups: dict[object, list[Person]] = {}
    for each in people:
        for key in (name_key(each.name), identifier(each.name).translate(SEPARATORS)):
            groups.setdefault(key, []).append(each)
    alike = {tuple(each.id for each in same): same for key, same in groups.items() if key and len(same) > 1}
    sentences = []
    for same in alike.values():
        if any(not (each.is_numbered or each.on_roster) for each in same):
            named = ", ".join(f"{shown_name(each.name)} ({each.id})" for each in same)
            sentences.append(
                f"These are called alike, and each was collected as a student of its own: {named}. If two are one student, "
                "put both into one folder; if not, rename a folder so that they differ in more than case and signs."
            )
    return sentences


def _details(person: Person) -> str:
    parts = (person.sis, person.login, person.email, person.group and f"group {person.group}")
    return ", ".join(shown_name(part) for part in parts if part)


def _labels(people: list[Person]) -> list[str]:
    """Names to show, with more where two have one name."""
    shared = namesakes(each.name for each in people)
    return [
        f"{name} ({_details(each) or each.id})" if name_key(each.name) in shared else name
        for each in people
        for name in [shown_name(each.name) or each.id]
    ]


def _some(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")


def _with(one: Collected, remark: str) -> Collected:
    return replace(one, said="; ".join(part for part in (remark, one.said) if part)) if remark else one
