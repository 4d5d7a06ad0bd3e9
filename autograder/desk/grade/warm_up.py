"""Start the zygote while the grader's own modules are still being imported; imports nothing heavy itself."""

import threading
from contextlib import suppress
from pathlib import Path

from autograder.sandbox.zygote import SandboxUnavailable, Zygote, shared_zygote
from gradlab.course import LESSONS

_thread: threading.Thread | None = None


def warm_zygote_aside(course: Path, lesson: str, force: bool) -> None:
    """Start it in a thread, if a hand-in of the lesson looks new; whether one is, only its fingerprint tells."""
    global _thread
    if any(name.startswith(lesson) and (force or _looks_new(course, name)) for name in LESSONS):
        _thread = threading.Thread(target=_start, name="zygote")
        _thread.start()


def warm_zygote() -> Zygote:
    """The zygote, once it is warm; after that this process has one thread again and may fork.

    Raises SandboxUnavailable where this machine has no sandbox.
    """
    if _thread is not None:
        _thread.join()
    return shared_zygote()


def _start() -> None:
    with suppress(SandboxUnavailable):  # `warm_zygote` tries again, and says so
        shared_zygote()


def _looks_new(course: Path, lesson: str) -> bool:
    try:
        students = list((course / "submitted").iterdir())
    except OSError:
        return False
    for student in students:
        handed_in = student / lesson / f"{LESSONS[lesson]}.ipynb"
        marked = course / "autograded" / student.name / lesson / handed_in.name
        with suppress(OSError):
            if handed_in.stat().st_mtime > (marked.stat().st_mtime if marked.exists() else 0):
                return True
    return False
