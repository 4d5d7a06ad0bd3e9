"""Pack a hand-in's folder so that only its own bytes travel into the sandbox."""

import os
import stat
import zipfile
from pathlib import Path

MOST_FILES = 10_000


def pack_folder(folder: str | os.PathLike, most_bytes: int) -> int:
    """Return a memory file descriptor with a zip archive of the folder's regular files.

    Links, pipes and devices are left out: a planted link would hand out what the grader can read.

    Raises
    ------
    ValueError
        If the files together exceed `most_bytes`, or are more than 10 000.
    """
    parcel = os.memfd_create("hand-in")
    count = size = 0
    with os.fdopen(os.dup(parcel), "wb") as file, zipfile.ZipFile(file, "w") as archive:
        for root, _, names, root_fd in os.fwalk(folder, follow_symlinks=False):
            for name in names:
                content = _open_regular(name, root_fd)
                if content is None:
                    continue
                with content:
                    count, size = count + 1, size + os.fstat(content.fileno()).st_size
                    if size > most_bytes or count > MOST_FILES:
                        os.close(parcel)
                        raise ValueError(
                            f"{folder} holds more than {most_bytes >> 20} MB or {MOST_FILES} files. "
                            "Remove what the notebook does not need, or raise SandboxProvisioner.disk_mb."
                        )
                    inside = Path(root, name).relative_to(folder)
                    _add(archive, os.fsencode(inside).decode(errors="replace"), content.read(most_bytes))
    return parcel


def _open_regular(name: str, root_fd: int):
    """The file if it is a regular one, without following a link and without waiting for a pipe."""
    try:
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=root_fd)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        return None
    return os.fdopen(fd, "rb")


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name), content)  # ZipInfo has a fixed date: old time stamps do not fit a zip
