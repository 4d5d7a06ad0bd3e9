"""The zygote serves threads and forked workers, survives hand-ins, and ends with its grader."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import threading

import psutil
import pytest

from autograder.sandbox.trial import try_inside
from autograder.sandbox.zygote import SandboxUnavailable, Zygote, shared_zygote

RUN_FOR_EVER = """
import asyncio
from autograder.sandbox.managers import SandboxKernelManager

async def main():
    manager = SandboxKernelManager()
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    client.execute("import time; time.sleep(600)")
    print("running", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def trial(*cells, **settings):
    return asyncio.run(try_inside(*cells, **settings))


def test_zygote_survives_a_hand_in_that_kills_all_it_can():
    before = shared_zygote()
    outcome = trial(
        "import os, signal\n"
        "for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):\n"
        "    for pid in (1, -1):\n"
        "        try:\n"
        "            os.kill(pid, number)\n"
        "        except OSError:\n"
        "            pass\n"
        "        except KeyboardInterrupt:\n"
        "            pass\n"
        "os.kill(os.getppid(), 9)\n"
        "print('still here')"
    )
    assert outcome.text in ("", "still here\n")
    assert shared_zygote() is before
    assert trial("print('next')").text == "next\n"


def test_zygote_that_died_is_replaced():
    before = shared_zygote()
    monitor = psutil.Process(before._process.pid)
    for process in (*monitor.children(recursive=True), monitor):
        process.kill()
    before._process.wait()
    assert trial("print('again')").text == "again\n"
    assert shared_zygote() is not before


def test_one_zygote_serves_many_threads():
    shared_zygote()
    texts = {}

    def work(number: int) -> None:
        texts[number] = trial(f"print({number})").text

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert texts == {number: f"{number}\n" for number in range(4)}


def _work_in_a_fork(answers) -> None:
    zygote = shared_zygote()
    answers.put((zygote._process.pid, trial("print('forked')").text))


def test_one_zygote_serves_workers_forked_after_it():
    zygote = shared_zygote()
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    workers = [context.Process(target=_work_in_a_fork, args=(answers,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    assert [answers.get(timeout=60) for _ in workers] == [(zygote._process.pid, "forked\n")] * 2
    for worker in workers:
        worker.join(60)
    assert zygote.alive


def test_nothing_outlives_a_grader_that_was_killed():
    grader = subprocess.Popen([sys.executable, "-c", RUN_FOR_EVER], stdout=subprocess.PIPE, text=True)
    with grader:
        assert grader.stdout.readline() == "running\n"
        descendants = psutil.Process(grader.pid).children(recursive=True)
        assert len(descendants) >= 4  # bubblewrap, the zygote, the guard, the kernel
        os.kill(grader.pid, signal.SIGKILL)
        _, alive = psutil.wait_procs(descendants, timeout=10)
    assert not alive


def test_without_bubblewrap_the_message_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxUnavailable, match="apt install bubblewrap.*--no-sandbox"):
        Zygote()
