"""Moodle's grading worksheet: its headings in the language in which a Moodle shows itself, or its own file filled in.

Moodle (mod/assign/feedback/offline/importgradeslib.php) finds the columns by their headings in the user's language, and
whose a row is by what follows its word for a participant.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from autograder.desk.course.folder import CourseError
from autograder.desk.course.roster import table_of

NUMBER = re.compile(r"-?\d*[.,]?\d*")
MAXIMUM = re.compile(r"\d+[.,]?\d*")
CENT = 0.01  # how exactly Moodle shows a maximum


@dataclass(frozen=True)
class Headings:
    """The headings of a worksheet in one language, and its word for a participant as it stands before the number."""

    participant: str
    columns: tuple[str, str, str, str, str, str]


HEADINGS = {
    "en": Headings(
        "Participant ",
        ("Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)", "Feedback comments"),
    ),
    "de": Headings(
        "Teilnehmer/in",
        (
            "ID",
            "Vollständiger Name",
            "Bewertung",
            "Bestwertung",
            "Zuletzt geändert (Bewertung)",
            "Feedback als Kommentar",
        ),
    ),
    "es": Headings(
        "Participante",
        (
            "Identificador",
            "Nombre completo",
            "Calificación",
            "Calificación máxima",
            "Última modificación (calificación)",
            "Comentarios de retroalimentación",
        ),
    ),
    "fr": Headings(
        "Participant",
        (
            "Identifiant",
            "Nom complet",
            "Note",
            "Note maximale",
            "Dernière modification (note)",
            "Feedback par commentaires",
        ),
    ),
}


def headings(language: str) -> Headings:
    """The headings in a language. Raises CourseError for one that is not known here."""
    if language not in HEADINGS:
        raise CourseError(
            f"The headings of Moodle in {language!r} are not known here, only those in {', '.join(HEADINGS)}. "
            "Download the grading worksheet from Moodle and give it with --worksheet FILE: its own headings are used."
        )
    return HEADINGS[language]


def filled(worksheet: Path, marks: dict[str, str], worth: float) -> tuple[list[list[str]], list[str]]:
    """Moodle's own worksheet with these marks by participant's number, and what its reader should know.

    Raises CourseError for a file that is no worksheet.
    """
    rows = [row for _, row in table_of(worksheet) if row]
    rows = [row + [""] * (len(rows[0]) - len(row)) for row in rows]
    numbers = [re.search(r"\d+$", row[0].strip()) for row in rows[1:]]
    column = _grade_column(rows)
    if column is None or not any(numbers):
        raise CourseError(
            f"{worksheet} is not Moodle's grading worksheet. In Moodle allow *Offline grading worksheet* as a feedback "
            "type, then choose *Download grading worksheet* in the list of submissions."
        )
    most = sorted({row[column + 1].strip() for row in rows[1:] if len(row) > column + 1})
    other = [each for each in most if MAXIMUM.fullmatch(each) and abs(float(each.replace(",", ".")) - worth) > CENT / 2]
    notes = []
    if worth and other:
        notes.append(
            f"In {worksheet} the maximum is {other[0]}, and the lesson is worth {worth:g}: Moodle takes these marks for marks "
            f"out of {other[0]}. Set the assignment's maximum grade in Moodle to {worth:g} before you upload them."
        )
    found = set()
    for row, number in zip(rows[1:], numbers):
        if number and number[0] in marks:
            row[column] = marks[number[0]]
            found.add(number[0])
    lost = sorted(set(marks) - found)
    if lost:
        notes.append(f"The worksheet has no row for the participants {', '.join(lost)}.")
    return rows, notes


def comments_column(headings: list[str]) -> int:
    """The column of a worksheet whose texts Moodle takes back as they stand; under unknown headings the last one."""
    known = {each.columns[5] for each in HEADINGS.values()}
    return next((column for column, heading in enumerate(headings) if heading in known), len(headings) - 1)


def _grade_column(rows: list[list[str]]) -> int | None:
    """The column of marks: it has a known heading, or stands before one that says the same maximum in every row."""
    known = {each.columns[2] for each in HEADINGS.values()}
    for column, heading in enumerate(rows[0] if rows else []):
        if heading in known:
            return column
    for column in range(1, len(rows[0]) - 1 if rows else 0):
        here = {row[column] for row in rows[1:] if len(row) > column + 1}
        next_one = {row[column + 1] for row in rows[1:] if len(row) > column + 1}
        numbers = all(NUMBER.fullmatch(cell) or cell == "-" for cell in here)
        if numbers and len(next_one) == 1 and MAXIMUM.fullmatch(next(iter(next_one))):
            return column
    return None
