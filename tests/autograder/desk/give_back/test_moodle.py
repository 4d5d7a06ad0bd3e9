"""Moodle's own worksheet: only marks are written into it, and what does not fit the lesson is a sentence."""

import csv
import io

import pytest

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.give_back.moodle import HEADINGS
from autograder.desk.give_back.tables import export
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.give_back.exported import runs
from tests.autograder.desk.give_back.exported import worth as worth_of

COMMENTS = ["- well done", "=see page 3", "+1", "'quoted'", "@Ruth: look"]


@pytest.fixture
def course(on_platforms) -> Course:
    return on_platforms


@pytest.fixture
def worth(course) -> float:
    return worth_of(course)


def worksheet(course: Course, maximum: str, comment: str = "", name: str = "Ruth", language: str = "en") -> str:
    identifier, who, grade, most, changed, comments = HEADINGS[language].columns
    table = io.StringIO()
    csv.writer(table).writerows(
        [
            [identifier, who, "Email", grade, most, "Online text", changed, comments],
            [f"{HEADINGS[language].participant}11", name, "r@x.org", "", maximum, name, "-", comment],
            [f"{HEADINGS[language].participant}12", "Ben", "b@x.org", "", maximum, "", "-", ""],
        ]
    )
    path = course.root / "worksheet.csv"
    path.write_bytes(table.getvalue().encode())
    return str(path)


def filled(course: Course) -> list[list[str]]:
    text, _ = export(course, LESSON, "moodle", "", worksheet=course.root / "worksheet.csv")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("language", HEADINGS)
@pytest.mark.parametrize("comment", COMMENTS)
def test_comments_that_are_there_go_back_as_they_were_and_strangers_text_runs_nowhere(course, worth, comment, language):
    worksheet(course, f"{worth:.2f}", comment, "=cmd()", language)
    _, first, _ = filled(course)
    assert first[-1] == comment and float(first[3]) > 0
    assert not any(runs(cell) for cell in first[:-1]) and "'=cmd()" in first


@pytest.mark.parametrize("maximum", ["100.00", "100,00", "0.50"])
def test_worksheet_of_another_maximum_is_told_with_both(course, worth, maximum):
    worksheet(course, maximum)
    _, notes = export(course, LESSON, "moodle", "", worksheet=course.root / "worksheet.csv")
    [note] = [note for note in notes if "maximum" in note]
    assert maximum in note and f"{worth:g}" in note


@pytest.mark.parametrize("form", ["{:g}", "{:.2f}", "{:.5f}"])
@pytest.mark.parametrize("point", ".,")
def test_the_same_maximum_in_any_spelling_is_taken(course, worth, form, point):
    worksheet(course, form.format(worth).replace(".", point))
    assert float(filled(course)[1][3]) > 0


TROUBLES = {
    "workbook": (lambda data: b"PK\x03\x04" + bytes(600), "Save it as CSV"),
    "older workbook": (lambda data: b"\xd0\xcf\x11\xe0" + bytes(600), "Save it as CSV"),
    "nothing": (lambda data: b"", "is not Moodle's grading worksheet"),
    "another table": (lambda data: b"a,b\n1,2\n", "is not Moodle's grading worksheet"),
    "cell without an end": (lambda data: data + b'Participant 13,"' + b"x" * 200_000, "is no table"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_file_that_cannot_be_filled_in_is_one_sentence(course, worth, trouble):
    change, said = TROUBLES[trouble]
    path = worksheet(course, f"{worth:g}")
    with open(path, "rb") as file:
        data = change(file.read())
    with open(path, "wb") as file:
        file.write(data)
    with pytest.raises(CourseError, match=said):
        filled(course)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_worksheet_with_any_line_ends_and_short_rows_is_filled_in(course, worth, end):
    path = worksheet(course, f"{worth:g}")
    with open(path, "rb") as file:
        lines = file.read().split(b"\r\n")[:-1]
    with open(path, "wb") as file:
        file.write(end.join([lines[0], lines[1], b"Participant 12,Ben", b"", b"Total"]) + end)
    rows = {row[0]: row for row in filled(course)}
    assert float(rows["Participant 11"][3]) > 0 and rows["Participant 12"][3] != ""
