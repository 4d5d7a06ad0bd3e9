"""Linux bounds the memory of a hand-in together, where it lets us; where not, what is counted stays bounded."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import memory_group
from autograder.sandbox.managers import SandboxKernelManager
from autograder.sandbox.memory_group import MemoryGroup
from autograder.sandbox.trial import try_inside

# A process in whose child something takes memory: process, pages of a file in memory.
TAKE = """
import os, sys
if not os.fork():
    input()
    kind, number = sys.argv[1], int(sys.argv[2])
    if kind == "process":
        taken = bytearray(number << 20)
    else:
        os.write(os.memfd_create("taken"), bytes(1 << 20)) and [os.write(3, bytes(1 << 20)) for _ in range(number)]
    os._exit(0)
print("started", flush=True)
os._exit(os.waitstatus_to_exitcode(os.wait()[1]) % 256)
"""


@pytest.fixture
def bounded():
    """A group for 100 MB; where this machine lets us make none the test has nothing to try."""
    group = MemoryGroup.make(100)
    if group is None:
        pytest.skip(
            "no memory cgroup can be made here: cgroup 2 or 1 with its controller of memory, and the right to make groups"
        )
    group.remove()


def exit_code_of(kind: str, megabytes: int) -> tuple[int, bool]:
    """How the process that took this much under a bound of 100 MB ended, and whether its group says that it took too much."""
    command = [sys.executable, "-c", TAKE, kind, str(megabytes)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "started\n"
        pidfd = os.pidfd_open(process.pid)
        group = MemoryGroup.around(pidfd, 100)
        os.close(pidfd)
        process.communicate("go\n")
    try:
        return process.returncode, group.exceeded
    finally:
        group.remove()
        assert not group.folder.exists()


@pytest.mark.parametrize("kind", ["process", "file in memory"])
def test_what_takes_more_is_killed_and_the_group_says_so(bounded, kind):
    assert exit_code_of(kind, 50) == (0, False)
    assert exit_code_of(kind, 300) == (-signal.SIGKILL % 256, True)


def groups() -> set[Path]:
    return {folder for parent in memory_group._parents() for folder in parent.glob(f"{memory_group.PREFIX}*")}


def test_a_hand_in_is_in_a_group_of_its_own_which_goes_with_it(bounded):
    async def use() -> tuple[set[Path], list[str]]:
        before = groups()
        manager = SandboxKernelManager()
        await manager.start_kernel()
        try:
            (group,) = groups() - before
            return {group}, (group / "cgroup.procs").read_text().split()
        finally:
            await manager.shutdown_kernel(now=True)

    made, processes = asyncio.run(use())
    assert processes
    assert not made & groups()


def test_a_hand_in_that_linux_ended_is_told_why(bounded, monkeypatch):
    """The guard is given a limit that it never sees reached; the group keeps the true one."""
    around = MemoryGroup.around
    monkeypatch.setattr(MemoryGroup, "around", lambda pidfd, most_mb: around(pidfd, 300))
    outcome = asyncio.run(try_inside("taken = bytearray(1 << 29)", memory_mb=4096))
    assert outcome.died
    assert "MB of memory, with what the system keeps for it" in outcome.stopped_because


def test_a_hand_in_runs_where_no_group_can_be_made(monkeypatch):
    monkeypatch.setattr(memory_group, "_parents", lambda: iter([Path("/nowhere"), Path("/proc/self")]))
    assert MemoryGroup.make(100) is None
    assert asyncio.run(try_inside("print(1)")).text == "1\n"


def test_groups_of_a_grader_that_was_killed_are_removed(bounded):
    with subprocess.Popen(["true"]) as ended:
        pass
    group = MemoryGroup.make(100)
    left = group.folder.with_name(f"{memory_group.PREFIX}{ended.pid}-left")
    left.mkdir()
    group.remove()
    MemoryGroup.make(100).remove()
    assert not left.exists()
