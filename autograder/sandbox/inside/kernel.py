"""Process 2 of a sandbox: an IPython kernel on sockets that it inherits."""

import json
import os
import random
import sys
import zipfile
from pathlib import Path
from types import TracebackType

import numpy
import torch
import zmq
from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config

MOST_FRAMES = 20
CHANNELS = ("shell", "iopub", "stdin", "control")


class InheritedKernelApp(IPKernelApp):
    """ipykernel's application, without a connection file and on listening sockets that were made before.

    Nothing on the disk names the sockets or holds the key, so no other process can find them.
    """

    listeners: dict[str, int]

    def _try_bind_socket(self, s, port):
        s.setsockopt(zmq.USE_FD, self.listeners[CHANNELS[port - 1]])
        return super()._try_bind_socket(s, port)

    def init_heartbeat(self):
        pass

    def init_connection_file(self):
        pass

    def write_connection_file(self, **kwargs):
        pass


def unpack(parcel: int, folder: str) -> None:
    """Put the hand-in's files into the folder."""
    os.makedirs(folder)
    with zipfile.ZipFile(os.fdopen(parcel, "rb")) as archive:
        archive.extractall(folder)


def enter(app: InheritedKernelApp, folder: str) -> None:
    """Go to the folder, as if the kernel had been started there."""
    os.chdir(folder)
    sys.path.insert(0, "")
    app.shell.starting_dir = folder
    app.shell.history_manager.dir_hist[:] = [Path(folder)]


def be_nobodys_sibling() -> None:
    """Draw random states of its own; else all that come from one zygote would share them.

    What cannot be undone is Python's string hash seed: siblings order a set of strings alike.
    """
    random.seed()
    numpy.random.seed()
    torch.seed()


def make_app(request: dict, listeners: dict[str, int]) -> InheritedKernelApp:
    """The application, initialised and ready to start."""
    config = Config()
    config.Session.key = request["key"].encode()
    config.Session.signature_scheme = request["signature_scheme"]
    config.HistoryManager.hist_file = ":memory:"
    app = InheritedKernelApp.instance(
        config=config,
        transport="ipc",
        ip="kernel",
        connection_file="kernel.json",
        **{f"{channel}_port": number for number, channel in enumerate(CHANNELS, 1)},
    )
    app.listeners = listeners
    app.initialize(request["arguments"])
    app.shell.enable_matplotlib("inline")  # its own way, at the import of pyplot, was passed in the zygote
    app.shell.set_custom_exc((Exception,), _show_shortened)
    _answer_for_cells_nested_too_deep(app.shell)
    return app


def _answer_for_cells_nested_too_deep(shell) -> None:
    """IPython would lose the answer to a cell that Python cannot compile, and whoever runs it would wait for one."""
    stock = shell.should_run_async

    def should_run_async(*arguments, **options) -> bool:
        try:
            return stock(*arguments, **options)
        except RecursionError:
            return False  # the cell is run, and shows that error

    shell.should_run_async = should_run_async


def shortened(trace: TracebackType | None) -> TracebackType | None:
    """A traceback with its first and last frames only, where there are very many.

    IPython looks through all modules for each frame: with torch loaded a recursion without end would take minutes to show.
    """
    frames = []
    while trace is not None:
        frames.append(trace)
        trace = trace.tb_next
    short = None
    for each in reversed(
        frames if len(frames) <= MOST_FRAMES else frames[: MOST_FRAMES // 2] + frames[-MOST_FRAMES // 2 :]
    ):
        short = TracebackType(short, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return short


def _show_shortened(shell, kind, error, trace, tb_offset=None) -> None:
    seen, linked = set(), error
    while linked is not None and id(linked) not in seen:  # IPython shows what an exception came from, too
        seen.add(id(linked))
        linked.__traceback__ = shortened(linked.__traceback__)
        linked = linked.__cause__ or linked.__context__
    shell.showtraceback((kind, error, shortened(trace)), tb_offset=tb_offset)


def start_kernel(request: dict, parcel: int, exam: int, listeners: dict[str, int], tell) -> None:
    """Become the hand-in's kernel; returns when it is shut down."""
    folder = f"{os.environ['HOME']}/{request['folder']}"
    unpack(parcel, folder)
    os.environ["GRADLAB_EXAM_FD"] = str(exam)
    sys.argv = ["ipykernel_launcher"]
    be_nobodys_sibling()
    os.chdir("/")  # what lies in the hand-in's folder is not to be imported while a kernel is made
    app = make_app(request, listeners)
    tell(json.dumps({"ready": True}).encode())
    enter(app, folder)
    app.start()
