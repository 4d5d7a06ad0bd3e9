"""A group has one mark and one state, whoever of it handed in."""

import shutil

import pytest

from autograder.desk.course.folder import Course
from autograder.desk.course.people import People, Person
from autograder.desk.give_back.groups import shared
from autograder.desk.give_back.standings import EXEMPT, MISSING, NOT_MARKED, standings
from autograder.desk.grade.up_to_date import CHANGED, MARKED
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.give_back.exported import know, table
from tests.autograder.desk.hand_ins import hand_in


@pytest.fixture
def course(on_platforms) -> Course:
    return on_platforms


def test_one_hand_in_counts_for_its_group_if_asked(course):
    know(course, mate=Person("", "Mate", "moodle", "31", group="A", on_roster=True))
    alone, together = scores_and_states(course, groups=False), scores_and_states(course, groups=True)
    assert together["mate"] == together["right"] == alone["right"] and alone["mate"] == (0, MISSING)
    assert alone["right"][0] > 0 and table(course, "csv", groups=True)[0] != table(course, "csv")[0]


def scores_and_states(course: Course, *, groups: bool) -> dict[str, tuple[float | None, str]]:
    found = standings(course, LESSON)
    found = shared(found)[0] if groups else found
    return {each.person.id: (each.mark and each.mark.score, each.state) for each in found}


def handed_in_anew(course: Course) -> None:
    hand_in(course.root, "right", LESSON, {})


def not_marked(course: Course) -> None:
    shutil.rmtree(course.root / "autograded" / "right")


def handed_in_by_both(course: Course) -> None:
    know(course, wrong=Person("", "Mate Two", "moodle", "12", group="A"))


def not_marked_of_the_other(course: Course) -> None:
    handed_in_by_both(course)
    hand_in(course.root, "new", LESSON, {})
    know(course, new=Person("", "New", "moodle", "32", group="A"))


@pytest.mark.parametrize(
    ("happens", "state"),
    [
        (not_marked, NOT_MARKED),
        (handed_in_anew, CHANGED),
        (handed_in_by_both, MARKED),
        (not_marked_of_the_other, NOT_MARKED),
    ],
)
def test_all_members_of_a_group_have_one_mark_and_one_state(course, happens, state):
    know(
        course,
        mate=Person("", "Mate", "moodle", "31", group="A", on_roster=True),
        excused=Person("", "Excused", "moodle", "33", group="A", on_roster=True, exempt=("all",)),
    )
    happens(course)
    group = [id for id, person in People.of(course).by_id.items() if person.group == "A" and id != "excused"]
    before, together = scores_and_states(course, groups=False), scores_and_states(course, groups=True)
    best = max(before[id][0] or 0 for id in group)
    assert {together[id] for id in group} == {(None if state == NOT_MARKED else best, state)} and len(group) > 1
    assert together["excused"] == (None, EXEMPT) and together["untouched"] == before["untouched"]
    for form in ("csv", "moodle"):
        rows, notes = table(course, form, groups=True)
        assert "makes 0" not in " ".join(notes)
        number = {"right": "11", "mate": "31"}
        marks = {
            row.get("marks", row.get("Grade"))
            for row in rows
            if row.get("student") in group or row.get("Identifier", "").removeprefix("Participant ") in number.values()
        }
        assert marks == (
            {""} if state == NOT_MARKED and form == "csv" else set() if state == NOT_MARKED else {f"{best:g}"}
        )
        waits = {not_marked: "right", not_marked_of_the_other: "new"}.get(happens)
        told = [note for note in notes if "Group A has no mark" in note]
        assert [note.endswith(f"not marked: {waits}.") for note in told] == [True] * bool(waits)
    if happens is handed_in_by_both:
        assert any("Group A handed in more than once" in note and "wrong 0" in note for note in notes)
