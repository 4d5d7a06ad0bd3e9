"""Two hand-ins of a student of the very same time: told, and not decided by the order of the command line."""

import itertools
import shutil

import pytest

from autograder.desk.collect.collect import collect
from autograder.desk.course.folder import Course
from tests.autograder.desk.collect.archives import LESSON, NOON, notebook, zipped

MOODLE_NAME = "Jane O'Doe_4711_assignsubmission_file_/start_here.ipynb"
SAME_TIME = {
    "moodle": MOODLE_NAME,
    "moodle's old": "Jane O'Doe_4711_assignsubmission_file_start_here.ipynb",
    "canvas": "doejane_12345_67890_start_here.ipynb",
    "folders": "jane/start_here.ipynb",
}


@pytest.mark.parametrize("date", [NOON, (1980, 1, 1, 0, 0, 0)], ids=["same time", "no time"])
@pytest.mark.parametrize("member", SAME_TIME.values(), ids=SAME_TIME)
def test_same_time_in_several_zips_is_told_and_the_order_of_the_zips_decides_nothing(
    tmp_path, empty_gradebook, member, date
):
    names = ("a.zip", "b.zip", "c.zip")
    others = {"ben/start_here.ipynb": notebook("ben")} if member.startswith("jane/") else {}
    zips = [zipped(tmp_path / name, {member: notebook(name)} | others, date) for name in names]
    seen = []
    for number, order in enumerate(itertools.permutations(zips)):
        root = tmp_path / str(number)
        root.mkdir()
        shutil.copy(empty_gradebook, root)
        said = collect(Course.at(root), LESSON, list(order))
        kept = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.suffix != ".db"
                and path.is_file()}  # fmt: skip
        seen.append((sorted(said, key=lambda one: one.student), kept))
    assert all(each == seen[0] for each in seen)
    [jane] = [one for one in seen[0][0] if one.student != "ben"]
    assert "neither is newer" in jane.said and all(str(path) in jane.said for path in zips)
    assert all(one.said.count("neither is newer") == (one is jane) for one in seen[0][0])


def test_of_zips_of_the_same_time_the_one_that_is_collected_alone_counts_from_then_on(course, tmp_path):
    zips = [zipped(tmp_path / name, {MOODLE_NAME: notebook(name)}) for name in ("a.zip", "b.zip")]
    [first] = collect(course, LESSON, zips)
    taken = course.hand_in(first.student, LESSON).read_bytes()
    other = next(path for path in zips if notebook(path.name) != taken)
    [alone] = collect(course, LESSON, [other])
    assert alone.state == "replaced" and "no newer" in alone.said
    assert all(str(path) in alone.said for path in zips), "both files are named"
    [again] = collect(course, LESSON, zips)
    assert again.state == "unchanged" and "neither is newer" in again.said
    assert course.hand_in(first.student, LESSON).read_bytes() == notebook(other.name)


def test_the_same_file_in_two_zips_is_nothing_to_tell(course, tmp_path):
    zips = [zipped(tmp_path / name, {MOODLE_NAME: notebook()}) for name in ("a.zip", "b.zip")]
    assert "neither" not in collect(course, LESSON, zips)[0].said
