"""Enter namespaces, mount, and give up rights: thin calls into the C library."""

import ctypes
import fcntl
import os
import resource
import socket
import struct

LEARNER = 1000  # the only user there is within a sandbox

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
ALL_NAMESPACES = (
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET
)

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18

PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38
CAPABILITY_VERSION_3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)


def _call(function: str, *arguments) -> None:
    if getattr(libc, function)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")


def enter_namespaces() -> None:
    """Give this process namespaces of its own; its next child is process 1 of the new pid namespace."""
    uid, gid = os.getuid(), os.getgid()
    _call("unshare", ALL_NAMESPACES)
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{LEARNER} {uid} 1"),
        ("gid_map", f"{LEARNER} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as entry:
            entry.write(line)


def mount(kind: str, target: str, flags: int = MS_NOSUID | MS_NODEV, options: str = "") -> None:
    """Mount a new file system of this kind."""
    _call("mount", kind.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode())


def bind(source: str, target: str) -> None:
    """Show the source folder at the target as well."""
    _call("mount", source.encode(), target.encode(), None, ctypes.c_ulong(MS_BIND), None)


def set_up_localhost() -> None:
    """Let the processes of this network namespace reach each other, and nobody else, at 127.0.0.1 and ::1."""
    set_flags, up = 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh14x", b"lo", up))


def keep_mounts_private() -> None:
    """Keep later mounts of this mount namespace from everybody else."""
    _call("mount", None, b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None)


def hide_memory() -> None:
    """Forbid other processes of this user to trace this one or to read its memory."""
    _call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)


def drop_rights() -> None:
    """Give up every capability for good, and any way to gain one by running a program."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def limit_resources(limits: dict) -> None:
    """Set the limits that the kernel enforces for each process (or, for processes, each user namespace)."""
    for kind, soft, hard in (
        (resource.RLIMIT_AS, limits["address_space_mb"] << 20, None),
        (resource.RLIMIT_NPROC, limits["processes"], None),
        (resource.RLIMIT_NOFILE, limits["open_files"], None),
        (resource.RLIMIT_FSIZE, limits["file_mb"] << 20, None),
        (resource.RLIMIT_CPU, limits["cpu_seconds"], limits["cpu_seconds"] + 1),  # SIGXCPU first, to tell why
        (resource.RLIMIT_CORE, 1, None),  # not 0: with a program that collects crashes, Linux would still start that
        (resource.RLIMIT_MEMLOCK, 0, None),
        (resource.RLIMIT_SIGPENDING, 512, None),  # all processes of one user together have only so many
        (resource.RLIMIT_DATA, resource.getrlimit(resource.RLIMIT_DATA)[1], None),  # the grader's own bound is not ours
    ):
        resource.setrlimit(kind, (soft, soft if hard is None else hard))
