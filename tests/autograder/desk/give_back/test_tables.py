"""Marks as CSV, Canvas and Moodle want them: everybody once, under the platform's own numbers, and nothing unsaid."""

import json
import os
import shutil
from html import unescape
from pathlib import Path

import pytest

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.course.matching import Sender
from autograder.desk.course.people import People, Person
from autograder.desk.course.roster import read_roster, take_in
from autograder.desk.give_back.standings import EXEMPT, MISSING, NOT_MARKED, standings
from autograder.desk.give_back.tables import export
from autograder.desk.grade.up_to_date import CHANGED, MARKED
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.conftest import STUDENTS, gradlab
from tests.autograder.desk.give_back.exported import know, runs, table, worth
from tests.autograder.desk.hand_ins import hand_in, hand_in_bytes

WORKSHEET = """Identificador,Nombre completo,Estado,Calificación,Calificación máxima,Última modificación (calificación)
Participante11,"Ruth Rojas",Enviado,,"MOST,00","lunes, 2 de marzo de 2026"
Participante99,"Otra Persona",Enviado,,"MOST,00",-
"""


@pytest.fixture
def course(on_platforms) -> Course:
    return on_platforms


def test_csv_has_points_an_exercise_and_no_cell_that_a_spreadsheet_runs(course):
    rows, _ = table(course, "csv")
    by_id = {row["student"]: row for row in rows}
    assert float(by_id["right"]["gradient (points)"]) == float(by_id["right"]["marks"]) > 0
    assert by_id["wrong"]["gradient"] == "wrong" and by_id["right"]["gradient"] == "right"
    assert by_id["right"]["name"] == "Ruth Müller"
    assert not any(runs(cell) for row in rows for cell in row.values())


def test_file_for_spreadsheets_says_that_it_is_utf_8(course, tmp_path):
    gradlab(course.root, "export", LESSON, "--to", str(tmp_path / "marks.csv"))
    gradlab(course.root, "export", LESSON, "--format", "canvas", "--to", str(tmp_path / "canvas.csv"))
    assert (tmp_path / "marks.csv").read_bytes().startswith("\ufeff".encode())
    assert "Ruth Müller" in (tmp_path / "marks.csv").read_text("utf-8-sig")
    assert not (tmp_path / "canvas.csv").read_bytes().startswith("\ufeff".encode())


def test_student_folder_whose_name_is_no_text_has_its_row(course, tmp_path):
    os.makedirs(os.path.join(os.fsencode(course.root / "submitted"), b"q-\xff", LESSON.encode()))
    gradlab(course.root, "export", LESSON, "--to", str(tmp_path / "marks.csv"))
    assert "\r\nq-?," in (tmp_path / "marks.csv").read_bytes().decode("utf-8-sig")
    gradlab(course.root, "export", LESSON)
    gradlab(course.root, "grade", LESSON, "--json", str(tmp_path / "marks.json"), expect=1)
    assert "q-\udcff" in [mark["student"] for mark in json.loads((tmp_path / "marks.json").read_text())]


def test_canvas_gets_its_own_numbers_and_nobody_elses(course):
    rows, notes = table(course, "canvas")
    assert [row["ID"] for row in rows] == ["", "13"] and rows[0]["Student"].strip() == "Points Possible"
    assert (rows[1]["SIS User ID"], rows[1]["SIS Login ID"], rows[1]["Student"]) == ("s13", "bo", 'O\'Brien "Bo"')
    assert any("Left out" in note and "right" in note for note in notes)


@pytest.mark.parametrize(("form", "known"), [("canvas", "moodle"), ("moodle", "canvas")])
def test_table_that_would_name_nobody_is_refused_with_the_reason(small_course, form, known, tmp_path):
    course = Course.at(small_course)
    know(course, **{student: Person("", student, known, str(n)) for n, student in enumerate(STUDENTS, start=1)})
    file = tmp_path / "marks.csv"
    said = gradlab(course.root, "export", LESSON, "--format", form, "--to", str(file), expect=1)
    assert f"{form} does not know them" in said and "right" in said and not file.exists()


@pytest.mark.parametrize(
    ("language", "identifier", "grade"),
    [
        ("en", "Participant 11", "Grade"),
        ("de", "Teilnehmer/in11", "Bewertung"),
        ("es", "Participante11", "Calificación"),
    ],
)
def test_moodle_gets_the_headings_of_its_language(course, language, identifier, grade):
    rows, _ = table(course, "moodle", language=language)
    [row] = [row for row in rows if identifier in row.values()]
    assert float(row[grade]) > 0


@pytest.mark.parametrize("text", ["<img src=https://e.org/p.png>", "a < b & c > d", "&lt;", "<!--", "plain"])
def test_what_a_hand_in_says_is_text_in_moodle(course, text):
    path = course.autograded("wrong", LESSON)
    notebook = json.loads(path.read_text())
    for verdict in [cell["metadata"]["gradlab"] for cell in notebook["cells"] if "gradlab" in cell["metadata"]]:
        verdict["message"] = f"It raised ValueError: {text}."
    notebook["metadata"]["gradlab"]["remarks"] = [f"About {text}"]
    path.write_text(json.dumps(notebook))
    [said] = [row["Feedback comments"] for row in table(course, "moodle")[0] if row["Full name"].endswith("=cmd()")]
    assert not set(said) & set("<>") and unescape(said).count(text) == 2


def test_language_without_headings_says_what_to_do(course):
    with pytest.raises(CourseError, match="--worksheet"):
        export(course, LESSON, "moodle", "", language="fi")


def test_moodles_own_worksheet_is_filled_in(course, tmp_path):
    text = WORKSHEET.replace("MOST", f"{worth(course):g}")
    (tmp_path / "worksheet.csv").write_text(text, encoding="utf-8-sig")
    rows, notes = table(course, "moodle", worksheet=tmp_path / "worksheet.csv")
    assert float(rows[0]["Calificación"]) > 0 and rows[1]["Calificación"] == ""
    assert rows[0]["Última modificación (calificación)"] == "lunes, 2 de marzo de 2026"
    assert any("12" in note for note in notes), "the participant without a row is named"


def test_worksheet_in_an_unknown_language_is_filled_in_by_its_form(course, tmp_path):
    text = WORKSHEET.replace("Calificación,", "Arvosana,").replace("Calificación máxima", "Enimmäisarvosana")
    (tmp_path / "worksheet.csv").write_text(text.replace("MOST", f"{worth(course):g}"))
    rows, _ = table(course, "moodle", worksheet=tmp_path / "worksheet.csv")
    assert float(rows[0]["Arvosana"]) > 0


def test_two_students_with_one_number_are_left_out_and_named(course):
    know(course, wrong=Person("", "Somebody", "moodle", "11"), untouched=Person("", "Third", "moodle", "14"))
    rows, notes = table(course, "moodle")
    assert not any(row["Identifier"] == "Participant 11" for row in rows)
    assert any("two have one number" in note and "right" in note and "wrong" in note for note in notes)


def test_every_state_of_a_student_is_told(course):
    know(
        course,
        absent=Person("", "Absent", "moodle", "21", on_roster=True),
        excused=Person("", "Excused", "canvas", "22", on_roster=True, exempt=("00",)),
    )
    hand_in(course.root, "right", LESSON, {})
    hand_in(course.root, "new", LESSON, {})
    found = {each.person.id: each.state for each in standings(course, LESSON)}
    assert found == {
        "right": CHANGED, "wrong": MARKED, "untouched": MARKED, "exits": MARKED, "new": NOT_MARKED, "absent": MISSING,
        "excused": EXEMPT,
    }  # fmt: skip
    rows, notes = table(course, "canvas")
    assert {row["ID"]: row["Lesson 0 (99)"] for row in rows}["22"] == "EX"
    said = " ".join(notes)
    assert "earlier hand-in" in said and "Handed in and not marked: new" in said and "makes 0: absent" in said


def test_hand_in_whose_time_cannot_be_read_gives_the_old_mark_and_says_so(course):
    hand_in_bytes(course.root, "right", LESSON, b"{}").with_name("timestamp.txt").write_text("yesterday, perhaps")
    assert any("earlier hand-in" in note and "right" in note for note in table(course, "csv")[1])


@pytest.fixture
def new_course(tmp_path, empty_gradebook) -> Course:
    (tmp_path / "course").mkdir()
    shutil.copy(empty_gradebook, tmp_path / "course")
    return Course.at(tmp_path / "course")


ROSTERS = {
    "canvas": 'Student,ID,SIS User ID,SIS Login ID,Section,L\n"    Points Possible",,,,,2\n"Müller, Ruth",13,s1,r,A,\n',
    "moodle": 'Identifier,Full name,Email address,Groups\nParticipant 13,Ruth Müller,r@x.org,"A"\n',
    "german spreadsheet": "Vorname;Nachname;Gruppe;Befreit\nRuth;Müller;A;00\n",
}


@pytest.mark.parametrize("kind", ROSTERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_class_list_is_read_in_the_forms_in_which_people_have_it(tmp_path, kind, encoding, new_course):
    (tmp_path / "list.csv").write_bytes(ROSTERS[kind].encode(encoding))
    people = People.of(new_course)
    with new_course.gradebook() as gradebook:
        [id] = take_in(people, read_roster(tmp_path / "list.csv"), gradebook)
        assert gradebook.find_student(id).last_name == "Müller"
    assert people.get(id).name == "Ruth Müller" and [each.name for each in people.missing(LESSON)] == (
        [] if "german" in kind else ["Ruth Müller"]
    )
    if kind != "german spreadsheet":
        with new_course.gradebook() as gradebook:
            assert people.ids_of([Sender(kind, "13", "whoever")], gradebook) == [id], "the number says who it is"


@pytest.mark.parametrize("cell", ["ada", "ab12cde", "s1234567", "MAT77", "4711", "Ada Berg"])
@pytest.mark.parametrize("list_first", [True, False])
def test_id_of_a_spreadsheet_is_the_name_of_the_students_folder(tmp_path, cell, list_first, new_course):
    (tmp_path / "list.csv").write_text(f"name;id\nÄda Öz;{cell}\n")
    people = People.of(new_course)
    with new_course.gradebook() as gradebook:
        ids = set() if list_first else set(people.ids_of([Sender("", "", cell)], gradebook))
        ids |= set(take_in(people, read_roster(tmp_path / "list.csv"), gradebook))
        ids |= set(people.ids_of([Sender("", "", cell)], gradebook))
    assert len(ids) == 1 and people.get(*ids).name == "Äda Öz" and len(people.by_id) == 1


@pytest.mark.parametrize("word", ["Participant ", "Teilnehmer/in", "Participante", "Участник ", "参与者"])
def test_moodles_word_before_a_number_is_read_in_every_language(tmp_path, word, new_course):
    (tmp_path / "list.csv").write_text(f"ID,Full name\n{word}101,Ada Berg\n")
    people = People.of(new_course)
    with new_course.gradebook() as gradebook:
        [id] = take_in(people, read_roster(tmp_path / "list.csv"), gradebook)
    assert (people.get(id).platform, people.get(id).number) == ("moodle", "101")


@pytest.mark.parametrize("id", ["../x", "a/b", ".hidden"])
def test_class_list_whose_id_cannot_name_a_folder_is_refused(tmp_path, id, new_course):
    (tmp_path / "list.csv").write_text(f"name,student id\nAda,{id}\n")
    with new_course.gradebook() as gradebook, pytest.raises(CourseError, match="cannot name a folder"):
        take_in(People.of(new_course), read_roster(tmp_path / "list.csv"), gradebook)


def test_class_list_without_names_is_refused(tmp_path):
    (tmp_path / "list.csv").write_text("a,b\n1,2\n")
    with pytest.raises(CourseError, match="names no students"):
        read_roster(Path(tmp_path / "list.csv"))
