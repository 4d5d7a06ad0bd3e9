"""What all processes of this pid namespace use together, read from /proc; process 1, which reads it, is not counted.

A process that is ending has neither memory nor files any more, and Linux may refuse to show that (`PermissionError`); where
any other process cannot be read, the refusal is raised.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PF_EXITING = 0x4  # include/linux/sched.h of the kernel: this thread has begun to end


def memory_bound_kb() -> int:
    """Anonymous and shared memory of all processes, swapped or not, shared pages counted for each: quick, too large."""
    return sum(_sum_of(status, ("RssAnon:", "RssShmem:", "VmSwap:")) for status in _entries("status"))


def memory_kb() -> int:
    """Anonymous and shared memory of all processes, a page shared by n processes counted 1/n: exact, slow."""
    return sum(_sum_of(rollup, ("Pss_Anon:", "Pss_Shmem:", "SwapPss:")) for rollup in _entries("smaps_rollup"))


def sockets() -> int:
    """The sockets of this network namespace, those too that are on their way from one process to another."""
    return int(Path("/proc/self/net/sockstat").read_text().split("\n", 1)[0].split()[-1])


def watches_and_sent(most_watches: int, most_sent: int) -> tuple[int, int]:
    """How many files all processes watch by epoll, and how many descriptors wait in their sockets; counted until one is too many."""
    watches = sent = 0
    for process in _processes():
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
    """How many locks on files these processes hold; no more than half a megabyte of them is read."""
    return _beginning(Path("/proc/locks")).count("\n")


def _beginning(path: Path, characters: int = 1 << 19) -> str:
    with path.open() as file:
        return file.read(characters)


def _entries(name: str) -> Iterator[str]:
    for process in _processes():
        with _unless_it_ends(process):
            yield (process / name).read_text()


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
