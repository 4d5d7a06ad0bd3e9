"""Hand-ins of one student that come in several ways: Canvas's numbers are not compared with times, and that is said."""

import itertools
import shutil

import pytest

from autograder.desk.collect.collect import collect
from autograder.desk.course.folder import Course
from autograder.desk.course.people import People, Person
from tests.autograder.desk.collect.archives import LESSON, notebook, zipped

WAYS = {
    "canvas": "doejane_12345_67890_start_here.ipynb",
    "folder": "Jane Doe/start_here.ipynb",
}


@pytest.fixture
def sources(course, tmp_path):
    """A source of each way, and a course that knows how the student's hand-ins are named there."""
    people = People.of(course)
    people.by_id["jane"] = Person("jane", "Jane Doe", "canvas", "12345", on_roster=True, folders=("Jane Doe",))
    people.save()
    (tmp_path / "class" / "Jane Doe").mkdir(parents=True)
    (tmp_path / "class" / "Jane Doe" / "start_here.ipynb").write_bytes(notebook("folder"))
    return {
        "canvas": zipped(tmp_path / "canvas.zip", {WAYS["canvas"]: notebook("canvas")}),
        "folder": tmp_path / "class",
    }


def kept(course: Course) -> bytes:
    return course.hand_in("jane", LESSON).read_bytes()


@pytest.mark.parametrize("order", list(itertools.permutations(WAYS)))
def test_what_is_collected_last_counts_where_nothing_tells_which_is_newer(course, sources, order):
    for way in (*order, *order):
        [said] = collect(course, LESSON, [sources[way]])
        assert said.student == "jane" and kept(course) == notebook(way)
    assert said.state == "replaced" and "cannot be compared" in said.said
    assert str(sources[order[0]]) in said.said, "what is replaced is named"
    [again] = collect(course, LESSON, [sources[order[1]]])
    assert again.state == "unchanged" and "compared" not in again.said


def test_of_both_in_one_call_the_same_counts_in_either_order(course, sources, tmp_path):
    results = []
    for number, order in enumerate(itertools.permutations(sources.values())):
        root = shutil.copytree(course.root, tmp_path / str(number))
        said = collect(Course.at(root), LESSON, list(order))
        assert any("cannot be compared" in one.said for one in said)
        results.append(kept(Course.at(root)))
    assert results[0] == results[1]


def test_canvas_hand_ins_are_still_compared_by_their_numbers(course, sources, tmp_path):
    older = zipped(tmp_path / "older.zip", {WAYS["canvas"].replace("67890", "5"): notebook("older")})
    collect(course, LESSON, [sources["canvas"]])
    assert [one.state for one in collect(course, LESSON, [older])] == ["older"]
    assert kept(course) == notebook("canvas")
