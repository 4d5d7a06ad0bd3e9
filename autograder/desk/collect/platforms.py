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


@dataclass(frozen=True)
class Layout:
    """How a zip or folder lies, from the paths of all its notebooks: `shared` leading folders before those that tell students
    apart; the one folder that holds the `flat` files, where there is just one so near the top."""

    shared: int
    flat: str | None

    @classmethod
    def of(cls, paths: list[str], lesson: str) -> "Layout":
        """Each path keeps one folder of its own."""
        every = [_folders(path, lesson) for path in paths]
        most = max(min(map(len, every), default=0) - 1, 0)
        shared = next((n for n in range(most) if len({folders[n] for folders in every}) > 1), most)
        parents = [PurePosixPath(path).parent for path in paths]
        depth = min((len(parent.parts) for parent in parents), default=0)
        top = {str(parent) for parent in parents if len(parent.parts) == depth}
        return cls(shared, top.pop() if len(top) == 1 else None)


def attempt(path: str, modified: tuple[int, ...], lesson: str, layout: Layout) -> Attempt | None:
    """What a file's path inside a zip or folder says of it; None if it says nothing.

    What a student calls folders and files within a hand-in is the student's own affair, and may be somebody else's name.
    """
    file = PurePosixPath(path).name
    if found := _search(MOODLE, path):
        return _made(found, modified)
    if str(PurePosixPath(path).parent) == layout.flat and (
        found := CANVAS.fullmatch(file) or CANVAS_ANONYMOUS.fullmatch(file)
    ):
        return _made(found, (int(found["file"]),), late=bool(found["late"]))
    if folders := _folders(path, lesson):
        name = folders[min(layout.shared, len(folders) - 1)]
        return Attempt(identifier(name), name, "", file, modified)
    return None


def _folders(path: str, lesson: str) -> list[str]:
    return [part for part in PurePosixPath(path).parts[:-1] if part != lesson]


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
