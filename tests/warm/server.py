"""A process that has imported gradlab and forks: each fork becomes a command or a kernel, without the seconds of its start.

Whoever connects to its socket sends what the fork is to become, with the three standard streams, and is told the process
and, when it has ended, its exit code; the fork ends when that connection does. The server ends with its standard input.
"""

import importlib
import json
import os
import pkgutil
import random
import selectors
import signal
import socket
import sys
from contextlib import suppress
from typing import NoReturn

import numpy
import torch
from ipykernel.kernelapp import IPKernelApp

from autograder.cli import app
from autograder.sandbox.inside.zygote import warm_up
from autograder.sandbox.zygote import SandboxUnavailable, shared_zygote

ROOMS = ("desk", "marking", "notebooks", "release")
THEIRS = ("nbgrader.apps", "nbgrader.converters.generate_feedback", "nbconvert.exporters.html", "alembic.config")
LARGEST_REQUEST = 1 << 17


class Ended(Exception):
    """Nobody needs the server any more."""


class Server:
    """Forks for each connection, and tells how the forks ended."""

    def __init__(self, listener: socket.socket):
        self.listener = listener
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ, self.accept)
        self.selector.register(sys.stdin, selectors.EVENT_READ, self.end)
        self.running: dict[int, socket.socket] = {}

    def serve(self) -> dict:
        """Serve until the end; returns the request in a fork."""
        while True:
            for key, _ in self.selector.select():
                if key.fd in self.selector.get_map() and (request := key.data()) is not None:
                    return request

    def accept(self) -> dict | None:
        """Fork; returns the request in the fork, which has its streams then, and nothing else of the server."""
        connection, _ = self.listener.accept()
        message, streams, _, _ = socket.recv_fds(connection, LARGEST_REQUEST, 3)
        if (process := os.fork()) == 0:
            os.setpgid(0, 0)
            self.selector.close()
            for each in (self.listener, connection, *self.running.values()):
                each.close()
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
                os.close(stream)
            return json.loads(message)
        for stream in streams:
            os.close(stream)
        with suppress(OSError):  # it has done so itself, or has ended
            os.setpgid(process, process)
        ended = os.pidfd_open(process)
        self.running[process] = connection
        self.selector.register(ended, selectors.EVENT_READ, lambda: self.tell(process, ended))
        self.selector.register(connection, selectors.EVENT_READ, lambda: self.kill(process))
        connection.send(json.dumps({"process": process}).encode())
        return None

    def tell(self, process: int, ended: int) -> None:
        """The exit code, to whoever asked for the process."""
        _, status = os.waitpid(process, 0)
        self.selector.unregister(ended)
        os.close(ended)
        connection = self.running.pop(process)
        with suppress(KeyError):
            self.selector.unregister(connection)
        with connection, suppress(OSError):
            connection.send(json.dumps({"code": os.waitstatus_to_exitcode(status)}).encode())

    def kill(self, process: int) -> None:
        """End what nobody waits for any more."""
        with suppress(KeyError):
            self.selector.unregister(self.running[process])
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)

    def end(self) -> NoReturn:
        for process in self.running:
            self.kill(process)
        raise Ended


def get_warm() -> None:
    """Import what commands and kernels import, and start the sandbox where there is one."""
    for room in ROOMS:
        package = importlib.import_module(f"autograder.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    for name in THEIRS:
        importlib.import_module(name)
    with suppress(SandboxUnavailable):
        shared_zygote()
    warm_up()


def become(kind: str, words: list[str], folder: str, environment: dict[str, str]) -> None:
    """Take on the folder, the environment and the words of a new process, and be a command or a kernel to its end."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = words
    random.seed()
    numpy.random.seed()
    torch.manual_seed(torch.initial_seed())
    if kind == "command":
        app()
    sys.path.pop(0)  # the folder of the tests
    kernel = IPKernelApp.instance(parent_handle=os.getppid())
    kernel.initialize()
    kernel.shell.enable_matplotlib("inline")
    kernel.start()


def main() -> None:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(sys.argv[1])
    get_warm()
    listener.listen()
    print("warm", flush=True)
    try:
        request = Server(listener).serve()
    except Ended:
        return
    become(**request)


if __name__ == "__main__":
    main()
