"""A process with everything imported that forks one kernel a hand-in."""

import gc
import importlib
import io
import json
import os
import pkgutil
import signal
import socket
import sys
import warnings
from types import ModuleType

import gradlab

WARM = (
    # what lessons use
    "torch.func",
    "numpy.random",
    "scipy.optimize",
    "scipy.linalg",
    "scipy.spatial",
    "sklearn.linear_model",
    "torchopt",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "ipywidgets",
    "anywidget",
    "torch._subclasses.schema_check_mode",
    # what a kernel would import when it starts
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.magics",
    "IPython.extensions.storemagic",
    "sqlite3",
    "tornado.platform.asyncio",
    "tornado.queues",
)


def warm_up() -> None:
    """Import what lessons use, and stay fit to fork: a single thread, no OpenMP pool, no sockets."""
    for name in (*WARM, *(module.name for module in pkgutil.walk_packages(gradlab.__path__, "gradlab."))):
        importlib.import_module(name)
    from . import guard  # noqa: F401  # brings ipykernel

    rehearse()
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise RuntimeError(f"an import started {threads - 1} threads, and a process with threads must not fork")
    forget_warnings()
    gc.collect()
    gc.freeze()  # otherwise each child's first collection would copy every page


def rehearse() -> None:
    """Have torch and matplotlib do what they put off until first use: a second for each kernel otherwise."""
    import torch
    from matplotlib.figure import Figure

    torch.set_num_threads(1)
    x = torch.ones(2, dtype=torch.float64, requires_grad=True)
    torch.autograd.gradcheck(torch.sin, x)
    torch.func.hessian(lambda x: (x**3).sum())(x.detach())
    torch.func.jvp(torch.sin, (x.detach(),), (x.detach(),))  # brings torch._dynamo, and so do optimisers
    torch.optim.SGD([x], lr=0.1).step()
    figure = Figure()
    figure.subplots().plot([0, 1], label="$x$")
    for kind in ("png", "svg"):
        figure.savefig(io.BytesIO(), format=kind)


def forget_warnings() -> None:
    """A warning that was shown once here is to be shown in each kernel; a kernel that looked itself would copy every module."""
    for module in list(sys.modules.values()):
        if isinstance(module, ModuleType):
            vars(module).pop("__warningregistry__", None)
    warnings.onceregistry.clear()


def serve(control: socket.socket) -> None:
    """Fork a kernel for each message until a message says stop or the grader is gone."""
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, 16, 16)
        if order != b"fork":
            return
        if (pid := os.fork()) == 0:
            control.close()
            found_sandbox(descriptors)
        for number in descriptors:
            os.close(number)
        os.waitpid(pid, 0)


def found_sandbox(descriptors: list[int]) -> None:
    """In the fork: enter namespaces, leave process 1 behind in them, and hand its pidfd to the grader."""
    lifeline = socket.socket(fileno=descriptors[0])
    try:
        from . import namespaces
        from .guard import run_guard

        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        namespaces.enter_namespaces()
        if (guard := os.fork()) == 0:
            exam, parcel, *outer = descriptors[1:]
            request = json.loads(lifeline.recv(1 << 17))
            run_guard(lifeline, request, exam, parcel, [socket.socket(fileno=number) for number in outer])
        socket.send_fds(lifeline, [b'{"guard": true}'], [os.pidfd_open(guard)])
    except BaseException as error:
        lifeline.send(json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())
        os._exit(1)
    os._exit(0)


def main(control_fd: int) -> None:
    """Warm up, say so, serve."""
    control = socket.socket(fileno=control_fd)
    sys.path = [entry for entry in sys.path if entry != os.path.dirname(os.path.dirname(__file__))]
    warm_up()
    control.send(b"warm")
    serve(control)
