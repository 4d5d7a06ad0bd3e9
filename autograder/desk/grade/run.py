"""Mark the hand-ins of a lesson: many at once, none twice, nothing lost when it is killed."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext

import torch
from gradlab.lessons import LESSONS
from nbgrader.api import Gradebook
from sqlalchemy.exc import InterfaceError, OperationalError
from traitlets.config import Config

from autograder.desk.course.files import regular_files
from autograder.desk.course.folder import Course, CourseError, prepare
from autograder.desk.grade.claims import ManyGraders, OneGrader, claims
from autograder.desk.grade.code_version import code_version
from autograder.desk.grade.marks import (
    FINGERPRINT,
    Mark,
    assign_late_penalty,
    in_gradebook,
    marked,
    read_mark,
    record,
    verdicts_of,
    write_log,
)
from autograder.desk.grade.workers import work_through
from autograder.desk.gradebook.copies import keep_copy, mend
from autograder.marking.hand_in import Examined, HandIn, examine_hand_in
from autograder.marking.restore import source_cells
from autograder.sandbox.scratch import scratch
from autograder.sandbox.zygote import SandboxUnavailable, shared_zygote

Run = Callable[[Iterator[HandIn]], Iterator[tuple[HandIn, Examined | None]]]
LIMITS = ("ExecutePreprocessor", "ExamineWhileExecuting", "SandboxProvisioner")  # sections of the settings
OTHERS = 1.0  # seconds between looks at what other graders have claimed


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def grade(
    course: Course,
    lesson: str,
    *,
    jobs: int | None = None,
    force: bool = False,
    sandbox: bool = True,
    scheduler: str | None = None,
    tick: Callable[[], None] = lambda: None,
    tell: Callable[[str], None] = lambda sentence: None,
) -> Iterator[Mark]:
    """Mark every hand-in of a lesson and yield each mark as it is known; a hand-in that fails costs only itself.

    Hand-ins whose files, source and exams are those of their last marking are not run again unless `force`.
    `scheduler` is the address of a Dask cluster; without it `jobs` processes of this machine do the work.
    `tick` is called at least twice a second, `tell` with what the instructor should know of the course as a whole.

    Raises CourseError if there is nothing to mark, no sandbox, or another grader at work.
    """
    if not hasattr(os, "fork"):
        raise CourseError(
            "Hand-ins are marked on Linux, or without a sandbox on macOS. On Windows, run this inside WSL."
        )
    students = course.submitted(lesson)
    if not students:
        raise CourseError(
            f"No hand-ins in {course.root / 'submitted'}/*/{lesson}. Put each at STUDENT/{lesson}/{LESSONS[lesson]}.ipynb."
        )
    torch.set_num_threads(1)  # before the first fork, and so is this:
    scratch()
    settings = course.settings()
    settings.ExamineWhileExecuting.sandbox = sandbox
    if scheduler:
        from autograder.desk.grade.cluster import work_on_cluster

        run: Run = lambda tasks: work_on_cluster(scheduler, examine_hand_in, tasks, tick)  # noqa: E731
    else:
        run = lambda tasks: work_through(examine_hand_in, tasks, jobs or cores(), tick)  # noqa: E731
    with claims(course) as ours:
        here = sandbox and not scheduler
        new = force or not all(course.autograded(student, lesson).exists() for student in students)
        with _zygote_warming_up() if here and new else nullcontext(), ours.alone():
            if said := mend(course):
                tell(said)
            keep_copy(course)
            prepare(course, lesson)
        with course.gradebook() as gradebook:
            desk = _Desk(course, lesson, gradebook, settings)
            stale = []
            for student in students:
                if not course.hand_in(student, lesson).exists():
                    yield _failed(student, f"There is no {LESSONS[lesson]}.ipynb in the hand-in.")
                elif force or not desk.is_done(student):
                    stale.append(student)
                else:
                    yield desk.unchanged(student)
            if here and stale:
                _warm_zygote()
            while stale:
                others: list[str] = []
                for hand_in, examined in run(desk.claimed(stale, ours, others, force)):
                    yield desk.finish(hand_in, examined)
                    ours.release(lesson, hand_in.student)
                gradebook.db.rollback()  # see what other graders have written
                yield from (desk.unchanged(student) for student in others if desk.is_done(student))
                stale = [student for student in others if not desk.is_done(student)]
                if stale:
                    tick()
                    time.sleep(OTHERS)
        keep_copy(course)


@contextmanager
def _zygote_warming_up() -> Iterator[None]:
    """Warm the zygote up meanwhile; at the end it is there."""
    with ThreadPoolExecutor(1) as aside:
        zygote = aside.submit(_warm_zygote)
        yield
        zygote.result()


def _warm_zygote() -> None:
    """There is a zygote, before the workers fork, so that they share it. Raises CourseError where there is no sandbox."""
    try:
        shared_zygote()
    except SandboxUnavailable as reason:
        raise CourseError(str(reason)) from None


class _Desk:
    """One lesson of a course, while it is marked."""

    def __init__(self, course: Course, lesson: str, gradebook: Gradebook, settings: Config):
        self.course, self.lesson, self.gradebook, self.settings = course, lesson, gradebook, settings
        self.cells = tuple(source_cells(gradebook, LESSONS[lesson], lesson))
        self.source_files = regular_files(course.root / "source" / lesson, settings.CourseDirectory.ignore)

    def files(self, student: str) -> dict[str, bytes]:
        """What a hand-in consists of; the lesson's own data files are the source's, as nbgrader has it."""
        theirs = regular_files(self.course.hand_in(student, self.lesson).parent, self.settings.CourseDirectory.ignore)
        notebook = f"{LESSONS[self.lesson]}.ipynb"
        theirs = {name: data for name, data in theirs.items() if name == notebook or not name.endswith(".ipynb")}
        return theirs | {name: data for name, data in self.source_files.items() if not name.endswith(".ipynb")}

    def fingerprint(self, files: dict[str, bytes]) -> str:
        """What decides a mark: the hand-in, the source, the code that examines it, and how long it may run."""
        digest = hashlib.sha256(code_version(self.lesson).encode())
        for section in LIMITS:
            limits = {name: value for name, value in self.settings[section].items() if name != "sandbox"}
            digest.update(f"{section} {sorted(limits.items())!r}".encode())
        for named in (files, self.source_files):
            for name, data in sorted(named.items()):
                digest.update(f"{name}\0{len(data)}\0".encode() + data)
        return digest.hexdigest()

    def is_done(self, student: str) -> bool:
        """Whether these very files were marked against this source with these exams, and the gradebook has it."""
        notebook = marked(self.course, self.lesson, student)
        if notebook is None or "gradlab" not in notebook["metadata"]:
            return False
        try:
            print_ = self.fingerprint(self.files(student))
        except ValueError:
            return False
        same = notebook["metadata"]["gradlab"].get(FINGERPRINT) == print_
        return same and in_gradebook(self.gradebook, self.lesson, student, verdicts_of(notebook))

    def unchanged(self, student: str) -> Mark:
        """The mark of a hand-in that is not run again; its due date may have moved."""
        assign_late_penalty(self.course, self.gradebook, self.lesson, student, LESSONS[self.lesson])
        return read_mark(self.course, self.gradebook, self.lesson, student, fresh=False)

    def claimed(
        self, students: list[str], ours: OneGrader | ManyGraders, others: list[str], force: bool
    ) -> Iterator[HandIn]:
        """Hand-ins to run, claimed one by one; those that another grader has or has done are added to `others`."""
        for student in students:
            if not ours.claim(self.lesson, student):
                others.append(student)
            elif not force and self.is_done(student):
                ours.release(self.lesson, student)
                others.append(student)
            else:
                yield self.hand_in(student)

    def hand_in(self, student: str) -> HandIn:
        """A hand-in as plain data; without files where there are too many bytes to carry."""
        try:
            files = self.files(student)
        except ValueError:
            files = {}
        return HandIn(student, self.lesson, LESSONS[self.lesson], files, self.cells, self.settings)

    def finish(self, hand_in: HandIn, examined: Examined | None) -> Mark:
        """Write what came of a hand-in; what failed is not written, so that the next run tries it again."""
        if not hand_in.files:
            examined = Examined(
                hand_in.student, failure="The hand-in is too large. Remove what the notebook does not need."
            )
        elif examined is None:
            examined = Examined(
                hand_in.student, failure="The grader's own process died twice over it. Its log has more."
            )
        try:
            write_log(self.course, self.lesson, examined)
            if examined.failure:
                return _failed(hand_in.student, examined.failure)
            record(self.course, self.gradebook, hand_in, examined, self.fingerprint(hand_in.files))
            return read_mark(self.course, self.gradebook, self.lesson, hand_in.student)
        except (OperationalError, InterfaceError):  # the gradebook is gone, for everybody
            raise
        except Exception as error:
            self.gradebook.db.rollback()
            return _failed(hand_in.student, f"Its mark could not be written: {error}. The next run tries again.")


def _failed(student: str, reason: str) -> Mark:
    return Mark(student, 0, 0, False, {}, failure=reason)
