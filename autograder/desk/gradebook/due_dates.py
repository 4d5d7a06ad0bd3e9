"""Due dates, extensions and the times of hand-ins, in nbgrader's own tables and files."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote

from nbgrader.api import Gradebook, MissingEntry

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.grade.up_to_date import Comparison
from autograder.notebooks.files import write_whole
from autograder.notebooks.timestamp import TIMESTAMP

COLLECTED = "collected.json"
JUST_TOO_LATE = timedelta(seconds=1)
"""How much too late a hand-in counts of which the platform only says that it was."""


def read_time(text: str) -> datetime:
    """A time in UTC without a zone, as nbgrader keeps it, from `2026-03-01 23:59` on this machine's clock.

    A zone may follow: `2026-03-01 23:59+01:00`. A day alone means its last second. Raises CourseError otherwise, and
    for a time that this machine's clock has twice, or not at all, since it is put back or forward then.
    """
    try:
        time = datetime.fromisoformat(text.strip())
        day_alone = len(text.strip()) <= len("2026-03-01")
        if day_alone:
            time = time.replace(hour=23, minute=59, second=59, fold=1)  # the second of two such is the end of the day
        if time.tzinfo is None:
            _refuse_at_a_clock_change(time, or_twice=not day_alone)
        shown(utc := time.astimezone(UTC).replace(tzinfo=None))
    except (ValueError, OverflowError, OSError):  # the last two: a year that a clock cannot have
        raise CourseError(
            f"{text!r} is no time. Write it as 2026-03-01 23:59, or with a zone, 2026-03-01 23:59+01:00."
        ) from None
    return utc


def _refuse_at_a_clock_change(time: datetime, *, or_twice: bool) -> None:
    """Raises CourseError for a time that this machine's clock does not have, and if asked for one that it has twice."""
    earlier, later = sorted(time.replace(fold=fold).astimezone() for fold in (0, 1))
    if all(each.replace(tzinfo=None, fold=0) != time.replace(fold=0) for each in (earlier, later)):
        raise CourseError(
            f"{_written(time)} does not exist on this machine's clock, which is put forward then. Write a time before "
            f"or after, such as {_written(earlier)} or {_written(later)}."
        )
    if or_twice and earlier != later:
        raise CourseError(
            f"{_written(time)} is there twice on this machine's clock, which is put back then. Write {_written(earlier)} "
            f"for the first, {_written(later)} for the second."
        )


def _written(time: datetime) -> str:
    return time.isoformat(" ", "seconds" if time.second else "minutes")


def shown(time: datetime | None) -> str:
    """A time as it is on this machine's clock."""
    if time is None:
        return "never"
    return (
        time.replace(tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S %Z" if time.second else "%Y-%m-%d %H:%M %Z")
    )


def set_due(course: Course, gradebook: Gradebook, lesson: str, time: datetime | None) -> dict[str, datetime]:
    """Set the due date of a lesson, or take it away, and with it the extensions.

    nbgrader keeps an extension as what is added to the due date. The students were told a time, so that one stays when
    the due date moves; an extension that the new date has overtaken ends. Returns who had one that ended, and until when.
    """
    before, ended = _due(gradebook, lesson), {}
    assignment = gradebook.update_or_create_assignment(lesson, duedate=time)
    for submission in assignment.submissions:
        if submission.extension is not None:
            until = before + submission.extension if before else None
            submission.extension = until - time if until and time and until > time else None
            if until and submission.extension is None:
                ended[submission.student.id] = until
    gradebook.db.commit()
    write_times_of_late_hand_ins(course, gradebook, lesson)
    return ended


def give_back(lesson: str, ended: dict[str, datetime]) -> str:
    """What to say of extensions that ended with a due date, and the commands that give them back."""
    commands = [
        f"gradlab extend {lesson} {quote(student)} '{_written(until.replace(tzinfo=UTC).astimezone())}'"
        for student, until in sorted(ended.items())
    ]
    return "\n  ".join(["These extensions have ended. If it is due earlier again, give them back:", *commands])


def extend(gradebook: Gradebook, lesson: str, student: str, until: datetime | None) -> None:
    """Let one student hand in a lesson until another time; None takes the extension back.

    Raises CourseError where the lesson has no due date, the time is before it, or the gradebook knows no such student.
    """
    if all(each.id != student for each in gradebook.students):
        raise CourseError(
            f"The gradebook knows no student {student!r}. `gradlab export {lesson}` shows the ids; students come with "
            "`gradlab collect`, or its option --roster."
        )
    due = _due(gradebook, lesson)
    if due is None:
        raise CourseError(f"{lesson} has no due date to extend. Set one: gradlab due {lesson} '2026-03-01 23:59'")
    if until and until < due:
        raise CourseError(
            f"{shown(until)} is before {lesson} is due, {shown(due)}. Name a later time, or `none` for no extension."
        )
    submission = gradebook.update_or_create_submission(lesson, student)
    submission.extension = until - due if until else None
    gradebook.db.commit()


def _due(gradebook: Gradebook, lesson: str) -> datetime | None:
    """The due date of a lesson; None also where the gradebook does not know the lesson yet."""
    return next((each.duedate for each in gradebook.assignments if each.name == lesson), None)


def collected(course: Course) -> dict[str, dict[str, dict]]:
    """Lesson → student → what is known of the file that was collected: `order`, `path`, `late`, `time`."""
    record = course.root / COLLECTED
    try:
        return json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    except ValueError:
        raise CourseError(
            f"{record} is damaged. Remove it and collect again: it says under which names a platform gave files out."
        ) from None


def write_collected(course: Course, records: dict[str, dict[str, dict]]) -> None:
    """Write that record."""
    write_whole(course.root / COLLECTED, json.dumps(records, indent=1, ensure_ascii=False).encode())


def write_time(hand_in: Path, time: datetime | None) -> None:
    """Write the time of a hand-in beside it as nbgrader does, unless it stands there; without a time there is no such file."""
    file = hand_in.with_name(TIMESTAMP)
    data = f"{time:%Y-%m-%d %H:%M:%S.%f} UTC".encode() if time else b""
    if not data:
        file.unlink(missing_ok=True)
    elif not file.is_file() or file.read_bytes() != data:
        write_whole(file, data)


def write_times_of_late_hand_ins(course: Course, gradebook: Gradebook, lesson: str) -> None:
    """Canvas says of a hand-in that it was late, not how much: it counts as handed in a second after the due date.

    The time is written beside the hand-in, and into the gradebook where the mark there is of that hand-in.
    """
    try:
        assignment = gradebook.find_assignment(lesson)
    except MissingEntry:
        return
    time = assignment.duedate + JUST_TOO_LATE if assignment.duedate else None
    late = {
        student
        for student, record in collected(course).get(lesson, {}).items()
        if record.get("late") and not record.get("time") and course.hand_in(student, lesson).exists()
    }
    for student in late:
        write_time(course.hand_in(student, lesson), time)
    if late:
        comparison = Comparison(course, lesson, course.settings())
        for submission in assignment.submissions:
            if submission.student.id in late and comparison.is_of_the_hand_in(submission.student.id):
                submission.timestamp = time
        gradebook.db.commit()
