"""What all processes of this pid namespace use together, read from /proc; process 1, which reads it, is not counted.

A process that is ending has neither memory nor files any more, and Linux may refuse to show that (`PermissionError`); where
any other process cannot be read, the refusal is raised.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

_HELD = re.compile(r" (?:READ|WRITE|RW) +\d+ ")  # with the number of a process that this one sees
GUARD = Path("/proc/1")
PF_EXITING = 0x4  # include/linux/sched.h of the kernel: this thread has begun to end


def memory_bound_kb() -> int:
    """Anonymous and shared memory of all processes, swapped or not, and their page tables, which can hold more than the pages.

    Shared pages are counted for each process: quick, too large.
    """
    return sum(_sum_of(status, ("RssAnon:", "RssShmem:", "VmSwap:", "VmPTE:")) for status in _entries("status"))


def memory_kb() -> int:
    """The same, a page shared by n processes counted 1/n: exact, slow."""
    pages = sum(_sum_of(rollup, ("Pss_Anon:", "Pss_Shmem:", "SwapPss:")) for rollup in _entries("smaps_rollup"))
    return pages + sum(_sum_of(status, ("VmPTE:",)) for status in _entries("status"))


def mappings(most: int) -> int:
    """How many mappings all processes have, each of which the kernel keeps in memory of its own; counted until one is too many."""
    count = 0
    for process in _processes():
        with _unless_it_ends(process), (process / "maps").open("rb") as lines:
            for _ in lines:
                count += 1
                if count > most:
                    return count
    return count


def queued_kb() -> int:
    """What waits in the network's connections of these processes to be sent or read, which is in no process's memory."""
    total = 0
    for name in ("tcp", "tcp6", "udp", "udp6"):
        with suppress(FileNotFoundError), Path("/proc/self/net", name).open() as lines:
            next(lines, "")
            for line in lines:  # all of them: closed connections, which hold nothing, may come before those that do
                sent, received = line.split(None, 5)[4].split(":")
                total += int(sent, 16) + int(received, 16)
    return total >> 10


def sockets() -> int:
    """The sockets of this network namespace, those too that are on their way from one process to another."""
    return int(Path("/proc/self/net/sockstat").read_text().split("\n", 1)[0].split()[-1])


def watches_and_sent(most_watches: int, most_sent: int) -> tuple[int, int]:
    """How many files all processes watch by epoll, and how many descriptors wait in their sockets; counted until one is too many."""
    watches = sent = 0
    for process in chain([GUARD], _processes()):  # what is sent to the guard, too, waits in its sockets
        with _unless_it_ends(process):
            for number in os.listdir(process / "fd"):
                with _unless_it_ends(process):  # or is closed
                    target = os.readlink(process / "fd" / number)
                    if target == "anon_inode:[eventpoll]":
                        watches += _beginning(process / "fdinfo" / number).count("tfd:")
                    elif target.startswith("socket:"):
                        sent += _sum_of(_beginning(process / "fdinfo" / number), ("scm_fds:",))
                    if watches > most_watches or sent > most_sent:
                        return watches, sent
    return watches, sent


def locks() -> int:
    """How many locks on files these processes hold; no more than half a megabyte of them is read.

    Locks of open files (OFD), which belong to no process, are shown here whoever holds them, and are not counted.
    """
    return len(_HELD.findall(_beginning(Path("/proc/locks"))))


def _beginning(path: Path, characters: int = 1 << 19) -> str:
    """The first half megabyte of a file, or nothing where this system has none such."""
    with suppress(FileNotFoundError), path.open(errors="replace") as file:
        return file.read(characters)
    return ""


def _entries(name: str) -> Iterator[str]:
    for process in _processes():
        with _unless_it_ends(process):
            yield (process / name).read_text(errors="replace")  # a process has any name, and half a letter at its end


def _processes() -> Iterator[Path]:
    """A folder of /proc for each process but this; that of another thread where the first one has ended, which has nothing any more."""
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal() and entry.name != "1":
            process = Path("/proc", entry.name)
            if not _ends(process):
                yield process
                continue
            with _unless_it_ends(process):
                threads = (Path("/proc", thread) for thread in os.listdir(process / "task"))
                yield from [thread for thread in threads if not _ends(thread)][:1]


@contextmanager
def _unless_it_ends(process: Path) -> Iterator[None]:
    """What ends, or is closed, while it is read counts no more."""
    try:
        yield
    except (FileNotFoundError, ProcessLookupError):
        pass
    except PermissionError:
        if not _ends(process):
            raise


def _ends(thread: Path) -> bool:
    """Whether a thread has ended or begun to: it has no memory and no files of its own any more."""
    try:
        state, *_, flags = (thread / "stat").read_bytes().rpartition(b")")[2].split()[:7]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in (b"Z", b"X") or bool(int(flags) & PF_EXITING)


def _sum_of(text: str, names: tuple[str, ...]) -> int:
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith(names))
