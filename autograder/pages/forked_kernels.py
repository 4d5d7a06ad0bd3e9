"""Kernels for our own lessons that start at once: forks of one process that has imported what lessons import.

They are a learner's kernels, not confined. Where forks are not safe, outside Linux, each kernel starts by itself.
"""

import multiprocessing
import os
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import torch
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from autograder.sandbox.inside.kernel import be_nobodys_sibling

LAUNCHER = (sys.executable, "-m", "ipykernel_launcher")


class ForkedKernelManager(AsyncKernelManager):
    """Starts a learner's kernel as a fork."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """A kernel of this interpreter."""
        provisioner = "gradlab-forked" if sys.platform == "linux" else "local-provisioner"
        return KernelSpec(
            argv=[*LAUNCHER, "-f", "{connection_file}"],
            display_name="Python 3 (ipykernel)",
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": provisioner}},
        )


class ForkedProvisioner(LocalProvisioner):
    """Forks a kernel from the warm process, which starts with the first of them and ends with this process."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel with these arguments, in the folder and with the environment asked for."""
        self.cwd = kwargs.get("cwd") or Path.cwd()
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([f"{__package__}.warm"])
        words = cmd[len(LAUNCHER) :]
        kernel = context.Process(
            target=become_kernel, args=(words, str(self.cwd), kwargs["env"], torch.get_num_threads())
        )
        kernel.start()
        self.process, self.pid = Fork(kernel), kernel.pid
        return self.connection_info


class Fork:
    """A kernel that was forked, under the names of a `Popen`, which jupyter_client expects."""

    stdin = stdout = stderr = None

    def __init__(self, process: BaseProcess):
        self.process = process

    def poll(self) -> int | None:
        """Its exit code, once it has ended."""
        return self.process.exitcode

    def wait(self) -> int | None:
        """Its exit code, when it has ended."""
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it lives."""
        if self.poll() is None:
            os.kill(self.process.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()

    def terminate(self) -> None:
        """Ask it to end."""
        self.process.terminate()


def become_kernel(words: list[str], folder: str, environment: dict[str, str], threads: int) -> None:
    """In the fork: be a learner's kernel to its end."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["ipykernel_launcher"]
    sys.path.insert(0, "")
    torch.set_num_threads(threads)
    be_nobodys_sibling()
    kernel = IPKernelApp.instance(parent_handle=os.getppid())
    kernel.initialize(words)
    kernel.shell.enable_matplotlib("inline")  # its own way, at the import of pyplot, was passed in the warm process
    kernel.start()
