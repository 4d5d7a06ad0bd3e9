"""Process 1 of a sandbox: sets it up, forks the kernel, ends everything when a limit is reached.

When process 1 of a pid namespace ends, Linux kills every other process in it before anybody is told.
"""

import json
import os
import random
import select
import signal
import socket
import time
from functools import partial
from pathlib import Path

from . import namespaces, usage
from .kernel import CHANNELS, start_kernel
from .relay import Relay
from .seccomp import refuse_system_calls

MOST_SOCKETS = 400  # each may hold some hundred KB of the kernel's memory; a kernel has some twenty
MOST_TERMINALS = 32  # the machine has a few thousand in all; `!ls` takes one
TERMINALS = "newinstance,ptmxmode=0666,mode=0620"
MOST_WATCHES = 4000  # of epoll; all processes of one user share what there is. Processes that were forked count those of the first again
MOST_SENT = 64  # descriptors on their way from one process to another, where nobody sees what they hold
MOST_QUEUED_MB = 64  # that wait in connections; all processes of the machine share what there is
MOST_LOCKS = 2000  # on ranges of files, each of which the kernel keeps in memory of its own
MOST_MAPPINGS = 100_000  # of memory; a kernel has some thousand, and the system keeps two hundred bytes for each
LOOK_AROUND = 0.1  # seconds between two looks at memory and clock
LOOKS_A_COUNT = 5  # looks from one count of descriptors, which takes longer, to the next, on average


def run_guard(lifeline: socket.socket, request: dict, exam: int, parcel: int, outer: list[socket.socket]) -> None:
    """Confine, fork the kernel and watch over it; never returns."""
    started = time.monotonic()
    try:
        limits = request["limits"]
        close_all_but(lifeline.fileno(), exam, parcel, *(listener.fileno() for listener in outer))
        ignore_signals()
        prepare_file_system(limits)
        inner = [listening_socket() for _ in CHANNELS]
        kernel = os.fork()
        if kernel == 0:
            run_kernel(lifeline, request, exam, parcel, outer, inner)
        os.close(exam)
        os.close(parcel)
        namespaces.hide_memory()
        be_woken()
        Guard(lifeline, limits, kernel, started).watch(dict(zip(outer, inner, strict=True)))
    except BaseException as error:  # whatever it is, the grader shall hear of it
        report(lifeline, {"error": f"{type(error).__name__}: {error}"})
    os._exit(1)


def run_kernel(lifeline, request, exam, parcel, outer, inner) -> None:
    """Give up all rights and become the hand-in's kernel; never returns."""
    try:
        os.setsid()
        for listener in outer:
            listener.close()
        namespaces.limit_resources(request["limits"])
        namespaces.drop_rights()
        refuse_system_calls()

        def tell(message: bytes) -> None:
            lifeline.send(message)
            lifeline.close()

        start_kernel(request, parcel, exam, {c: s.detach() for c, s in zip(CHANNELS, inner, strict=True)}, tell)
    except Exception as error:
        report(lifeline, {"error": f"{type(error).__name__}: {error}"})
        os._exit(1)
    os._exit(0)


def close_all_but(*keep: int) -> None:
    """Close every descriptor but these; standard streams go to /dev/null."""
    null = os.open("/dev/null", os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    for number in map(int, os.listdir("/proc/self/fd")):
        if number > 2 and number not in keep:
            try:
                os.close(number)
            except OSError:  # the descriptor that listed the folder
                pass


def ignore_signals() -> None:
    """Have no handler: process 1 hears no other signals, so its children cannot disturb it.

    But for a clock's: whatever it waits for in a system call, it goes on after a moment.
    """
    for number in (signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)


def be_woken() -> None:
    """Have a clock interrupt each system call that waits, in this process and not in its children."""
    signal.signal(signal.SIGALRM, lambda number, frame: None)
    signal.setitimer(signal.ITIMER_REAL, LOOK_AROUND, LOOK_AROUND)


def prepare_file_system(limits: dict) -> None:
    """Show only these processes in /proc, and one writable place of bounded size: the home folder."""
    home = os.environ["HOME"]
    Path("/proc/self/oom_score_adj").write_text("1000")  # first to go if the machine runs out of memory
    namespaces.set_up_localhost()
    namespaces.keep_mounts_private()
    quiet = namespaces.MS_NOSUID | namespaces.MS_NODEV | namespaces.MS_NOEXEC
    namespaces.mount("proc", "/proc", quiet | namespaces.MS_RDONLY)  # or it would take that back
    namespaces.mount(
        "devpts", "/dev/pts", namespaces.MS_NOSUID | namespaces.MS_NOEXEC, f"{TERMINALS},max={MOST_TERMINALS}"
    )
    namespaces.mount("tmpfs", home, options=f"size={limits['disk_mb']}m,nr_inodes=20000,mode=0700")
    os.mkdir(f"{home}/.shm")
    namespaces.bind(f"{home}/.shm", "/dev/shm")
    namespaces.mount("tmpfs", os.path.dirname(__file__), namespaces.MS_RDONLY, "size=4k,mode=0555")


def listening_socket() -> socket.socket:
    """A listener under an abstract name, which exists in this network namespace only."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind("")
    listener.listen(16)
    return listener


def report(lifeline: socket.socket, message: dict) -> None:
    """Tell the grader, if it is still there."""
    try:
        lifeline.send(json.dumps(message).encode())
    except OSError:
        pass


class Guard:
    """Watches one kernel."""

    def __init__(self, lifeline: socket.socket, limits: dict, kernel: int, started: float):
        self.lifeline, self.limits, self.kernel, self.started = lifeline, limits, kernel, started
        self.relay = Relay(limits["output_mb"] << 20, self._too_much_output)
        self.chance = random.SystemRandom()

    def watch(self, channels: dict[socket.socket, socket.socket]) -> None:
        """Serve the grader until the kernel ends, a limit is reached, or the grader is gone."""
        handlers = {self.lifeline.fileno(): self._obey, os.pidfd_open(self.kernel): self._reap}
        for outer, inner in channels.items():
            handlers[outer.fileno()] = partial(self._accept, outer, inner.getsockname())
            inner.close()
        next_look = 0.0
        while True:
            poll = select.poll()
            for number, events in (dict.fromkeys(handlers, select.POLLIN) | self.relay.waits()).items():
                poll.register(number, events)
            ready = dict(poll.poll(max(0.0, next_look - time.monotonic()) * 1000))
            for number in ready.keys() & handlers:
                handlers[number]()
            self.relay.carry(ready)
            self._reap()
            if time.monotonic() >= next_look:
                try:
                    self._look_around()
                except PermissionError:
                    self.end(-signal.SIGKILL, "one of its processes hid what it uses")
                next_look = time.monotonic() + LOOK_AROUND

    def _accept(self, outer: socket.socket, address: str) -> None:
        self.relay.connect(outer.accept()[0], address)

    def _obey(self) -> None:
        order = self.lifeline.recv(64)
        if not order:
            os._exit(0)
        try:
            os.killpg(self.kernel, int(order))
        except ProcessLookupError:
            pass

    def _reap(self) -> None:
        """Bury the dead, as process 1 must; the kernel's death is the end."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == self.kernel:
                code, seconds = os.waitstatus_to_exitcode(status), self.limits["cpu_seconds"]
                slow = code == -signal.SIGXCPU
                self.end(code, f"it used more than {seconds} s of processor time" if slow else None)
            if pid == 0:
                return

    def _look_around(self) -> None:
        if time.monotonic() - self.started > self.limits["wall_seconds"]:
            self.end(-signal.SIGKILL, f"it ran for more than {self.limits['wall_seconds']} s")
        most = self.limits["memory_mb"] << 10
        if usage.memory_bound_kb() > most and usage.memory_kb() > most:
            self.end(-signal.SIGKILL, f"it used more than {self.limits['memory_mb']} MB of memory")
        if usage.queued_kb() > MOST_QUEUED_MB << 10:
            self.end(-signal.SIGKILL, f"more than {MOST_QUEUED_MB} MB waited in its connections")
        if usage.sockets() > MOST_SOCKETS:
            self.end(-signal.SIGKILL, f"it opened more than {MOST_SOCKETS} sockets")
        if self.chance.randrange(LOOKS_A_COUNT) == 0:  # whoever knew when would let go in time
            self._count_what_the_system_keeps()

    def _count_what_the_system_keeps(self) -> None:
        """Count open files and mappings, which the system keeps in memory that is no process's."""
        watches, sent = usage.watches_and_sent(MOST_WATCHES, MOST_SENT)
        if watches > MOST_WATCHES:
            self.end(-signal.SIGKILL, f"it watched more than {MOST_WATCHES} files by epoll")
        if sent > MOST_SENT:
            self.end(-signal.SIGKILL, f"it had more than {MOST_SENT} open files on their way between processes")
        if usage.locks() > MOST_LOCKS:
            self.end(-signal.SIGKILL, f"it locked more than {MOST_LOCKS} ranges of files")
        if usage.mappings(MOST_MAPPINGS) > MOST_MAPPINGS:
            self.end(-signal.SIGKILL, f"it mapped more than {MOST_MAPPINGS} pieces of memory")

    def _too_much_output(self) -> None:
        self.end(-signal.SIGKILL, f"it put out more than {self.limits['output_mb']} MB")

    def end(self, code: int, because: str | None) -> None:
        """Tell the grader and end, and with this process the whole sandbox."""
        report(self.lifeline, {"ended": code, "because": because})
        os._exit(0)
