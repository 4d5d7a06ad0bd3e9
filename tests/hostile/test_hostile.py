"""No attack earns a point, none costs a neighbour one, none changes anything outside its own folder."""

import json
import os
import sys
from pathlib import Path

import pytest
import torch

import gradlab
from tests.hostile.attack import LESSON, MARK, NOTEBOOK, POINTS
from tests.hostile.conftest import HONEST, NAMES

REPOSITORY = Path(__file__).parents[2]


def told(mark: dict) -> dict:
    """A mark without what tells how it came to be."""
    return {key: value for key, value in mark.items() if key != "fresh"}


@pytest.mark.parametrize("name", NAMES)
def test_attacker_gets_what_an_honest_author_of_the_answer_would_get(hostile, name):
    mark, attack = hostile.marks[name], hostile.attacks[name]
    if attack.fails:
        assert mark["failure"] and mark["score"] == 0 and name not in hostile.gradebook
        return
    assert not mark["failure"], mark["failure"]
    assert mark["score"] == attack.fair, mark["verdicts"]
    assert mark["max_score"] == POINTS
    assert set(mark["verdicts"]) == {"gradient"}
    [(_, automatic, manual, most, waits)] = [row for row in hostile.gradebook[name] if len(row) == 5]
    assert (automatic, manual, most, waits) == (attack.fair, None, POINTS, False)


@pytest.mark.parametrize("name", HONEST)
def test_neighbour_gets_the_marks_of_an_undisturbed_run(hostile, undisturbed, name):
    assert told(hostile.marks[name]) == told(undisturbed.marks[name])
    assert hostile.gradebook[name] == undisturbed.gradebook[name]
    assert marked_cells(hostile.course, name) == marked_cells(undisturbed.course, name)


def marked_cells(course: Path, student: str) -> list:
    """Answers and verdicts as they stand in the marked notebook; explorers have other ids in every run."""
    cells = json.loads((course / "autograded" / student / LESSON / NOTEBOOK).read_text())["cells"]
    return [cell for cell in cells if "nbgrader" in cell["metadata"]]


def test_honest_marks_are_what_the_answers_deserve(undisturbed):
    right = {student for student, mark in undisturbed.marks.items() if mark["score"] == POINTS}
    assert right == {student for student, answer in HONEST.items() if "materialize_grads" in answer}


def test_every_hand_in_has_a_mark_or_a_reason(hostile):
    assert set(hostile.marks) == set(HONEST) | set(NAMES)
    assert [name for name, mark in hostile.marks.items() if mark["failure"]] == [
        name for name in sorted(NAMES) if hostile.attacks[name].fails
    ]
    assert set(hostile.gradebook) == {name for name, mark in hostile.marks.items() if not mark["failure"]}


def test_hand_ins_and_home_are_as_they_were(hostile):
    assert hostile.after == hostile.before


def test_course_holds_nothing_that_marking_does_not_make(hostile):
    expected = {"submitted", "autograded", "source", "release", "logs", "gradebook.db", "gradebook.db.copy", "nbgrader_config.py", ".grading.lock"}
    assert {path.name for path in hostile.course.iterdir()} <= expected
    assert {path.name for path in (hostile.course / "autograded").iterdir()} == set(hostile.gradebook)
    assert [path.name for path in (hostile.course / "source" / LESSON).iterdir()] == [NOTEBOOK]


def test_nothing_was_left_behind(hostile):
    libraries = {Path(torch.__file__).parents[1], Path(os.__file__).parent, Path(gradlab.__file__).parent, Path(sys.prefix)}
    places = [Path("/"), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path("/etc"), Path("/root"), Path("/work"), REPOSITORY, *libraries]
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
    sizes = {path.parts[-3]: path.stat().st_size for path in (hostile.course / "autograded").rglob(NOTEBOOK)}
    assert {name: size for name, size in sizes.items() if size > 3_000_000 and name != "attachments"} == {}
