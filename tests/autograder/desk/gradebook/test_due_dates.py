"""Due dates, extensions and penalties by a command each, in nbgrader's own tables, also where Canvas says only LATE."""

import csv
import re
import shlex
import time
from datetime import UTC, datetime, timedelta

import pytest

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.gradebook.due_dates import extend, read_time, set_due, shown
from autograder.desk.gradebook.late_penalty import PercentageADay
from tests.autograder.desk.collect.archives import notebook, zipped
from tests.autograder.desk.conftest import SMALL_LESSON as LESSON
from tests.autograder.desk.conftest import graded, gradlab

PLUGIN = """from nbgrader.plugins import BasePlugin
class Half(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2
"""


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-03-01 23:59+01:00", datetime(2026, 3, 1, 22, 59)),
        ("2026-03-01T10:00+00:00", datetime(2026, 3, 1, 10, 0)),
    ],
)
def test_time_is_kept_in_utc(text, time):
    assert read_time(text) == time


def test_time_without_a_zone_is_this_machines_and_a_day_means_its_end():
    assert read_time("2026-03-01") == read_time("2026-03-01 23:59:59")
    local = datetime(2026, 3, 1, 12).astimezone()
    assert read_time("2026-03-01 12:00") == local.replace(tzinfo=None) - local.utcoffset()


@pytest.fixture
def clock_of(monkeypatch):
    """Set this machine's clock to that of another place."""
    yield lambda place: (monkeypatch.setenv("TZ", place), time.tzset())
    monkeypatch.undo()
    time.tzset()


CHANGES = [  # place, a time that is there twice, one that does not exist
    ("Europe/Berlin", "2026-10-25 02:30", "2026-03-29 02:30"),
    ("America/Havana", "2026-11-01 00:30", "2026-03-08 00:30"),
    ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-10-04 02:15"),  # half an hour
    ("Asia/Beirut", "2025-10-25 23:59:59", "2025-03-30 00:00"),
]


@pytest.mark.parametrize(("place", "twice", "never"), CHANGES)
def test_time_of_a_clock_change_is_refused_with_what_to_write(clock_of, place, twice, never):
    clock_of(place)
    for text, said in ((twice, "is there twice"), (never, "does not exist")):
        with pytest.raises(CourseError, match=said) as refused:
            read_time(text)
        sentence = str(refused.value)
        assert text in sentence
        offered = [read_time(each) for each in re.findall(r"\d{4}-\d\d-\d\d [\d:]+[+-]\d\d:\d\d", sentence)]
        assert len(offered) == 2 and offered[0] < offered[1]
        if text == twice:
            assert {shown(each)[: len(text)] for each in offered} == {text}


@pytest.mark.parametrize("place", ["UTC", *(place for place, _, _ in CHANGES)])
def test_day_alone_ends_a_second_before_the_next_day_on_every_clock(clock_of, place):
    clock_of(place)
    for day in (datetime(2025, 1, 1) + timedelta(days=number) for number in range(730)):
        end = read_time(f"{day:%Y-%m-%d}")
        after = (end + timedelta(seconds=1)).replace(tzinfo=UTC).astimezone()
        assert after.date() == day.date() + timedelta(days=1)
        assert shown(end).startswith(f"{day:%Y-%m-%d} 23:59:59")


@pytest.mark.parametrize("text", ["next Friday", "", "2026-02-30", "0001-01-01 00:00+14:00", "9999-12-31 23:59-12:00"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(CourseError, match="is no time"):
        read_time(text)


@pytest.mark.parametrize(("moved", "keeps"), [(datetime(2026, 3, 3), True), (datetime(2026, 3, 9), False)])
def test_extension_ends_when_the_student_was_told_also_after_the_due_date_has_moved(small_course, moved, keeps):
    course = Course.at(small_course)
    until = datetime(2026, 3, 5)
    with course.gradebook() as gradebook:
        set_due(course, gradebook, LESSON, datetime(2026, 3, 1))
        extend(gradebook, LESSON, "right", until)
        set_due(course, gradebook, LESSON, moved)
        extension = gradebook.find_submission(LESSON, "right").extension
        assert (moved + extension == until) if keeps else extension is None
        with pytest.raises(CourseError, match="is before"):
            extend(gradebook, LESSON, "right", datetime(2026, 2, 1))


@pytest.mark.parametrize("moved", ["2026-03-09", "2026-03-05 23:59", "none"])
def test_extension_that_a_due_date_ends_is_told_with_the_command_that_gives_it_back(small_course, moved):
    course, name = Course.at(small_course), "o'neil b"
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student(name)
    told = {}
    gradlab(small_course, "due", LESSON, "2026-03-01")
    for student, until in (("right", "2026-03-05 23:59"), (name, "2026-03-04 10:00+05:45")):
        gradlab(small_course, "extend", LESSON, student, until)
        told[student] = read_time(until)
    said = gradlab(small_course, "due", LESSON, moved)
    gradlab(small_course, "due", LESSON, "2026-03-01")
    lines = [shlex.split(line) for line in said.splitlines() if line.strip().startswith("gradlab extend")]
    assert len(lines) == len(told)
    for _, *words in lines:
        gradlab(small_course, *words)
    with course.gradebook() as gradebook:
        assert {student: gradebook.find_submission(LESSON, student).duedate for student in told} == told
    assert "gradlab extend" not in gradlab(small_course, "due", LESSON, "2026-03-02")


@pytest.mark.parametrize(("days", "share"), [(0.001, 0.1), (1, 0.1), (1.01, 0.2), (5, 0.5), (50, 1.0)])
def test_each_day_that_has_begun_costs_its_share_and_never_more_than_all(days, share):
    assert PercentageADay().late_submission_penalty("s", 20.0, days * 86_400) == pytest.approx(20 * share)


def hand_in_late(course, *names: str) -> None:
    for name, date in zip(names, ((2026, 3, 3, 12, 0, 0), (2026, 3, 4, 12, 0, 0))):
        zipped(course / "a.zip", {f"{name}_{len(name)}_assignsubmission_file_/start_here.ipynb": notebook(name)}, date)
        gradlab(course, "collect", LESSON, str(course / "a.zip"))


def test_penalty_and_extension_by_one_command_each(small_course):
    hand_in_late(small_course, "Ana", "Benno")
    gradlab(small_course, "penalty", "10")
    gradlab(small_course, "due", LESSON, "2026-03-02 12:00")
    gradlab(small_course, "extend", LESSON, "benno-5", "2026-03-05")
    marks = graded(small_course, LESSON)
    assert marks["ana-3"]["score"] == pytest.approx(0.9 * marks["ana-3"]["max_score"]) and marks["ana-3"]["penalty"] > 0
    assert marks["benno-5"]["score"] == marks["ana-3"]["max_score"] > 0
    assert "which costs" in gradlab(small_course, "grade", LESSON)
    with Course.at(small_course).gradebook() as gradebook:
        assert gradebook.find_submission(LESSON, "benno-5").extension is not None
    gradlab(small_course, "extend", LESSON, "benno-5", "none")
    marks = graded(small_course, LESSON)
    assert (
        marks["benno-5"]["score"] == pytest.approx(0.8 * marks["ana-3"]["max_score"]) and not marks["benno-5"]["fresh"]
    )
    gradlab(small_course, "due", LESSON, "none")
    assert graded(small_course, LESSON)["ana-3"]["score"] == marks["ana-3"]["max_score"]


def give_by_hand(course, student: str) -> None:
    """A person gives two points more than the grader did."""
    with Course.at(course).gradebook() as gradebook:
        [notebook] = gradebook.find_submission(LESSON, student).notebooks
        notebook.grades[0].extra_credit = 2.0
        gradebook.db.commit()


CHANGES = {
    "a mark by hand": lambda course: give_by_hand(course, "ana-3"),
    "due date": lambda course: gradlab(course, "due", LESSON, "2026-03-01 12:00"),
    "extension": lambda course: gradlab(course, "extend", LESSON, "ana-3", "2026-03-09"),
    "another penalty": lambda course: gradlab(course, "penalty", "25"),
    "no penalty": lambda course: gradlab(course, "penalty", "0"),
    "a penalty again": lambda course: gradlab(course, "penalty", "10"),
    "no due date": lambda course: gradlab(course, "due", LESSON, "none"),
}


def test_what_lateness_costs_is_that_of_today_wherever_marks_are_given(small_course):
    hand_in_late(small_course, "Ana")
    gradlab(small_course, "penalty", "10")
    gradlab(small_course, "due", LESSON, "2026-03-02 12:00")
    graded(small_course, LESSON)
    for name, change in CHANGES.items():
        change(small_course)
        gradlab(small_course, "feedback", LESSON)
        gradlab(small_course, "export", LESSON, "--to", str(small_course / "marks.csv"))
        table = csv.DictReader((small_course / "marks.csv").read_text("utf-8-sig").splitlines())
        row = next(row for row in table if row["student"] == "ana-3")
        with Course.at(small_course).gradebook() as gradebook:  # what nbgrader's own pages show
            stored = gradebook.find_submission(LESSON, "ana-3").notebooks[0].late_submission_penalty
        mark = graded(small_course, LESSON)["ana-3"]
        assert not mark["fresh"] and float(row["marks"]) == pytest.approx(mark["score"]), name
        assert float(row["penalty"] or 0) == pytest.approx(mark["penalty"]) and (stored or 0) == pytest.approx(
            mark["penalty"]
        ), name


@pytest.mark.parametrize("due_first", [True, False])
def test_canvas_late_mark_counts_as_just_too_late_and_its_other_hand_ins_as_in_time(small_course, due_first):
    names = ["ana_LATE_1_2_start_here.ipynb", "ben_3_4_start_here.ipynb"]
    archive = zipped(small_course / "a.zip", {name: notebook(name) for name in names}, (2026, 5, 1, 12, 0, 0))
    commands = [("collect", LESSON, str(archive)), ("due", LESSON, "2026-03-02 12:00")]
    for command in reversed(commands) if due_first else commands:
        gradlab(small_course, *command)
    gradlab(small_course, "penalty", "25")
    marks = graded(small_course, LESSON)
    assert marks["ana-1"]["score"] == pytest.approx(0.75 * marks["ben-3"]["score"]) and marks["ben-3"]["penalty"] == 0


@pytest.mark.parametrize("place", ["file", "configuration"])
def test_late_plugin_of_the_courses_own_is_found_where_nbgrader_finds_it(small_course, place):
    hand_in_late(small_course, "Ana")
    gradlab(small_course, "due", LESSON, "2026-03-02 12:00")
    if place == "file":
        (small_course / "late_plugin.py").write_text(PLUGIN)
        settings = "c = get_config()\nc.AssignLatePenalties.plugin_class = 'late_plugin.Half'\n"
    else:
        settings = f"c = get_config()\n{PLUGIN}c.AssignLatePenalties.plugin_class = Half\n"
    (small_course / "nbgrader_config.py").write_text(settings)
    marks = graded(small_course, LESSON)
    assert marks["ana-3"]["score"] == pytest.approx(marks["ana-3"]["max_score"] / 2)
