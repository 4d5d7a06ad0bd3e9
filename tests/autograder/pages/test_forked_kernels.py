"""A forked kernel is a learner's kernel: its own folder, environment, threads and chance; it fails and ends as others do."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import nbformat
import psutil
import pytest
import torch
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from autograder.pages.forked_kernels import ForkedKernelManager

QUIET = ["--log-level=ERROR"]


def run(*cells: str, folder=".", **settings) -> list:
    """What each cell puts out, run in one kernel."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    settings = {"kernel_manager_class": ForkedKernelManager, "extra_arguments": QUIET, "timeout": 60, **settings}
    client = NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}, **settings)
    return [output for cell in client.execute().cells for output in cell.outputs]


def printed(*cells: str, **settings) -> list[str]:
    return [output.text.strip() for output in run(*cells, **settings)]


def test_folder_environment_and_threads_are_those_of_whoever_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADLAB_TEST", "asked")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    (tmp_path / "helper.py").write_text("name = 'beside'")
    assert printed(
        "import os\nprint(os.getcwd())",
        "print(*(os.environ.get(name) for name in ('GRADLAB_TEST', 'OPENBLAS_NUM_THREADS')))",
        "print('PYDEVD_DISABLE_FILE_VALIDATION' in os.environ)",
        "import torch\nprint(torch.get_num_threads())",
        "import helper\nprint(helper.name, __name__)",
        folder=tmp_path,
    ) == [str(tmp_path), "asked 2", "False", str(torch.get_num_threads()), "beside __main__"]


def test_kernels_side_by_side_draw_different_numbers_and_know_nothing_of_each_other():
    draw = "import random, numpy, torch\nprint(random.random(), numpy.random.rand(), torch.rand(1).item())\nmine = 1"
    with ThreadPoolExecutor(2) as pool:
        first, second = (text[0].split() for text in pool.map(printed, [draw, draw]))
    assert all(one != other for one, other in zip(first, second, strict=True))
    assert printed("print('mine' in globals())") == ["False"]


def test_figures_come_out():
    (figure,) = run("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert "image/png" in figure.data


def test_kernel_that_ends_itself_is_a_dead_kernel():
    with pytest.raises(DeadKernelError):
        run("import os\nos._exit(3)")


def test_cell_over_its_time_is_interrupted_and_the_kernel_goes_on():
    sleep = "try:\n    import time; time.sleep(60)\nexcept KeyboardInterrupt:\n    print('interrupted')"
    assert printed(sleep, "print('on')", timeout=2, interrupt_on_timeout=True) == ["interrupted", "on"]


def test_nothing_is_left_of_a_kernel():
    (number,) = printed("import os\nprint(os.getpid())")
    assert not psutil.pid_exists(int(number))


def test_kernel_restarts():
    async def restart() -> list[int]:
        manager, numbers = ForkedKernelManager(), []
        await manager.start_kernel(extra_arguments=QUIET)
        numbers.append(manager.provisioner.pid)
        await manager.restart_kernel(now=True)
        numbers.append(manager.provisioner.pid)
        assert await manager.is_alive()
        await manager.shutdown_kernel(now=True)
        return numbers

    first, second = asyncio.run(restart())
    assert first != second
    assert not psutil.pid_exists(first)
    assert not psutil.pid_exists(second)
