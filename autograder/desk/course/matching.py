"""Who is who: hand-ins and rows of a class list are matched with the course's people, and nobody is guessed.

What is sure comes first: an id, a platform's number, a folder collected before. A name counts where it is one person's,
and one hand-in's or one row's. All are matched at once, so that no order decides; and whatever is matched is
remembered with the person, so that the same again is sure.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from autograder.desk.course.names import alike, identifier, name_key, one_line
from autograder.desk.course.person import Person

Asked = TypeVar("Asked")
Rule = Callable[[Asked, list[Person]], list[Person]]
"""All who may be the one; who is left when others are found is no surer for that."""


class Sender(NamedTuple):
    """Who handed in, as an archive tells: the platform, its number, and the name; a folder has a name alone."""

    platform: str
    number: str
    name: str


class Row(NamedTuple):
    """Who a row of a class list is about: the platform's number, or just a number, or an id of the course's own."""

    platform: str
    number: str
    id: str
    name: str
    keys: dict[str, str]
    """What else tells people apart: sis, login, email."""
    is_namesake: bool
    """Whether another row has the same name, so that the name tells nothing."""


def match_senders(senders: Sequence[Sender], people: Iterable[Person]) -> list[Person | None]:
    """The person behind each hand-in; None for one who is new, or whom the name alone does not tell.

    Several may be of one person where that is remembered of each: one came from a platform, the other in a folder.
    """
    people = list(people)
    known = [found[0] if len(found := _remembered(sender, people)) == 1 else None for sender in senders]
    return _match(senders, people, (_by_id, _by_name, _by_listed_number), known)


def match_rows(rows: Sequence[Row], people: Iterable[Person]) -> list[Person | None]:
    """The person behind each row; `on_roster` says who was on the class list before."""
    rules: tuple[Rule[Row], ...] = (
        lambda row, people: [each for each in people if each.id == row.id],
        lambda row, people: [each for each in people if row.platform and _has(each, row.platform, row.number)],
        lambda row, people: [each for each in people if each.on_roster and each.is_recognised and _is_of(each, row)],
        lambda row, people: [each for each in people if row.number and not row.platform and each.id == row.number],
        lambda row, people: [
            each
            for each in people
            if row.number and not row.platform and each.number == row.number and alike(row.name, each.name)
        ],
        lambda row, people: [each for each in people if each.on_roster and _is_of(each, row)],
        lambda row, people: [each for each in people if not each.on_roster and _is_of(each, row)],
    )
    return _match(rows, list(people), rules, [None] * len(rows))


def _match(
    asked: Sequence[Asked], people: list[Person], rules: Sequence[Rule[Asked]], found: list[Person | None]
) -> list[Person | None]:
    """For each, if not found yet, the only one whom a rule finds, and whom it finds for nobody else; the first such
    rule counts.
    """
    for rule in rules:
        taken = {person.id for person in found if person}
        may_be = [rule(one, people) if found[n] is None else [] for n, one in enumerate(asked)]
        claims = Counter(each[0].id for each in may_be if len(each) == 1)
        for n, each in enumerate(may_be):
            if len(each) == 1 and claims[each[0].id] == 1 and each[0].id not in taken:
                found[n] = each[0]
    return found


def _has(person: Person, platform: str, number: str) -> bool:
    return person.platform == platform and person.number == number


def _remembered(sender: Sender, people: list[Person]) -> list[Person]:
    platform, number, name = sender
    if number:
        return [each for each in people if _has(each, platform, number)]
    return [each for each in people if one_line(name) in each.folders]


def _by_id(sender: Sender, people: list[Person]) -> list[Person]:
    _, number, name = sender
    if number:
        return [each for each in people if _has(each, "", number) and alike(each.name, name)]
    if same := [each for each in people if each.id == name]:
        return same
    # Ids are in small letters, the class list's too: MAT77 is mat77. A name that two have is no id.
    if sum(each.on_roster and alike(each.name, name) for each in people) < 2:
        id = identifier(name)
        same = [each for each in people if each.on_roster and each.id == id == name.lower().replace(" ", "-")]
    return same or [each for each in people if _has(each, "", name)]  # a folder that is called like the list's number


def _by_name(sender: Sender, people: list[Person]) -> list[Person]:
    listed = [each for each in people if each.on_roster and alike(each.name, sender.name)]
    if sender.number:
        named = listed or [each for each in people if alike(each.name, sender.name)]
        # Who has another number is somebody else, but makes the name one of two people's.
        return named if len(named) > 1 else [each for each in named if not each.is_numbered]
    return listed or [each for each in people if one_line(each.name) == one_line(sender.name)]


def _by_listed_number(sender: Sender, people: list[Person]) -> list[Person]:
    """A class list's number may be any number: it counts where the name says nothing."""
    if any(each.on_roster and alike(each.name, sender.name) for each in people):
        return []
    return [each for each in people if sender.number and _has(each, "", sender.number)]


def _is_of(person: Person, row: Row) -> bool:
    """Whether a row is about this person, by a key that both have, or by the name where nothing speaks against it."""
    if row.platform and person.is_numbered and not _has(person, row.platform, row.number):
        return False
    same_name = alike(row.name, person.name)
    if any(getattr(person, key) == value and (key != "email" or same_name) for key, value in row.keys.items()):
        return True
    # A new address is no other person.
    differs = any(getattr(person, key) not in ("", value) for key, value in row.keys.items() if key != "email")
    return not row.is_namesake and same_name and not differs


def namesakes(names: Iterable[str]) -> set[str]:
    """The keys of names that several have."""
    return {key for key, count in Counter(map(name_key, names)).items() if count > 1 and key}
