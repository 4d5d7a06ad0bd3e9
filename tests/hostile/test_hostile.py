"""No attack earns a point, none costs a neighbour one, none changes anything outside its own folder."""

import json
import os
import sys
from pathlib import Path

import nbformat
import pytest
import torch

import gradlab
from autograder.notebooks import cells
from autograder.notebooks.cells import grade_id
from autograder.notebooks.places import lesson_path
from gradlab.exercises.registry import exercise_names
from tests.hostile.attack import GRADIENT, LESSON, MARK, RIGHT, SOFT
from tests.hostile.conftest import HONEST, HONEST_GRADIENTS, LESSONS, NAMES, REPOSITORY, table
from tests.hostile.on_the_answers import EVERYTHING, WAITING

ATTACKS = table(Path("/course"))


def told(mark: dict) -> dict:
    """A mark without what tells how it came to be."""
    return {key: value for key, value in mark.items() if key != "fresh"}


def points_of(lesson: str) -> dict[str, float]:
    """What each cell of the lesson is worth."""
    known = nbformat.read(lesson_path(lesson), as_version=4).cells
    return {
        grade_id(cell): float(cell.metadata.nbgrader.points)
        for cell in known
        if grade_id(cell) and cell.metadata.nbgrader.grade
    }


def deserved(lesson: str, right: frozenset[str], waits: bool) -> dict[str, tuple]:
    """The gradebook's rows for these right answers: automatic, manual and highest mark, whether it waits for a person."""
    tests = {cells.test_cell_name(exercise): exercise in right for exercise in exercise_names(lesson)}
    return {
        name: (
            most if tests.get(name) else None if waits and name not in tests else 0.0,
            None,
            most,
            waits and name not in tests,
        )
        for name, most in points_of(lesson).items()
    }


def found(rows: list[tuple]) -> dict[str, tuple]:
    return {row[0]: row[1:] for row in rows if len(row) == 5}


@pytest.mark.parametrize("name", NAMES)
def test_attacker_gets_what_an_honest_author_of_the_answer_would_get(hostile, name):
    attack, lesson = ATTACKS[name], NAMES[name]
    mark, book = hostile.marks[lesson][name], hostile.gradebook[lesson]
    if attack.fails:
        assert mark["failure"] and mark["score"] == 0 and name not in book
        return
    assert not mark["failure"], mark["failure"]
    wanted = deserved(lesson, attack.fair, name in WAITING)
    assert found(book[name]) == wanted, mark["verdicts"]
    assert [row for row in book[name] if len(row) == 3 and row[2] is not None] == []
    assert mark["score"] == sum(automatic or 0 for automatic, *_ in wanted.values())
    assert mark["max_score"] == sum(points_of(lesson).values())
    assert set(mark["verdicts"]) == set(exercise_names(lesson))


@pytest.mark.parametrize("lesson, name", HONEST)
def test_neighbour_gets_the_marks_of_an_undisturbed_run(hostile, undisturbed, lesson, name):
    assert told(hostile.marks[lesson][name]) == told(undisturbed.marks[lesson][name])
    assert hostile.gradebook[lesson][name] == undisturbed.gradebook[lesson][name]
    assert marked_cells(hostile.course, lesson, name) == marked_cells(undisturbed.course, lesson, name)


def marked_cells(course: Path, lesson: str, student: str) -> list:
    """Answers and verdicts as they stand in the marked notebook; explorers have other ids in every run."""
    marked = json.loads((course / "autograded" / student / lesson / lesson_path(lesson).name).read_text())
    return [cell for cell in marked["cells"] if "nbgrader" in cell["metadata"]]


def test_honest_marks_are_what_the_answers_deserve(undisturbed):
    for student, answer in HONEST_GRADIENTS.items():
        assert found(undisturbed.gradebook[LESSON][student]) == deserved(
            LESSON, GRADIENT if answer == RIGHT else frozenset(), False
        )
    assert found(undisturbed.gradebook[SOFT]["a-neighbour"]) == deserved(SOFT, EVERYTHING, False)
    some = EVERYTHING - {"soft_sign", "soft_threshold"}
    assert found(undisturbed.gradebook[SOFT]["soft-neighbour"]) == deserved(SOFT, some, True)


def test_every_hand_in_has_a_mark_or_a_reason(hostile):
    for lesson in LESSONS:
        marks = hostile.marks[lesson]
        assert set(marks) == {name for where, name in HONEST if where == lesson} | {
            name for name in NAMES if NAMES[name] == lesson
        }
        failed = {name for name, mark in marks.items() if mark["failure"]}
        assert failed == {name for name in marks if name in ATTACKS and ATTACKS[name].fails}
        assert set(hostile.gradebook[lesson]) == set(marks) - failed


def test_who_rewrites_what_looks_at_answers_is_noticed(hostile):
    noticed = {
        name
        for lesson in LESSONS
        for name, mark in hostile.marks[lesson].items()
        if "gradlab.probe" in " ".join(mark["remarks"])
    }
    assert {name for name, attack in ATTACKS.items() if attack.noticed} <= noticed
    assert not noticed & {name for _, name in HONEST}


def test_hand_ins_home_and_repository_are_as_they_were(hostile):
    assert hostile.after == hostile.before


def test_course_holds_nothing_that_marking_does_not_make(hostile):
    expected = {
        "submitted",
        "autograded",
        "source",
        "release",
        "logs",
        "gradebook.db",
        "gradebook-copies",
        ".gradebook.lock",
        "nbgrader_config.py",
        ".grading.lock",
    }
    assert {path.name for path in hostile.course.iterdir()} <= expected
    assert {path.name for path in (hostile.course / "autograded").iterdir()} == set().union(*hostile.gradebook.values())
    for lesson in LESSONS:
        assert [path.name for path in (hostile.course / "source" / lesson).iterdir()] == [lesson_path(lesson).name]


def test_nothing_was_left_behind(hostile):
    libraries = {
        Path(torch.__file__).parents[1],
        Path(os.__file__).parent,
        Path(gradlab.__file__).parent,
        Path(sys.prefix),
    }
    places = [
        Path("/"),
        Path("/tmp"),
        Path("/var/tmp"),
        Path("/dev/shm"),
        Path("/etc"),
        Path("/root"),
        Path("/work"),
        REPOSITORY,
        *libraries,
    ]
    assert [path for place in places if os.access(place, os.R_OK) for path in place.glob(f"{MARK}*")] == []
    assert list(hostile.course.parent.rglob(f"{MARK}*")) == []


def test_no_process_is_left(hostile):
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert [line for line in lines if b"86399" in line] == []


def test_nobody_called_home(hostile):
    assert hostile.calls == []


def test_no_secret_was_read(hostile):
    pages = (hostile.course / "autograded").rglob("*.ipynb")
    assert [path for path in pages if '"a secret was read' in json.dumps(outputs(path))] == []


def outputs(path: Path) -> list:
    return [cell.get("outputs", []) for cell in json.loads(path.read_text())["cells"]]


def test_marked_notebooks_are_small(hostile):
    sizes = {path.parts[-3]: path.stat().st_size for path in (hostile.course / "autograded").rglob("*.ipynb")}
    assert {name: size for name, size in sizes.items() if size > 3_000_000 and name != "attachments"} == {}
