"""A kernel in the sandbox shows a traceback of very many frames by its first and last ones."""

import asyncio
import sys
import traceback

import pytest

from autograder.sandbox.inside.kernel import MOST_FRAMES, shortened
from autograder.sandbox.trial import try_inside


def deep(depth):
    if depth == 0:
        raise ValueError("at the bottom")
    deep(depth - 1)


def trace_of(depth):
    try:
        deep(depth)
    except ValueError:
        return sys.exc_info()[2]


@pytest.mark.parametrize("depth", [0, 1, MOST_FRAMES - 2, MOST_FRAMES - 1, MOST_FRAMES, 500])
def test_first_and_last_frames_stay(depth):
    whole = traceback.extract_tb(trace_of(depth))
    short = traceback.extract_tb(shortened(trace_of(depth)))
    assert len(short) == min(len(whole), MOST_FRAMES)
    assert (short[0].name, short[-1].lineno) == (whole[0].name, whole[-1].lineno)


def test_no_traceback_stays_none():
    assert shortened(None) is None


@pytest.mark.parametrize("loop", ["for _ in (): pass", "raise OSError('caught') from error"])
def test_cells_after_a_recursion_without_end_run(loop):
    recursion = f"def again(): again()\ntry:\n    again()\nexcept RecursionError as error:\n    {loop}"
    outcome = asyncio.run(try_inside("def again(): again()\nagain()", recursion, "print('next')"))
    assert outcome.text == "next\n"


@pytest.mark.parametrize("nested", ["-" * 3000 + "1", "y" + ".a" * 3000])
def test_cell_that_is_nested_too_deep_shows_its_error_and_the_next_one_runs(nested):
    outcome = asyncio.run(try_inside(f"if False:\n    {nested}", "print('next')"))
    assert outcome.text == "next\n"


RAN = "from pathlib import Path\nPath('ran').touch()\nPath('/tmp/ran').touch()\n"
LOOK = """
import os, sys
print(sys.path[0] == '', _dh == [Path.cwd()], get_ipython().starting_dir == os.getcwd(), os.listdir(), os.path.exists('/tmp/ran'))
import storemagic
print(os.listdir())
"""


def test_what_lies_beside_a_notebook_is_imported_by_the_notebook_alone(tmp_path):
    for name in ("storemagic.py", "argcomplete.py", "sitecustomize.py", "usercustomize.py", "ipython_config.py"):
        (tmp_path / name).write_text(RAN)
    (tmp_path / "startup").mkdir()
    (tmp_path / "startup" / "00.py").write_text(RAN)
    folder = sorted(path.name for path in tmp_path.iterdir())
    outcome = asyncio.run(try_inside(f"from pathlib import Path\n{LOOK}", folder=str(tmp_path)))
    first, second = outcome.text.splitlines()
    assert first.startswith("True True True [") and first.endswith("] False"), outcome
    assert "'ran'" not in first and "'ran'" in second and all(name in first for name in folder)


def test_the_guard_is_one_thread_that_no_process_may_slow_down():
    slow = """
import os
print(os.listdir("/proc/1/task"))
for change in (lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)), lambda: os.sched_setaffinity(1, {0})):
    try:
        change()
        print("slows it down")
    except PermissionError:
        pass
"""
    assert asyncio.run(try_inside(slow)).text == "['1']\n"


def test_much_output_and_input_pass_the_guard_whole():
    size = 3_000_000
    outcome = asyncio.run(try_inside(f"print('x' * {size})", f"t = {'y' * size!r}\nprint(len(t), end='')"))
    assert outcome.text == "x" * size + f"\n{size}"
