"""Marks as tables: plain CSV, and what Canvas and Moodle import."""

import csv
import io
import re
from collections import Counter
from html import escape
from pathlib import Path

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.course.people import Person
from autograder.desk.give_back import moodle
from autograder.desk.give_back.groups import shared
from autograder.desk.give_back.standings import EXEMPT, MISSING, NOT_DUE, NOT_MARKED, Standing, standings
from autograder.desk.grade.marks import Mark
from autograder.desk.grade.up_to_date import old_marks

Row = list[str]
FORMULA = re.compile(r"[\t\r]|\s*[=+@\-＝＋＠－]")  # full-width signs too: Japanese spreadsheets take them for the same
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*|-")


def export(
    course: Course,
    lesson: str,
    form: str,
    column: str,
    *,
    language: str = "en",
    worksheet: Path | None = None,
    groups: bool = False,
) -> tuple[str, list[str]]:
    """The table as text, and what its reader should know. Raises CourseError if nothing of the lesson is marked,
    and where the platform knows none of the students: a table of headings would only look like one.
    """
    found = standings(course, lesson)
    found, of_groups = shared(found) if groups else (found, [])
    notes = _notes(found, lesson) + of_groups
    if form == "csv":
        return _written(_plain(found)), notes
    known, left_out = _known_to(form, found)
    notes += left_out
    as_it_is = None
    if form == "canvas":
        table = _canvas(known, column)
    elif worksheet:
        worth = max((each.mark.max_score for each in found if each.mark), default=0)
        marks = {each.person.number: shown(each) for each in known if each.mark}
        table, more = moodle.filled(worksheet, marks, worth)
        notes += more
        as_it_is = moodle.comments_column(table[0])
    else:
        table = _moodle(known, moodle.headings(language))
    if not known:
        reasons = " ".join(left_out) or "Nobody has a mark that it could be told."
        raise CourseError(f"A table for {form} would name nobody. {reasons} Use `--format csv` or the other platform.")
    return _written(table, as_it_is), notes


def _moodle(known: list[Standing], headings: moodle.Headings) -> list[Row]:
    return [list(headings.columns)] + [
        [f"{headings.participant}{each.person.number}", _name(each.person), *_moodle_marks(each.mark)]
        for each in known
        if each.mark
    ]


def _moodle_marks(mark: Mark) -> Row:
    """Mark, maximum, a time of change that is older than any, and the comment."""
    return [number(mark.score), number(mark.max_score), "-", _comments(mark)]


def number(value: float) -> str:
    """A mark as a number, without the dust of adding floats."""
    return f"{round(value, 4):g}"


def shown(each: Standing) -> str:
    """The mark to import; nothing where there is none."""
    return number(each.mark.score) if each.mark else ""


def _notes(found: list[Standing], lesson: str) -> list[str]:
    notes = []
    waiting = sum(bool(each.mark and each.mark.needs_manual_grade) for each in found)
    if waiting:
        notes.append(f"{waiting} hand-ins wait for a person to mark their text answers; export again after that.")
    notes += old_marks(((each.person.id, each.state) for each in found), lesson)
    if missing := _ids(found, NOT_MARKED):
        notes.append(f"Handed in and not marked: {missing}. Run `gradlab grade {lesson}`.")
    if absent := _ids(found, MISSING):
        notes.append(f"Nothing was handed in, which makes 0: {absent}.")
    if later := _ids(found, NOT_DUE):
        notes.append(f"Nothing was handed in yet, and it is not due yet, so there is no mark: {later}.")
    return notes


def _ids(found: list[Standing], state: str) -> str:
    return ", ".join(each.person.id for each in found if each.state == state)


def _known_to(form: str, found: list[Standing]) -> tuple[list[Standing], list[str]]:
    """Those whom the platform knows by a number that nobody else has, and what to say of the others."""
    theirs = [each for each in found if each.person.number and each.person.platform in (form, "")]
    counts = Counter(each.person.number for each in theirs)
    known = [each for each in theirs if counts[each.person.number] == 1 and each.state != NOT_MARKED]
    notes = []
    if unknown := [each.person.id for each in found if each not in theirs]:
        notes.append(
            f"Left out, since {form} does not know them (they were not collected from it): {', '.join(unknown)}."
        )
    if twice := [f"{each.person.id} ({each.person.number})" for each in theirs if counts[each.person.number] > 1]:
        notes.append(f"Left out, since two have one number, and a mark would go to the wrong one: {', '.join(twice)}.")
    return known, notes


def _written(rows: list[Row], as_it_is: int | None = None) -> str:
    """The table as text; the headings stay as they are, since platforms find columns by them, and so does a column of
    an instructor's own texts.
    """
    table = io.StringIO()
    headings, *others = rows
    safe = [[cell if n == as_it_is else _safe(cell) for n, cell in enumerate(row)] for row in others]
    csv.writer(table).writerows([headings, *safe])
    return table.getvalue()


def _safe(cell: str) -> str:
    """The cell, with an apostrophe where a spreadsheet would run it as a formula; a number and a dash are none.

    Names, logins and numbers of a university come from outside. Neither platform reads them back where the student's
    own number stands beside them: Canvas (lib/gradebook_importer.rb) asks for the ID first, Moodle
    (mod/assign/feedback/offline/importgradeslib.php) for nothing but the participant's number.
    """
    return "'" + cell if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def _name(person: Person) -> str:
    """The name as the platform has it, without what a terminal or a page would obey."""
    return "".join(c for c in person.name if c.isprintable() and c not in "<>") or person.id


def _plain(found: list[Standing]) -> list[Row]:
    """Who, what the marks are, and for each exercise the points and the verdict."""
    graded = list(dict.fromkeys(name for each in found if each.mark for name in each.mark.points))
    judged = list(dict.fromkeys(name for each in found if each.mark for name in each.mark.verdicts))
    header = ["student", "name", "group", "state", "marks", "of", "waits for a person", "days late", "penalty"]
    header += [f"{name} (points)" for name in graded] + judged
    return [header] + [_plain_row(each, graded, judged) for each in found]


def _plain_row(each: Standing, graded: list[str], judged: list[str]) -> Row:
    who = [each.person.id, _name(each.person) if each.person.name else "", each.person.group]
    mark = each.mark
    if mark is None:
        return [*who, each.state] + [""] * (5 + len(graded) + len(judged))
    late = number(round(mark.seconds_late / 86_400, 2)) if mark.seconds_late else ""
    marks = [number(mark.score), number(mark.max_score), "yes" if mark.needs_manual_grade else "no"]
    points = [number(mark.points[name]) if name in mark.points else "" for name in graded]
    verdicts = [mark.verdicts.get(name, {}).get("outcome", "") for name in judged]
    return [*who, each.state, *marks, late, number(mark.penalty) if mark.penalty else "", *points, *verdicts]


def _canvas(found: list[Standing], column: str) -> list[Row]:
    """Canvas's own gradebook export: five columns that say who, a row of possible points, one column of marks."""
    points = number(max((each.mark.max_score for each in found if each.mark), default=0))
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]
    rows = [
        [
            _name(who),
            who.number,
            who.sis,
            who.login,
            who.section,
            "EX" if each.state == EXEMPT else shown(each),
        ]
        for each in found
        if (who := each.person)
    ]
    return [header, ["    Points Possible", "", "", "", "", points], *rows]


def _comments(mark: Mark | None) -> str:
    """What Moodle shows beside the mark: remarks, lateness, and each wrong answer's sentence; a sentence only once.

    Moodle takes it for HTML, and a hand-in has a say in what it holds.
    """
    if mark is None:
        return ""
    said: dict[str, list[str]] = {}
    for name, verdict in mark.verdicts.items():
        if verdict["outcome"] != "right":
            said.setdefault(verdict["message"], []).append(name)
    wrong = [f"{', '.join(names)}: {message}" for message, names in said.items()]
    late = [f"Late, which costs {number(mark.penalty)}."] if mark.penalty else []
    return escape(" ".join([*mark.remarks, *late, *wrong]), quote=False)
