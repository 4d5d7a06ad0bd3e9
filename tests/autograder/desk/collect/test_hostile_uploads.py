"""What a student uploads costs nobody else a hand-in, and does not decide when it was handed in."""

import json
import zipfile
from datetime import datetime, timedelta
from html import escape
from io import BytesIO
from types import SimpleNamespace

import pytest

from autograder.desk.collect import archives, notebooks
from autograder.desk.collect.collect import collect
from autograder.desk.course.folder import CourseError
from autograder.marking.reading import LARGEST_FILE
from tests.autograder.desk.collect.archives import (
    END,
    IN_THE_LIST,
    LESSON,
    MEMBER,
    NOON,
    forged,
    notebook,
    with_nameless,
    zip_bytes,
    zipped,
)

FORGED = "2026-01-01 00:00:00.000000 UTC"
JANUARY = (2026, 1, 1, 0, 0, 0)
SIZE = 2_000_000


def page(text: str) -> bytes:
    return f"<html>&quot;{text}</html>".encode()


def bomb(count: int) -> bytes:
    return zip_bytes({f"{k}.ipynb": bytes(LARGEST_FILE) for k in range(count)})


WAYS_OUT = ("/", "//", "../", "../../", "\\\\", "a/../../")
OTHERS = ("zoe_3_77_start_here.ipynb", "zoe_3_assignsubmission_file_/start_here.ipynb")
UPLOADS = {
    "page of open tags": ("start_here.html", lambda: page("<" * SIZE)),
    "page of quotes": ("start_here.html", lambda: page("&quot;" * SIZE)),
    "page of a large number": ("start_here.html", lambda: page(f"&#{'9' * 5000};")),
    "page of open references": ("start_here.html", lambda: page("&" * SIZE)),
    "no words": ("start_here.ipynb", lambda: b"{" * SIZE),
    "large number": ("start_here.ipynb", lambda: b'{"cells": [' + b"9" * SIZE + b"]}"),
    "deep": ("start_here.ipynb", lambda: b'{"cells": ' + b"[" * SIZE),
    "worksheets of no shape": ("start_here.ipynb", lambda: b'{"worksheets": [[]]}'),
    "names of many folders": ("a.zip", lambda: zip_bytes({f"{'a/' * 20_000}{k}.txt": b"" for k in range(10)})),
    "long names": ("a.zip", lambda: zip_bytes({f"{k}{'b' * 60_000}": b"" for k in range(100)})),
    "accents on one letter": ("a.zip", lambda: zip_bytes({"a" + "\u0316\u0301" * 10_000: b""})),
    "many files": ("a.zip", lambda: zip_bytes({f"{k}": b"" for k in range(archives.MOST_FILES_OF_ONE + 1)})),
    "many folders": ("a.zip", lambda: zip_bytes({f"{k}/": b"" for k in range(archives.MOST_FILES_OF_ONE + 1)})),
    "many zips": (
        "a.zip",
        lambda: zip_bytes({f"{k}.zip": zip_bytes({f"{j}": b"" for j in range(99)}) for k in range(99)}),
    ),
    "larger than it may be": ("a.zip", lambda: bomb(9)),
    "larger, in a zip": ("a.zip", lambda: zip_bytes({"b.zip": bomb(9)})),
    "nothing but what systems leave": ("a.zip", lambda: zip_bytes({"__MACOSX/._a.ipynb": b"", ".DS_Store": b""})),
    "names of others": ("a.zip", lambda: zip_bytes({f"{way}{other}": b"" for way in WAYS_OUT for other in OTHERS})),
    "no name": ("a.zip", lambda: zip_bytes({"..": b"", "/": b"", ".": b"", "\\": b""})),
}
HUGE = b"\xff\xff\xff\x7f"
FORGERIES = {
    "password": ((IN_THE_LIST, 8, b"\x01"), (MEMBER, 6, b"\x01")),
    "size": ((IN_THE_LIST, 24, HUGE),),
    "place": ((IN_THE_LIST, 42, HUGE),),
    "checksum": ((IN_THE_LIST, 16, b"\0\0\0\0"),),
    "another name": ((MEMBER, 30, b"evil"),),
    "place of the list": ((END, 16, HUGE),),
    "size of the list": ((END, 12, HUGE),),
}
HARMLESS = {
    "number of members": ((END, 8, b"\xff\xff\xff\xff"),),
    "several disks": ((END, 4, b"\1\0\1\0"),),
    "version": ((IN_THE_LIST, 6, b"\x0a"),),
}


@pytest.mark.parametrize("kind", UPLOADS)
@pytest.mark.parametrize("folder", ["{}_{}_assignsubmission_file_/", "{}_{}_77_"])
def test_upload_costs_only_its_author(course, tmp_path, monkeypatch, folder, kind):
    monkeypatch.setattr(archives, "MOST_BYTES_OF_ONE", 5 * LARGEST_FILE)
    name, make = UPLOADS[kind]
    members = {
        folder.format("ada", 1) + "start_here.ipynb": notebook("ada"),
        folder.format("mal", 2) + name: make(),
        folder.format("zoe", 3) + "start_here.ipynb": notebook("zoe"),
    }
    said = {one.student: one for one in collect(course, LESSON, [zipped(tmp_path / "a.zip", members)])}
    assert {student: one.state for student, one in said.items()} == {
        "ada-1": "collected",
        "mal-2": "refused",
        "zoe-3": "collected",
    }
    assert "zoe" not in said["ada-1"].said + said["zoe-3"].said
    assert 10 < len(said["mal-2"].said) < 1000 and "took more than" not in said["mal-2"].said


def test_notebook_beside_what_is_too_large_to_be_read_is_taken(course, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES_OF_ONE", LARGEST_FILE)
    large = {f"{k}.bin": bytes(LARGEST_FILE + 1) for k in range(2)}
    members = {"ada_1_77_a.zip": zip_bytes({**large, "start_here.ipynb": notebook()})}
    (one,) = collect(course, LESSON, [zipped(tmp_path / "a.zip", members)])
    assert one.state == "collected"


def times(course, tmp_path, members: dict[str, bytes]) -> datetime | None:
    """When Mal's hand-in was handed in, as the course has it."""
    collect(course, LESSON, [zipped(tmp_path / "a.zip", members)])
    (path,) = course.root.glob(f"submitted/mal*/{LESSON}/start_here.ipynb")
    stamp = path.with_name("timestamp.txt")
    return datetime.strptime(stamp.read_text()[:19], "%Y-%m-%d %H:%M:%S") if stamp.exists() else None


INNER = {"start_here.ipynb": notebook("mal"), "timestamp.txt": FORGED.encode()}
CLAIMS = {
    "beside it": {"/start_here.ipynb": notebook("mal"), "/timestamp.txt": FORGED.encode()},
    "in a zip": {"/a.zip": zip_bytes(INNER, JANUARY)},
    "in a zip in a zip": {"/a.zip": zip_bytes({"b.zip": zip_bytes(INNER, JANUARY)}, JANUARY)},
    "nothing": {"/start_here.ipynb": notebook("mal")},
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_platform_says_when_and_not_the_student(course, tmp_path, claim):
    moodle = {f"mal_2_assignsubmission_file_{name}": data for name, data in CLAIMS[claim].items()}
    noon = datetime(*NOON)
    assert abs(times(course, tmp_path, moodle) - noon) < timedelta(days=1)


@pytest.mark.parametrize("claim", CLAIMS)
def test_canvas_says_no_time_and_the_student_none_either(course, tmp_path, claim):
    canvas = {f"mal_LATE_2_{k}_{name[1:]}": data for k, (name, data) in enumerate(CLAIMS[claim].items(), 1)}
    assert times(course, tmp_path, canvas) is None


@pytest.mark.parametrize("claim", ["in a zip", "in a zip in a zip"])
@pytest.mark.parametrize("name", ["mal.zip", "mal/a.zip"])
def test_in_a_zip_of_zips_those_have_the_times(course, tmp_path, claim, name):
    others = {"ada/start_here.ipynb": notebook("ada"), "zoe.zip": zip_bytes({"start_here.ipynb": notebook("zoe")})}
    found = times(course, tmp_path, {**others, name: CLAIMS[claim]["/a.zip"]})
    assert abs(found - datetime(*NOON)) < timedelta(days=1)


def test_time_beside_a_notebook_counts_where_no_platform_tells(course, tmp_path):
    members = {"ada/start_here.ipynb": notebook("ada"), "mal/start_here.ipynb": notebook("mal")}
    assert times(course, tmp_path, {**members, "mal/timestamp.txt": FORGED.encode()}) == datetime(*JANUARY)


@pytest.mark.parametrize(
    "text", ["9" * 31 + " m", "1e999999 s", "0" * 150, "\x00", "٣", "infinity", "nan", "-1 d", "é"]
)
def test_time_that_is_none_is_passed_over(course, tmp_path, text):
    members = {"ada/start_here.ipynb": notebook("ada"), "mal/start_here.ipynb": notebook("mal")}
    times(course, tmp_path, {**members, "mal/timestamp.txt": text.encode()})
    assert len(list(course.root.glob("submitted/*/*/*.ipynb"))) == 2


def test_platforms_archive_in_a_folder_is_to_be_named_itself(course, tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    zipped(folder / "moodle.zip", {"ada_1_assignsubmission_file_/start_here.ipynb": notebook()})
    with pytest.raises(CourseError, match=r"gradlab collect 00-start-here \S+/downloads/moodle.zip"):
        collect(course, LESSON, [folder])


ALONE = {
    "folders": {"ada/start_here.ipynb": notebook("mal"), "bob/start_here.ipynb": notebook("mal")},
    "a folder like Moodle's": {"Ada One_1_assignsubmission_file/start_here.ipynb": notebook("mal")},
    "files like Canvas's": {"ada_1_2_start_here.ipynb": notebook("mal")},
    "a zip": {"a.zip": zip_bytes({"ada/start_here.ipynb": notebook("mal"), "bob/start_here.ipynb": notebook("mal")})},
    "folders and a notebook": {"ada/start_here.ipynb": notebook("mal"), "start_here.ipynb": notebook("mal")},
}


@pytest.mark.parametrize("kind", ALONE)
def test_what_lies_in_a_lone_students_folder_is_nobody_elses(course, tmp_path, kind):
    collect(
        course,
        LESSON,
        [zipped(tmp_path / "a.zip", {f"{name}/start_here.ipynb": notebook() for name in ("ada", "bob")})],
    )
    before = {path: path.read_bytes() for path in course.root.glob("submitted/*/*/*.ipynb")}
    for name, data in ALONE[kind].items():
        path = tmp_path / "late" / "mal" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    said = collect(course, LESSON, [tmp_path / "late"])
    assert {one.student for one in said} - {""} == {"mal"}
    assert {path: path.read_bytes() for path in before} == before
    assert len(list(course.root.glob("submitted/*"))) <= 3


@pytest.mark.parametrize("inside", ["start_here.ipynb", "ada/start_here.ipynb"])
def test_what_lies_in_a_lone_students_zip_is_nobody_elses(course, tmp_path, inside):
    (tmp_path / "late").mkdir()
    zipped(tmp_path / "late" / "mal.zip", {inside: notebook("mal"), "bob/start_here.ipynb": notebook("mal")})
    assert {one.student for one in collect(course, LESSON, [tmp_path / "late"])} == {"mal.zip"}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_member_that_python_would_unpack_at_once_is_refused(course, tmp_path, method):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("ada_1_2_start_here.ipynb", notebook())
        archive.writestr("mal_3_4_start_here.ipynb", notebook(), method)
    said = {one.student: one for one in collect(course, LESSON, [tmp_path / "a.zip"])}
    assert said["ada-1"].state == "collected"
    assert said["mal-3"].state == "refused" and "packed in a way" in said["mal-3"].said


@pytest.mark.parametrize("kind", FORGERIES)
def test_zip_file_that_lies_costs_only_its_author(course, tmp_path, kind):
    inside = forged(zip_bytes({"start_here.ipynb": notebook()}), *FORGERIES[kind])
    members = {"ada_1_2_start_here.ipynb": notebook(), "mal_3_4_a.zip": inside}
    said = {one.student: one for one in collect(course, LESSON, [zipped(tmp_path / "a.zip", members)])}
    assert (said["ada-1"].state, said["mal-3"].state) == ("collected", "refused")
    assert "ZipInfo" not in said["mal-3"].said and ("password" in said["mal-3"].said) == (kind == "password")


@pytest.mark.parametrize(
    "data",
    [
        *(forged(zip_bytes({"start_here.ipynb": notebook()}), *fields) for fields in HARMLESS.values()),
        b"#!/bin/sh\n" * 500 + zip_bytes({"start_here.ipynb": notebook()}),
        zip_bytes({"start_here.ipynb": notebook()}) + b"more" * 500,
    ],
    ids=[*HARMLESS, "something before it", "something behind it"],
)
def test_zip_file_with_an_oddity_is_read(course, tmp_path, data):
    (one,) = collect(course, LESSON, [zipped(tmp_path / "a.zip", {"ada_1_2_a.zip": data})])
    assert one.state == "collected"


def test_archives_that_hold_one_another_are_opened_once(course, tmp_path, opened_zips):
    inner = {f"{k}.zip": zip_bytes({"a.txt": b"x", "b.txt": b"y"}) for k in range(50)}
    source = zipped(tmp_path / "a.zip", {"ada_1_2_a.zip": zip_bytes({"b.zip": zip_bytes(inner)})})
    opened_zips.clear()
    collect(course, LESSON, [source])
    assert len(opened_zips) < 60


@pytest.mark.parametrize("name", ["plain", "u\u0308ber", "\u00fcber", LESSON, "q-\udcff", "a.zip", "x_1_2_y"])
@pytest.mark.parametrize("students", [("ada", "bob"), ("ada",)])
def test_folder_of_any_name_holds_its_students(course, tmp_path, name, students):
    for student in students:
        (tmp_path / name / student).mkdir(parents=True)
        (tmp_path / name / student / "start_here.ipynb").write_bytes(notebook(student))
    assert {one.student for one in collect(course, LESSON, [tmp_path / name])} == set(students)


@pytest.mark.parametrize("members", [{}, {"start_here.ipynb": b"{}"}], ids=len)
def test_list_of_members_without_names_is_counted_before_this_process_opens_it(course, tmp_path, opened_zips, members):
    made = with_nameless(zip_bytes(members), archives.MOST_FILES_OF_ONE + 1)
    folder = {
        "ada_1_2_start_here.ipynb": notebook(),
        "mal_3_4_a.zip": made,
        "ben_4_5_a.zip": zip_bytes({"b.zip": made}),
    }
    said = {one.student: one for one in collect(course, LESSON, [zipped(tmp_path / "a.zip", folder)])}
    assert {student: one.state for student, one in said.items()} == {
        "ada-1": "collected", "mal-3": "refused", "ben-4": "refused"
    }  # fmt: skip
    assert "too many files" in said["mal-3"].said and "too many files" in said["ben-4"].said
    opened = [source.getvalue() for source in opened_zips if isinstance(source, BytesIO)]
    assert made not in opened


def test_some_members_without_names_hinder_nothing(course, tmp_path):
    data = with_nameless(zip_bytes({"start_here.ipynb": notebook()}), 3)
    (one,) = collect(course, LESSON, [zipped(tmp_path / "a.zip", {"ada_1_2_a.zip": data})])
    assert one.state == "collected"


def test_pages_are_read_in_no_process_that_cannot_be_killed(course, tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("read in this process")

    for reader in ("html", "json"):
        monkeypatch.setattr(notebooks, reader, SimpleNamespace(unescape=refuse, loads=refuse))
    pages = {f"ada_1_{n}_start_here.html": f"<pre>{escape(notebook(str(n)).decode())}</pre>".encode() for n in (2, 3)}
    pages["ben_2_4_start_here.ipynb"] = notebook("&quot;")
    said = collect(course, LESSON, [zipped(tmp_path / "a.zip", pages)])
    said += collect(course, LESSON, [zipped(tmp_path / "b.zip", pages | {"ben_2_4_start_here.ipynb": notebook("x")})])
    assert [one.state for one in said] == ["collected", "collected", "unchanged", "replaced"]
    for student in ("ada-1", "ben-2"):
        assert json.loads((course.root / "submitted" / student / LESSON / "start_here.ipynb").read_bytes())["cells"]
