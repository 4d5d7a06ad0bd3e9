"""Files of a course: read without following links, written whole or not at all."""

import errno
import os
import shutil
import stat
import tempfile
from fnmatch import fnmatch
from pathlib import Path

MOST_BYTES = 256 * 2**20


def regular_files(folder: Path, ignore: list[str]) -> dict[str, bytes]:
    """Every regular file of a folder by relative path; links, pipes and ignored names are passed over.

    Raises ValueError where the files are larger than 256 MB together.
    """
    found: dict[str, bytes] = {}
    total = 0
    for root, folders, names, descriptor in os.fwalk(folder, follow_symlinks=False):
        folders[:] = [name for name in folders if not _ignored(name, ignore)]
        for name in sorted(names):
            if _ignored(name, ignore):
                continue
            try:
                number = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
            except OSError:
                continue
            with os.fdopen(number, "rb") as file:
                status = os.fstat(number)
                total += status.st_size
                if total > MOST_BYTES:
                    raise ValueError(
                        f"{folder} holds more than {MOST_BYTES >> 20} MB. Remove what the notebook does not need."
                    )
                if stat.S_ISREG(status.st_mode):
                    found[str(Path(root, name).relative_to(folder))] = file.read()
    return found


def _ignored(name: str, ignore: list[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in ignore)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that after a crash there is the old one or the new one. Raises IsADirectoryError for a folder."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        os.chmod(aside, 0o644)
        os.replace(aside, path)
    except BaseException:
        os.unlink(aside)
        raise


def replace_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Put these files in the place of a folder; a crash leaves the old one, none, or the new one, never a mixture."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".", suffix=".part"))
    try:
        for name, data in files.items():
            write_whole(aside / name, data)
        os.chmod(aside, 0o755)
        if folder.exists():
            old = aside.with_suffix(".old")
            folder.rename(old)
            aside.rename(folder)
            shutil.rmtree(old)
        else:
            aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
