"""What Canvas calls late stays a second late wherever the due date moves, in the gradebook too, and nothing else does."""

from datetime import datetime

import pytest

from autograder.desk.course.folder import Course
from autograder.desk.give_back.standings import standings
from autograder.desk.gradebook.due_dates import set_due, write_collected, write_times_of_late_hand_ins
from autograder.desk.gradebook.late_penalty import set_penalty
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.hand_ins import hand_in

DATES = [datetime(2026, 3, 1), datetime(2026, 3, 20), datetime(2026, 2, 1), None, datetime(2026, 3, 5)]


@pytest.fixture
def course(small_course) -> Course:
    """The small course, where a day costs a tenth, and where Canvas called one hand-in late."""
    course = Course.at(small_course)
    write_collected(course, {LESSON: {"right": {"platform": "canvas", "late": True, "time": ""}}})
    set_penalty(course, 10)
    return course


def lateness(course: Course, student: str) -> tuple[float, float]:
    """How late a marked hand-in is, and what share of its marks that costs."""
    mark = next(each.mark for each in standings(course, LESSON) if each.person.id == student)
    return mark.seconds_late, mark.penalty / (mark.score + mark.penalty)


@pytest.mark.parametrize("by", ["gradlab", "the Formgrader"])
def test_marked_hand_in_is_just_too_late_wherever_the_due_date_moves(course, by):
    for due in DATES:
        with course.gradebook() as gradebook:
            if by == "gradlab":
                set_due(course, gradebook, LESSON, due)
            else:
                gradebook.update_or_create_assignment(LESSON, duedate=due)
        late, cost = lateness(course, "right")
        assert 0 < late < 60 and cost == pytest.approx(0.1) if due else (late, cost) == (0, 0), due


def test_mark_of_an_earlier_hand_in_is_not_late_since_a_newer_one_is(course):
    hand_in(course.root, "right", LESSON, {})
    with course.gradebook() as gradebook:
        set_due(course, gradebook, LESSON, DATES[0])
        write_times_of_late_hand_ins(course, gradebook, LESSON)
    assert lateness(course, "right") == (0, 0)
