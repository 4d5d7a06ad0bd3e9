"""Collect hand-ins: every file is taken, older, another lesson's, not needed, or refused with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from time import mktime

from autograder.desk.collect.archives import Found, close_archive, files_of, name_of_folder
from autograder.desk.collect.handed_in import HandedIn, age, best_of, content_of, newest_of, time_of
from autograder.desk.collect.notebooks import is_called
from autograder.desk.collect.platforms import Layout
from autograder.desk.collect.zip_members import whole
from autograder.desk.course.folder import Course, CourseError
from autograder.desk.course.matching import Sender
from autograder.desk.course.people import changing
from autograder.desk.gradebook.due_dates import (
    collected,
    write_collected,
    write_time,
    write_times_of_late_hand_ins,
)
from autograder.notebooks.files import write_whole
from gradlab.course import LESSONS

TAKEN, REPLACED, UNCHANGED, OLDER = "collected", "replaced", "unchanged", "older"
OTHER_LESSON, REFUSED, NOT_NEEDED = "another lesson's", "refused", "not needed"
MOST_NAMED = 3  # files that one sentence names


@dataclass(frozen=True)
class Collected:
    """What became of a student's hand-in, or of a file that is nobody's, in one sentence."""

    student: str
    state: str
    said: str
    name: str = ""


def collect(course: Course, lesson: str, sources: list[Path]) -> list[Collected]:
    """Put the newest readable notebook of each student where nbgrader expects it, and the student into the gradebook.

    Only notebooks are taken, and no name out of an archive is used as a path. Raises CourseError for a source that is
    neither a folder nor a whole zip file.
    """
    attempts: dict[str, list[list[HandedIn]]] = {}
    said: list[Collected] = []
    for source in sources:
        files = files_of(source)
        _refuse_a_platforms_zip_in_a_folder(source, files, lesson)
        layout = Layout.of([file.path for file in files], lesson, name_of_folder(source))
        theirs: dict[str, list[HandedIn]] = {}
        for file in files:
            owner = layout.owner(file.path, lesson)
            if owner is None:
                said.append(_nobodys(file, layout.why_nobodys(file.path, lesson)))
            else:
                own_zip = layout.of_the_student(file.within, lesson)
                theirs.setdefault(owner.key, []).append(
                    HandedIn(owner, file, content_of(file), whole(str(source)), source.is_dir(), own_zip)
                )
        if len(theirs) == 1 and (hint := _one_folder_of_folders(source, lesson, *theirs.values())):
            said.append(hint)
        for key, found in theirs.items():
            attempts.setdefault(key, []).append(found)
    with changing(course) as people, course.gradebook() as gradebook:
        records = collected(course)
        keys = sorted(attempts)
        owners = [max((file for attempt in attempts[key] for file in attempt), key=age).owner for key in keys]
        ids = people.ids_of([Sender(owner.platform, owner.number, owner.name) for owner in owners], gradebook)
        for key, student in zip(keys, ids):
            found = [file for attempt in attempts[key] for file in attempt]
            chosen = [best for attempt in attempts[key] if (best := best_of(attempt, lesson))]
            record = records.setdefault(lesson, {})
            said.append(_take(course, lesson, student, people.name_of(student), found, chosen, record))
            people.write_to(gradebook, student)
        people.save()
        write_collected(course, records)
        write_times_of_late_hand_ins(course, gradebook, lesson)
    close_archive()
    return said


def _refuse_a_platforms_zip_in_a_folder(source: Path, files: list[Found], lesson: str) -> None:
    """Raises CourseError where a folder holds nothing but a platform's archive, which would be taken for a student's."""
    if source.is_dir() and files and all(file.within for file in files):
        outer = files[0].within[0][0]
        inside = [file.path.removeprefix(f"{outer}/") for file in files if file.within[0][0] == outer]
        if Layout.of(inside, lesson).platform:
            place = source / PurePosixPath(outer).name
            raise CourseError(
                f"{place} is as Canvas or Moodle gives it. Name it itself: gradlab collect {lesson} {place}"
            )


def _one_folder_of_folders(source: Path, lesson: str, found: list[HandedIn]) -> Collected | None:
    """What is said where all lies in one folder that holds nothing but folders: they may be the students'."""
    name = found[0].owner.name
    folder = source / name
    if not source.is_dir() or not folder.is_dir() or any((folder / file.found.name).is_file() for file in found):
        return None
    sentence = f"{folder} is taken for one student. If the folders in it are the students', name it:"
    return Collected("", NOT_NEEDED, f"{sentence} gradlab collect {lesson} {folder}")


def _nobodys(file: Found, why: str) -> Collected:
    """What is said of a file whose name does not tell whose it is."""
    content = content_of(file)
    if content.is_notebook:
        return Collected("", REFUSED, f"{file.path}: {why}.")
    if file.refused:
        return Collected("", REFUSED, f"{file.path}: {file.refused}.")
    return Collected("", NOT_NEEDED, f"{file.path}: nobody's, and no notebook.")


def _take(
    course: Course,
    lesson: str,
    student: str,
    name: str,
    found: list[HandedIn],
    chosen: list[HandedIn],
    records: dict[str, dict],
) -> Collected:
    """Write the newest of a student's attempts, unless a newer one is there; say what was passed over."""
    if not chosen:
        others = {file.content.lesson for file in found if file.content.lesson}
        reasons = "; ".join(_named(file) for file in found[:MOST_NAMED]) + _and_more(found)
        if others:
            return Collected(student, OTHER_LESSON, f"{reasons}. Collect it there: gradlab collect {min(others)}", name)
        kept = " What was collected before stays." if course.hand_in(student, lesson).exists() else ""
        return Collected(student, REFUSED, f"{reasons}.{kept}", name)
    path = course.hand_in(student, lesson)
    there = path.read_bytes() if path.exists() else b""
    newest, same_time = newest_of(chosen, there)
    notes = [f"the newest of {len(chosen)} attempts ({newest.name})"] if len(chosen) > 1 and not same_time else []
    if same_time:
        notes.append(
            f"{_listed(same_time)} has another notebook, and by their times neither is newer: that of {newest.source} "
            "was taken; to take the other, collect it alone"
        )
    if not is_called(newest.name, LESSONS[lesson]) or not newest.name.endswith(".ipynb"):
        notes.append(f"it was called {newest.name}")
    others = [file for file in found if file is not newest and not any(file is each for each in same_time)]
    over = [file for file in others if file.content.is_notebook or _looks_like_a_notebook(file)]
    if over:
        notes.append("passed over: " + "; ".join(map(_named, over[:MOST_NAMED])) + _and_more(over))
    aside = [file for file in others if file not in over]
    if aside:
        notes.append("not needed: " + ", ".join(file.name for file in aside[:MOST_NAMED]) + _and_more(aside))
    if any((file.found.path, file.source) == (newest.found.path, newest.source) for file in over):
        notes.append(
            f"{newest.found.path} is in {newest.source} more than once: the newest was taken, of one time the last in the zip"
        )
    notes += ["late"] if newest.owner.late else []
    data, before = newest.read(), records.get(student, {})
    if not data:
        return Collected(student, REFUSED, f"{newest.name} cannot be read any more; collect it again.", name)
    state = REPLACED if path.exists() else TAKEN
    if path.exists() and there == data:
        state = UNCHANGED
    elif path.exists() and _is_compared(before, newest) and _known_order(before) > newest.order:
        said = f"{newest.name} is older than what was collected before, which stays."
        return Collected(student, OLDER, said, name)
    else:
        earlier = before.get("file") or "a file of an earlier collection"
        if before and not _is_compared(before, newest):
            notes.append(
                f"it replaces {earlier}: Canvas's numbers and times cannot be compared, so what is collected last counts; "
                "to take the other, collect it alone"
            )
        elif before and _known_order(before) == newest.order:
            notes.append(
                f"by its time {newest.found.path} of {newest.source} is no newer than what was collected before, {earlier}, "
                "which it replaces"
            )
        write_whole(path, data)
    time = time_of(newest, found)
    write_time(path, time)
    records[student] = {
        "order": newest.order,
        "path": newest.found.path if newest.owner.number else "",
        "file": f"{newest.found.path} of {newest.source}",
        "platform": newest.owner.platform,
        "late": newest.owner.late,
        "time": time.isoformat() if time else "",
    }
    return Collected(student, state, "; ".join(notes), name)


def _is_compared(record: dict, newest: HandedIn) -> bool:
    """Whether their orders tell which is newer: Canvas gives numbers, everything else times."""
    return (record.get("platform") == "canvas") == (newest.owner.platform == "canvas")


def _known_order(record: dict) -> float:
    """The order of what was collected before; earlier versions wrote a list: nanoseconds, a date, Canvas's number."""
    order = record.get("order", 0.0)
    if not isinstance(order, list):
        return float(order)
    if len(order) == 6:
        return mktime((*order, 0, 0, -1))
    return order[0] / 1e9 if order[0] > 1e15 else float(order[0])


def _named(file: HandedIn) -> str:
    content = file.content
    about = content.reason or (f"it is of {content.lesson}" if content.lesson else "it is a notebook of no lesson")
    return f"{file.name} ({about})"


def _listed(files: list[HandedIn]) -> str:
    return ", ".join(sorted({file.source for file in files})[:MOST_NAMED])


def _and_more(files: list) -> str:
    return f" and {len(files) - MOST_NAMED} more" if len(files) > MOST_NAMED else ""


def _looks_like_a_notebook(file: HandedIn) -> bool:
    name = file.name.lower()
    return file.found.refused != "" or any(ending in name for ending in (".ipynb", ".zip", ".html", ".txt", ".pdf"))


def refused(said: Iterable[Collected]) -> list[Collected]:
    """Those of whom nothing of this lesson was taken."""
    return [one for one in said if one.state in (REFUSED, OTHER_LESSON)]
