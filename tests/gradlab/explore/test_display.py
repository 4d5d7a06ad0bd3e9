"""When the record joins the page: aside where somebody reads, before the cell ends where nobody does."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

from gradlab.explore.page import unpacked
from tests.gradlab.explore.samples import ONE

SLOW = ONE.replace("def compute(lam, shift=0.0):\n", "import time\ndef compute(lam, shift=0.0):\n    time.sleep(0.1)\n")
SECONDS = 60
INTERRUPTED = "Interrupted. Run this cell again for the whole figure."


@contextmanager
def kernel(**environment: str) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env=os.environ | environment)
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=SECONDS)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture
def beside_a_page():
    with kernel(JPY_SESSION_NAME="lesson.ipynb") as (_, client):
        yield client


def frames(message: dict) -> int:
    html = message["content"]["data"]["text/html"]
    return len(unpacked(html)["frames"])


def until(client: BlockingKernelClient, wanted) -> list[dict]:
    """What the kernel publishes up to the first message that is wanted."""
    seen = []
    while not (seen and wanted(seen[-1])):
        seen.append(client.get_iopub_msg(timeout=SECONDS))
    return seen


def run(client: BlockingKernelClient, code: str) -> list[dict]:
    sent = client.execute(code)
    return until(client, lambda m: m["parent_header"].get("msg_id") == sent and is_idle(m))


def is_idle(message: dict) -> bool:
    return message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"


def pictures(messages: list[dict]) -> list[int]:
    kinds = ("display_data", "update_display_data")
    return [frames(m) for m in messages if m["msg_type"] in kinds and "text/html" in m["content"]["data"]]


def offer(message: dict) -> bool:
    return message["msg_type"] == "comm_msg" and "offer" in message["content"]["data"].get("content", {})


def answer(message: dict) -> bool:
    return message["msg_type"] == "comm_msg" and "frame" in message["content"]["data"].get("content", {})


def say(client: BlockingKernelClient, comm: str, words: dict, subshell: str | None = None) -> None:
    """Send words to the kernel's link, as a page does."""
    message = client.session.msg("comm_msg", {"comm_id": comm, "data": {"method": "custom", "content": words}})
    client.shell_channel.send(message | {"header": message["header"] | {"subshell_id": subshell}})


def ask(client: BlockingKernelClient, position: list[int], subshell: str | None = None) -> None:
    """Greet the kernel's link, and ask for a picture of its first explorer."""
    names = "the_link = gradlab.explore.link.link(); print(the_link.comm.comm_id, *the_link._explorers)"
    comm, explorer = printed(run(client, f"import gradlab.explore.link; {names}")).split()
    say(client, comm, {"hello": True}, subshell)
    until(client, lambda m: m["msg_type"] == "comm_msg" and "hello" in m["content"]["data"].get("content", {}))
    say(client, comm, {"ask": explorer, "position": position}, subshell)


def printed(messages: list[dict]) -> str:
    return "".join(m["content"]["text"] for m in messages if m["msg_type"] == "stream")


def new_subshell(client: BlockingKernelClient) -> str:
    """A thread of the kernel that handles messages while a cell runs: JupyterLab has one for its widgets."""
    client.control_channel.send(client.session.msg("create_subshell_request", {}))
    return client.get_control_msg(timeout=SECONDS)["content"]["subshell_id"]


def test_a_reader_gets_the_first_picture_and_the_record_later(beside_a_page):
    assert pictures(run(beside_a_page, ONE)) == [1]
    offered = until(beside_a_page, offer)[-1]["content"]
    say(beside_a_page, offered["comm_id"], {"take": offered["data"]["content"]["offer"]})
    updated = until(beside_a_page, lambda m: m["msg_type"] == "update_display_data")[-1]
    assert frames(updated) == 41


def test_cells_that_follow_each_other_are_not_kept_waiting(beside_a_page):
    run(beside_a_page, SLOW)
    for _ in range(3):
        run(beside_a_page, "drawn = 1")
    count = """
from gradlab.explore.link import link
print([len(explorer.record.frames) for explorer in link()._explorers.values()])"""
    assert printed(run(beside_a_page, count)) == "[1]\n"


@pytest.mark.parametrize("in_subshell", [False, True])
def test_pictures_are_drawn_by_the_thread_that_runs_cells(beside_a_page, in_subshell):
    where = ONE.replace("def compute(lam", "import threading\nthreads = set()\ndef compute(lam")
    where = where.replace("    x = ", "    threads.add(threading.current_thread().name)\n    x = ", 1)
    run(beside_a_page, where)
    ask(beside_a_page, [40], new_subshell(beside_a_page) if in_subshell else None)
    until(beside_a_page, answer)
    assert printed(run(beside_a_page, "print(*threads)")) == "MainThread\n"


def test_without_a_reader_the_cell_ends_with_the_whole_record():
    with kernel() as (_, client):
        assert pictures(run(client, ONE)) == [1, 41]


def test_an_interrupted_cell_leaves_a_working_explorer():
    with kernel() as (manager, client):
        sent = client.execute(SLOW)
        until(client, lambda m: m["msg_type"] == "display_data" and "text/html" in m["content"]["data"])
        manager.interrupt_kernel()
        messages = until(client, lambda m: m["parent_header"].get("msg_id") == sent and is_idle(m))
        assert [m["content"]["traceback"] for m in messages if m["msg_type"] == "error"] == [[INTERRUPTED]]
        assert all(1 <= kept < 41 for kept in pictures(messages))
        ask(client, [40])
        until(client, answer)


def test_a_cell_that_is_interrupted_before_its_picture_says_so_in_a_line():
    with kernel() as (manager, client):
        run(client, "import matplotlib.pyplot, gradlab.explore")
        sent = client.execute(SLOW.replace("time.sleep(0.1)", "print('drawing', flush=True); time.sleep(30)"))
        until(client, lambda m: m["msg_type"] == "stream")
        manager.interrupt_kernel()
        messages = until(client, lambda m: m["parent_header"].get("msg_id") == sent and is_idle(m))
        assert [m["content"]["traceback"] for m in messages if m["msg_type"] == "error"] == [[INTERRUPTED]]


IN_EACH_FILE = """
import sys

three = slider(1, 3, step=1, label="λ")

def interrupted(file=None):
    \"\"\"The files that a call of explore calls into, up to the one that is interrupted, and how it ends.\"\"\"
    files = set()
    def look(frame, event, argument):
        if event != "call" or frame.f_code is explore.__code__:
            return
        files.add(frame.f_code.co_filename)
        if frame.f_code.co_filename == file:
            sys.setprofile(None)
            raise KeyboardInterrupt
    sys.setprofile(look)
    try:
        explore(compute, draw, alt=alt, lam=three)
        return files, "whole"
    except BaseException as error:
        return files, type(error).__name__
    finally:
        sys.setprofile(None)

files, _ = interrupted()
ends = [interrupted(file)[1] for file in sorted(files)]
print(len(files) > 50, *sorted(set(ends)), ends.count("whole") < 10)
"""


def test_an_interrupt_in_any_file_ends_in_the_line():
    with kernel() as (_, client):
        run(client, ONE)
        # What Python calls from a finalizer may swallow an interrupt: the figure is whole then.
        assert printed(run(client, IN_EACH_FILE)) in ("True Interrupted True\n", "True Interrupted whole True\n")


def test_while_a_hand_in_is_marked_the_first_picture_is_enough():
    with kernel(GRADLAB_EXAM_FD="99") as (_, client):
        assert pictures(run(client, ONE)) == [1]
