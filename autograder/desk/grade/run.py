"""Mark the hand-ins of a lesson: many at once, none twice, nothing lost when it is killed."""

import os
import time
from collections.abc import Callable, Iterator
from functools import partial

import torch
from traitlets.config import Config

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.grade.claims import claims
from autograder.desk.grade.cluster import work_on_cluster
from autograder.desk.grade.lesson_desk import LessonDesk
from autograder.desk.grade.marks import Mark
from autograder.desk.grade.up_to_date import LESSON_CHANGED, Comparison
from autograder.desk.grade.warm_up import warm_zygote
from autograder.desk.grade.workers import cores, work_through
from autograder.desk.gradebook.copies import keep_copy, mend
from autograder.desk.gradebook.due_dates import write_times_of_late_hand_ins
from autograder.desk.gradebook.lesson_source import prepare
from autograder.marking.hand_in import Examined, HandIn, examine_hand_in
from autograder.marking.replay import explorer_sources
from autograder.sandbox.scratch import scratch
from autograder.sandbox.zygote import SandboxUnavailable, refuse_if_shown
from gradlab.course import LESSONS

Run = Callable[[Iterator[HandIn]], Iterator[tuple[HandIn, Examined | None]]]
BETWEEN_LOOKS = 1.0  # seconds between looks at what other graders have claimed


def grade(
    course: Course,
    lesson: str,
    *,
    students: list[str] | None = None,
    jobs: int | None = None,
    force: bool = False,
    renew: bool = False,
    sandbox: bool = True,
    scheduler: str | None = None,
    while_waiting: Callable[[], None] = lambda: None,
    tell: Callable[[str], None] = lambda sentence: None,
) -> Iterator[Mark]:
    """Mark the hand-ins of a lesson and yield each mark as it is known; a hand-in that fails costs only itself.

    Hand-ins whose files, source and exams are those of their last marking are not run again unless `force`.
    `students` are the ids of those to mark, all by default. `renew` accepts that cells of the lesson came or went.
    `scheduler` is the address of a Dask cluster; without it `jobs` processes of this machine do the work.
    `while_waiting` is called at least twice a second, `tell` with what the instructor should know of the course.

    Raises CourseError if there is nothing to mark, no sandbox, or another grader at work.
    """
    if not hasattr(os, "fork"):
        raise CourseError(
            "Hand-ins are marked on Linux, or without a sandbox on macOS. On Windows, run this inside WSL."
        )
    only_some, students = bool(students), _handed_in(course, lesson, students)
    torch.set_num_threads(1)  # before the first fork, and so is this:
    scratch()
    explorer_sources(lesson)  # read once here, not once in each worker
    settings = course.settings()
    settings.ExamineWhileExecuting.sandbox = sandbox
    run: Run = partial(_on_this_machine, jobs=jobs or cores(), while_waiting=while_waiting)
    if scheduler:
        run = partial(work_on_cluster, scheduler, examine_hand_in, while_waiting=while_waiting)
    with claims(course) as ours:
        with ours.alone():
            for sentence in mend(course):
                tell(sentence)
            keep_copy(course)
            if changed := prepare(course, lesson, renew=renew):
                tell(changed if only_some else f"{changed} Its hand-ins are marked anew.")
        with course.gradebook() as gradebook:
            write_times_of_late_hand_ins(course, gradebook, lesson)
            before_the_first = partial(_ready_sandbox, course, scheduler) if sandbox else lambda: None
            desk = LessonDesk(course, lesson, gradebook, settings, ours, before_the_first)
            while students:
                elsewhere: list[str] = []
                for hand_in, examined in run(desk.to_run(students, elsewhere, force=force, tick=while_waiting)):
                    yield from desk.unchanged_so_far()
                    yield desk.finish(hand_in, examined)
                yield from desk.unchanged_so_far()
                gradebook.db.rollback()  # see what other graders have written
                students, force = elsewhere, False
                if students:
                    while_waiting()
                    time.sleep(BETWEEN_LOOKS)
        keep_copy(course)
        if only_some and (sentence := _left_behind(course, lesson, settings)):
            tell(sentence)


def _left_behind(course: Course, lesson: str, settings: Config) -> str:
    """Who is still marked against the lesson as it was, and what to do; "" where it is nobody."""
    comparison = Comparison(course, lesson, settings)
    old = [student for student in course.marked(lesson) if comparison.state(student) == LESSON_CHANGED]
    if not old:
        return ""
    return (
        f"Still marked against {lesson} as it was before it changed: {', '.join(old)}. `gradlab grade {lesson}` marks "
        "them anew too."
    )


def _handed_in(course: Course, lesson: str, students: list[str] | None) -> list[str]:
    there = course.submitted(lesson)
    if not there:
        raise CourseError(
            f"No hand-ins in {course.root / 'submitted'}/*/{lesson}. "
            f"Put each at STUDENT/{lesson}/{LESSONS[lesson]}.ipynb, or run `gradlab collect`."
        )
    if unknown := sorted(set(students or ()) - set(there)):
        raise CourseError(f"{', '.join(unknown)} handed in nothing for {lesson}. Those who did: {', '.join(there)}.")
    return list(dict.fromkeys(students or there))


def _on_this_machine(
    tasks: Iterator[HandIn], *, jobs: int, while_waiting: Callable[[], None]
) -> Iterator[tuple[HandIn, Examined | None]]:
    return work_through(examine_hand_in, tasks, jobs, while_waiting)


def _ready_sandbox(course: Course, scheduler: str | None) -> None:
    """There is a zygote before the workers fork, so that they share it.

    Raises CourseError without a sandbox, or where hand-ins would see the course in it.
    """
    try:
        refuse_if_shown(course.root)
        if not scheduler:
            warm_zygote()
    except SandboxUnavailable as reason:
        raise CourseError(str(reason)) from None
