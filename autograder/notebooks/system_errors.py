"""One sentence, with what to do, for every error of the system about a file: no room, no right, a folder in its place."""

import errno
from pathlib import Path

NO_RIGHT = (errno.EACCES, errno.EPERM, errno.EROFS)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def sentence_of(error: OSError) -> str | None:
    """What to tell of this error; None for one about no file, which is a fault of gradlab itself."""
    place = error.filename2 or error.filename
    if isinstance(place, bytes | int):
        place = "a file"
    if error.errno in NO_ROOM:
        where = f": {place} could not be written" if place else ""
        return f"The disk is full{where}. Make room, then give the same command again; what is there already is kept."
    place = place or "a file"
    if error.errno in NO_RIGHT:
        return f"You have no right to use {place}. Ask its owner, or work on a copy in a folder where you may write."
    if error.errno == errno.EISDIR:
        return f"{place} is a folder, and a file should be there. Name another place, or move it away, then try again."
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return f"{_the_file(str(place))} is a file, and a folder should be there. Move or rename it, then try again."
    if error.errno == errno.ENOENT:
        return f"There is no {place}. See that the name is right, and that nobody has moved it meanwhile."
    if error.errno == errno.ENAMETOOLONG:
        return f"The name {place} is longer than this disk allows. Use a shorter one."
    if error.errno and error.filename:  # a disk or a network folder that has gone away, too many open files, ...
        return (
            f"{place} cannot be used: {error.strerror}. See that its disk is there, then give the same command again."
        )
    return None


def _the_file(place: str) -> str:
    """The file on the way to a place that cannot be made below it."""
    return str(next((path for path in (Path(place), *Path(place).parents) if path.is_file()), place))
