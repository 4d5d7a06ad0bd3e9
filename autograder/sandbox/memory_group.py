"""A memory cgroup for each hand-in, where this system lets us make one: Linux then bounds what no count of ours sees."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

PREFIX = "gradlab-"
LIMITS = ("memory.max", "memory.limit_in_bytes")  # cgroup 2, cgroup 1
SWAP = {"memory.swap.max": "0", "memory.oom.group": "1"}  # no swap; when memory ends, all of a group's processes do
EVENTS = ("memory.events", "memory.oom_control")
PATIENCE = 2.0  # seconds for a group to be empty after its processes have died


class MemoryGroup:
    """What its processes use of memory is bounded together: their own, files in memory, and what the system keeps for them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def around(cls, pidfd: int, most_mb: int) -> "MemoryGroup | None":
        """A new group with this bound around all that the process of a `pidfd` has started; None where we may make none."""
        group = cls.make(most_mb)
        if group is not None:
            try:
                for process in _children(_process_of(pidfd)):
                    with suppress(ProcessLookupError):  # it has ended meanwhile
                        (group.folder / "cgroup.procs").write_text(str(process))
                return group
            except OSError:
                group.remove()
        return None

    @classmethod
    def make(cls, most_mb: int) -> "MemoryGroup | None":
        """A new group with this bound; None where this process may make none."""
        for parent in _parents():
            _remove_those_of_the_dead(parent)
            group = cls(parent / f"{PREFIX}{os.getpid()}-{uuid4().hex[:8]}")
            try:
                group.folder.mkdir()
            except OSError:
                continue
            with suppress(OSError):
                if group._bound(most_mb):
                    return group
            group.remove()
        return None

    def _bound(self, most_mb: int) -> bool:
        limit = next((file for name in LIMITS if (file := self.folder / name).exists()), None)
        if limit is None:  # no controller of memory here
            return False
        limit.write_text(str(most_mb << 20))
        for name, value in SWAP.items():
            with suppress(OSError):  # not with cgroup 1, or where nothing is swapped
                (self.folder / name).write_text(value)
        return True

    @property
    def exceeded(self) -> bool:
        """Whether a process of the group was killed because the memory was used up."""
        for name in EVENTS:
            with suppress(OSError):
                found = re.search(r"^oom_kill (\d+)$", (self.folder / name).read_text(), re.MULTILINE)
                return bool(found) and int(found[1]) > 0
        return False

    def remove(self) -> None:
        """Remove the group once its processes are dead."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                self.folder.rmdir()
                return
            except FileNotFoundError:
                return
            except OSError:  # a process is about to be gone
                time.sleep(0.005)


def _parents() -> Iterator[Path]:
    """The groups under which this process may make one: its own and those around it, of each hierarchy that is mounted."""
    with suppress(OSError):
        own = dict(_own_groups())
        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            before, _, after = line.partition(" - ")
            root, place = (_unescaped(word) for word in before.split()[3:5])
            kind, _, options = after.split()[:3]
            name = {"cgroup2": "", "cgroup": "memory"}.get(kind)
            if name in own and (not name or name in options.split(",")):
                inner = Path("/", os.path.relpath(own[name], root))
                yield from (Path(place, *group.parts[1:]) for group in (inner, *inner.parents))


def _own_groups() -> Iterator[tuple[str, str]]:
    """This process's group in the hierarchy of each controller; "" stands for that of cgroup 2."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, names, group = line.split(":", 2)
        for name in names.split(","):
            yield name, group


def _unescaped(word: str) -> str:
    return re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), word)


def _process_of(pidfd: int) -> int:
    """The number by which this process knows another."""
    lines = Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))


def _children(process: int) -> Iterator[int]:
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        yield int(child)
        yield from _children(int(child))


def _remove_those_of_the_dead(parent: Path) -> None:
    """A grader that was killed has left its groups behind."""
    for folder in parent.glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdecimal() and not Path("/proc", owner).exists():
            with suppress(OSError):
                folder.rmdir()
