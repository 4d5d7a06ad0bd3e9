"""Read a class list: a table as Canvas, Moodle or a spreadsheet gives it, in any of several languages."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.desk.course.folder import CourseError
from autograder.desk.course.matching import Row, match_rows, namesakes
from autograder.desk.course.names import identifier, name_key
from autograder.desk.course.people import People
from autograder.desk.course.roster_rows import one_row_each
from gradlab.course import lesson_named

COLUMNS = {
    "first": "first name|firstname|given name|vorname|prénom|prenom|nombre|nome|voornaam|förnamn|imię",
    "last": "last name|lastname|surname|family name|nachname|nom|nom de famille|apellido(s)|apellidos|cognome",
    "name": "student|name|full name|fullname|vollständiger name|nom complet|nombre completo|nome completo",
    "number": "id|canvas id|user id|identifier|id-nummer der teilnahme|teilnehmer/in|identificador|identifiant",
    "email": "email|e-mail|email address|e-mail-adresse|adresse de courriel|dirección de correo|correo|mail",
    "login": "sis login id|login|login id|username|benutzername|nom d’utilisateur|usuario",
    "sis": "sis user id|sis id|id number|id-nummer|numéro d’identification|número de id|matrikelnummer",
    "section": "section",
    "group": "group|groups|gruppe|gruppen|groupe|groupes|grupo|grupos|team",
    "exempt": "exempt|excused|befreit|dispensé|exento|ex",
    "student": "student id|nbgrader id",
}
KNOWN = {header: column for column, headers in COLUMNS.items() for header in headers.split("|")}
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS_CSV = (
    "Save it as CSV: in Excel with File > Save As > CSV UTF-8, in LibreOffice with File > Save As > Text CSV, "
    "in Google Sheets with File > Download > Comma-separated values."
)
NO = ("", "no", "n", "0", "false", "-", "nein", "non")
YES = ("yes", "y", "x", "true", "ja", "oui", "sí", "si", "ex", "all")
CLEARED = ("section", "group", "exempt")  # an empty cell takes these away; by the others people are recognised


def read_roster(file: Path) -> list[dict[str, str]]:
    """The rows of a class list, each person once, under our own names of the columns.

    Raises CourseError where it is no table of text, names nobody, or contradicts itself.
    """
    rows: list[tuple[int, dict[str, str]]] = []
    columns: list[str] = []
    for number, cells in table_of(file):
        if not columns:
            headers = list(map(_column, cells))
            columns = headers if {"last", "name", "student"} & set(headers) else []
            continue
        row = {column: cell.strip() for column, cell in zip_longest(columns, cells, fillvalue="") if column}
        row["name"] = _name(row)
        if row["name"] and not _is_no_student(row["name"]):
            _refuse_unknown_lessons(row, f"{file}, row {number} ({row['name']})")
            rows.append((number, {key: cell for key, cell in row.items() if key not in ("first", "last")}))
    if not columns:
        raise CourseError(
            f"{file} names no students: its first row should be headings such as Student and ID (Canvas), "
            "First name and Last name (Moodle), or name, id, group, exempt."
        )
    if not rows:
        raise CourseError(f"{file} has headings, and no student below them.")
    return one_row_each(rows, str(file))


def table_of(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table with their numbers in the file. Raises CourseError where it is no table of text."""
    _refuse_a_workbook(file)
    table = csv.reader(io.StringIO(text := text_of(file), newline=""), delimiter=_delimiter_of(text))
    try:
        for cells in table:
            yield table.line_num, cells
    except csv.Error as error:
        raise CourseError(f"{file} is no table: {error} in line {table.line_num}. {SAVE_AS_CSV}") from None


def _refuse_a_workbook(file: Path) -> None:
    """Raises CourseError for a spreadsheet in its program's own form, whatever it is called."""
    if file.is_dir():
        raise CourseError(f"{file} is a folder; name the file in it.")
    with file.open("rb") as opened:
        start = opened.read(1024)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or (b"\0" in start[2:] and start[:2] not in UTF_16):
        raise CourseError(f"{file} is no CSV file but a workbook or another program's own file. {SAVE_AS_CSV}")


def take_in(people: People, rows: list[dict[str, str]], gradebook: Gradebook, platform: str = "") -> list[str]:
    """Put the rows of a class list into the course and the gradebook; returns the ids of all who are on it."""
    shared = namesakes(row["name"] for row in rows)
    about = [_about(row, people, platform, name_key(row["name"]) in shared) for row in rows]
    found = match_rows(about, people.by_id.values())
    for id, person in people.by_id.items():
        people.by_id[id] = replace(person, on_roster=False)
    ids = []
    for row, one, match in zip(rows, about, found):
        person = people.add_row(one, match and people.by_id[match.id], gradebook)
        known: dict = {key: row[key] for key in ("email", "login", "sis") if row.get(key)}
        known |= {key: _exempt(row[key]) if key == "exempt" else row[key] for key in CLEARED if key in row}
        people.by_id[person.id] = replace(person, name=one.name, on_roster=True, **known)
        people.write_to(gradebook, person.id)
        ids.append(person.id)
    return ids


def _about(row: dict[str, str], people: People, platform: str, is_namesake: bool) -> Row:
    """Who a row is about. Raises CourseError for an id that cannot name a folder."""
    cell = row.get("number", "")
    made_by, number = _platform_and_number(cell)
    made_by = platform or made_by or ("canvas" if "login" in row else "")
    own = row.get("student") or ("" if number else cell if cell in people.by_id else identifier(cell))
    if "/" in own or own.startswith("."):
        raise CourseError(f"The class list has the id {own!r}, which cannot name a folder. Use letters and digits.")
    keys = {key: row[key] for key in ("sis", "login", "email") if row.get(key)}
    return Row(made_by if number else "", number, own, row["name"], keys, is_namesake)


def text_of(file: Path) -> str:
    """The text of a table, in whichever of the usual encodings it was saved."""
    data = file.read_bytes()
    for encoding in ("utf-16",) if data[:2] in UTF_16 else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _delimiter_of(text: str) -> str:
    """What stands between the cells: spreadsheets of many countries write semicolons."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _platform_and_number(cell: str) -> tuple[str, str]:
    """The platform and the number in a cell such as `201` (nobody's yet) or Moodle's `Participant 201`.

    Without a number it is an id of the course's own: ada, ab12cde, s1234567, MAT77. Moodle's word is capitalised in
    every language that has capitals.
    """
    found = re.fullmatch(r"(\D*)(\d+)", cell)
    if found is None:
        return "", ""
    word, number = found.group(1).strip(), found.group(2)
    if not word:
        return "", number
    moodles = len(word) > 2 and not word[0].islower() and not word.isupper()
    return ("moodle", number) if moodles else ("", "")


def _column(header: str) -> str:
    return KNOWN.get(" ".join(header.strip().strip("*:").lower().replace("'", "’").split()), "")


def _name(row: dict[str, str]) -> str:
    """First and last name; Canvas writes `Doe, Jane`."""
    if row.get("last"):
        return f"{row.get('first', '')} {row['last']}".strip()
    last, comma, first = row.get("name", "").partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma else last.strip() or row.get("student", "")


def _is_no_student(name: str) -> bool:
    return name.lower() in ("points possible", "test student", "student, test")


def _exempt(cell: str) -> tuple[str, ...]:
    """`yes` stands for all lessons, `no` for none; else numbers or names of lessons, as `01 03`, `1, 3`.

    Raises ValueError for a word that names no lesson.
    """
    if (cell := cell.strip().lower()) in NO:
        return ()
    return ("all",) if cell in YES else tuple(map(lesson_named, re.split(r"[\s,;]+", cell.strip(",;"))))


def _refuse_unknown_lessons(row: dict[str, str], where: str) -> None:
    """Raises CourseError where the column `exempt` of a row, which stands there, says what cannot be understood."""
    try:
        _exempt(row.get("exempt", ""))
    except ValueError as error:
        raise CourseError(
            f"{where}: the column exempt says {row['exempt']!r}. {error} Write their numbers or names, as 01 03, or yes "
            "for all of them, or no or nothing for none. Nothing was collected."
        ) from None
