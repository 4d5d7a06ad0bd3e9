"""An interrupt that comes while a destructor runs is not lost."""

import os
import signal
import time

import pytest

from autograder.desk.grade.interrupts import remembered


class InterruptedWhenItGoes:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_interrupt_that_a_destructor_swallowed_is_raised_at_the_next_look():
    before, calls = signal.getsignal(signal.SIGINT), []
    with remembered(lambda: calls.append(1)) as look:
        look()
        InterruptedWhenItGoes()
        with pytest.raises(KeyboardInterrupt):
            look()
    assert calls == [1] and signal.getsignal(signal.SIGINT) is before


def test_interrupt_comes_at_once():
    with remembered(lambda: None), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)
