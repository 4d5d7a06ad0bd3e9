"""Bring a newer edition into a learner's folder: every notebook merged, the old ones kept under the date."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import nbformat

from autograder.notebooks.files import write_bytes, write_whole
from autograder.notebooks.system_errors import sentence_of
from autograder.work.copies import BACKUPS, find_work, lay_copies, remember, remember_release, remembered
from autograder.work.edition import EditionError, Lessons, texts
from autograder.work.merge import Merged, merge


@dataclass
class Update:
    """What an update did in a folder."""

    merged: dict[Path, Merged] = field(default_factory=dict)  # the notebooks that changed
    unchanged: list[Path] = field(default_factory=list)
    laid: list[Path] = field(default_factory=list)  # lessons that the folder did not have
    backup: Path | None = None
    troubles: list[str] = field(default_factory=list)


def update(folder: Path, new: Lessons, installed: Lessons, now: datetime, released: str = "") -> Update:
    """Merge the lessons of a newer edition into the work in a folder. Raises EditionError where there is no such folder.

    What was handed out is what the folder remembers; of a folder that was copied by hand, what this installation has. A disk
    that takes no more ends it with a sentence; what was merged until then is merged, and another update goes on.
    """
    if not folder.is_dir():
        raise EditionError(
            f"There is no folder {folder}. Say where you work with --in FOLDER, or begin with  gradlab lab"
        )
    known = texts(remembered(folder) or installed)
    work, troubles = find_work(folder, new)
    done = Update(troubles=troubles)
    backup = _new_folder(folder / BACKUPS, now)
    try:
        for path, (name, notebook) in work.items():
            _bring_in(path, merge(notebook, new[name], known), backup / path.relative_to(folder), done)
        if not _is_one_lessons(folder, new):
            done.laid = lay_copies(folder, new)
        remember(folder, new)
        remember_release(folder, released)
    except OSError as error:
        done.troubles.append(sentence_of(error) or str(error))
    done.backup = backup if any(backup.rglob("*.ipynb")) else None
    return done


def _bring_in(path: Path, merged: Merged, kept: Path, done: Update) -> None:
    """Write a merged notebook, through a link where it is one, once the old one is kept."""
    before, after = path.read_bytes(), write_bytes(merged.notebook)
    if nbformat.reads(before.decode(json.detect_encoding(before)), as_version=nbformat.NO_CONVERT) == merged.notebook:
        done.unchanged.append(path)
        return
    try:
        nbformat.validate(merged.notebook)
    except nbformat.ValidationError as error:
        done.troubles.append(f"{path} was left as it is: {str(error).splitlines()[0]}")
        return
    mode = path.stat().st_mode & 0o777
    write_whole(kept, before, mode)
    write_whole(path.resolve(), after, mode)
    done.merged[path] = merged


def _is_one_lessons(folder: Path, lessons: Lessons) -> bool:
    """Is this the folder of one lesson, as nbgrader fetches it? Other lessons have no place in it: it is handed in whole."""
    return any(folder.resolve().name == Path(name).parent.name for name in lessons)


def is_behind(folder: Path, lessons: Lessons) -> bool:
    """Was the work in this folder copied from another edition than these lessons?"""
    kept = remembered(folder)
    return any(kept[name] != lessons[name] for name in kept.keys() & lessons.keys())


def _new_folder(parent: Path, now: datetime) -> Path:
    """A folder called by the time, to be made; another name where there is one."""
    name, number = now.strftime("%Y-%m-%d %H.%M.%S"), 1
    path = parent / name
    while path.exists():
        number += 1
        path = parent / f"{name} ({number})"
    return path
