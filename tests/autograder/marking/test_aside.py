"""A process beside the grader, for what must be able to be killed."""

import gc
import subprocess
import sys

from autograder.marking.aside import Aside

STARTER_DIES = """
import os, threading, time
from autograder.marking.aside import Aside
threading.Thread(target=Aside().run, args=(time.sleep, 5), daemon=True).start()
time.sleep(2.5)
os.kill(os.getpid(), 9)
"""


def test_a_helper_whose_starter_has_gone_ends_without_a_word():
    done = subprocess.run([sys.executable, "-c", STARTER_DIES], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == -9 and done.stderr == ""


def imports_much(name: str) -> int:
    __import__(name)
    return len(gc.get_objects())


def test_what_any_task_has_imported_is_not_walked_through_again():
    aside = Aside()
    first = aside.run(imports_much, "json")
    aside.run(imports_much, "torch")
    aside.run(imports_much, "json")
    assert aside.run(imports_much, "json") < first + 1000
