"""Collect hand-ins from folders and from the zip files that Canvas and Moodle hand out."""

import json
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gradlab.lessons import LESSONS

from autograder.desk.collect.platforms import Attempt, Layout, attempt, is_notebook
from autograder.desk.course.files import write_whole
from autograder.desk.course.folder import Course, CourseError
from autograder.marking.reading import LARGEST_FILE

MOST_MEMBERS = 50_000
RECORD = "collected.json"
STATES = ("collected", "replaced", "unchanged", "older", "refused")


@dataclass(frozen=True)
class Collected:
    """What became of a student's hand-in, in one sentence."""

    student: str
    state: str
    said: str


@dataclass(frozen=True)
class _File:
    path: str
    modified: tuple[int, ...]
    read: Callable[[], bytes]


def collect(course: Course, lesson: str, sources: list[Path]) -> list[Collected]:
    """Put the newest notebook of each student where nbgrader expects it, and the student into the gradebook.

    Only notebooks are taken, and no name out of an archive is used as a path. Raises CourseError for a source that is
    neither a folder nor a whole zip file.
    """
    found: dict[str, list[tuple[Attempt, _File]]] = {}
    said: list[Collected] = []
    for source in sources:
        files = [file for file in _files(source, said) if file.path.endswith(".ipynb")]
        layout = Layout.of([file.path for file in files], lesson)
        for file in files:
            known = attempt(file.path, file.modified, lesson, layout)
            if known and known.student:
                found.setdefault(known.student, []).append((known, file))
            else:
                said.append(
                    Collected(
                        "",
                        "refused",
                        f"{file.path}: its name does not tell whose it is; put it into a folder of that name.",
                    )
                )
    records = collected(course)
    with course.gradebook() as gradebook:
        for student, attempts in sorted(found.items()):
            one = _collect_one(course, lesson, student, attempts, records.setdefault(lesson, {}))
            said.append(one)
            newest = attempts[0][0]
            *first, last = newest.name.split()
            gradebook.update_or_create_student(
                student,
                first_name=" ".join(first),
                last_name=last,
                **({"lms_user_id": newest.number} if newest.number else {}),
            )
    write_whole(course.root / RECORD, json.dumps(records, indent=1).encode())
    return said


def collected(course: Course) -> dict[str, dict[str, dict]]:
    """Lesson → student → `order` and `path` of the file that was collected, as the learning platform named it."""
    record = course.root / RECORD
    return json.loads(record.read_text()) if record.exists() else {}


def _collect_one(
    course: Course, lesson: str, student: str, attempts: list[tuple[Attempt, _File]], records: dict[str, dict]
) -> Collected:
    """Choose among a student's notebooks and write the newest."""
    named = [pair for pair in attempts if is_notebook(pair[0].file, LESSONS[lesson])]
    chosen = named or attempts
    if not named and len({pair[0].file for pair in attempts}) > 1:
        names = ", ".join(sorted(pair[0].file for pair in attempts))
        return Collected(student, "refused", f"None of {names} is called {LESSONS[lesson]}.ipynb.")
    newest, file = max(chosen, key=lambda pair: pair[0].order)
    notes = [f"the newest of {len(chosen)} attempts ({newest.file})"] if len(chosen) > 1 else []
    notes += [f"it was called {newest.file}"] if not named else []
    notes += ["late"] if newest.late else []
    try:
        data = file.read()
    except (ValueError, OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        return Collected(student, "refused", f"{file.path}: {error}")
    path = course.hand_in(student, lesson)
    order = list(newest.order)
    state = "replaced" if path.exists() else "collected"
    if path.exists() and path.read_bytes() == data:
        state = "unchanged"
    elif path.exists() and student in records and records[student]["order"] > order:
        return Collected(student, "older", f"{newest.file} is older than what was collected before, which stays.")
    else:
        write_whole(path, data)
    records[student] = {"order": order, "path": file.path if newest.number else ""}
    return Collected(student, state, "; ".join(notes))


def _files(source: Path, said: list[Collected]) -> Iterator[_File]:
    if source.is_dir():
        yield from _in_folder(source)
    elif zipfile.is_zipfile(source):
        yield from _in_zip(source, said)
    else:
        raise CourseError(
            f"{source} is neither a folder nor a whole zip file. Name what Canvas or Moodle gave you, or a folder."
        )


def _in_folder(folder: Path) -> Iterator[_File]:
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts or path.is_symlink() or not path.is_file():
            continue
        inside = PurePosixPath(folder.resolve().name, path.relative_to(folder).as_posix())
        yield _File(str(inside), (path.stat().st_mtime_ns,), lambda path=path: _bounded(path.open("rb")))


def _in_zip(source: Path, said: list[Collected]) -> Iterator[_File]:
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError) as error:
        raise CourseError(f"{source} cannot be read: {error}. Download it again.") from None
    if len(archive.infolist()) > MOST_MEMBERS:
        raise CourseError(
            f"{source} holds more than {MOST_MEMBERS} files; no class hands in that many. Nothing was collected."
        )
    for member in archive.infolist():
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if member.is_dir() or "__MACOSX" in path.parts:
            continue
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            said.append(Collected("", "refused", f"{source.name}: {member.filename!r} points out of the archive."))
        elif not stat.S_ISLNK(member.external_attr >> 16):
            yield _File(str(path), member.date_time, lambda member=member: _bounded(archive.open(member)))


def _bounded(file) -> bytes:
    """The content, as long as it is no larger than a notebook may be, whatever the archive says of its size."""
    with file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise ValueError(f"it is larger than {LARGEST_FILE >> 20} MB; ask for it with its outputs cleared.")
    return data
