"""nbgrader's whole cycle on real files: build, hand in, mark, feedback. Lesson 1, real kernels."""

import shutil
import subprocess
import sys

import pytest

from tests.autograder.desk.conftest import LESSON, SEED_002, decided, graded, gradlab

AUTOMATIC = 17.0


@pytest.mark.parametrize("student", ["solved", "bank-0", "bank-1", "deleted", "doubled", "kernel"])
def test_right_answers_get_every_automatic_point_however_the_notebook_was_arranged(marks, student):
    assert marks[student]["score"] == AUTOMATIC, marks[student]


@pytest.mark.parametrize("student", ["untouched", "truncated", "not-a-notebook"])
def test_nothing_attempted_gets_nothing(marks, student):
    assert marks[student]["score"] == 0
    assert {v["outcome"] for v in marks[student]["verdicts"].values()} == {"not attempted"}


@pytest.mark.parametrize(
    ("student", "words"), [("tests-first", "stands above the cell that defines it"), ("imports-last", "NameError")]
)
def test_what_does_not_run_from_top_to_bottom_loses_its_marks_and_says_why(marks, student, words):
    assert marks[student]["score"] < AUTOMATIC
    assert words in marks[student]["verdicts"]["soft_abs"]["message"]


@pytest.mark.parametrize(
    ("student", "words"),
    [
        ("truncated", "not a whole notebook"),
        ("not-a-notebook", "not a whole notebook"),
        ("doubled", "is there 2 times"),
        ("kernel", "marked with Python"),
    ],
)
def test_odd_files_are_explained_to_their_author(marks, student, words):
    assert words in " ".join(marks[student]["remarks"])


def test_missing_file_is_a_failure_of_that_hand_in_only(marks):
    assert "There is no soft_thresholding.ipynb" in marks["empty-folder"]["failure"]


def test_published_code_loses_its_points_for_its_own_faults(marks):
    verdicts = marks["published"]["verdicts"]
    assert marks["published"]["score"] == AUTOMATIC - 5
    for exercise in SEED_002:
        assert verdicts[exercise]["outcome"] == "wrong"
        assert verdicts[exercise]["misconception"] not in ("wrong-value", "raised", "not-a-tensor")


@pytest.mark.parametrize(
    ("student", "words"), [("ends-early", "kernel died"), ("floods", "it put out more than 20 MB")]
)
def test_a_kernel_that_ends_costs_what_comes_after_it_and_the_reason_is_said(marks, student, words):
    verdicts = marks[student]["verdicts"]
    assert verdicts["soft_abs"]["outcome"] == "right"
    assert words in verdicts["soft_threshold"]["message"]


def test_an_endless_answer_costs_only_itself(marks):
    assert marks["loops"]["verdicts"]["soft_abs"]["misconception"] == "too-slow"
    assert marks["loops"]["score"] == AUTOMATIC - 2


def test_text_answers_wait_for_a_person_unless_untouched(marks):
    assert marks["solved"]["needs_manual_grade"] and not marks["untouched"]["needs_manual_grade"]


def test_each_hand_in_has_a_log_with_its_verdicts(course):
    log = (course / "logs" / LESSON / "published.log").read_text()
    assert "✗ soft_threshold: wrong." in log and "came back" in log


def test_predictions_of_the_hand_ins_stand_in_the_report_beside_the_truth(course, marks):
    gradlab(course, "report", LESSON)
    page = (course / "reports" / f"{LESSON}.html").read_text()
    _, told = page.split("<code>jump</code>: the change of y")
    assert f"1 of {len(marks) - 1} predicted; 0 were right. It is: 1." in " ".join(told[:200].split())
    assert "slope_with_sign</code>" not in page, "nobody predicted it"


def test_second_run_runs_nothing_and_changes_no_mark(course, marks):
    again = graded(course, LESSON, expect=1)
    assert decided(again) == decided(marks)
    assert [student for student, mark in again.items() if mark["fresh"]] == ["empty-folder"]


def test_nbgrader_autograde_gives_the_same_marks(course, marks, tmp_path, empty_gradebook):
    root, students = tmp_path / "course", ["solved", "published", "doubled", "untouched"]
    for student in students:
        shutil.copytree(course / "submitted" / student, root / "submitted" / student)
    shutil.copytree(course / "source", root / "source")
    shutil.copy(empty_gradebook, root)  # nbgrader would look for `alembic` on the PATH to make one
    (root / "nbgrader_config.py").write_text(
        "from autograder.marking.configuration import marking\nc = get_config()\nc.merge(marking())\n"
    )
    for command in (["generate_assignment", LESSON, "--force"], ["autograde", LESSON]):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command], cwd=root, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
    from autograder.desk.course.folder import Course
    from autograder.desk.grade.marks import read_mark

    stock = Course.at(root)
    with stock.gradebook() as theirs, Course.at(course).gradebook() as ours:
        for student in students:
            mark = read_mark(stock, theirs, LESSON, student)
            assert (mark.score, mark.needs_manual_grade) == (
                marks[student]["score"],
                marks[student]["needs_manual_grade"],
            )
            assert mark.verdicts == marks[student]["verdicts"]
            comments = [
                {
                    comment.name: comment.auto_comment
                    for comment in book.find_submission(LESSON, student).notebooks[0].comments
                }
                for book in (theirs, ours)
            ]
            assert comments[0] == comments[1]


@pytest.fixture(scope="module")
def feedback(course):
    gradlab(course, "feedback", LESSON)
    return course / "feedback"


def test_feedback_says_what_was_wrong_and_shows_no_hidden_test(feedback):
    page = (feedback / "published" / LESSON / "soft_thresholding.html").read_text()
    assert "Not right yet" in page and "minus sign" in page
    assert "HIDDEN TESTS" not in page and "examine" not in page


def test_feedback_fits_a_phone_and_its_folds_look_like_folds(feedback, browser):
    context = browser.new_context(viewport={"width": 390, "height": 800}, is_mobile=True, offline=True)
    page = context.new_page()
    page.goto((feedback / "published" / LESSON / "soft_thresholding.html").as_uri())
    try:
        assert page.evaluate("document.documentElement.scrollWidth") <= 391
        assert page.locator("summary").first.evaluate("node => getComputedStyle(node).display") == "list-item"
        assert page.get_by_role("link", name="Test cell: soft-abs").count() == 1
    finally:
        context.close()


def test_feedback_opens_without_a_network_with_formulas_and_moving_explorers(feedback, offline):
    asked = []
    offline.on("request", lambda request: asked.append(request.url))
    offline.goto((feedback / "live" / LESSON / "soft_thresholding.html").as_uri())
    formulas, sliders = offline.locator("math").count(), offline.locator(".gradlab-explorer input[type=range]")
    slider, picture = sliders.first, offline.locator(".gradlab-explorer").first.locator("svg, img").first
    before = picture.evaluate("element => element.outerHTML")
    slider.focus()
    slider.press("ArrowRight")
    offline.wait_for_function("([e, old]) => e.outerHTML != old", arg=[picture.element_handle(), before])
    planted = offline.evaluate("window.planted")
    offline.screenshot(path=feedback.parent / "feedback.png", full_page=True)
    assert formulas > 5 and sliders
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)
    assert planted is None, "a script of the hand-in ran"


def test_lesson_that_the_course_has_not_is_refused_in_one_sentence(course):
    assert "There is no lesson '07'" in gradlab(course, "grade", "07", expect=1)
