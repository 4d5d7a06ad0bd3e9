"""Who is named more than once is one student."""

from autograder.desk.course.folder import Course
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.conftest import decided, graded, gradlab


def test_student_named_twice_is_marked_once_and_has_one_page(undisturbed, small_course):
    twice = ("--student", "right", "--student", "right")
    marks = graded(small_course, LESSON, *twice, "--force")
    assert marks["right"]["fresh"] and decided(marks) == {"right": decided(undisturbed[1])["right"]}
    assert "1 pages written" in gradlab(small_course, "feedback", LESSON, *twice)
    assert Course.at(small_course).autograded("right", LESSON).exists()
