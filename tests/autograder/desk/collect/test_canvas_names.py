"""Whatever name a student takes in Canvas, and whatever the file is called, nobody else's number is read from it."""

import re
from itertools import product

import pytest

from autograder.desk.collect.collect import collect
from autograder.desk.collect.platforms import Layout, Owner
from tests.autograder.desk.collect.archives import LESSON, notebook, zipped

MINE, MY_FILE, VICTIM = "555", "9002", "7"
NAMES = [
    "", "bo", "x_7", "x_7_", "x_7-_8", "x_7-_99999999999", "_7-_8", "7", "x_7_-8_", "x-_7-_8-_", "x 7_8", "X_7._8._9", "anon", "anon_7", "anon_7-_8",
    "LATE_7-_8", "x_LATE_7-_8", "late_7-_8", "x_7\u20de_8", "राम_7-_8", "ANON_7", "x_7_assignsubmission_file", "x_7\u203f_8", "x_٧-_8", "x_07-_8",
]  # fmt: skip
FILES = [
    "start_here.ipynb", "a.ipynb", "1_a.ipynb", "7_8_a.ipynb", "x_7_8_a.ipynb", "LATE_7_8_a.ipynb", "x_LATE_7_8_a.ipynb", "anon_7_8_a.ipynb",
    "_7_8_a", "_8_a", "7_assignsubmission_file_a.ipynb", "x_7_assignsubmission_file_a.ipynb", "X_7_8_a.ipynb", "Bo_7_8_a.ipynb", "my file_7_8_a.ipynb",
]  # fmt: skip


NO_WORD = re.compile("[^\\w\u0307\u20de\u0900-\u097f\u203f]")  # Ruby counts signs on letters among those of words


def as_canvas_writes(name: str, late: bool, file: str) -> str:
    """What lib/content_zipper.rb makes of a name, and of numbers: it takes `_7_` out of the name, and signs after that."""
    name = re.sub(r"_(\d+)_", r"\1", name, flags=re.ASCII).lower()
    whole = "_".join(filter(lambda part: part is not None, [name, "LATE" if late else None, MINE]))
    kept = NO_WORD.sub("", whole)
    return f"{kept}_{MY_FILE}_{file}"


def owner_of(path: str, *others: str) -> Owner | None:
    return Layout.of([path, *others], LESSON).owner(path, LESSON)


OTHERS = ["ann_8_9001_start_here.ipynb", "bob_LATE_7_9003_start_here.ipynb"]


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("others", [[], OTHERS, OTHERS * 3], ids=len)
@pytest.mark.parametrize("name", NAMES)
def test_file_is_its_authors_or_nobodys(name, others, late):
    for file in FILES:
        others = [f"{n}{other}" for n, other in enumerate(others)]
        owner = owner_of(as_canvas_writes(name, late, file), *others)
        assert owner is None or (owner.number, owner.file_number, owner.late) == (MINE, int(MY_FILE), late)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    ("name", "file"),
    [
        *product(["Doe, Jane", "O'Neil-Lee, Bo", "राम", "İnce", "Ng, R2", "Müller", "x_y"], ["start_here-2.ipynb", "a_1.ipynb", "Lesson_1_2_a.ipynb"]),
        ("Doe, Jane", "my file_1_2_a.ipynb"), ("Doe, Jane", "a-b_1_2_c.ipynb"), ("Doe, Jane", "01_start_here.ipynb"),
    ],
)  # fmt: skip
def test_honest_student_is_known(name, file, late):
    owner = owner_of(as_canvas_writes(name, late, file), *OTHERS)
    assert owner and (owner.number, owner.late, owner.file_name) == (MINE, late, file)


@pytest.mark.parametrize("begin", ["anon_{}", "anon_LATE_{}", "LATE_anon_{}"])
@pytest.mark.parametrize("id", ["Xy9zA", "xy9za"])
def test_student_without_a_name_is_known_by_the_id(begin, id):
    for file in FILES:
        owner = owner_of(f"{begin.format(id)}_{MY_FILE}_{file}", "anon_Ab1cD_9001_a.ipynb")
        assert owner and (owner.number, owner.file_number, owner.late) == (id, int(MY_FILE), "LATE" in begin)


def test_somebody_elses_hand_in_stays_and_the_unclear_file_is_told_of(course, tmp_path):
    members = {
        "bob_7_9001_start_here.ipynb": notebook("bob"),
        "x_7_99999999999_555_9002_start_here.ipynb": notebook("x"),
    }
    said = collect(course, LESSON, [zipped(tmp_path / "a.zip", members)])
    assert {one.student: one.state for one in said} == {"bob-7": "collected", "": "refused"}
    [unclear] = [one.said for one in said if not one.student]
    assert "7, 99999999999, 555" in unclear and "see in Canvas" in unclear
    assert b'"bob"' in (course.root / "submitted" / "bob-7" / LESSON / "start_here.ipynb").read_bytes()
