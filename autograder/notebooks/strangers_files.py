"""Files that a stranger laid into a folder: read without following links, without waiting, and no more than allowed."""

import os
import stat
from fnmatch import fnmatch
from pathlib import Path

MOST_BYTES = 256 * 2**20
MOST_FILES = 10_000
DEEPEST = 50  # folders within one another; what lies deeper is passed over


def files_of_hand_in(folder: Path, ignore: list[str]) -> dict[str, bytes]:
    """The regular files of STUDENT/LESSON; none where one of the two is a link, which may lead to somebody else's."""
    return {} if folder.parent.is_symlink() else regular_files(folder, ignore)


def regular_files(folder: Path, ignore: list[str]) -> dict[str, bytes]:
    """Every regular file of a folder by relative path; links, pipes and ignored names are passed over.

    Raises ValueError where the files are larger than 256 MB together, or more than 10 000.
    """
    found: dict[str, bytes] = {}
    total = count = 0
    for root, folders, names, descriptor in os.fwalk(folder, follow_symlinks=False):
        folders[:] = [name for name in folders if not _ignored(name, ignore)]
        if len(Path(root).relative_to(folder).parts) >= DEEPEST:
            folders.clear()
        for name in sorted(names):
            if _ignored(name, ignore):
                continue
            try:
                number = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
            except OSError:
                continue
            with os.fdopen(number, "rb") as file:
                status = os.fstat(number)
                if not stat.S_ISREG(status.st_mode):
                    continue
                total, count = total + status.st_size, count + 1
                if total > MOST_BYTES or count > MOST_FILES:
                    raise ValueError(
                        f"{folder} holds more than {MOST_BYTES >> 20} MB or {MOST_FILES} files. "
                        "Remove what the notebook does not need."
                    )
                found[str(Path(root, name).relative_to(folder))] = file.read(status.st_size)
    return found


def _ignored(name: str, ignore: list[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in ignore)
