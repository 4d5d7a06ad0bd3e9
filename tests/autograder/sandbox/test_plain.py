"""The plain provisioner: an ordinary kernel with an exam socket."""

import asyncio

import nbformat
from nbclient import NotebookClient

from autograder.sandbox.managers import PlainKernelManager

ECHO = """
import os, socket
exam = socket.socket(fileno=int(os.environ["GRADLAB_EXAM_FD"]))
exam.sendall(exam.recv(100)[::-1])
"""


def notebook(*sources: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


def test_kernel_answers_over_its_exam_socket(tmp_path):
    async def talk() -> bytes:
        client = NotebookClient(
            notebook(ECHO),
            kernel_manager_class=PlainKernelManager,
            timeout=60,
            resources={"metadata": {"path": tmp_path}},
        )
        client.create_kernel_manager()
        async with client.async_setup_kernel():
            client.km.provisioner.exam_socket.sendall(b"probe")
            await client.async_execute_cell(client.nb.cells[0], 0)
            return client.km.provisioner.exam_socket.recv(100)

    assert asyncio.run(talk()) == b"eborp"


def test_restart_gives_a_fresh_exam_socket(tmp_path):
    async def restart() -> tuple:
        manager = PlainKernelManager()
        await manager.start_kernel(cwd=str(tmp_path))
        first = manager.provisioner.exam_socket
        await manager.restart_kernel(now=True)
        second = manager.provisioner.exam_socket
        await manager.shutdown_kernel(now=True)
        return first.fileno(), second is not first, manager.provisioner.exam_socket

    assert asyncio.run(restart()) == (-1, True, None)


def test_hand_in_metadata_does_not_choose_the_kernel():
    hand_in = notebook("import sys; sys.executable")
    hand_in.metadata["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
    executed = NotebookClient(hand_in, kernel_manager_class=PlainKernelManager, timeout=60).execute()
    assert "python" in executed.cells[0].outputs[0]["data"]["text/plain"]
