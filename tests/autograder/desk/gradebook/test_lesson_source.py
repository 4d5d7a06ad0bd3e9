"""A lesson's folders and the gradebook change together or not at all, and marks by hand outlive the change."""

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.gradebook import lesson_source
from autograder.desk.gradebook.due_dates import extend, set_due
from autograder.desk.gradebook.lesson_source import prepare
from autograder.marking.source_cell import source_cells
from autograder.notebooks.places import source_path
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.conftest import gradlab, with_more_points, with_question
from tests.autograder.desk.hand_ins import hand_in


def give(course: Course, student: str, points: float) -> None:
    with course.gradebook() as gradebook:
        [notebook] = gradebook.find_submission(LESSON, student).notebooks
        grade = next(each for each in notebook.grades if each.name == "test-gradient")
        grade.manual_score, grade.needs_manual_grade = points, False
        next(each for each in notebook.comments if each.name == "gradient").manual_comment = "well"
        gradebook.db.commit()


def state_of(course: Course) -> tuple:
    with course.gradebook() as gradebook:
        cells = tuple((cell.name, cell.source, cell.points) for cell in source_cells(gradebook, "start_here", LESSON))
    folders = [course.root / folder / LESSON / "start_here.ipynb" for folder in ("source", "release")]
    return (cells, *(path.read_bytes() for path in folders))


def test_unchanged_lesson_is_not_written_again(small_course):
    course = Course.at(small_course)
    before = state_of(course), (small_course / "source" / LESSON).stat().st_ino
    assert prepare(course, LESSON) == ""
    assert (state_of(course), (small_course / "source" / LESSON).stat().st_ino) == before


def test_added_question_is_refused_each_time_with_its_ways_and_changes_nothing(small_course, edited):
    course = Course.at(small_course)
    before = state_of(course)
    edited(with_question)
    for _ in range(2):
        with pytest.raises(CourseError, match=r"why-none \(1 points\) is new.*--renew") as refused:
            prepare(course, LESSON)
        assert "raceback" not in str(refused.value)
        assert state_of(course) == before


def test_renewed_lesson_has_the_question_and_keeps_what_a_person_gave(small_course, edited):
    course = Course.at(small_course)
    give(course, "wrong", 1.5)
    edited(with_question)
    assert "why-none" in prepare(course, LESSON, renew=True)
    with course.gradebook() as gradebook:
        [notebook] = gradebook.find_submission(LESSON, "wrong").notebooks
        assert {grade.name for grade in notebook.grades} == {"test-gradient", "test-chain-vjp", "why-none"}
        assert {comment.name for comment in notebook.comments} == {"gradient", "chain_vjp", "why-none"}
        assert notebook.score == 1.5 and {comment.comment for comment in notebook.comments} == {
            "well",
            "No response.",
            None,
        }
    assert prepare(course, LESSON) == "" and "why-none" in str(state_of(course)[0])
    shutil.copy(source_path(LESSON), small_course.parent / "sources" / "start_here.py")
    prepare(course, LESSON, renew=True)
    with course.gradebook() as gradebook:
        [notebook] = gradebook.find_submission(LESSON, "wrong").notebooks
        assert {grade.name for grade in notebook.grades} == {
            "test-gradient",
            "test-chain-vjp",
        } and notebook.score == 1.5


def test_changed_points_reach_the_gradebook_and_are_told(small_course, edited):
    course = Course.at(small_course)
    edited(with_more_points)
    assert "4 points instead of 2" in prepare(course, LESSON)
    assert {points for _, _, points in state_of(course)[0] if points} == {4.0, 3.0}


@pytest.mark.parametrize("step", ["changes", "renew_cells", "generate_assignment", "replace_folder"])
def test_stopped_at_any_step_the_next_call_ends_in_the_same_state(small_course, edited, monkeypatch, step):
    course = Course.at(small_course)
    edited(lambda text: with_question(with_more_points(text)))
    undisturbed = Course.at(Path(shutil.copytree(small_course, small_course.with_name("undisturbed"))))
    prepare(undisturbed, LESSON, renew=True)
    real, left = getattr(lesson_source, step), [1]

    def stopped(*arguments, **options):
        result = real(*arguments, **options)
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(lesson_source, step, stopped)
    for left[0] in (1, 2):
        with suppress(KeyboardInterrupt):
            prepare(course, LESSON, renew=True)
    left[0] = 0
    prepare(course, LESSON, renew=True)
    assert state_of(course) == state_of(undisturbed)


def test_gradebook_that_is_older_than_the_folders_is_brought_up(small_course, edited, tmp_path):
    course = Course.at(small_course)
    shutil.copy(small_course / "gradebook.db", tmp_path / "old.db")
    edited(with_more_points)
    prepare(course, LESSON)
    after = state_of(course)
    shutil.copy(tmp_path / "old.db", small_course / "gradebook.db")
    prepare(course, LESSON)
    assert state_of(course) == after


@pytest.mark.parametrize("name", ["what? now", "a%20b", "[x]", "50%", "é #'", "{student_id}"])
def test_course_folder_may_have_any_name(tmp_path, name, empty_gradebook):
    root = tmp_path / name
    root.mkdir()
    shutil.copy(empty_gradebook, root)
    hand_in(root, "ada", LESSON, {})
    gradlab(root, "grade", LESSON)
    gradlab(root, "feedback", LESSON)
    assert "ada" in gradlab(root, "export", LESSON)
    assert {path.name for path in tmp_path.iterdir()} == {name}
    assert (root / "feedback" / "ada" / LESSON / "start_here.html").exists()


@pytest.fixture
def extended(tmp_path, empty_gradebook, edited) -> Course:
    """A course of which nobody has handed in anything, and one student has longer."""
    (tmp_path / "course").mkdir()
    shutil.copy(empty_gradebook, tmp_path / "course")
    course = Course.at(tmp_path / "course")
    prepare(course, LESSON)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student("ada")
        set_due(course, gradebook, LESSON, datetime(2026, 3, 1))
        extend(gradebook, LESSON, "ada", datetime(2026, 3, 5))
    return course


def test_lesson_of_which_nothing_was_marked_is_changed_without_asking_and_extensions_stay(extended, edited):
    edited(with_question)
    assert prepare(extended, LESSON) == "" and "why-none" in str(state_of(extended)[0])
    edited(lambda text: text.replace(with_question(""), ""))
    assert prepare(extended, LESSON) == "" and "why-none" not in str(state_of(extended)[0])
    with extended.gradebook() as gradebook:
        submission = gradebook.find_submission(LESSON, "ada")
        assert submission.duedate == datetime(2026, 3, 5)
        assert {grade.name for grade in submission.notebooks[0].grades} == {"test-gradient", "test-chain-vjp"}


@pytest.mark.parametrize("by", ["mark", "comment"])
def test_lesson_to_which_a_person_gave_something_is_not_changed_without_asking(extended, edited, by):
    with extended.gradebook() as gradebook:
        [notebook] = gradebook.find_submission(LESSON, "ada").notebooks
        if by == "mark":
            notebook.grades[0].manual_score = 1.0
        else:
            notebook.comments[0].manual_comment = "well"
        gradebook.db.commit()
    edited(with_question)
    with pytest.raises(CourseError, match="--renew"):
        prepare(extended, LESSON)
