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
