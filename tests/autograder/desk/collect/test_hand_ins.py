"""Hand-ins out of Canvas's and Moodle's zip files and folders, marks back into their tables."""

import csv
import io
import json
import shutil
import zipfile

import pytest

from autograder.desk.collect.hand_ins import collect
from autograder.desk.collect.platforms import Layout, attempt, identifier, is_notebook
from autograder.desk.course.folder import Course, CourseError
from autograder.desk.give_back.feedback_zip import pack
from autograder.marking.reading import LARGEST_FILE
from tests.autograder.desk.conftest import graded, gradlab
from tests.autograder.desk.hand_ins import filled, solved

LESSON, NOTEBOOK = "00-start-here", "start_here"
CANVAS_NAMES = [
    "doejane_12345_67890_start_here.ipynb",
    "doejane_LATE_12345_67999_start_here-1.ipynb",
    "ørstedhanschristian_77_8_start_here.ipynb",
]
MOODLE_NAMES = [
    "Jane O'Doe_4711_assignsubmission_file_/start_here.ipynb",
    "Hans Müller_4712_assignsubmission_file_start_here.ipynb",
]


def notebook(text: str = "") -> bytes:
    return json.dumps({**filled(LESSON, solved(LESSON)), "text": text}).encode()


def zipped(path, members: dict[str, bytes], date=(2026, 3, 1, 12, 0, 0)):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, date), data, zipfile.ZIP_DEFLATED)
    return path


@pytest.fixture
def course(tmp_path, empty_gradebook):
    (tmp_path / "course").mkdir()
    shutil.copy(empty_gradebook, tmp_path / "course" / "gradebook.db")
    return Course.at(tmp_path / "course")


def by_student(said):
    return {one.student: one for one in said}


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("doejane_12345_67890_start_here.ipynb", "doejane-12345"),
        ("doejane_LATE_12345_67890_start_here-2.ipynb", "doejane-12345"),
        ("anon_LATE_xY3z9_67890_start_here.ipynb", "anon-xy3z9"),
        ("submissions/doejane_12345_67890_my_own_99_name.ipynb", "doejane-12345"),
        ("Jane O'Doe_4711_assignsubmission_file_/start_here.ipynb", "jane-o-doe-4711"),
        ("Jane O'Doe_4711_assignsubmission_file_/deep/er/start_here.ipynb", "jane-o-doe-4711"),
        ("Participant_4711_assignsubmission_file_start_here.ipynb", "participant-4711"),
        ("course-lesson/Jane Doe_4711_assignsubmission_file_/start_here.ipynb", "jane-doe-4711"),
        ("submitted/jane/00-start-here/start_here.ipynb", "jane"),
        ("class/jane/start_here.ipynb", "jane"),
    ],
)
def test_the_name_tells_whose_it_is(path, student):
    assert attempt(path, (0,), LESSON, Layout.of([path], LESSON)).student == student


def test_name_that_tells_nothing_is_nobodys():
    assert attempt("start_here.ipynb", (0,), LESSON, Layout.of(["start_here.ipynb"], LESSON)) is None


@pytest.mark.parametrize(
    ("paths", "students"),
    [
        (
            ["class/eve/start_here.ipynb", "class/eve/ada/start_here.ipynb", "class/ada/start_here.ipynb"],
            ["eve", "eve", "ada"],
        ),
        (["eve/ada/start_here.ipynb", "ada/start_here.ipynb"], ["eve", "ada"]),
        (["class/eve/ada_12_34_start_here.ipynb", "class/ada/start_here.ipynb"], ["eve", "ada"]),
        ([f"submitted/{name}/{LESSON}/start_here.ipynb" for name in ("ada", "eve")], ["ada", "eve"]),
        (["Eve_1_assignsubmission_file_/Ada_2_assignsubmission_file_/start_here.ipynb"], ["eve-1"]),
        (["Eve_1_assignsubmission_file_/ada_12_34_start_here.ipynb"], ["eve-1"]),
        (["hand-ins/eve_1_2_start_here.ipynb", "hand-ins/ada_3_4_start_here.ipynb"], ["eve-1", "ada-3"]),
    ],
)
def test_no_name_within_a_hand_in_makes_it_somebody_elses(paths, students):
    layout = Layout.of(paths, LESSON)
    assert [attempt(path, (0,), LESSON, layout).student for path in paths] == students


def test_identifier_is_a_safe_folder_name():
    for name in ("../../etc", ".hidden", "a/b\\c", "x" * 500, "名前 さん"):
        made = identifier(name)
        assert "/" not in made and not made.startswith(".") and 0 < len(made) <= 100


@pytest.mark.parametrize("file", ["start_here.ipynb", "start_here-3.ipynb", "start_here (1).ipynb"])
def test_numbered_copies_are_the_notebook(file):
    assert is_notebook(file, NOTEBOOK)


def test_of_several_canvas_attempts_the_newest_counts_and_that_is_said(course, tmp_path):
    data = {name: notebook(name) for name in CANVAS_NAMES}
    said = by_student(collect(course, LESSON, [zipped(tmp_path / "submissions.zip", data)]))
    assert course.hand_in("doejane-12345", LESSON).read_bytes() == data[CANVAS_NAMES[1]]
    assert "newest of 2 attempts" in said["doejane-12345"].said and "late" in said["doejane-12345"].said
    assert course.hand_in("ørstedhanschristian-77", LESSON).exists()


def test_of_two_moodle_zips_the_newer_file_counts_in_either_order(course, tmp_path):
    old = zipped(tmp_path / "old.zip", {MOODLE_NAMES[0]: notebook("old")}, (2026, 3, 1, 12, 0, 0))
    new = zipped(tmp_path / "new.zip", {MOODLE_NAMES[0]: notebook("new")}, (2026, 3, 2, 12, 0, 0))
    for order in ([old], [new], [old]):
        said = by_student(collect(course, LESSON, order))
    assert course.hand_in("jane-o-doe-4711", LESSON).read_bytes() == notebook("new")
    assert said["jane-o-doe-4711"].state == "older"


def test_second_collection_of_the_same_zip_changes_nothing(course, tmp_path):
    source = zipped(tmp_path / "a.zip", {name: notebook(name) for name in MOODLE_NAMES})
    collect(course, LESSON, [source])
    assert {one.state for one in collect(course, LESSON, [source])} == {"unchanged"}


def test_folder_of_students_is_collected(course, tmp_path):
    for student in ("ann", "bob"):
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / "start_here.ipynb").write_bytes(notebook(student))
    (tmp_path / "class" / "eve").mkdir()
    (tmp_path / "class" / "eve" / "start_here.ipynb").symlink_to(tmp_path / "class" / "ann" / "start_here.ipynb")
    assert set(by_student(collect(course, LESSON, [tmp_path / "class"]))) == {"ann", "bob"}


@pytest.mark.parametrize(
    "name",
    ["../../evil_1_2_start_here.ipynb", "/etc/evil_1_2_start_here.ipynb", "..\\evil_1_2_x.ipynb", "C:/x_1_2_x.ipynb"],
)
def test_member_that_points_out_of_its_archive_is_refused_and_nothing_is_written(course, tmp_path, name):
    [said] = collect(course, LESSON, [zipped(tmp_path / "evil.zip", {name: notebook()})])
    assert said.state == "refused" and "points out" in said.said
    assert not list(tmp_path.rglob("*evil*.ipynb")) and not list(course.root.glob("submitted/*"))


def test_bomb_is_refused_and_costs_only_itself(course, tmp_path):
    bomb = zipped(tmp_path / "a.zip", {CANVAS_NAMES[0]: bytes(LARGEST_FILE + 1), CANVAS_NAMES[2]: notebook()})
    assert bomb.stat().st_size < LARGEST_FILE / 100
    said = by_student(collect(course, LESSON, [bomb]))
    assert said["doejane-12345"].state == "refused" and "larger than" in said["doejane-12345"].said
    assert said["ørstedhanschristian-77"].state == "collected"


def test_member_that_claims_to_be_small_is_refused(course, tmp_path):
    path = zipped(tmp_path / "a.zip", {CANVAS_NAMES[0]: bytes(1000)})
    data = path.read_bytes()
    path.write_bytes(data.replace((1000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    [said] = collect(course, LESSON, [path])
    assert said.state == "refused"


def test_file_that_is_no_zip_is_refused_in_one_sentence(course, tmp_path):
    (tmp_path / "a.zip").write_text("<html>log in first</html>")
    with pytest.raises(CourseError, match="neither a folder nor a whole zip"):
        collect(course, LESSON, [tmp_path / "a.zip"])


def test_feedback_is_packed_under_the_names_by_which_moodle_and_canvas_find_whose_it_is(course, tmp_path):
    names = {
        CANVAS_NAMES[0]: None,  # replaced by the next
        CANVAS_NAMES[1]: "doejane_LATE_12345_67999_start_here-1.html",
        CANVAS_NAMES[2]: "ørstedhanschristian_77_8_start_here.html",
        MOODLE_NAMES[0]: "Jane O'Doe_4711_assignsubmission_file_/start_here.html",
        MOODLE_NAMES[1]: "Hans Müller_4712_assignsubmission_file_start_here.html",
        "Ida_4713_assignsubmission_file/deep.er/start_here.ipynb": "Ida_4713_assignsubmission_file/deep.er/start_here.html",
    }
    (tmp_path / "class" / "bob").mkdir(parents=True)
    (tmp_path / "class" / "bob" / "start_here.ipynb").write_bytes(notebook())
    said = collect(
        course, LESSON, [zipped(tmp_path / "a.zip", {name: notebook(name) for name in names}), tmp_path / "class"]
    )
    pages = []
    for one in said:
        pages.append(course.root / "feedback" / one.student / LESSON / "start_here.html")
        pages[-1].parent.mkdir(parents=True)
        pages[-1].write_text(f"<p>{one.student}</p>")
    assert pack(course, LESSON, pages, tmp_path / "feedback.zip") == ["bob"]
    with zipfile.ZipFile(tmp_path / "feedback.zip") as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(found) == {name for name in names.values() if name}
    for name, page in found.items():
        whose = attempt(name, (0,), LESSON, Layout.of([name], LESSON))
        assert page == f"<p>{whose.student}</p>"
        assert whose.number in (moodle_reads(name), *(canvas_reads(name) or ()))


def moodle_reads(path: str) -> str | None:
    """The participant that Moodle finds in a file's path."""
    rows = [part.split("_", 4) for part in path.split("/")]
    return next(
        (row[1] for row in rows if len(row) >= 4 and row[1].isdecimal() and row[2:4] == ["assignsubmission", "file"]),
        None,
    )


def canvas_reads(path: str) -> tuple[str, str] | None:
    """The user and the file that Canvas finds in a file's path."""
    parts = [part for part in path.split("/")[-1].split("_") if part != "LATE"]
    numbers = [part for part in parts if part.isdecimal()]
    return (numbers[0], numbers[1]) if len(numbers) >= 2 and not parts[-1].startswith("link") else None


def test_marks_go_back_to_where_the_hand_ins_came_from(tmp_path):
    root = tmp_path / "course"
    canvas = zipped(tmp_path / "canvas.zip", {CANVAS_NAMES[0]: notebook()})
    moodle = zipped(tmp_path / "moodle.zip", {MOODLE_NAMES[0]: notebook()})
    (tmp_path / "class" / "=cmd()").mkdir(parents=True)
    (tmp_path / "class" / "=cmd()" / "start_here.ipynb").write_bytes(b"{}")
    gradlab(root, "collect", LESSON, str(canvas), str(moodle), str(tmp_path / "class"))
    marks = graded(root, LESSON)
    full = f"{marks['doejane-12345']['score']:g}"

    def table(form: str) -> list[list[str]]:
        file = tmp_path / f"{form}.csv"
        gradlab(root, "export", LESSON, "--format", form, "--to", str(file), "--column", "Lesson 0 (99)")
        return list(csv.reader(io.StringIO(file.read_text())))

    header, points, *rows = table("canvas")
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lesson 0 (99)"]
    assert points[0].strip() == "Points Possible" and points[-1] == full
    assert ["doejane", "12345", "", "", "", full] in rows
    rows = list(csv.DictReader((tmp_path / "moodle.csv").read_text().splitlines())) if table("moodle") else []
    assert {"Participant 4711", "Participant 12345"} == {row["Identifier"] for row in rows}
    assert next(row for row in rows if row["Identifier"] == "Participant 4711")["Full name"] == "Jane O'Doe"
    said = gradlab(root, "feedback", LESSON, "--zip", str(tmp_path / "feedback.zip"))
    assert "2 of them packed" in said and "Left out" in said
    with zipfile.ZipFile(tmp_path / "feedback.zip") as archive:
        pages = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(pages) == {CANVAS_NAMES[0].replace(".ipynb", ".html"), MOODLE_NAMES[0].replace(".ipynb", ".html")}
    assert all("</html>" in page and "gradlab-explorer" in page for page in pages.values())
    plain = table("csv")
    assert len(plain) == 4 and not any(cell.startswith("=") for row in plain for cell in row)
