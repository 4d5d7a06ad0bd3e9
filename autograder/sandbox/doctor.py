"""The sandbox's self-test: start kernels, try each promise from inside, and say what holds."""

import asyncio
import os
import socket
import sys
import tempfile
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path

from autograder.notebooks.places import home_with, lesson_packages

from . import attempts
from .hoards import STOPPED
from .managers import SandboxKernelManager
from .memory_group import MemoryGroup
from .trial import Outcome, try_inside
from .view import environment, hidden_folders, shown_around, shown_folders, visible_folders
from .zygote import SandboxUnavailable, shared_zygote

AT_ONCE = 4  # kernels: with more, each waits for the others


@dataclass(frozen=True)
class Finding:
    """A promise of the sandbox, whether it held when tried, and what was seen."""

    promise: str
    holds: bool
    seen: str


def run_self_test() -> list[Finding]:
    """Start sandboxed kernels, try each promise from inside, and report what holds (about ten seconds)."""
    try:
        shared_zygote()
        return asyncio.run(_all_findings())
    except SandboxUnavailable as reason:
        return [Finding("There is a sandbox on this machine.", False, str(reason))]


async def _all_findings() -> list[Finding]:
    started = Finding("There is a sandbox on this machine.", True, "a kernel started in it")
    places = asyncio.Semaphore(AT_ONCE)

    async def in_turn(finding: Awaitable[Finding]) -> Finding:
        async with places:
            return await finding

    limits = [*map(_stopped, STOPPED), _memory(), _processes(), _disk(), _leftovers()]
    return [started, *await _quiet_attempts(), *await asyncio.gather(*map(in_turn, limits))]


async def _quiet_attempts() -> list[Finding]:
    """The attempts that do not disturb each other, in one kernel."""
    with (
        tempfile.TemporaryDirectory(prefix="gradlab-doctor-") as theirs,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        Path(theirs, "gradebook.db").touch()
        names = f"SECRETS = {_secret_files(theirs)!r}\nSECRET_VARIABLES = {_secret_variables()!r}\n"
        names += f"LISTENER = {listener.getsockname()[1]}"
        marked = [f"print('--- next')\n{attempt}" for attempt in attempts.ATTEMPTS.values()]
        outcome = await try_inside(names, *marked)
    answers = outcome.text.split("--- next\n")[1:]
    if len(answers) != len(attempts.ATTEMPTS) or outcome.error:
        return [Finding("The self-test runs to its end.", False, f"it stopped with {outcome}")]
    return [
        Finding(promise, not answer.strip(), "; ".join(answer.split("\n")).strip("; ") or "tried, refused")
        for promise, answer in zip(attempts.ATTEMPTS, answers, strict=True)
    ]


def _secret_files(theirs: str) -> list[str]:
    """Files that exist here and must not exist inside."""
    shown = [*shown_folders(), Path("/etc")]
    homes = map(home_with, lesson_packages())
    folders = (Path.home(), Path.cwd(), Path(sys.prefix), *homes)
    around = [folder / name for folder in folders for name in _names_in(folder)]
    hidden = [path for path in around if not any(s.is_relative_to(path) or path.is_relative_to(s) for s in shown)]
    if (seen_with := shown_around(Path.cwd())) and seen_with != Path.cwd():  # a course that hand-ins see
        hidden += [Path.cwd() / name for name in _names_in(Path.cwd())]
    hidden += [path for folder in hidden_folders(visible_folders()) for path in folder.rglob("*")]
    return [str(path) for path in (*hidden, Path(theirs, "gradebook.db"))]


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _secret_variables() -> list[str]:
    set_by_bubblewrap = {"PWD"}
    return sorted(set(os.environ) - set(environment()) - set_by_bubblewrap)


async def _stopped(promise: str) -> Finding:
    program, limits = STOPPED[promise]
    outcome = await try_inside(program, **limits)
    return Finding(promise, bool(outcome.stopped_because), outcome.stopped_because or f"nothing stopped it: {outcome}")


def _bounded(promise: str, outcome: Outcome, most: int, unit: str) -> Finding:
    got = int(outcome.text) if outcome.text.strip().isdecimal() else None
    return Finding(promise, got is not None and got <= most, f"stopped after {got} {unit}" if got else f"{outcome}")


async def _memory() -> Finding:
    outcome = await try_inside(attempts.EAT_MEMORY, memory_mb=400, address_space_mb=2048)
    held = bool(outcome.stopped_because) or outcome.error == "MemoryError"
    return Finding(
        "Memory is bounded.", held, f"{outcome.stopped_because or outcome.error}; {_what_the_system_keeps()}"
    )


def _what_the_system_keeps() -> str:
    group = MemoryGroup.make(100)
    if group is None:
        return "what the system keeps for it is counted, as this user may make no memory cgroup here"
    group.remove()
    return "Linux bounds what the system keeps for it, too (a memory cgroup)"


async def _processes() -> Finding:
    return _bounded("Processes are bounded.", await try_inside(attempts.FORK_BOMB, processes=64), 64, "forks")


async def _disk() -> Finding:
    return _bounded("What it writes is bounded.", await try_inside(attempts.FILL_DISK, disk_mb=32), 32, "MB")


async def _leftovers() -> Finding:
    """A daemon would hold the exam socket open: its end says that every process is dead."""
    promise = "Every process of a hand-in is dead when its kernel has been shut down."
    manager = SandboxKernelManager()
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=30)
    await client.execute_interactive(attempts.LEAVE_A_DAEMON, timeout=30, output_hook=lambda _: None)
    exam = manager.provisioner.exam_socket.dup()
    await manager.shutdown_kernel(now=True)
    client.stop_channels()
    with exam:
        exam.settimeout(0)
        try:
            dead = exam.recv(1) == b""
        except BlockingIOError:
            dead = False
    return Finding(promise, dead, "a daemon that ignored all signals died too" if dead else "a daemon lives on")
