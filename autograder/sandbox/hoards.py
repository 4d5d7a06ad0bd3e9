"""Programs that take more than one hand-in may have, each of which the guard must stop."""

EAT_MEMORY_IN_CHILDREN = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        hoard = bytearray(os.urandom(1 << 20)) * 200
        time.sleep(60)
time.sleep(60)
"""
EAT_MEMORY_BEHIND_AN_ENDED_THREAD = """
import ctypes, os, threading, time
for _ in range(4):
    if os.fork() == 0:
        def eat():
            hoard = bytearray(os.urandom(1 << 20)) * 200
            time.sleep(60)
        threading.Thread(target=eat).start()
        ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[os.uname().machine], 0)
time.sleep(60)
"""
MMAP = """
import ctypes, os, time
mmap = ctypes.CDLL(None).mmap
mmap.restype, mmap.argtypes = ctypes.c_size_t, [ctypes.c_size_t] * 6
"""
# One page in each gigabyte: the tables that say where it lies are larger than the page, and this one is no memory at all.
FILL_PAGE_TABLES = f"""{MMAP}for _ in range(4):
    if os.fork() == 0:
        for number in range(1, 60_000):
            place = mmap(number << 30, 4096, 1, 0x100022, 2**64 - 1, 0)
            if place == number << 30:
                ctypes.c_char.from_address(place).value
        time.sleep(60)
time.sleep(60)
"""
MAP_ON = f"""{MMAP}for number in range(60_000):
    mmap(0, 4096, 1 + 2 * (number % 2), 0x22, 2**64 - 1, 0)
os.fork()
time.sleep(60)
"""
HIDE = """
import ctypes, time
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: no process of the same user may look at this one
time.sleep(60)
"""
WATCH_ON = """
import ctypes, os, select, time
watching, watched = [select.epoll() for _ in range(60)], [ctypes.CDLL(None).eventfd(0, 0) for _ in range(60)]
for number in range(max(watched) + 1, 250):
    for file in watched:
        os.dup2(file, number)
        for each in watching:
            each.register(number)
time.sleep(60)
"""
SEND_ON = """
import socket, time
here, there = socket.socketpair()
try:
    for _ in range(3):
        socket.send_fds(here, [b"x"], [0] * 100)
except OSError:
    pass
time.sleep(60)
"""
LOCK_ON = """
import fcntl, time
with open("locked", "wb") as file:
    for number in range(5000):
        fcntl.lockf(file, fcntl.LOCK_EX, 1, 2 * number)
    time.sleep(60)
"""
FILL_SOCKETS = """
import os, socket, time
for _ in range(12):
    if os.fork() == 0:
        pairs = []
        try:
            while True:
                pairs.append(socket.socketpair())
                for end in pairs[-1]:
                    end.setblocking(False)
                    end.send(bytes(1 << 20))
        except OSError:
            time.sleep(60)
time.sleep(60)
"""
FILL_CONNECTIONS = """
import socket, time
listener, ends = socket.create_server(("127.0.0.1", 0), backlog=200), []
for _ in range(150):
    ends.append(socket.create_connection(listener.getsockname()))
    ends[-1].setblocking(False)
    try:
        while True:
            ends[-1].send(bytes(1 << 20))
    except BlockingIOError:
        pass
time.sleep(60)
"""
FLOOD = "while True:\n    print('x' * 100_000)"
SLEEP_ON = "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass"

STOPPED = {
    "Memory of all its processes together is bounded.": (EAT_MEMORY_IN_CHILDREN, {"memory_mb": 600}),
    "Memory of a process whose first thread has ended is bounded.": (
        EAT_MEMORY_BEHIND_AN_ENDED_THREAD,
        {"memory_mb": 600},
    ),
    "No process of it hides what it uses.": (HIDE, {}),
    "Page tables count as memory.": (FILL_PAGE_TABLES, {"memory_mb": 600}),
    "The pieces of memory that it maps are bounded.": (MAP_ON, {}),
    "What waits in its connections is bounded.": (FILL_CONNECTIONS, {}),
    "Sockets, and what they hold, are bounded.": (FILL_SOCKETS, {}),
    "What it watches by epoll is bounded.": (WATCH_ON, {}),
    "The ranges of files that it locks are bounded.": (LOCK_ON, {}),
    "Open files on their way between its processes are bounded.": (SEND_ON, {}),
    "What it puts out is bounded.": (FLOOD, {"output_mb": 2}),
    "Its time is bounded, whatever it ignores.": (SLEEP_ON, {"wall_seconds": 5}),
}
"""What is promised: a program that tries it, and the limits under which it runs."""
