"""Whose a downloaded file is: the platform is decided once an archive, then each name is read as its own."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

# Canvas (lib/content_zipper.rb): name without capitals and signs, LATE if it was, user id, id of the file, the file's own name.
# The name, too, is the student's to choose: a file's name that can be read in two ways tells nothing.
CANVAS = re.compile(r"_(?P<late>LATE_)?(?P<number>[1-9][0-9]{0,19})_(?P<file>[1-9][0-9]{0,19})_(?P<rest>[^/]+)")
CANVAS_ANONYMOUS = re.compile(
    r"(?P<before>LATE_)?anon_(?P<late>LATE_)?(?P<number>[A-Za-z0-9]{1,20})_(?P<file>[1-9][0-9]{0,19})_(?P<rest>[^/]+)"
)
# Moodle (mod/assign/classes/downloader.php): full name, participant number, plug-in; a folder since 3.1, before that
# the beginning of the file's name. The full name, too, may be what the student likes: of a folder the last match counts, and
# a file's name that matches in two places tells nothing.
MOODLE = re.compile(r"(?P<name>[^/]*?)_(?P<number>[0-9]{1,20})_assignsubmission_[a-z]+(?:_(?P<rest>[^/]*))?")
MOODLE_FOLDER = re.compile(r"(?P<name>[^/]*)_(?P<number>[0-9]{1,20})_assignsubmission_[a-z]+(?:_(?P<rest>[^/]*))?")
ASSIGN = "_assignsubmission_"


@dataclass(frozen=True)
class Owner:
    """Who handed a file in, as the archive tells: the platform, its number for the student, the name it shows."""

    platform: str
    name: str
    number: str = ""
    late: bool = False
    file_number: int = 0
    file_name: str = ""
    """The file's own name, where the platform put more in front of it."""

    @property
    def key(self) -> str:
        """Who it is: the platform's number where there is one, else the name."""
        return f"{self.platform} {self.number}" if self.number else f"name {self.name}"


@dataclass(frozen=True)
class Layout:
    """How an archive lies: the platform that made it, and the folders in front of what tells students apart."""

    platform: str
    shared: tuple[str, ...]
    anonymous: bool = False

    @classmethod
    def of(cls, paths: Iterable[str], lesson: str, folder: str = "") -> "Layout":
        """The folder in which names tell students apart: that of the source, or the only one in a zip file.

        It is no deeper, for what lies in a lone student's folder or zip file is the student's to name. `folder` is the name of
        a source that is a folder, with which its paths begin.
        """
        every = [_parts(path, lesson) for path in paths]
        shared = _parts(folder, lesson) if folder else ()
        wrapped = bool(folder)
        while True:
            inside = [parts[len(shared) :] for parts in every if parts[: len(shared)] == shared]
            folders = {parts[0] for parts in inside if len(parts) > 1}
            names = {parts[0] for parts in inside if parts}
            if platform := _platform_of(names):
                return cls(platform, shared, _hides_names(names))
            if not folders:
                return cls("", shared[:-1])
            only = folders.pop()
            if folders or wrapped or _is_a_students(only, [parts[1:] for parts in inside if parts[0] == only]):
                return cls("", shared)
            shared, wrapped = (*shared, only), True

    def owner(self, path: str, lesson: str) -> Owner | None:
        """Who handed this file in; None if its name does not tell."""
        parts = _parts(path, lesson)
        if parts[: len(self.shared)] != self.shared or len(parts) == len(self.shared):
            return None
        first, *rest = parts[len(self.shared) :]
        if self.platform == "canvas":
            readings = _as_canvas(first, anonymous=self.anonymous)
            return readings[0] if len({each.number for each in readings}) == 1 else None
        if self.platform == "moodle":
            if rest:
                return _as_moodle(MOODLE_FOLDER.fullmatch(first))
            return _as_moodle(MOODLE.fullmatch(first)) if first.count(ASSIGN) == 1 else None
        return Owner("", unicodedata.normalize("NFC", first)) if rest and first.strip() else None

    def why_nobodys(self, path: str, lesson: str) -> str:
        """Why the name of a file without an owner does not tell whose it is, and what to do."""
        first = _parts(path, lesson)[len(self.shared) :][:1]
        readings = _as_canvas(first[0], anonymous=self.anonymous) if self.platform == "canvas" and first else []
        if not readings:
            return "its name does not tell whose it is; put it into a folder of that name"
        numbers = ", ".join(dict.fromkeys(each.number for each in readings))
        return (
            f"its name can be read as that of several users ({numbers}), of whom it is one; see in Canvas who handed it in, "
            "unpack the archive, write a name without numbers behind those of user and file, and collect the folder"
        )

    def of_the_student(self, zips: Iterable[tuple[str, datetime | None]], lesson: str) -> tuple[bool, datetime | None]:
        """Whether one of these zip files is what a student handed in, or lies in it, and the time of the first of those."""
        own = [time for path, time in zips if len(_parts(path, lesson)) > len(self.shared)]
        return bool(own), own[0] if own else None


def _platform_of(names: set[str]) -> str:
    """The platform that gave half of these names or more; "" where none did."""
    known = [owner.platform for name in names if (owner := _first_match(name))]
    return max(sorted(set(known)), key=known.count) if known and 2 * len(known) >= len(names) else ""


def _is_a_students(folder: str, inside: list[tuple[str, ...]]) -> bool:
    """Whether the only folder of a zip file is one student's: it holds a notebook, and not the folders of several."""
    if folder.lower().endswith(".zip"):
        return True
    several = len({parts[0] for parts in inside if len(parts) > 1}) > 1
    notebooks = any(len(parts) == 1 and parts[0].endswith(".ipynb") for parts in inside)
    return notebooks and not several and not _platform_of({parts[0] for parts in inside if parts})


def _parts(path: str, lesson: str) -> tuple[str, ...]:
    return tuple(part for part in PurePosixPath(path).parts if part != lesson)


def _first_match(name: str) -> Owner | None:
    """The owner by the pattern whose number comes first in the name; what comes after it is the student's choice."""
    found = [owner for owner in (*_as_canvas(name)[:1], _as_moodle(MOODLE.fullmatch(name))) if owner]
    return min(found, key=lambda owner: len(owner.name), default=None)


def _hides_names(names: set[str]) -> bool:
    """Whether Canvas gave all of these names in an assignment in which students are anonymous."""
    return all(CANVAS_ANONYMOUS.fullmatch(name) for name in names if _as_canvas(name))


def _as_canvas(name: str, *, anonymous: bool = True) -> list[Owner]:
    """Every way in which a file's name can be one of Canvas's; which is the right one, its author may have hidden."""
    hidden = CANVAS_ANONYMOUS.fullmatch(name) if anonymous else None
    readings = [_of_canvas("anon", hidden, hidden["before"] or hidden["late"])] if hidden else []
    if hidden and not hidden["number"].isdecimal():
        return readings
    for underscore in re.finditer("_", name[: _longest_canvas_name(name)]):
        if found := CANVAS.fullmatch(name, underscore.start()):
            readings.append(_of_canvas(name[: underscore.start()], found, found["late"]))
    return readings


def _longest_canvas_name(text: str) -> int:
    """How far a text holds only what Canvas leaves of a student's name: small letters, signs on them, digits, connectors."""
    for at, c in enumerate(text):
        if "A" <= c <= "Z" or (unicodedata.category(c)[0] not in "LMN" and unicodedata.category(c) != "Pc"):
            return at
    return len(text)


def _of_canvas(name: str, found: re.Match[str], late: str | None) -> Owner:
    return Owner("canvas", name, found["number"], bool(late), int(found["file"]), found["rest"])


def _as_moodle(found: re.Match[str] | None) -> Owner | None:
    return found and Owner("moodle", " ".join(found["name"].split()), found["number"], file_name=found["rest"] or "")
