"""A JupyterLab that a test has started: what it answers once it does."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

SECONDS = 180


def free_ports(count: int) -> list[int]:
    """Ports of localhost that are free now, each another one."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in taken]
    for each in taken:
        each.close()
    return ports


@contextmanager
def running(command: list[str | Path], folder: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen]:
    """A server that runs for the length of the block, with all that it starts."""
    server = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield server
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


def fetched(url: str, server: subprocess.Popen) -> str:
    """What an address answers; a server that ends meanwhile is a failure."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urlopen(url, timeout=30) as page:
                return page.read().decode()
        except HTTPError:
            raise
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"{url} does not answer; the server's exit code is {server.poll()}")
