"""What the guard reads of its processes, in a pid namespace, as the user whose processes they are."""

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from autograder.sandbox.view import INSIDE, bwrap_command

START = f"""
import ctypes, os, select, sys, threading
sys.path.insert(0, {str(Path(INSIDE).parent)!r})
from inside import namespaces, usage

def child(work):
    ready, tell = os.pipe()
    number = os.fork()
    if number == 0:
        work(lambda: os.write(tell, b"x"))
        os._exit(0)
    os.read(ready, 1)
    return number

def look():
    return usage.memory_bound_kb(), usage.memory_kb(), usage.watches_and_sent(50, 50)[0]

namespaces.enter_namespaces()
if process_1 := os.fork():
    os.waitpid(process_1, 0)
else:
    namespaces.keep_mounts_private()
    namespaces.mount("proc", "/proc")
"""
ENDING = """
def work(tell):
    memory = bytearray(b"x") * (100 << 20)
    tell()

looks = 0
for _ in range(30):
    number = child(work)
    while os.waitpid(number, os.WNOHANG) == (0, 0):
        look()
        looks += 1
print(looks > 30)
"""
THREAD = """
def work(tell):
    def go_on():
        memory = bytearray(b"x") * (50 << 20)
        tell()
        threading.Event().wait()
    threading.Thread(target=go_on).start()
    ctypes.CDLL(None).pthread_exit(None)

child(work)
print(*(memory > 50 << 10 for memory in look()[:2]))
"""
CLOSING = """
def work(tell):
    def open_and_close():
        while True:
            os.close(os.dup(0))
    first = os.dup(0)
    watch = select.epoll()  # is read after the lower number, which is closed meanwhile
    for _ in range(40):
        watch.register(os.pipe()[0])
    os.close(first)
    threading.Thread(target=open_and_close, daemon=True).start()
    tell()
    threading.Event().wait()

child(work)
print({look()[2] for _ in range(300)})
"""
TABLES = """
def work(tell):
    mmap = ctypes.CDLL(None).mmap
    mmap.restype, mmap.argtypes = ctypes.c_size_t, [ctypes.c_size_t] * 6
    for number in range(1, 5000):
        place = mmap(number << 30, 4096, 1, 0x100022, 2**64 - 1, 0)
        if place == number << 30:
            ctypes.c_char.from_address(place).value
    tell()
    threading.Event().wait()

child(work)
print(*(memory > 30_000 for memory in look()[:2]), usage.mappings(10_000) > 4500, usage.mappings(10))
"""
QUEUES = """
import socket
namespaces.set_up_localhost()
before = usage.queued_kb()
listener = socket.create_server(("127.0.0.1", 0))
end = socket.create_connection(listener.getsockname())
end.setblocking(False)
sent = end.send(bytes(1 << 20))
waiting = usage.queued_kb()
end.close()
left = usage.queued_kb()
# What is not acknowledged yet waits at both ends.
print(before == 0, *(sent >> 10 <= kb <= sent >> 9 for kb in (waiting, left)))
"""
SENT = """
import socket
pairs = [socket.socketpair() for _ in range(3)]
for here, _ in pairs:
    socket.send_fds(here, [b"x"], [0] * 10)
print(usage.watches_and_sent(50, 50)[1])
for _, there in pairs[1:]:
    there.recv(1)
print(usage.watches_and_sent(50, 50)[1])
"""
CLOSED = """
import socket
namespaces.set_up_localhost()
listener = socket.create_server(("127.0.0.1", 0), backlog=4)
end = socket.create_connection(listener.getsockname())
end.setblocking(False)
sent = end.send(bytes(1 << 20))
other, _ = listener.accept()
for _ in range(5000):  # closed connections, which are listed for a minute, fill more than half a megabyte of the list
    closed = socket.create_connection(listener.getsockname())
    accepted, _ = listener.accept()
    accepted.close()
    closed.close()
listed = len(open("/proc/self/net/tcp").read())
print(listed > 1 << 19, usage.queued_kb() >= sent >> 10)
"""
HIDDEN = """
def work(tell):
    ctypes.CDLL(None).prctl(4, 0)  # PR_SET_DUMPABLE
    tell()
    threading.Event().wait()

child(work)
try:
    look()
except PermissionError:
    print("refused")
"""


def read_inside(program: str) -> str:
    """What a program prints as process 1 of a sandbox."""
    command = bwrap_command(
        str(shutil.which("bwrap")), [sys.executable, "-c", START + textwrap.indent(program, " " * 4)]
    )
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert not ended.stderr
    return ended.stdout


def test_processes_that_end_while_they_are_read_disturb_nobody():
    assert read_inside(ENDING) == "True\n"


def test_memory_of_a_process_whose_first_thread_has_ended_counts():
    assert read_inside(THREAD) == "True True\n"


def test_files_that_come_and_go_hide_no_watches():
    assert read_inside(CLOSING) == "{40}\n"


def test_page_tables_and_mappings_count():
    assert read_inside(TABLES) == "True True True 11\n"


def test_what_waits_in_a_connection_counts_when_its_sender_has_gone_too():
    assert read_inside(QUEUES) == "True True True\n"


def test_process_that_forbids_to_be_read_is_no_ending_one():
    assert read_inside(HIDDEN) == "refused\n"


def test_closed_connections_hide_none_that_hold_something():
    assert read_inside(CLOSED) == "True True\n"


def test_what_was_sent_to_the_guard_itself_counts():
    assert read_inside(SENT) == "30\n10\n"
