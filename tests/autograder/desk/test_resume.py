"""Nothing is lost: killed graders and workers, damaged files, changed hand-ins, a person's marks, late penalties."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from filelock import FileLock

from autograder.desk.course.folder import Course
from tests.autograder.desk.conftest import SMALL_LESSON, decided, graded, gradlab
from tests.autograder.desk.hand_ins import hand_in, solved

LESSON, EXERCISE = SMALL_LESSON, "gradient"


@pytest.fixture
def course(small_course) -> Path:
    return small_course


def notebook_of(course: Path, student: str) -> Path:
    return Course.at(course).autograded(student, LESSON)


def start_grading(course: Path, *options: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "autograder.cli", "grade", LESSON, "--course", str(course), *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def wait_for(condition, grader: subprocess.Popen) -> None:
    deadline = time.monotonic() + 400  # a busy machine starts slowly
    while not condition():
        assert grader.poll() is None and time.monotonic() < deadline, grader.stderr.read()
        time.sleep(0.01)


def test_grader_killed_after_its_first_mark_goes_on_and_ends_with_the_marks_of_an_undisturbed_run(
    unmarked, undisturbed, tmp_path
):
    course = shutil.copytree(unmarked, tmp_path / "course")
    grader = start_grading(course, "--jobs", "1")
    wait_for(lambda: list(course.glob("autograded/*/*/*.ipynb")), grader)
    family = psutil.Process(grader.pid).children(recursive=True)
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    assert not psutil.wait_procs(family, timeout=20)[1]
    marks = graded(course, LESSON)
    assert decided(marks) == decided(undisturbed[1])
    assert not all(mark["fresh"] for mark in marks.values())


def test_interrupt_says_how_to_go_on(unmarked, tmp_path):
    course = shutil.copytree(unmarked, tmp_path / "course")
    for number in range(40):  # so many that it is still at work when the interrupt comes
        hand_in(course, f"one-more-{number}", LESSON, {})
    grader = start_grading(course, "--jobs", "1")
    wait_for(lambda: list(course.glob("autograded/*/*/*.ipynb")), grader)
    grader.send_signal(signal.SIGINT)
    _, errors = grader.communicate(timeout=400)
    assert grader.returncode == 1 and "goes on from here" in errors and "Traceback" not in errors


def damage_notebook(course):
    path = notebook_of(course, "right")
    path.write_bytes(path.read_bytes()[:1000])


def lose_folder(course):
    shutil.rmtree(notebook_of(course, "right").parent)


def lose_marks(course):
    with Course.at(course).gradebook() as gradebook:
        [notebook] = gradebook.find_submission(LESSON, "right").notebooks
        for grade in notebook.grades:
            grade.auto_score = None
        gradebook.db.commit()


@pytest.mark.parametrize("accident", [damage_notebook, lose_folder, lose_marks])
def test_what_an_accident_destroyed_is_marked_again(undisturbed, course, accident):
    accident(course)
    marks = graded(course, LESSON)
    assert decided(marks) == decided(undisturbed[1])
    assert marks["right"]["fresh"]


def test_only_what_changed_is_run_again(course):
    hand_in(course, "wrong", LESSON, {EXERCISE: solved(LESSON)[EXERCISE]})
    marks = graded(course, LESSON)
    assert [student for student, mark in marks.items() if mark["fresh"]] == ["wrong"]
    assert marks["wrong"]["score"] == marks["right"]["score"] > 0


def test_a_persons_marks_and_comments_survive_marking_again_and_wait_only_for_a_new_answer(course):
    with Course.at(course).gradebook() as gradebook:
        [notebook] = gradebook.find_submission(LESSON, "wrong").notebooks
        notebook.grades[0].manual_score = 1.5
        notebook.grades[0].needs_manual_grade = False
        notebook.comments[0].manual_comment = "Nearly: look at the graph."
        gradebook.db.commit()
    marks = graded(course, LESSON, "--force")
    assert marks["wrong"]["score"] == 1.5 and not marks["wrong"]["needs_manual_grade"]
    with Course.at(course).gradebook() as gradebook:
        [notebook] = gradebook.find_submission(LESSON, "wrong").notebooks
        assert notebook.comments[0].comment == "Nearly: look at the graph."
    hand_in(course, "wrong", LESSON, {EXERCISE: "def gradient(f, x):\n    return 3 * x\n"})
    marks = graded(course, LESSON)
    assert marks["wrong"]["score"] == 1.5 and marks["wrong"]["needs_manual_grade"]


def test_late_hand_ins_pay_the_penalty_that_the_course_has_set_also_when_the_due_date_moves(course):
    (course / "nbgrader_config.py").write_text('c = get_config()\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    for student, day in (("right", 3), ("wrong", 1)):
        (course / "submitted" / student / LESSON / "timestamp.txt").write_text(f"2026-03-0{day} 12:00:00 UTC\n")

    def due(day: int) -> None:
        with Course.at(course).gradebook() as gradebook:
            gradebook.update_or_create_assignment(LESSON, duedate=f"2026-03-0{day} 12:00:00")

    full = graded(course, LESSON)["right"]["score"]
    due(2)
    assert full > 0 and graded(course, LESSON)["right"]["score"] == 0
    due(4)
    marks = graded(course, LESSON)
    assert marks["right"]["score"] == full and not marks["right"]["fresh"]


def test_mark_that_cannot_be_written_costs_only_itself_and_is_tried_again(undisturbed, course):
    in_the_way = notebook_of(course, "right").parents[1]
    shutil.rmtree(in_the_way)
    in_the_way.write_text("a file where a folder must be")
    marks = graded(course, LESSON, "--force", expect=1)
    assert "could not be written" in marks.pop("right")["failure"]
    assert decided(marks) == {student: mark for student, mark in decided(undisturbed[1]).items() if student != "right"}
    in_the_way.unlink()
    assert decided(graded(course, LESSON)) == decided(undisturbed[1])


def test_pipe_in_the_place_of_the_time_stamp_holds_nobody_up(undisturbed, course):
    os.mkfifo(course / "submitted" / "right" / LESSON / "timestamp.txt")
    assert decided(graded(course, LESSON, "--force")) == decided(undisturbed[1])


def test_configuration_that_cannot_be_run_is_refused_in_one_sentence(course):
    (course / "nbgrader_config.py").write_text("c.NoSuchThing(\n")
    assert "nbgrader_config.py cannot be run" in gradlab(course, "grade", LESSON, expect=1)


def test_second_grader_on_an_sqlite_course_is_sent_away_in_one_sentence(course):
    with FileLock(course / ".grading.lock"):
        assert "Another `gradlab grade` is at work" in gradlab(course, "grade", LESSON, expect=1)


def test_without_a_sandbox_nothing_is_run_unless_told_to(course, tmp_path):
    command = [sys.executable, "-m", "autograder.cli", "grade", LESSON, "--course", str(course), "--force"]
    without_bwrap = {**os.environ, "PATH": str(tmp_path)}
    refused = subprocess.run(command, env=without_bwrap, capture_output=True, text=True, timeout=120)
    assert refused.returncode == 1 and "--no-sandbox" in refused.stderr and "Traceback" not in refused.stderr
    file = course / "marks.json"
    told = [*command, "--no-sandbox", "--json", str(file), "--jobs", "1"]
    subprocess.run(told, env=without_bwrap, capture_output=True, timeout=300, check=True)
    assert {mark["student"]: mark["score"] for mark in json.loads(file.read_text())}["right"] > 0
