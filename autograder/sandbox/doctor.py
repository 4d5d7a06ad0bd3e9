"""The sandbox's self-test: start kernels, try each promise from inside, and say what holds."""

import asyncio
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .managers import SandboxKernelManager
from .trial import Outcome, try_inside
from .view import environment, package_folder
from .zygote import SandboxUnavailable, shared_zygote


@dataclass(frozen=True)
class Finding:
    """A promise of the sandbox, whether it held when tried, and what was seen."""

    promise: str
    holds: bool
    seen: str


# Each attempt prints one line for each thing that it could do and should not; silence is a promise kept.
ATTEMPTS = {
    "A hand-in has no network.": """
import socket
for family, address in ((socket.AF_INET, ("1.1.1.1", 53)), (socket.AF_INET, ("127.0.0.1", 631)), (socket.AF_INET6, ("::1", 631))):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(family, kind) as s:
                s.settimeout(2)
                s.connect(address)
            print("connected to", address)
        except ConnectionRefusedError:
            print("reached", address)
        except OSError:
            pass
""",
    "A hand-in sees no file of its grader: home, course, solutions, exams, other hand-ins.": """
import os
for path in SECRETS:
    if os.path.lexists(path):
        print("sees", path)
try:
    import autograder.sandbox
    print("imports autograder")
except ImportError:
    pass
""",
    "A hand-in cannot write outside its own folder's copy.": """
import os, sys, gradlab
for folder in ("/", "/usr", "/usr/lib", "/etc", "/dev", "/run", "/proc", sys.prefix, os.path.dirname(gradlab.__file__), os.path.dirname(os.__file__)):
    try:
        with open(os.path.join(folder, "planted"), "w"):
            print("writes to", folder)
    except OSError:
        pass
""",
    "A hand-in sees and reaches no process but its own.": """
import os
for entry in filter(str.isdecimal, os.listdir("/proc")):
    status = open(f"/proc/{entry}/status").read()
    if "PPid:\\t0" in status and entry != "1":
        print("sees process", entry)
for name in ("mem", "environ", "maps"):
    try:
        open(f"/proc/1/{name}", "rb").read(1)
        print(f"reads {name} of its guard")
    except OSError:
        pass
import ctypes
libc = ctypes.CDLL(None)
if libc.ptrace(16, 1, 0, 0) == 0:
    print("traces its guard")
""",
    "A hand-in has no rights to gain: no capability, no new namespaces, no descriptors but its own.": """
import ctypes, os
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
for name, wanted in (("CapEff", "0000000000000000"), ("CapPrm", "0000000000000000"), ("NoNewPrivs", "1"), ("Seccomp", "2")):
    if status[name].strip() != wanted:
        print(name, "is", status[name].strip())
if ctypes.CDLL(None).unshare(0x10000000) == 0:
    print("enters a new user namespace")
for number in os.listdir("/proc/self/fd"):
    try:
        target = os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        continue
    if target.startswith("/") and target != "/dev/null" and not target.startswith(("/proc/", "/tmp/")):
        print("holds", target)
""",
    "A hand-in finds nothing of the grader's environment.": """
import os
for name in SECRET_VARIABLES:
    if name in os.environ:
        print("finds", name)
""",
}

EAT_MEMORY = "hoard = []\nwhile True:\n    hoard.append(bytearray(64 << 20))"
EAT_MEMORY_IN_CHILDREN = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        hoard = bytearray(os.urandom(1 << 20)) * 200
        time.sleep(60)
time.sleep(60)
"""
FORK_BOMB = """
import os, time
count = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(60)
        count += 1
except OSError:
    print(count)
"""
FILL_DISK = """
written = 0
try:
    for number in range(1000):
        with open(f"fill-{number}", "wb") as file:
            written += file.write(bytes(4 << 20))
except OSError:
    print(written >> 20)
"""
FLOOD = "while True:\n    print('x' * 100_000)"
SLEEP_ON = "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass"
LEAVE_A_DAEMON = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(1, 64):
            try:
                signal.signal(number, signal.SIG_IGN)
            except OSError:
                pass
        time.sleep(600)
    os._exit(0)
print("left")
"""


def run_self_test() -> list[Finding]:
    """Start sandboxed kernels, try each promise from inside, and report what holds (about six seconds)."""
    try:
        shared_zygote()
        return asyncio.run(_all_findings())
    except SandboxUnavailable as reason:
        return [Finding("There is a sandbox on this machine.", False, str(reason))]


async def _all_findings() -> list[Finding]:
    started = Finding("There is a sandbox on this machine.", True, "a kernel started in it")
    limits = (_memory, _memory_in_all, _processes, _disk, _output, _wall_time, _leftovers)
    return [started, *await _quiet_attempts(), *await asyncio.gather(*(limit() for limit in limits))]


async def _quiet_attempts() -> list[Finding]:
    """The attempts that do not disturb each other, in one kernel."""
    with tempfile.TemporaryDirectory(prefix="gradlab-doctor-") as theirs:
        Path(theirs, "gradebook.db").touch()
        names = f"SECRETS = {_secret_files(theirs)!r}\nSECRET_VARIABLES = {_secret_variables()!r}"
        marked = [f"print('--- next')\n{attempt}" for attempt in ATTEMPTS.values()]
        outcome = await try_inside(names, *marked)
    answers = outcome.text.split("--- next\n")[1:]
    if len(answers) != len(ATTEMPTS) or outcome.error:
        return [Finding("The self-test runs to its end.", False, f"it stopped with {outcome}")]
    return [
        Finding(promise, not answer.strip(), "; ".join(answer.split("\n")).strip("; ") or "tried, refused")
        for promise, answer in zip(ATTEMPTS, answers, strict=True)
    ]


def _secret_files(theirs: str) -> list[str]:
    """Files that exist here and must not exist inside."""
    shown = [Path(sys.prefix), Path(sys.base_prefix), package_folder("gradlab"), Path("/usr"), Path("/etc")]
    around = [folder / name for folder in (Path.home(), Path.cwd()) for name in _names_in(folder)]
    hidden = [path for path in around if not any(s.is_relative_to(path) or path.is_relative_to(s) for s in shown)]
    hidden += package_folder("autograder").rglob("*.py")
    hidden += (package_folder("gradlab") / "worked").glob("*")
    return [str(path) for path in (*hidden, Path(theirs, "gradebook.db"))]


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _secret_variables() -> list[str]:
    set_by_any_kernel = {"TERM", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "PAGER", "GIT_PAGER", "PWD", "LC_CTYPE"}
    return sorted(set(os.environ) - set(environment()) - set_by_any_kernel)


def _stopped(promise: str, outcome: Outcome) -> Finding:
    return Finding(promise, bool(outcome.stopped_because), outcome.stopped_because or f"nothing stopped it: {outcome}")


def _bounded(promise: str, outcome: Outcome, most: int, unit: str) -> Finding:
    got = int(outcome.text) if outcome.text.strip().isdecimal() else None
    return Finding(promise, got is not None and got <= most, f"stopped after {got} {unit}" if got else f"{outcome}")


async def _memory() -> Finding:
    outcome = await try_inside(EAT_MEMORY, memory_mb=400, address_space_mb=2048)
    held = bool(outcome.stopped_because) or outcome.error == "MemoryError"
    return Finding("Memory is bounded.", held, outcome.stopped_because or f"{outcome.error}")


async def _memory_in_all() -> Finding:
    return _stopped("Memory of all its processes together is bounded.", await try_inside(EAT_MEMORY_IN_CHILDREN, memory_mb=600))


async def _processes() -> Finding:
    return _bounded("Processes are bounded.", await try_inside(FORK_BOMB, processes=64), 64, "forks")


async def _disk() -> Finding:
    return _bounded("What it writes is bounded.", await try_inside(FILL_DISK, disk_mb=32), 32, "MB")


async def _output() -> Finding:
    return _stopped("What it puts out is bounded.", await try_inside(FLOOD, output_mb=2))


async def _wall_time() -> Finding:
    return _stopped("Its time is bounded, whatever it ignores.", await try_inside(SLEEP_ON, wall_seconds=2))


async def _leftovers() -> Finding:
    """A daemon would hold the exam socket open: its end says that every process is dead."""
    promise = "Every process of a hand-in is dead when its kernel has been shut down."
    manager = SandboxKernelManager()
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=30)
    await client.execute_interactive(LEAVE_A_DAEMON, timeout=30, output_hook=lambda _: None)
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
