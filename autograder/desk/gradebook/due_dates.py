"""Due dates, extensions and the times of hand-ins, in nbgrader's own tables and files."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from autograder.desk.course.files import write_whole
from autograder.desk.course.folder import Course, CourseError
from autograder.notebooks.timestamp import TIMESTAMP

COLLECTED = "collected.json"
JUST_TOO_LATE = timedelta(seconds=1)
"""How much too late a hand-in counts of which the platform only says that it was."""


def read_time(text: str) -> datetime:
    """A time in UTC without a zone, as nbgrader keeps it, from `2026-03-01 23:59` on this machine's clock.

    A zone may follow: `2026-03-01 23:59+01:00`. A day alone means its last minute. Raises CourseError otherwise.
    """
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        raise CourseError(
            f"{text!r} is no time. Write it as 2026-03-01 23:59, or with a zone, 2026-03-01 23:59+01:00."
        ) from None
    if len(text.strip()) <= len("2026-03-01"):
        time = time.replace(hour=23, minute=59)
    return time.astimezone(UTC).replace(tzinfo=None)


def shown(time: datetime | None) -> str:
    """A time as it is on this machine's clock."""
    return time.replace(tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M %Z") if time else "never"


def set_due(course: Course, gradebook: Gradebook, lesson: str, time: datetime | None) -> None:
    """Set the due date of a lesson, or take it away, and with it the extensions."""
    assignment = gradebook.update_or_create_assignment(lesson, duedate=time)
    if time is None:
        for submission in assignment.submissions:
            submission.extension = None
        gradebook.db.commit()
    write_times_of_late_hand_ins(course, gradebook, lesson)


def extend(gradebook: Gradebook, lesson: str, student: str, until: datetime | None) -> None:
    """Let one student hand in a lesson until another time; None takes the extension back.

    Raises CourseError where the lesson has no due date, or the gradebook knows no such student.
    """
    try:
        due = gradebook.find_assignment(lesson).duedate
        gradebook.find_student(student)
    except MissingEntry as error:
        raise CourseError(f"{error} is not in the gradebook yet. {_ADVICE}".replace("LESSON", lesson)) from None
    if due is None:
        raise CourseError(f"{lesson} has no due date to extend. Set one: gradlab due {lesson} '2026-03-01 23:59'")
    submission = gradebook.update_or_create_submission(lesson, student)
    submission.extension = until - due if until else None
    gradebook.db.commit()


_ADVICE = "Set a due date with `gradlab due LESSON`; students come with `gradlab collect`, or its option --roster."


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
    """Write the time of a hand-in beside it as nbgrader does; without a time there is no such file."""
    file = hand_in.with_name(TIMESTAMP)
    if time is None:
        file.unlink(missing_ok=True)
    else:
        write_whole(file, f"{time:%Y-%m-%d %H:%M:%S.%f} UTC".encode())


def write_times_of_late_hand_ins(course: Course, gradebook: Gradebook, lesson: str) -> None:
    """Canvas says of a hand-in that it was late, not how much: it counts as handed in a second after the due date."""
    try:
        due = gradebook.find_assignment(lesson).duedate
    except MissingEntry:
        return
    for student, record in collected(course).get(lesson, {}).items():
        path = course.hand_in(student, lesson)
        if record.get("late") and not record.get("time") and path.exists():
            write_time(path, due + JUST_TOO_LATE if due else None)
