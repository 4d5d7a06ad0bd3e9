"""A small course whose students are on learning platforms."""

import pytest

from autograder.desk.course.folder import Course
from autograder.desk.course.people import Person
from tests.autograder.desk.give_back.exported import know


@pytest.fixture
def on_platforms(small_course) -> Course:
    """The small course: two students of Moodle, one of Canvas, one of none."""
    course = Course.at(small_course)
    know(
        course,
        right=Person("", "Ruth Müller", "moodle", "11", group="A"),
        wrong=Person("", "=cmd()", "moodle", "12", group="B"),
        exits=Person("", 'O\'Brien "Bo"', "canvas", "13", sis="s13", login="bo"),
    )
    return course
