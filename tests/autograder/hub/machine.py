"""A machine of its own for a test: users with homes that nobody else reads, and a folder /srv; outside nothing changes.

It is this machine seen through bubblewrap, with other tables of users; the users' processes have their own user ids.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbconvert

from autograder.notebooks.places import ROOT

FIRST_ID = 20001
COMMAND_SECONDS = 600
FOR_ALL = 0o005  # others may read and enter


def runs_here() -> bool:
    """Whether this process may make such a machine: it must be root, and have bubblewrap."""
    command = ["bwrap", "--cap-add", "ALL", "--bind", "/", "/", "true"]
    return os.geteuid() == 0 and bool(shutil.which("bwrap")) and subprocess.run(command).returncode == 0


class Machine:
    """The machine; `srv` is its folder /srv as it is seen from outside."""

    def __init__(self, folder: Path, users: list[str]):
        self.folder, self.srv = folder, folder / "srv"
        (self.srv / "home").mkdir(parents=True)
        for path in (self.srv, self.srv / "home"):
            path.chmod(0o755)
        ids = {user: FIRST_ID + number for number, user in enumerate(users)}
        self._add_lines("passwd", [f"{user}:x:{id}:{id}::{self.home(user)}:/bin/bash" for user, id in ids.items()])
        self._add_lines("group", [f"{user}:x:{id}:" for user, id in ids.items()])
        for user, id in ids.items():
            home = self.outside(self.home(user))
            home.mkdir(mode=0o700)
            os.chown(home, id, id)

    def _add_lines(self, name: str, lines: list[str]) -> None:
        there = Path("/etc", name).read_text().rstrip("\n").split("\n")
        (self.folder / name).write_text("\n".join([*there, *lines, ""]))

    @staticmethod
    def home(user: str) -> str:
        return "/root" if user == "root" else f"/srv/home/{user}"

    def outside(self, path: str) -> Path:
        """Where a file of /srv lies for the test."""
        return self.srv / Path(path).relative_to("/srv")

    def command(self, user: str, *command: str, cwd: str | None = None, apart: bool = False) -> list[str]:
        """The command line that runs a command as a user; `apart`: with it end all processes that it has started."""
        view = ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--bind", str(self.srv), "/srv"]
        for name in ("passwd", "group"):
            view += ["--ro-bind", str(self.folder / name), f"/etc/{name}"]
        if apart:
            view += ["--unshare-pid", "--proc", "/proc"]
        path = os.pathsep.join([str(Path(sys.executable).parent), str(lenders_prefix() / "bin"), os.environ["PATH"]])
        settings = {"HOME": self.home(user), "USER": user, "PATH": path, "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1"}
        for name, value in settings.items():
            view += ["--setenv", name, value]
        become = [] if user == "root" else ["setpriv", "--reuid", user, "--regid", user, "--init-groups"]
        start = ["bwrap", "--die-with-parent", "--cap-add", "ALL", *view, *opened(needed()), "--chdir", "/srv"]
        return [*start, *become, "env", "-C", cwd or self.home(user), *command]

    def run(self, user: str, *command: str, cwd: str | None = None, ok: bool = True) -> str:
        """What a command prints; it must end well unless `ok` is False, and then it must not."""
        line = self.command(user, *command, cwd=cwd)
        done = subprocess.run(line, capture_output=True, text=True, timeout=COMMAND_SECONDS)
        assert (done.returncode == 0) == ok, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr


def lenders_prefix() -> Path:
    """The environment whose packages, and what they have put beside them, are lent."""
    return Path(nbconvert.__file__).parents[4]


def needed() -> list[Path]:
    """What every user must be able to read: the interpreter, the packages, the clone."""
    found = [Path(sys.base_prefix), Path(sys.prefix), lenders_prefix(), ROOT]
    return [path for path in found if not any(path != other and path.is_relative_to(other) for other in found)]


def opened(paths: list[Path]) -> list[str]:
    """Options of bubblewrap that show these folders to all, where a folder above them is closed to others."""
    options: list[str] = []
    for path in dict.fromkeys(map(Path.resolve, paths)):
        above = [*reversed(path.parents)]
        closed = next((each for each in above if each.stat().st_mode & FOR_ALL != FOR_ALL), None)
        if closed is None:
            continue
        if str(closed) not in options:
            options += ["--perms", "0755", "--tmpfs", str(closed)]
        for each in above[above.index(closed) + 1 :]:
            options += ["--perms", "0755", "--dir", str(each)]
        options += ["--ro-bind", str(path), str(path)]
    return options
