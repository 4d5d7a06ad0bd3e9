"""Rows of a class list that are of one person: the same row twice is one, and rows that contradict each other none."""

from collections.abc import Iterator
from itertools import combinations

from autograder.desk.course.folder import CourseError
from autograder.desk.course.names import name_key

KEYS = ("student", "number", "sis", "login")
"""Columns whose values are one person's; an address is too where the name is the same: families share one."""
WORDS = {
    "student": "student id", "number": "ID or number", "sis": "ID number", "login": "login", "email": "email",
    "name": "name", "section": "section", "group": "group", "exempt": "exempt",
}  # fmt: skip
MOST_SHOWN = 3


def one_row_each(rows: list[tuple[int, dict[str, str]]], file: str) -> list[dict[str, str]]:
    """The rows, with their numbers in the file, each person once. Raises CourseError where two contradict each other."""
    kept: list[tuple[int, dict[str, str]]] = []
    for number, row in rows:
        if not any(row == other for _, other in kept):
            kept.append((number, row))
    contradictions = list(_contradictions(kept))
    if contradictions:
        shown = " ".join(contradictions[:MOST_SHOWN])
        more = f" There are {len(contradictions) - MOST_SHOWN} more." if len(contradictions) > MOST_SHOWN else ""
        raise CourseError(
            f"{file} contradicts itself. {shown}{more} For one person keep the row that is right; two people of one name "
            "need different IDs or email addresses in the list. Nothing was collected."
        )
    return [row for _, row in kept]


def _contradictions(rows: list[tuple[int, dict[str, str]]]) -> Iterator[str]:
    seen: set[tuple[int, int]] = set()
    for alike in _groups(rows):
        for (first, one), (second, other) in combinations(alike, 2):
            if (first, second) not in seen and _are_one(one, other):
                seen.add((first, second))
                differ = [
                    f"{word} ({one.get(column) or 'nothing'}, {other.get(column) or 'nothing'})"
                    for column, word in WORDS.items()
                    if one.get(column, "") != other.get(column, "")
                ]
                yield f"Rows {first} and {second} ({one['name']}) seem to be one person and differ in {', '.join(differ)}."


def _groups(rows: list[tuple[int, dict[str, str]]]) -> Iterator[list[tuple[int, dict[str, str]]]]:
    """Rows that have something in common by which people are told apart."""
    groups: dict[tuple, list[tuple[int, dict[str, str]]]] = {}
    for number, row in rows:
        groups.setdefault(("name", name_key(row["name"])), []).append((number, row))
        for key in KEYS:
            if row.get(key):
                groups.setdefault((key, row[key].casefold()), []).append((number, row))
    yield from (group for group in groups.values() if len(group) > 1)


def _are_one(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two rows are of one person, or nothing in them says that they are of two."""
    if any(one.get(key) and one[key].casefold() == other.get(key, "").casefold() for key in KEYS):
        return True
    if not name_key(one["name"]) or name_key(one["name"]) != name_key(other["name"]):
        return False
    if one.get("email") and one["email"].casefold() == other.get("email", "").casefold():
        return True
    return not any(one.get(key) and other.get(key) for key in (*KEYS, "email"))
