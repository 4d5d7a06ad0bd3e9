"""Every file of an archive ends as taken, older, another lesson's, not needed, or refused with a reason."""

import html
import os
import time
import zipfile
from datetime import UTC, datetime

import pytest

from autograder.desk.collect.collect import collect, refused
from autograder.desk.course.folder import Course, CourseError
from autograder.desk.course.people import People, Person
from autograder.marking.reading import LARGEST_FILE
from tests.autograder.desk.collect.archives import (
    LESSON,
    OTHER,
    notebook,
    without_the_flag,
    zip_bytes,
    zipped,
)

CANVAS_NAMES = [
    "doejane_12345_67890_start_here.ipynb",
    "doejane_LATE_12345_67999_start_here-1.ipynb",
    "ørstedhanschristian_77_8_start_here.ipynb",
]
MOODLE_NAMES = [
    "Jane O'Doe_4711_assignsubmission_file_/start_here.ipynb",
    "Hans Müller_4712_assignsubmission_file_start_here.ipynb",
]
LATER = (2026, 3, 2, 12, 0, 0)


def as_page(data: bytes) -> bytes:
    return f"<html><body><pre>{html.escape(data.decode())}</pre></body></html>".encode()


@pytest.fixture
def collected(course, tmp_path):
    """Collect an archive of these members; what was said, by student."""

    def run(members: dict[str, bytes], date=(2026, 3, 1, 12, 0, 0)) -> dict:
        said = collect(course, LESSON, [zipped(tmp_path / "a.zip", members, date)])
        assert len({one.student for one in said if one.student}) == len([one for one in said if one.student])
        return {one.student: one for one in said}

    return run


READABLE = {
    "json": ("start_here.ipynb.json", lambda data: data),
    "text": ("start_here.ipynb.txt", lambda data: data),
    "capitals": ("START_HERE.IPYNB", lambda data: data),
    "number": ("start_here (1).ipynb", lambda data: data),
    "own name": ("my work.ipynb", lambda data: data),
    "page": ("start_here.html", as_page),
    "byte order mark": ("start_here.ipynb", lambda data: b"\xef\xbb\xbf" + data),
    "zip": ("homework.zip", lambda data: zip_bytes({"work/start_here.ipynb": data})),
    "zip in zip": ("a.zip", lambda data: zip_bytes({"b.zip": zip_bytes({"start_here.ipynb": data})})),
}
UNREADABLE = {
    "pdf": ("start_here.pdf", b"%PDF-1.4"),
    "page without a notebook": ("start_here.html", b"<html>hi</html>"),
    "script": ("start_here.py", b"print(1)"),
    "cut off": ("start_here.ipynb", notebook()[:500]),
    "empty": ("start_here.ipynb", b""),
    "no cells": ("start_here.ipynb", b'{"cells": 3}'),
    "damaged zip": ("a.zip", b"PK\x03\x04rest"),
    "empty zip": ("a.zip", zip_bytes({})),
    "online text": ("onlinetext.html", b"<p>see mail</p>"),
}


@pytest.mark.parametrize("kind", READABLE)
def test_upload_that_holds_the_notebook_is_taken(collected, course, kind):
    name, change = READABLE[kind]
    said = collected({f"Ana Alba_11_assignsubmission_file_/{name}": change(notebook())})
    assert said["ana-alba-11"].state == "collected" and not refused(said.values())
    assert b"test-gradient" in course.hand_in("ana-alba-11", LESSON).read_bytes()


@pytest.mark.parametrize("kind", UNREADABLE)
def test_upload_that_holds_none_is_refused_by_name_and_costs_nobody_else(collected, course, kind):
    name, data = UNREADABLE[kind]
    members = {f"Ana Alba_11_assignsubmission_file_/{name}": data, "Ben_2_assignsubmission_file_/a.ipynb": notebook()}
    said = collected(members)
    assert said["ana-alba-11"].state == "refused" and len(said["ana-alba-11"].said) > 20
    assert said["ben-2"].state == "collected" and [one.student for one in refused(said.values())] == ["ana-alba-11"]
    assert not course.hand_in("ana-alba-11", LESSON).exists()


def test_every_file_of_an_archive_is_spoken_of(collected):
    members = {f"s{n}/{name}": data for n, (name, data) in enumerate(UNREADABLE.values())}
    members |= {f"r{n}/{name}": change(notebook()) for n, (name, change) in enumerate(READABLE.values())}
    said = collected({"hw/" + name: data for name, data in members.items()} | {"hw/start_here.ipynb": notebook()})
    assert set(said) == {name.split("/")[0] for name in members} | {""}


def test_notebook_of_another_lesson_is_told_and_not_taken(collected, course):
    said = collected({"Ana_1_assignsubmission_file_/start_here.ipynb": notebook(lesson=OTHER)})
    assert said["ana-1"].state == "another lesson's" and OTHER in said["ana-1"].said
    assert not course.hand_in("ana-1", LESSON).exists()


def test_of_several_canvas_attempts_the_newest_counts_and_that_is_said(collected, course):
    data = {name: notebook(name) for name in CANVAS_NAMES}
    said = collected(data)
    assert course.hand_in("doejane-12345", LESSON).read_bytes() == data[CANVAS_NAMES[1]]
    assert "passed over: start_here.ipynb" in said["doejane-12345"].said and "late" in said["doejane-12345"].said
    assert course.hand_in("ørstedhanschristian-77", LESSON).exists()


def test_newest_attempt_that_can_be_read_counts_and_the_other_is_named(collected, course):
    good, bad = "ana_1_10_start_here.ipynb", "ana_1_20_start_here-1.ipynb"
    said = collected({good: notebook("good"), bad: notebook("bad")[:300]})
    assert course.hand_in("ana-1", LESSON).read_bytes() == notebook("good")
    assert "start_here-1.ipynb (the file was cut off" in said["ana-1"].said


def test_good_hand_in_is_not_replaced_by_a_newer_one_that_cannot_be_read(collected, course):
    collected({MOODLE_NAMES[0]: notebook("good")})
    said = collected({MOODLE_NAMES[0]: b"{"}, LATER)
    assert course.hand_in("jane-o-doe-4711", LESSON).read_bytes() == notebook("good")
    assert said["jane-o-doe-4711"].state == "refused" and "stays" in said["jane-o-doe-4711"].said


def test_notebook_beside_the_right_name_is_named(collected, course):
    folder = "Ana_1_assignsubmission_file_/"
    said = collected(
        {folder + "start_here.ipynb": notebook("right"), folder + "start_here-Copy1.ipynb": notebook("copy")}
    )
    assert course.hand_in("ana-1", LESSON).read_bytes() == notebook("right")
    assert "start_here-Copy1.ipynb" in said["ana-1"].said


def test_of_two_zips_the_newer_file_counts_in_either_order(course, tmp_path):
    old = zipped(tmp_path / "old.zip", {MOODLE_NAMES[0]: notebook("old")})
    new = zipped(tmp_path / "new.zip", {MOODLE_NAMES[0]: notebook("new")}, LATER)
    for order in ([old], [new], [old]):
        [said] = collect(course, LESSON, order)
    assert course.hand_in("jane-o-doe-4711", LESSON).read_bytes() == notebook("new") and said.state == "older"


def test_second_collection_of_the_same_zip_changes_nothing(collected):
    members = {name: notebook(name) for name in MOODLE_NAMES}
    collected(members)
    assert {one.state for one in collected(members).values()} == {"unchanged"}


def test_one_number_in_two_spellings_is_one_student(collected, course):
    for name, date in (("Rene\u0301e Zoe\u0308", LATER), ("Renée Zoë", (2026, 3, 1, 1, 1, 1)), ("Renée Z.", LATER)):
        collected({f"{name}_21_assignsubmission_file_/start_here.ipynb": notebook(name)}, date)
    assert len(course.submitted(LESSON)) == 1


def test_different_students_have_different_ids_also_later(collected, course):
    names = ["राम", "रीम", "รัก", "รีก", "Ana+1", "Ana 1", "Ana-1", "x" * 120 + "a", "x" * 120 + "b", "Ana"]
    for _ in range(2):
        said = collected({f"{name}/start_here.ipynb": notebook(name) for name in names})
        assert len(said) == len(names) == len(course.submitted(LESSON))
    by_name = {People.of(course).get(id).name: id for id in said}
    for name in names:
        assert course.hand_in(by_name[name], LESSON).read_bytes() == notebook(name)


def test_names_decide_before_the_numbers_of_a_class_list(collected, course):
    """A spreadsheet's numbers are any numbers; where two people's happen to be each other's, nobody gets the other's work."""
    people = People.of(course)
    for id, name, number in (("ada", "Ada Lovelace", "1"), ("ben", "Ben Bit", "2"), ("cy", "Cy Young", "0012")):
        people.by_id[id] = Person(id, name, number=number, on_roster=True)
    people.save()
    members = {
        "Ada Lovelace_2_assignsubmission_file_/start_here.ipynb": notebook(text="of Ada"),
        "Ben Bit_1_assignsubmission_file_/start_here.ipynb": notebook(text="of Ben"),
        "Dan Dot_12_assignsubmission_file_/start_here.ipynb": notebook(text="of Dan"),
        "Cyrus Y_0012_assignsubmission_file_/start_here.ipynb": notebook(text="of Cy"),
    }
    said = collected(members)
    for id, word in (("ada", "of Ada"), ("ben", "of Ben"), ("cy", "of Cy"), ("dan-dot-12", "of Dan")):
        assert said[id].state == "collected" and word in course.hand_in(id, LESSON).read_text()


@pytest.mark.parametrize("names", [("Ada", "ada"), ("-a-b-", "a-b"), ("Ada Bit", "ada-bit")])
def test_two_folders_of_one_id_are_told_and_the_first_is_kept(course, tmp_path, names):
    members = {f"{name}/start_here.ipynb": notebook(text=f"of {name}") for name in names}
    said = collect(course, LESSON, [zipped(tmp_path / "a.zip", members)])
    assert len({one.student for one in said}) == 2 or [one.state for one in said].count("refused") == 1
    kept = [course.hand_in(student, LESSON).read_text() for student in course.submitted(LESSON)]
    assert sum(f"of {name}" in text for text in kept for name in names) == len(kept) >= 1
    assert len(kept) == 2 or any(names[1] in one.said or names[0] in one.said for one in said if one.state == "refused")


def test_an_archive_is_opened_once_however_many_files_it_has(course, tmp_path, opened_zips):
    members = {f"data/{k}.txt": b"x" for k in range(300)} | {"ada/start_here.ipynb": notebook()}
    source = zipped(tmp_path / "a.zip", members | {"bob/all.zip": zip_bytes(members)})
    opened_zips.clear()
    collect(course, LESSON, [source])
    assert len(opened_zips) < 12


def test_anonymous_numbers_differ_by_their_letters_case(collected, course):
    collected({"anon_aB3xY_80_start_here.ipynb": notebook("1"), "anon_Ab3xY_82_start_here.ipynb": notebook("2")})
    assert len(course.submitted(LESSON)) == 2


def test_names_in_utf_8_are_read_as_such_without_the_flag(course, tmp_path):
    data = zip_bytes(
        {
            "José Peña_31_assignsubmission_file_/start_here.ipynb": notebook(),
            "张伟_32_assignsubmission_file_/a.ipynb": notebook(),
        }
    )
    (tmp_path / "a.zip").write_bytes(without_the_flag(data))
    assert {one.name for one in collect(course, LESSON, [tmp_path / "a.zip"])} == {"José Peña", "张伟"}


def test_what_systems_leave_is_nobodys_hand_in(collected):
    said = collected(
        {
            "ana/my work.ipynb": notebook(),
            "ana/.ipynb_checkpoints/my work-checkpoint.ipynb": notebook("old"),
            "__MACOSX/ben/._start_here.ipynb": b"\0\5\6\7",
            "ben/start_here.ipynb": notebook(),
            ".DS_Store": b"x",
        }
    )
    assert {student: one.state for student, one in said.items()} == {"ana": "collected", "ben": "collected"}


def test_folder_of_students_is_collected(course, tmp_path):
    for student in ("ann", "bob", "eve"):
        (tmp_path / "class" / student).mkdir(parents=True)
    for student in ("ann", "bob"):
        (tmp_path / "class" / student / "start_here.ipynb").write_bytes(notebook(student))
    (tmp_path / "class" / "cid").mkdir()
    (tmp_path / "class" / "eve" / "start_here.ipynb").symlink_to(tmp_path / "class" / "ann" / "start_here.ipynb")
    said = {one.student: one.state for one in collect(course, LESSON, [tmp_path / "class"])}
    assert said == {"ann": "collected", "bob": "collected", "cid": "refused", "eve": "refused"}


@pytest.mark.parametrize("name", ["../../evil/a.ipynb", "/etc/evil/a.ipynb", "..\\evil\\a.ipynb", "C:/x/a.ipynb"])
def test_member_that_points_out_of_its_archive_is_refused_and_nothing_is_written(course, tmp_path, name):
    said = collect(course, LESSON, [zipped(tmp_path / "evil.zip", {name: notebook(), "ben/a.ipynb": notebook()})])
    assert any(one.state == "refused" and "points out" in one.said for one in said)
    assert [path.parts[-3] for path in course.root.glob("submitted/*/*/*.ipynb")] == ["ben"]


def test_bomb_is_refused_and_costs_only_itself(collected):
    said = collected({CANVAS_NAMES[0]: bytes(LARGEST_FILE + 1), CANVAS_NAMES[2]: notebook()})
    assert said["doejane-12345"].state == "refused" and "larger than" in said["doejane-12345"].said
    assert said["ørstedhanschristian-77"].state == "collected"


@pytest.mark.parametrize("seed", range(12))
def test_archive_with_bytes_changed_at_random_stops_nobody(course, tmp_path, seed):
    import random

    luck = random.Random(seed)
    data = bytearray(zip_bytes({f"s{n}_{n}_{n}_start_here.ipynb": notebook(str(n)) for n in range(1, 5)}))
    directory = data.find(b"PK\x01\x02")
    for _ in range(3):
        data[luck.randrange(40, directory)] ^= luck.randrange(1, 256)
    (tmp_path / "a.zip").write_bytes(data)
    said = collect(course, LESSON, [tmp_path / "a.zip"])
    assert {one.student for one in said} == {f"s{n}-{n}" for n in range(1, 5)}


def test_member_of_a_method_that_cannot_be_unpacked_is_refused(course, tmp_path):
    data = bytearray(zip_bytes({"ana_1_2_start_here.ipynb": notebook(), "ben_3_4_start_here.ipynb": notebook()}))
    start = data.find(b"PK\x01\x02")
    data[start + 10 : start + 12] = (zipfile.ZIP_LZMA).to_bytes(2, "little")
    (tmp_path / "a.zip").write_bytes(data)
    assert {one.student: one.state for one in collect(course, LESSON, [tmp_path / "a.zip"])} == {
        "ana-1": "refused",
        "ben-3": "collected",
    }


def test_file_that_is_no_zip_is_refused_in_one_sentence(course, tmp_path):
    (tmp_path / "a.zip").write_text("<html>log in first</html>")
    with pytest.raises(CourseError, match="neither a folder nor a whole zip"):
        collect(course, LESSON, [tmp_path / "a.zip"])


def stamp(course: Course, student: str) -> str | None:
    path = course.hand_in(student, LESSON).with_name("timestamp.txt")
    return path.read_text() if path.exists() else None


def test_time_of_a_hand_in_is_kept_where_the_archive_knows_it(course, collected, tmp_path):
    collected({MOODLE_NAMES[0]: notebook()})
    local = datetime.fromtimestamp(time.mktime((2026, 3, 1, 12, 0, 0, 0, 0, -1)), UTC)
    assert stamp(course, "jane-o-doe-4711") == f"{local:%Y-%m-%d %H:%M:%S}.000000 UTC"
    collected({CANVAS_NAMES[0]: notebook()})
    assert stamp(course, "doejane-12345") is None, "Canvas packs with the time of the download"
    folder = tmp_path / "class" / "ann"
    folder.mkdir(parents=True)
    (folder / "start_here.ipynb").write_bytes(notebook())
    os.utime(folder / "start_here.ipynb", (1, 1))
    collect(course, LESSON, [tmp_path / "class"])
    assert stamp(course, "ann") is None, "a copied file has the time of the copy"
    (folder / "timestamp.txt").write_text("2026-03-04 05:06:07.000000 UTC")
    collect(course, LESSON, [tmp_path / "class"])
    assert stamp(course, "ann") == "2026-03-04 05:06:07.000000 UTC"


@pytest.mark.parametrize("folder", ["Hal Hue_8_assignsubmission_file_/", "Hal Hue_8_assignsubmission_file_/work/"])
def test_empty_folder_in_a_zip_has_its_row(collected, folder):
    said = collected(
        {folder: b"", "Ben_2_assignsubmission_file_/": b"", "Ben_2_assignsubmission_file_/a.ipynb": notebook()}
    )
    assert said["hal-hue-8"].state == "refused" and "handed in nothing" in said["hal-hue-8"].said
    assert said["ben-2"].state == "collected" and "nothing" not in said["ben-2"].said


@pytest.mark.parametrize("dates", [(LATER, LATER), (LATER, (2026, 3, 1, 1, 1, 1))], ids=["one time", "newer first"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_in_a_zip_says_which_was_taken(course, tmp_path, dates):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for text, date in zip(("first", "second"), dates):
            archive.writestr(zipfile.ZipInfo(MOODLE_NAMES[0], date), notebook(text))
    [said] = collect(course, LESSON, [tmp_path / "a.zip"])
    assert "more than once: the newest was taken, of one time the last" in said.said
    taken = "second" if dates[0] == dates[1] else "first"
    assert course.hand_in("jane-o-doe-4711", LESSON).read_bytes() == notebook(taken)
