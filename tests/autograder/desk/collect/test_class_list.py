"""Nobody of a class list is guessed by a name that several have, and the same collection again changes nothing."""

import csv
import io
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.desk.collect.class_list import ClassListComparison, compare
from autograder.desk.collect.collect import collect
from autograder.desk.course.folder import Course, CourseError
from autograder.desk.course.people import People
from autograder.desk.course.roster import read_roster, take_in
from tests.autograder.desk.collect.archives import LESSON, notebook, zipped
from tests.warm.client import run_gradlab

HEADS = ("First name", "Last name", "ID number", "Email address")
ANAS = [("Ana", "Alba", "s1", "ana@x"), ("Ana", "Alba", "s7", "ana7@x"), ("Dea", "Dorn", "s4", "d@x")]
a_notebook = cache(notebook)


def written(path: Path, rows: list[tuple[str, ...]], heads: tuple[str, ...] = HEADS) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows([heads, *rows])
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def moodle(*people: tuple[str, int]) -> dict[str, bytes]:
    return {f"{name}_{number}_assignsubmission_file_/start_here.ipynb": a_notebook() for name, number in people}


def run(course: Course, members: dict[str, bytes], rows: list[tuple[str, ...]], heads=HEADS) -> ClassListComparison:
    """Collect with a class list, as the command does."""
    listed = read_roster(written(course.root.parent / "list.csv", rows, heads)) if rows else []
    people = People.of(course)
    if listed:
        with course.gradebook() as gradebook:
            take_in(people, listed, gradebook)
        people.save()
    said = collect(course, LESSON, [zipped(course.root.parent / "a.zip", members)])
    return compare(People.of(course), LESSON, said)


def kept(course: Course) -> dict:
    """Everything that a collection leaves, the gradebook's students too."""
    with course.gradebook() as gradebook:
        students = {
            each.id: (each.first_name, each.last_name, each.email, each.lms_user_id) for each in gradebook.students
        }
    files = {str(path): path.read_bytes() for path in course.root.rglob("*") if path.is_file() and path.suffix != ".db"}
    return {"students": students, "files": files}


def told(found: ClassListComparison) -> tuple:
    return [(one.student, one.name) for one in found.said], found.missing, found.not_listed, found.unclear


@pytest.mark.parametrize("numbers", [(1,), (1, 2)])
@pytest.mark.parametrize("rows", [ANAS, ANAS[::-1]])
def test_of_two_people_of_one_name_nobody_is_guessed(course, numbers, rows):
    for _ in range(3):
        found = run(course, moodle(*(("Ana Alba", number) for number in numbers)), rows)
        ids = [f"ana-alba-{number}" for number in numbers]
        assert course.submitted(LESSON) == ids and found.missing == ["Dea Dorn"] and found.not_listed == []
        [sentence] = found.unclear
        assert all(word in sentence for word in ("s1, ana@x", "s7, ana7@x", *ids, "class list"))
        people = People.of(course).by_id
        assert sorted(each.sis for each in people.values() if each.on_roster) == ["s1", "s4", "s7"]
        assert not any(people[id].sis or people[id].email or people[id].on_roster for id in ids)


@pytest.mark.parametrize("cells", [("1", "2"), ("Participant 1", "Participant 2")])
@pytest.mark.parametrize("before", [True, False], ids=["collected before", "at once"])
def test_numbers_in_the_class_list_tell_people_of_one_name_apart(course, cells, before):
    members = moodle(("Ana Alba", 1), ("Ana Alba", 2))
    if before:
        run(course, members, ANAS)
    rows = [(*row, cell) for row, cell in zip(ANAS[:2], cells)]
    for _ in range(2):
        found = run(course, members, rows, (*HEADS, "ID"))
        assert (found.unclear, found.missing, found.not_listed) == ([], [], [])
        people = People.of(course)
        assert {each.number: each.sis for each in map(people.get, course.submitted(LESSON))} == {"1": "s1", "2": "s7"}


def test_one_row_and_two_hand_ins_of_its_name(course):
    members = moodle(("Ana Alba", 1), ("Ana Alba", 2))
    first = run(course, members, ANAS[1:])
    assert len(first.unclear) == 1 and first.missing == ["Dea Dorn"] and len(course.submitted(LESSON)) == 2
    assert told(run(course, members, ANAS[1:])) == told(first)


def test_two_missing_people_of_one_name_are_named_apart(course):
    found = run(course, moodle(("Dea Dorn", 4)), ANAS)
    assert len(found.missing) == 2 and "s1" in found.missing[0] and "s7" in found.missing[1] and not found.unclear


def test_folders_called_by_a_name_of_two_people(course):
    found = run(course, {"hw/Ana Alba/a.ipynb": a_notebook(), "hw/Dea Dorn/a.ipynb": a_notebook()}, ANAS)
    assert len(found.unclear) == 1 and not found.missing and set(course.submitted(LESSON)) == {"ana-alba", "dea-dorn"}


def test_who_is_not_on_the_class_list_is_named(course):
    found = run(course, moodle(("Dea Dorn", 4), ("Eve Elk", 5)), ANAS)
    assert found.not_listed == ["Eve Elk"] and not found.unclear
    assert [one.student for one in found.said if "not on the class list" in one.said] == ["eve-elk-5"]
    assert not run(course, moodle(("Dea Dorn", 4), ("Eve Elk", 5)), [*ANAS, ("Eve", "Elk", "s5", "")]).not_listed


def test_class_list_of_another_platform_is_told(course):
    rows = [("Dorn, Dea", "201", "dd"), ("Elk, Eve", "202", "ee")]
    for _ in range(2):
        found = run(course, moodle(("Dea Dorn", 4), ("Eve Elk", 5)), rows, ("Student", "ID", "SIS Login ID"))
        [sentence] = found.unclear
        assert "two platforms" in sentence and "Canvas" in sentence and "Moodle" in sentence and not found.missing


@pytest.mark.parametrize("folders", [("ANA.", "Ana", "ana"), ("Ana Alba", "ana-alba"), ("Ana Alba", "Alba, Ana")])
def test_folders_that_differ_in_signs_only_are_all_collected_and_told(course, folders):
    members = {f"hw/{name}/start_here.ipynb": a_notebook() for name in folders} | {"hw/ben/a.ipynb": a_notebook()}
    first = run(course, members, [])
    assert len(course.submitted(LESSON)) == len(folders) + 1
    assert len(first.unclear) == 1 and all(name in first.unclear[0] for name in folders)
    before = kept(course)
    assert told(run(course, members, [])) == told(first) and kept(course) == before


WORDS = st.sampled_from(["", "1", "2", "s1", "s7"])
ROWS = st.tuples(
    st.sampled_from(["Ana", "ana", "Ben"]), st.sampled_from(["Alba", "Bit"]), WORDS,
    st.sampled_from(["", "a@x", "b@x"]), st.sampled_from(["", "1", "2", "Participant 2", "ana", "ana-alba"]),
)  # fmt: skip
SENDERS = st.sampled_from(
    [name.format(n) + "start_here.ipynb" for n in (1, 2) for name in ("Ana Alba_{}_assignsubmission_file_/",
     "Ben Bit_{}_assignsubmission_file_/")]
)  # fmt: skip
CANVAS = st.sampled_from([f"{name}_{n}_{n}_start_here.ipynb" for n in (1, 2) for name in ("albaana", "bitben")])
FOLDERS = st.sampled_from(
    [f"hw/{name}/a.ipynb" for name in ("Ana Alba", "ana alba", "ana-alba", "Ana", "1", "ana-alba-1")]
)
ALBA = "hw/Ana Alba/a.ipynb"
MEMBERS = st.one_of(*(st.lists(one, min_size=1, max_size=3, unique=True) for one in (SENDERS, CANVAS, FOLDERS)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=MEMBERS, members=MEMBERS, rows=st.lists(ROWS, max_size=4))
@example(before=[ALBA], members=[ALBA, ALBA.lower()], rows=[("Ana", "Alba", "", "", "")])
@example(before=moodle(("Ana Alba", 1), ("Ben Bit", 1)), members=[ALBA], rows=[("Ben", "Bit", "", "", "ana-alba")])
@example(before=[], members=list(moodle(("Ana Alba", 1), ("Ana Alba", 2))), rows=[(*row, "") for row in ANAS])
def test_the_same_collection_again_changes_nothing(empty_gradebook, before, members, rows):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "course")
        root.mkdir()
        shutil.copy(empty_gradebook, root)
        course = Course.at(root)
        if before:
            run(course, dict.fromkeys(before, a_notebook()), [])
        again = dict.fromkeys(members, a_notebook())
        try:
            first = run(course, again, rows, (*HEADS, "ID"))
        except CourseError as error:
            assert "contradicts itself" in str(error)
            return
        there = kept(course)
        assert told(run(course, again, rows, (*HEADS, "ID"))) == told(first)
        assert kept(course) == there
        listed = [each for each in People.of(course).by_id.values() if each.on_roster]
        assert len(listed) == len({tuple(cell for cell in row) for row in rows}), "each row is one person"
        assert len({one.student for one in first.said if one.student}) == len(
            [one for one in first.said if one.student]
        )


CONTRADICTIONS = {
    "group": ("name,email,group", "Ana,a@x,A", "Ana,a@x,B"),
    "ID number": ("name,email,id number", "Ana,a@x,s1", "Ana,a@x,s7"),
    "email": ("name,email,id number", "Ana,a@x,s1", "Ana,b@x,s1"),
    "name": ("name,id number", "Ana,s1", "Ben,s1"),
    "exempt": ("name,exempt", "Ana,00", "Ana,"),
    "ID or number": ("name,login,id", "Ana,a,1", "Ana,a,2"),
}


@pytest.mark.parametrize("column", CONTRADICTIONS)
def test_rows_that_contradict_each_other_are_named_with_what_differs(tmp_path, column):
    heads, one, other = CONTRADICTIONS[column]
    (tmp_path / "list.csv").write_text(f"{heads}\n{one}\nZoe{',03' * heads.count(',')}\n{other}\n")
    with pytest.raises(CourseError, match=rf"Rows 2 and 4 .* differ in {column} \("):
        read_roster(tmp_path / "list.csv")


def test_identical_rows_are_one_and_a_family_may_share_an_address(tmp_path):
    (tmp_path / "list.csv").write_text("name,email,id number\nAna,a@x,s1\nAna,a@x,s1\nBen,a@x,s2\n")
    assert [row["name"] for row in read_roster(tmp_path / "list.csv")] == ["Ana", "Ben"]


@pytest.mark.parametrize("start", [b"PK\x03\x04\x14\0\6\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"SQLite format 3\0"])
def test_workbook_is_no_class_list_and_how_to_save_one_is_said(tmp_path, start):
    (tmp_path / "a.xlsx").write_bytes(start + bytes(range(256)))
    with pytest.raises(CourseError, match="no CSV file.* Save it as CSV"):
        read_roster(tmp_path / "a.xlsx")


def test_command_says_it_and_ends_with_1_each_time(course, tmp_path):
    source, roster = zipped(tmp_path / "a.zip", moodle(("Ana Alba", 1))), written(tmp_path / "list.csv", ANAS)
    for _ in range(2):
        command = ["collect", "00", str(source), "--roster", str(roster), "--course", str(course.root)]
        done = run_gradlab(command)
        assert done.returncode == 1 and "s7, ana7@x" in done.stderr and "ana-alba-1" in done.stderr, done.stderr
        assert "have not handed in 00-start-here: Dea Dorn." in done.stdout
