"""No cell of a table is a formula to a spreadsheet, numbers stay numbers, and platforms find their students."""

import csv

import pytest

from autograder.desk.course.folder import Course
from autograder.desk.course.people import Person
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.conftest import STUDENTS
from tests.autograder.desk.give_back.exported import know, runs, table, worth

FORMULAS = [
    "=cmd()",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1+1",
    "－1+A1",
    "--1",
    "+49 30 123",
]


@pytest.fixture
def course(on_platforms) -> Course:
    return on_platforms


@pytest.mark.parametrize("form", ["csv", "canvas", "moodle", "worksheet"])
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_any_table_is_run_by_a_spreadsheet_and_the_platform_finds_everybody(
    small_course, tmp_path, form, text
):
    course, platform = Course.at(small_course), "canvas" if form == "canvas" else "moodle"
    known = {"name": f"{text} Ada", "login": text, "sis": text, "section": text, "group": text, "email": text}
    know(course, **{id: Person("", platform=platform, number=str(n), **known) for n, id in enumerate(STUDENTS, 11)})
    worksheet = {}
    if form == "worksheet":
        rows = [["Identifier", "Full name", "Email", "Grade", "Maximum Grade"]]
        rows += [[f"Participant {n}", text, text, "", f"{worth(course):.2f}"] for n in range(11, 11 + len(STUDENTS))]
        with (tmp_path / "worksheet.csv").open("w", newline="") as file:
            csv.writer(file).writerows(rows)
        worksheet = {"worksheet": tmp_path / "worksheet.csv"}
    rows, _ = table(course, "moodle" if worksheet else form, **worksheet)
    assert not [cell for row in rows for cell in row.values() if runs(cell)]
    whose = {"csv": "student", "canvas": "ID"}.get(form, "Identifier")
    ids = STUDENTS if form == "csv" else [str(n) for n in range(11, 11 + len(STUDENTS))]
    assert {row[whose].removeprefix("Participant ") for row in rows} - {""} == set(ids)
    assert any(cell.startswith("'") for row in rows for cell in row.values())


@pytest.mark.parametrize("score", [-1.0, -0.25, 0.0, 2.5])
def test_number_stays_a_number_whatever_its_sign(course, score):
    with course.gradebook() as gradebook:
        [notebook] = gradebook.find_submission(LESSON, "right").notebooks
        next(each for each in notebook.grades if each.name == "test-gradient").manual_score = score
        gradebook.db.commit()
    rows, _ = table(course, "csv")
    assert {row["student"]: row["gradient (points)"] for row in rows}["right"] == f"{score:g}"
    assert not any(cell.startswith("'") for row in rows for cell in row.values() if cell[1:].lstrip("-")[:1].isdigit())
