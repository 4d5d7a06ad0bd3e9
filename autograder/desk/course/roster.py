"""Read a class list: a table as Canvas, Moodle or a spreadsheet gives it, in any of several languages."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.desk.course.folder import CourseError
from autograder.desk.course.names import identifier
from autograder.desk.course.people import People, Person

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
NO = ("", "no", "n", "0", "false", "-", "nein", "non")
YES = ("yes", "y", "x", "1", "true", "ja", "oui", "sí", "si", "ex", "all")


def read_roster(file: Path) -> list[dict[str, str]]:
    """The rows of a class list, under our own names of the columns. Raises CourseError where it names nobody."""
    table = list(csv.reader(io.StringIO(text := text_of(file)), delimiter=delimiter_of(text)))
    start = next((n for n, row in enumerate(table) if {"last", "name", "student"} & set(map(_column, row))), None)
    if start is None:
        raise CourseError(
            f"{file} names no students: its first row should be headings such as Student and ID (Canvas), "
            "First name and Last name (Moodle), or name, id, group, exempt."
        )
    columns = [_column(header) for header in table[start]]
    rows = [{column: cell.strip() for column, cell in zip(columns, row) if column} for row in table[start + 1 :]]
    found = [row for row in rows if _name(row) and not _is_no_student(_name(row))]
    if not found:
        raise CourseError(f"{file} has headings, and no student below them.")
    return found


def take_in(people: People, rows: list[dict[str, str]], gradebook: Gradebook, platform: str = "") -> list[str]:
    """Put the rows of a class list into the course and the gradebook; returns the ids of all who are on it."""
    ids = []
    for id, person in people.by_id.items():
        people.by_id[id] = replace(person, on_roster=False)
    for row in rows:
        cell = row.get("number", "")
        made_by, number = _platform_and_number(cell)
        made_by = platform or made_by or ("canvas" if "login" in row else "")
        own = row.get("student") or (cell if cell in people.by_id else "" if number else identifier(cell))
        if "/" in own or own.startswith("."):
            raise CourseError(f"The class list has the id {own!r}, which cannot name a folder. Use letters and digits.")
        id = own or people.id_of(made_by if number else "", number, _name(row), gradebook)
        known = {key: row[key] for key in ("email", "login", "sis", "section", "group") if row.get(key)}
        exempt = _exempt(row.get("exempt", ""))
        person = people.by_id.get(id, Person(id))
        people.by_id[id] = replace(person, name=_name(row), exempt=exempt, on_roster=True, **known)
        people.write_to(gradebook, id)
        ids.append(id)
    return ids


def text_of(file: Path) -> str:
    """The text of a table, in whichever of the usual encodings it was saved."""
    data = file.read_bytes()
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def delimiter_of(text: str) -> str:
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
    """`yes` stands for all lessons; else numbers or names of lessons, as `01 03`."""
    words = cell.lower().replace(",", " ").replace(";", " ").split()
    return ("all",) if any(word in YES for word in words) else tuple(word for word in words if word not in NO)
