"""Refuse system calls that no lesson needs and that widen what a hand-in could attack or hoard."""

import ctypes
import errno
import platform
import socket
import struct
from collections.abc import Sequence

from .namespaces import _call

# Numbers of (x86_64, aarch64), from the kernel's unistd.h.
REFUSED = {
    # other processes: their memory, descriptors and priorities
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "ioprio_set": (251, 30),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    # memory that belongs to no process, so that no limit counts it
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "vmsplice": (278, 75),
    # what the machine, or all processes of one user, have only so much of
    "inotify_init": (253, 0x3FFFFFFF),  # not there on aarch64
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "io_setup": (206, 0),
    # rights regained in a new namespace
    "unshare": (272, 97),
    "setns": (308, 268),
    # large or often broken parts of the kernel
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "personality": (135, 92),
    "syslog": (103, 116),
    # a filter of its own may write into the machine's log
    "seccomp": (317, 277),
}
CLONE, CLONE3 = (56, 220), (435, 435)
SOCKETS = ((41, 198), (53, 199))  # socket, socketpair
FAMILIES = (
    socket.AF_UNIX,
    socket.AF_INET,
    socket.AF_INET6,
    socket.AF_NETLINK,
)  # the others know no namespaces
PROTOCOLS = (33, 132, 136, 262)  # DCCP, SCTP, UDP-Lite, MPTCP: what waits in their connections stands in no list
ON_SHARED_FILES = ((72, 25),)  # fcntl
# F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ: others wait for, or have less of, what one takes. F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW:
# /proc/locks does not say whose these locks are.
ON_OTHERS_FILES = (1024, 1026, 1031, 36, 37, 38)
# setsockopt; SO_SNDBUF, SO_RCVBUF, SO_RCVLOWAT, SO_LINGER at the level SOL_SOCKET. Whoever closes a socket that lingers waits, and that may be
# the guard, or the grader: a descriptor that nobody takes out of a message is closed by who reads the message.
OF_SOCKETS, BUFFERS = ((54, 208),), (7, 8, 18, 13)
# close_range with CLOSE_RANGE_UNSHARE gives a thread open files of its own, as clone would.
CLOSE_RANGE, CLOSE_RANGE_UNSHARE = ((436, 436),), 2
# Pages of a file on their way into a pipe or a socket stay when the file is gone. Programs read and write instead.
PAGES_OF_FILES = ((275, 76), (276, 77), (40, 71))  # splice, tee, sendfile
PRIORITY = ((141, 140),)  # setpriority, which os.nice calls
# mmap with MAP_SHARED and MAP_ANONYMOUS: what is left in it when it is given back belongs to no process.
SHARED_MEMORY, SHARED_AND_ANONYMOUS = ((9, 222),), 0x21
# mmap with MAP_HUGETLB: the machine has only so many huge pages, and they are counted apart.
HUGE_PAGES = 0x40000
# clone with one of CLONE_THREAD and CLONE_FILES: a thread's own open files stand in no list of its process; locks of a process
# that has ended stay as long as another has its open files.
THREAD_AND_FILES = 0x10400
# What libraries ask of prctl: PR_SET_PDEATHSIG, …, PR_SET_VMA, PR_SET_PTRACER. Among the others are some that take memory, or
# let a process filter its own calls.
OF_ONESELF = ((157, 167),)
ASKED_OF_ONESELF = (*range(1, 5), 15, 16, 21, 23, 29, 30, *range(36, 43), 47, *range(50, 57), 0x53564D41, 0x59616D61)
# setrlimit and prlimit64 of RLIMIT_CORE, see `namespaces.limit_resources`.
LIMITS, LIMITS_OF, CORE = ((160, 164),), ((302, 261),), 4
NEWEST = 450  # the number of the first call that came after 2021, when none that a library cannot do without was new
NOT_ON_THE_GUARD = (
    (144, 119),
    (203, 122),
)  # sched_setscheduler (ZeroMQ calls it on its threads), sched_setaffinity
NEW_NAMESPACES = 0x7E020000

ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
NUMBER, ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
FIRST_ARGUMENT, SECOND_ARGUMENT, THIRD_ARGUMENT, FOURTH_ARGUMENT = 16, 24, 32, 40  # the low halves
ALLOW, KILL = 0x7FFF0000, 0x80000000


def _refuse(number: int) -> int:
    return 0x00050000 | number


def _filter(machine: str) -> list[tuple[int, int, int, int]]:
    """The filter as (code, jump if true, jump if false, operand), one step a line."""
    column, architecture = ARCHITECTURES[machine]
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (JUMP_AT_LEAST, 0, 1, NEWEST),  # and the x32 calls of x86_64
        (RETURN, 0, 0, _refuse(errno.ENOSYS)),
    ]
    for numbers in REFUSED.values():
        steps += [(JUMP_EQUAL, 0, 1, numbers[column]), (RETURN, 0, 0, _refuse(errno.EPERM))]
    # A filter cannot look behind clone3's pointer; without it the C library falls back to clone.
    steps += [(JUMP_EQUAL, 0, 1, CLONE3[column]), (RETURN, 0, 0, _refuse(errno.ENOSYS))]
    refuse = (RETURN, 0, 0, _refuse(errno.EPERM))
    both_or_none = [(AND, 0, 0, THREAD_AND_FILES), *_if_one_of((0, THREAD_AND_FILES), ALLOW, _refuse(errno.EPERM))]
    steps += _when(CLONE[column], [(JUMP_ANY_BIT, 0, 1, NEW_NAMESPACES), refuse, *both_or_none])
    for numbers in CLOSE_RANGE:
        unshared = [(JUMP_ANY_BIT, 0, 1, CLOSE_RANGE_UNSHARE), refuse, (RETURN, 0, 0, ALLOW)]
        steps += _when(numbers[column], unshared, THIRD_ARGUMENT)
    for numbers in PAGES_OF_FILES:
        steps += [(JUMP_EQUAL, 0, 1, numbers[column]), (RETURN, 0, 0, _refuse(errno.EINVAL))]
    for numbers in SHARED_MEMORY:
        both = [(AND, 0, 0, SHARED_AND_ANONYMOUS), (JUMP_EQUAL, 0, 1, SHARED_AND_ANONYMOUS)]
        flags = [(JUMP_ANY_BIT, 0, 1, HUGE_PAGES), (RETURN, 0, 0, _refuse(errno.ENOMEM)), *both]
        steps += _when(numbers[column], [*flags, refuse, (RETURN, 0, 0, ALLOW)], FOURTH_ARGUMENT)
    for numbers in SOCKETS:
        protocols = [(LOAD, 0, 0, THIRD_ARGUMENT), *_if_one_of(PROTOCOLS, _refuse(errno.EPROTONOSUPPORT))]
        steps += _only_for(numbers[column], FAMILIES, protocols)
    for numbers in OF_ONESELF:
        steps += _when(numbers[column], _if_one_of(ASKED_OF_ONESELF, ALLOW, _refuse(errno.EINVAL)))
    for numbers in LIMITS:
        steps += _when(numbers[column], _if_one_of((CORE,), _refuse(errno.EPERM)))
    for numbers in LIMITS_OF:  # of itself only, and that of CORE may be read
        read = [
            (LOAD, 0, 0, THIRD_ARGUMENT),
            (JUMP_EQUAL, 0, 3, 0),
            (LOAD, 0, 0, THIRD_ARGUMENT + 4),
            (JUMP_EQUAL, 0, 1, 0),
        ]
        core = [(JUMP_EQUAL, 0, len(read), CORE), *read, (RETURN, 0, 0, ALLOW)]
        steps += _only_for(numbers[column], (0,), [(LOAD, 0, 0, SECOND_ARGUMENT), *core, refuse])
    for numbers in NOT_ON_THE_GUARD:
        steps += _except_for(numbers[column], JUMP_EQUAL, 1)
    for numbers in ON_SHARED_FILES:
        steps += _when(numbers[column], _if_one_of(ON_OTHERS_FILES, _refuse(errno.EPERM)), SECOND_ARGUMENT)
    for numbers in OF_SOCKETS:  # a size that is asked for is not given, which is no error
        sizes = [(LOAD, 0, 0, THIRD_ARGUMENT), *_if_one_of(BUFFERS, _refuse(0))]
        level = [(JUMP_EQUAL, 1, 0, socket.SOL_SOCKET), (RETURN, 0, 0, ALLOW)]
        steps += _when(numbers[column], [*level, *sizes], SECOND_ARGUMENT)
    for numbers in PRIORITY:  # of the caller itself only
        itself = [(JUMP_EQUAL, 0, 2, 0), (LOAD, 0, 0, SECOND_ARGUMENT), (JUMP_EQUAL, 1, 0, 0)]
        steps += _when(numbers[column], [*itself, (RETURN, 0, 0, _refuse(errno.EPERM)), (RETURN, 0, 0, ALLOW)])
    return [*steps, (RETURN, 0, 0, ALLOW)]


def _only_for(
    number: int, allowed: tuple[int, ...], then: Sequence[tuple[int, int, int, int]] = ((RETURN, 0, 0, ALLOW),)
) -> list[tuple[int, int, int, int]]:
    """Refuse this call unless its first argument is one of the allowed; then take these steps, which end it."""
    tests = [(JUMP_EQUAL, len(allowed) - i, 0, value) for i, value in enumerate(allowed)]
    refuse = (RETURN, 0, 0, _refuse(errno.EPERM))
    return _when(number, [*tests, refuse, *then])


def _except_for(number: int, test: int, operand: int) -> list[tuple[int, int, int, int]]:
    """Refuse this call if the test holds for its first argument."""
    return _when(number, [(test, 0, 1, operand), (RETURN, 0, 0, _refuse(errno.EPERM)), (RETURN, 0, 0, ALLOW)])


def _if_one_of(values: tuple[int, ...], action: int, otherwise: int = ALLOW) -> list[tuple[int, int, int, int]]:
    """Do this where the loaded argument is one of the values, else the other."""
    tests = [(JUMP_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [*tests, (RETURN, 0, 0, otherwise), (RETURN, 0, 0, action)]


def _when(
    number: int, steps: list[tuple[int, int, int, int]], argument: int = FIRST_ARGUMENT
) -> list[tuple[int, int, int, int]]:
    """For this call take these steps, which end it, with an argument loaded."""
    return [(JUMP_EQUAL, 0, len(steps) + 1, number), (LOAD, 0, 0, argument), *steps]


def refuse_system_calls() -> bool:
    """Install the filter for this process and all its children; False on a machine we have no numbers for."""
    if platform.machine() not in ARCHITECTURES:
        return False
    steps = _filter(platform.machine())
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    program = Program(len(steps), ctypes.addressof(code))
    set_seccomp, mode_filter = 22, 2
    _call("prctl", set_seccomp, mode_filter, ctypes.byref(program), 0, 0)
    return True
