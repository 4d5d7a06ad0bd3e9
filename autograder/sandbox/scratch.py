"""Where a grader keeps what is for its own lifetime; the next one removes what a killed one has left."""

import atexit
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

PREFIX = "gradlab-grader-"
ROOT = "/tmp"  # a socket's path may have 107 characters
LOCK = "lock"
YOUNG = 60  # seconds in which a folder may not have its lock yet

_mine: Path | None = None
_making = threading.Lock()


def scratch() -> Path:
    """A folder of this process and of those that it forks afterwards, removed when it ends.

    A lock on a file in it says that one of them lives; the system frees the lock with the last of them, however it ends.
    """
    global _mine
    with _making:
        if _mine is None or not _mine.is_dir():
            remove_abandoned()
            _mine = Path(tempfile.mkdtemp(prefix=PREFIX, dir=ROOT))
            _try_lock(_mine)
            atexit.register(_remove_if_owner, _mine, os.getpid())
        return _mine


def remove_abandoned() -> list[Path]:
    """Remove this user's folders that no living process holds; returns them."""
    removed = []
    for folder in Path(ROOT).glob(f"{PREFIX}*"):
        try:
            status = folder.lstat()
            old_and_ours = status.st_uid == os.getuid() and time.time() - status.st_mtime > YOUNG
            if not (old_and_ours and folder.is_dir() and not folder.is_symlink()):
                continue
            lock = _try_lock(folder)
        except OSError:  # somebody holds it, or has just removed it
            continue
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)
        removed.append(folder)
    return removed


def _try_lock(folder: Path) -> int:
    """Lock the folder for as long as the descriptor is open here or in a fork. Raises OSError if another process has it."""
    import fcntl  # not there on Windows, where nothing is marked

    lock = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock


def _remove_if_owner(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
