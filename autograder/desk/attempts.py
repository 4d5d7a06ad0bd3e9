"""Whose notebook a downloaded file is: the names that Canvas, Moodle and nbgrader's own folders give."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

# Canvas (lib/content_zipper.rb): name without spaces, LATE if it was, user id, id of the file, the file's own name.
CANVAS = re.compile(r"(?P<name>[^/]+?)_(?P<late>LATE_)?(?P<id>\d+)_(?P<file>\d+)_(?P<rest>[^/]+)")
CANVAS_ANONYMOUS = re.compile(r"(?P<name>anon)_(?P<late>LATE_)?(?P<id>[A-Za-z0-9]+)_(?P<file>\d+)_(?P<rest>[^/]+)")
# Moodle (mod/assign/classes/downloader.php): full name, participant number, plug-in; a folder since 3.1, a prefix before.
MOODLE = re.compile(r"(?P<name>[^/]+)_(?P<id>\d+)_assignsubmission_file_?(?:/(?:[^/]+/)*)?(?P<rest>[^/]+)")
COPY_NUMBER = re.compile(r"(?:-\d+| ?\(\d+\))$")


@dataclass(frozen=True)
class Attempt:
    """A notebook that somebody handed in; the newest of a student has the largest `order`."""

    student: str
    name: str
    number: str
    file: str
    order: tuple[int, ...]
    late: bool = False


def attempt(path: str, modified: tuple[int, ...], lesson: str) -> Attempt | None:
    """What a file's path inside a zip or folder says of it; None if it says nothing."""
    parts = PurePosixPath(path).parts
    last_two = "/".join(parts[-2:])
    if found := _search(MOODLE, path):
        return _made(found, modified)
    if found := CANVAS.fullmatch(parts[-1]) or CANVAS_ANONYMOUS.fullmatch(parts[-1]):
        return _made(found, (int(found["file"]),), late=bool(found["late"]))
    folders = [part for part in parts[:-1] if part != lesson]
    if folders and "/" in last_two:
        return Attempt(identifier(folders[-1]), folders[-1], "", parts[-1], modified)
    return None


def _search(pattern: re.Pattern, path: str) -> re.Match | None:
    """The pattern from any folder of the path on: some download tools put everything into one more folder."""
    parts = path.split("/")
    return next((found for n in range(len(parts)) if (found := pattern.fullmatch("/".join(parts[n:])))), None)


def _made(found: re.Match, order: tuple[int, ...], late: bool = False) -> Attempt:
    student = identifier(f"{found['name']}-{found['id']}")
    return Attempt(student, found["name"], found["id"], found["rest"], order, late)


def identifier(name: str) -> str:
    """A student's id, safe as a folder name: letters, digits, dashes and dots."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.").lower()[:100]


def is_notebook(file: str, notebook: str) -> bool:
    """Whether a file is this notebook, also as a numbered copy: name-1.ipynb (Canvas), name (1).ipynb (browsers)."""
    stem = file.removesuffix(".ipynb")
    return file.endswith(".ipynb") and notebook in (stem, COPY_NUMBER.sub("", stem))
