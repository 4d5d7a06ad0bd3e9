"""A sandboxed kernel under nbclient: runs, is interrupted, dies, restarts, and hurts nobody."""

import asyncio
import os

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbgrader.preprocessors import Execute

from autograder.sandbox.managers import SandboxKernelManager
from autograder.sandbox.trial import try_inside

ECHO = """
import os, socket
exam = socket.socket(fileno=int(os.environ["GRADLAB_EXAM_FD"]))
exam.sendall(exam.recv(100)[::-1])
"""


def trial(*cells, **settings):
    return asyncio.run(try_inside(*cells, **settings))


def client_for(*cells, **settings) -> NotebookClient:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    return NotebookClient(notebook, **{"kernel_manager_class": SandboxKernelManager, "timeout": 60, **settings})


async def answer_over_the_exam_socket(manager: AsyncKernelManager) -> bytes:
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    manager.provisioner.exam_socket.sendall(b"probe")
    await client.execute_interactive(ECHO, timeout=60)
    client.stop_channels()
    return manager.provisioner.exam_socket.recv(100)


def test_kernel_answers_over_its_exam_socket_also_after_a_restart():
    async def talk() -> list[bytes]:
        manager = SandboxKernelManager()
        await manager.start_kernel()
        answers = [await answer_over_the_exam_socket(manager)]
        await manager.restart_kernel(now=True)
        answers.append(await answer_over_the_exam_socket(manager))
        await manager.shutdown_kernel()
        return answers

    assert asyncio.run(talk()) == [b"eborp", b"eborp"]


def test_provisioner_serves_a_stock_kernel_manager():
    class Stock(AsyncKernelManager):
        kernel_spec = KernelSpec(
            language="python", metadata={"kernel_provisioner": {"provisioner_name": "gradlab-sandbox"}}
        )

    executed = client_for("1 + 1", kernel_manager_class=Stock).execute()
    assert executed.cells[0].outputs[0]["data"]["text/plain"] == "2"


def test_nbgrader_executes_in_it(tmp_path):
    preprocessor = Execute(kernel_manager_class=SandboxKernelManager)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import os\nos.getpid()")])
    executed, _ = preprocessor.preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    assert executed.cells[0].outputs[0]["data"]["text/plain"] == "2"


def test_cell_over_its_time_is_interrupted_and_the_kernel_goes_on():
    client = client_for("import time\ntime.sleep(60)", "print('on')", interrupt_on_timeout=True, allow_errors=True)
    client.timeout_func = lambda cell: 1 if "sleep" in cell.source else 60
    executed = client.execute()
    assert executed.cells[0].outputs[-1].ename == "KeyboardInterrupt"
    assert executed.cells[1].outputs[0].text == "on\n"


def test_cell_over_its_time_without_interrupt_is_a_timeout():
    with pytest.raises(CellTimeoutError):
        client_for("import time\ntime.sleep(60)", timeout=1).execute()


def test_kernel_that_ends_itself_is_a_dead_kernel():
    with pytest.raises(DeadKernelError):
        client_for("import os\nos._exit(0)").execute()


def test_figure_and_traceback_come_out():
    client = client_for("import matplotlib.pyplot as plt\nplt.plot([1, 2]);", "1 / 0", allow_errors=True)
    figure, error = (cell.outputs for cell in client.execute().cells)
    assert "image/png" in figure[0]["data"]
    assert error[0].ename == "ZeroDivisionError"


def test_lesson_code_gives_the_same_on_autograd_and_threads():
    outcome = trial(
        "import torch\n"
        "a = torch.arange(250_000.0).reshape(500, 500).requires_grad_()\n"
        "torch.linalg.matrix_norm(a @ a.T).backward()\n"
        "print(torch.get_num_threads(), bool(torch.isfinite(a.grad).all()))"
    )
    assert outcome.text == "1 True\n"


def test_hand_in_gets_a_copy_of_its_folder_without_links(tmp_path):
    (tmp_path / "secret").write_text("gradebook")
    folder = tmp_path / "01-lesson"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "x.csv").write_text("1,2")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    outcome = trial(
        "import os\n"
        "print(os.path.basename(os.getcwd()), sorted(os.listdir('.')), open('data/x.csv').read())\n"
        "open('data/x.csv', 'w').write('changed'); open('new', 'w').close()",
        folder=str(folder),
    )
    assert outcome.text == "01-lesson ['data'] 1,2\n"
    assert (folder / "data" / "x.csv").read_text() == "1,2"
    assert not (folder / "new").exists()


def test_hand_in_larger_than_its_disk_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "big").write_bytes(bytes(3 << 20))
    with pytest.raises(ValueError, match="more than 2 MB"):
        trial("1", folder=str(tmp_path), disk_mb=2)


def test_siblings_have_different_random_states():
    draw = "import random, numpy, torch\nprint(random.random(), numpy.random.rand(), torch.rand(1).item())"
    first, second = trial(draw).text.split(), trial(draw).text.split()
    assert len(first) == 3
    assert all(one != other for one, other in zip(first, second, strict=True))


def test_a_warning_is_shown_to_each_sibling():
    warn = """
import contextlib, io, torch
with contextlib.redirect_stderr(io.StringIO()) as shown:
    torch.meshgrid(torch.ones(2), torch.ones(2))
print("indexing" in shown.getvalue())
"""
    assert trial(warn).text == trial(warn).text == "True\n"


def test_memory_limit_ends_one_kernel_and_not_its_sibling():
    async def both():
        greedy = try_inside("hoard = []\nwhile True: hoard.append(bytearray(32 << 20))", memory_mb=500)
        modest = try_inside("import time\ntime.sleep(2)\nprint('done')", memory_mb=500)
        return await asyncio.gather(greedy, modest)

    greedy, modest = asyncio.run(both())
    assert greedy.died and "500 MB of memory" in greedy.stopped_because
    assert modest.text == "done\n" and not modest.died


def test_shared_memory_counts():
    hoard = """
import mmap
hoard = []
while True:
    with open(f"/dev/shm/{len(hoard)}", "w+b") as file:
        file.truncate(32 << 20)
        hoard.append(mmap.mmap(file.fileno(), 32 << 20))
    hoard[-1].write(bytes(32 << 20))
"""
    assert "300 MB of memory" in trial(hoard, memory_mb=300).stopped_because


def test_file_larger_than_its_limit_is_refused():
    assert trial("open('big', 'wb').write(bytes(3 << 20))", file_mb=2).error == "OSError"


def test_processor_time_is_bounded():
    assert "1 s of processor time" in trial("while True: pass", cpu_seconds=1).stopped_because


RAW = """
import os, stat, time
end = time.monotonic() + SECONDS
while time.monotonic() < end:
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.set_blocking(number, False)
                os.write(number, FRAMES * 1000)
        except OSError:
            pass
"""


def test_endless_message_beside_ipykernel_is_output_too():
    """Straight into the connections to the grader, whose ZeroMQ would wait for the end."""
    outcome = trial(RAW.replace("SECONDS", "20").replace("FRAMES", repr(b"\x01\x00")), output_mb=2, timeout=15)
    assert "2 MB" in outcome.stopped_because


@pytest.mark.parametrize("frames", [b"\x00\x00", b"\xff" * 8, b"\x00\x01x"], ids=["empty", "garbage", "letters"])
def test_broken_messages_cost_only_their_own_hand_in(frames):
    broken = trial(RAW.replace("SECONDS", "0.5").replace("FRAMES", repr(frames)), "print('on')", timeout=3)
    assert broken.died or broken.error
    assert trial("print('next')").text == "next\n"
