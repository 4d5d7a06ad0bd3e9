"""A forked command or kernel is what a started one is: exit code, outputs, folder, environment, interrupt, end."""

import os
import subprocess
import time

import psutil
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from tests.warm.client import WarmKernelManager, run_gradlab


def test_command_has_its_exit_code_outputs_folder_and_environment(tmp_path):
    done = run_gradlab(["progress", "--in", "."], folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "") and "There is no lesson in" in done.stderr
    wide = run_gradlab(["grade"], environment=os.environ | {"COLUMNS": "300"})
    assert wide.returncode == 2 and max(map(len, wide.stderr.splitlines())) == 300


def test_command_that_takes_too_long_is_ended():
    with pytest.raises(subprocess.TimeoutExpired):
        run_gradlab(["doctor"], timeout=0.01)


def test_kernel_runs_in_its_folder_hears_an_interrupt_and_leaves_nothing_behind(tmp_path):
    cells = ["import os\nprint(os.getpid(), os.getcwd())", "import time\ntime.sleep(100)", "print(1 + 1)"]
    client = NotebookClient(
        new_notebook(cells=[new_code_cell(cell) for cell in cells]),
        timeout=1,
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_manager_class=WarmKernelManager,
        resources={"metadata": {"path": str(tmp_path)}},
    )
    first, slow, last = client.execute().cells
    process, folder = first.outputs[0].text.split()
    assert folder == str(tmp_path) and slow.outputs[-1].ename == "KeyboardInterrupt" and last.outputs[0].text == "2\n"
    deadline = time.monotonic() + 60
    while psutil.pid_exists(int(process)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not psutil.pid_exists(int(process))
