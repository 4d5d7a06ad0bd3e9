"""The grader's handle on the warm, confined process that forks one kernel a hand-in."""

import atexit
import os
import platform
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from .view import INSIDE, bwrap_command, clones, shown_around

WARM_UP = 120  # seconds; a cold disk may need a minute to read torch


class SandboxUnavailable(RuntimeError):
    """There is no sandbox on this machine; the message says what to do."""


UNCONFINED = "or give --no-sandbox to run hand-ins with your own rights."


class Zygote:
    """Start with everything imported, then fork a confined kernel on request.

    May be used from many threads, and from processes that are forked after it was started. It ends when
    `close` is called, or when the last process that holds it has ended, however that happened.

    Raises
    ------
    SandboxUnavailable
        If this machine has no bubblewrap, or forbids namespaces, or the imports fail in the sandbox, or the solutions
        lie where hand-ins may look.
    """

    def __init__(self):
        bwrap = _find_bwrap()
        for clone in clones():
            refuse_if_shown(clone)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (as long as this object lives)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                bwrap_command(bwrap, _command(theirs.fileno())),
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                pass_fds=(theirs.fileno(),),
                env={"PATH": os.environ.get("PATH", os.defpath)},
                start_new_session=True,  # an interrupt at the keyboard is for the grader
            )
        # Not bwrap's --die-with-parent: that follows the thread that started it, which may end early.
        self._control.settimeout(WARM_UP)
        try:
            warm = self._control.recv(16) == b"warm"
        except OSError:  # too late, or gone
            warm = False
        if not warm:
            self._stop()
            with self._errors:
                raise SandboxUnavailable(self._explain())
        self._control.settimeout(None)

    def fork(self, lifeline: socket.socket, exam: socket.socket, parcel: int, listeners: list[socket.socket]) -> None:
        """Ask for a kernel with these descriptors; news of it comes over the lifeline's other end.

        Raises
        ------
        ConnectionError
            If the zygote has died or was closed.
        """
        descriptors = [
            lifeline.fileno(),
            exam.fileno(),
            parcel,
            *(listener.fileno() for listener in listeners),
        ]
        try:
            socket.send_fds(self._control, [b"fork"], descriptors)
        except OSError as error:
            raise ConnectionError("the zygote is gone") from error

    @property
    def alive(self) -> bool:
        """Whether it still can fork; asked of the socket, as a forked worker cannot wait for its process."""
        if self._control.fileno() == -1:
            return False
        poll = select.poll()
        poll.register(self._control, 0)
        return not poll.poll(0)

    def close(self) -> None:
        """Stop forking; kernels that run go on until their own end."""
        self._stop()
        self._errors.close()

    def _stop(self) -> None:
        try:
            self._control.send(b"stop")
        except OSError:  # it has ended already
            pass
        self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _explain(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else "it gave no reason"
        if reason.startswith(("bwrap:", "setpriv:")):
            return (
                f"The sandbox could not make its namespaces ({reason}). Allow unprivileged user namespaces "
                "(Ubuntu: `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`; in a container: run it "
                "with `--security-opt seccomp=unconfined --security-opt systempaths=unconfined`), "
                f"{UNCONFINED}"
            )
        return f"The sandbox did not start ({reason}). Install gradlab whole in this environment, {UNCONFINED}"


def _find_bwrap() -> str:
    if platform.system() != "Linux":
        raise SandboxUnavailable(
            f"The sandbox needs Linux, and this is {platform.system()}. Grade on Linux, {UNCONFINED}"
        )
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxUnavailable(
            "The sandbox needs bubblewrap. Install it (Debian, Ubuntu: `sudo apt install bubblewrap`; "
            f"Fedora: `sudo dnf install bubblewrap`; Arch: `sudo pacman -S bubblewrap`), {UNCONFINED}"
        )
    return bwrap


def refuse_if_shown(folder: Path) -> None:
    """Raises SandboxUnavailable where hand-ins would see a folder that is not for them: a course, or the solutions."""
    if shown := shown_around(folder):
        raise SandboxUnavailable(
            f"{folder} lies in {shown}, which every hand-in sees with all that is in it. Move {folder.name} to another place, such as "
            "a home folder."
        )


def _command(control: int) -> list[str]:
    package_parent = os.path.dirname(INSIDE)
    start = f"import sys; sys.path.insert(0, {package_parent!r}); from inside.zygote import main; main({control})"
    return [sys.executable, "-P", "-c", start]


_shared: Zygote | None = None
_lock = threading.Lock()


def shared_zygote() -> Zygote:
    """The zygote of this process and of those it forks, started at first use, and again if it has died."""
    global _shared
    with _lock:
        if _shared is None or not _shared.alive:
            _shared = Zygote()
            atexit.register(_close_if_owner, _shared, os.getpid())
        return _shared


def _close_if_owner(zygote: Zygote, owner: int) -> None:
    if os.getpid() == owner:
        zygote.close()
