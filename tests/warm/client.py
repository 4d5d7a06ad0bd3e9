"""gradlab's commands and learners' kernels as processes of their own, forked from one that has imported everything.

What is spared is the start: four seconds of a processor and more. Exit code, output, folder and environment are those of
a process that a shell starts. A test of the start itself, of another PATH, or of a kill starts its own with `sys.executable`.
"""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from autograder.sandbox.view import FIT_TO_FORK
from tests.warm import launch

KERNEL = Path("kernels", "python3")


def run_gradlab(
    words: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    timeout: float = 600,
) -> subprocess.CompletedProcess[str]:
    """Run `gradlab WORDS` to its end; kernels that it starts are warm too, if they are not confined.

    Raises TimeoutExpired, after a kill, where that takes longer than `timeout` seconds.
    """
    here, words = str(folder or Path.cwd()), list(words)
    environment = {**environment, "JUPYTER_PATH": str(Path(server()).parent)}
    with open(os.devnull) as nothing, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        streams = [nothing.fileno(), output.fileno(), errors.fileno()]
        connection, _ = launch.launch(server(), "command", words, here, environment, streams)
        with connection:  # its end is that of the command
            connection.settimeout(timeout)
            try:
                code = json.loads(connection.recv(64))["code"]
            except TimeoutError:
                raise subprocess.TimeoutExpired(words, timeout) from None
        output.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(words, code, output.read().decode(), errors.read().decode())


class WarmKernelManager(AsyncKernelManager):
    """Starts a learner's kernel with the learner's rights, warm."""

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec.from_resource_dir(str(Path(server()).parent / KERNEL))


@cache
def server() -> str:
    """The place of the process that forks, started at first use; it ends with the tests, however they end."""
    folder = Path(tempfile.mkdtemp(prefix="gradlab-warm-", dir="/tmp"))  # a socket's path may have 107 characters
    place = str(folder / "socket")
    argv = [sys.executable, "-I", "-S", launch.__file__, place, "-f", "{connection_file}"]
    (folder / KERNEL).mkdir(parents=True)
    spec = {"argv": argv, "display_name": "Python 3 (warm)", "language": "python"}
    (folder / KERNEL / "kernel.json").write_text(json.dumps(spec))
    command = [sys.executable, "-m", "tests.warm.server", place]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    quiet = os.environ | FIT_TO_FORK
    process = subprocess.Popen(command, start_new_session=True, env=quiet, **pipes)
    assert process.stdout.readline() == b"warm\n", "the process that forks did not start"
    atexit.register(_end, process, folder, os.getpid())
    return place


def _end(process: subprocess.Popen, folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        process.stdin.close()
        process.wait()
        shutil.rmtree(folder)
