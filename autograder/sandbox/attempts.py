"""What the self-test has a hand-in attempt, as the source of cells."""

# Each attempt prints one line for each thing that it could do and should not; silence is a promise kept.
ATTEMPTS = {
    "A hand-in has no network.": """
import socket
v4, v6 = socket.AF_INET, socket.AF_INET6
for family, address in ((v4, ("1.1.1.1", 53)), (v4, ("10.0.0.1", 53)), (v6, ("2606:4700::1111", 53)), (v4, ("127.0.0.1", LISTENER))):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as s:
            s.settimeout(2)
            s.connect(address)
        print("connected to", address)
    except ConnectionRefusedError:  # its own localhost, where nobody listens
        if address[0] != "127.0.0.1":
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
libraries = (sys.prefix, os.path.dirname(gradlab.__file__), os.path.dirname(os.__file__))
for folder in ("/", "/usr", "/usr/lib", "/etc", "/dev", "/run", "/proc", *libraries):
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
for name, wanted in (("CapEff", "0" * 16), ("CapPrm", "0" * 16), ("NoNewPrivs", "1"), ("Seccomp", "2")):
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
    "A hand-in takes nothing that all processes of its user share: leases, watches, buffers, keys, priorities.": """
import ctypes, fcntl, os, socket, torch
libc = ctypes.CDLL(None, use_errno=True)
file = os.open(torch.__file__, os.O_RDONLY)
for name, command, wanted in (("a lease", 1024, 1), ("a watch", 1026, 1), ("a lock of nobody's", 37, bytes(32))):
    try:
        fcntl.fcntl(file, command, wanted)
        print("takes", name)
    except OSError:
        pass
read, write = os.pipe()
for name, number, wanted in (("pipe", write, 1031),):
    try:
        fcntl.fcntl(number, wanted, 1 << 20)
        print("takes a larger", name)
    except OSError:
        pass
if libc.inotify_init1(0) >= 0 or libc.fanotify_init(0, 0) >= 0:
    print("watches files")
with socket.socketpair()[0] as s:
    before = s.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
    for name in (socket.SO_SNDBUF, socket.SO_RCVBUF, 32, 33):
        try:
            s.setsockopt(socket.SOL_SOCKET, name, 1 << 24)
        except OSError:
            pass
    if s.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) > before:
        print("takes a larger buffer")
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1 << 24)
    if s.getsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT) > 1:
        print("has its buffer made larger")
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1, 0, 0, 0, 60, 0, 0, 0]))
    if any(s.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)):
        print("makes whoever closes its socket wait")
for protocol in (33, 132, 136, 262):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, 6):
        try:
            socket.socket(socket.AF_INET, kind, protocol).close()
            print("has connections that nobody counts:", protocol)
        except OSError:
            pass
try:
    open("/proc/self/oom_score_adj", "w").write("0")
    print("is no longer the first to be killed")
except OSError:
    pass
import resource
try:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 1))
    print("has a program of the system look at its crashes")
except (OSError, ValueError):
    pass
allow_and_log, program = ctypes.create_string_buffer(bytes.fromhex("060000000000fc7f")), (ctypes.c_uint64 * 2)(1, 0)
program[1] = ctypes.addressof(allow_and_log)
for name, answer in (("prctl", libc.prctl(22, 2, program, 0, 0)), ("seccomp", libc.syscall({"x86_64": 317, "aarch64": 277}.get(os.uname().machine, -1), 1, 0, program))):
    if answer == 0:
        print("writes into the log of the machine by", name)
if len(os.listdir("/dev/pts")) > 1:
    print("sees terminals of others")
""",
    "A hand-in gets no memory that is counted for none of its processes.": """
import ctypes, mmap, os, socket
libc = ctypes.CDLL(None)
for name, file in (("its own", -1), ("that of /dev/zero", os.open("/dev/zero", os.O_RDWR))):
    try:
        mmap.mmap(file, 1 << 20)
        print("shares memory without a file:", name)
    except OSError:
        pass
page, (read, write) = ctypes.create_string_buffer(4096), os.pipe()
if libc.vmsplice(write, (ctypes.c_size_t * 2)(ctypes.addressof(page), 4096), 1, 0) > 0:
    print("leaves memory in a pipe")
clone = {"x86_64": 56, "aarch64": 220}.get(os.uname().machine, -1)
if libc.syscall(clone, 0x10000 | 0x800 | 0x100, 0, 0, 0, 0) >= 0:
    print("starts a thread with open files of its own")
process = libc.syscall(clone, 0x400 | 17, 0, 0, 0, 0)
if process == 0:
    os._exit(0)
if process > 0:
    print("starts a process with its own open files")
if libc.prctl(78, 1, 4, 0, 0) == 0:
    print("has room made for futexes")
if libc.syscall(444, 0, 0, 1) >= 0:
    print("makes rules of its own for files")
libc.mmap.restype, libc.mmap.argtypes = ctypes.c_void_p, [ctypes.c_size_t] * 6
if libc.mmap(0, 1 << 21, 3, 0x40022, 2**64 - 1, 0) != 2**64 - 1:
    print("takes huge pages")
if libc.syscall(436, 1 << 20, 0xFFFFFFFF, 2) == 0:
    print("gets open files of its own for a thread")
with open("held", "w+b") as file:
    file.write(bytes(4096))
    file.flush()
    here, there = socket.socketpair()
    for name, move in (
        ("a pipe", lambda: os.splice(file.fileno(), write, 1, offset_src=0)),
        ("a socket", lambda: os.sendfile(here.fileno(), file.fileno(), 0, 1)),
    ):
        try:
            move()
            print("leaves a page of a file in", name)
        except OSError:
            pass
""",
    # What it was started with, not os.environ: to that, libraries add settings of their own.
    "A hand-in finds nothing of the grader's environment.": """
started_with = open("/proc/self/environ").read().split("\\0")
for name in {entry.partition("=")[0] for entry in started_with} & set(SECRET_VARIABLES):
    print("finds", name)
if not any(entry.startswith("PATH=") for entry in started_with):
    print("has an environment that cannot be read")
""",
}

EAT_MEMORY = "hoard = []\nwhile True:\n    hoard.append(bytearray(64 << 20))"
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
