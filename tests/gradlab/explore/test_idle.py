"""Idle work waits for cells and for hands."""

import asyncio
from itertools import count

import pytest
from IPython.core.interactiveshell import InteractiveShell

from gradlab.explore import idle


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(idle, "monotonic", clock)
    monkeypatch.setattr(idle, "QUIET", 0.01)
    return clock


async def turns(number: int = 20) -> None:
    """Let waiting work have its turn that many times."""
    for _ in range(number):
        await asyncio.sleep(0.005)


def test_steps_begin_when_no_cell_runs_and_no_hand_moves_a_figure(clock):
    shell = InteractiveShell()
    done = []

    async def use() -> list[tuple[str, bool]]:
        work, seen = idle.IdleWork(shell), []
        work.add(done.append(k) for k in count())

        async def look(when: str) -> None:
            before = len(done)
            await turns()
            seen.append((when, len(done) > before))

        await look("while the cell runs")
        shell.events.trigger("post_execute")
        await look("just after it")
        clock.now += 1
        await look("when the reader reads")
        work.wait()
        await look("just after a hand has moved")
        clock.now += 1
        await look("when the hand rests")
        shell.events.trigger("pre_execute")
        clock.now += 1
        await look("while the next cell runs")
        return seen

    assert asyncio.run(use()) == [
        ("while the cell runs", False),
        ("just after it", False),
        ("when the reader reads", True),
        ("just after a hand has moved", False),
        ("when the hand rests", True),
        ("while the next cell runs", False),
    ]
