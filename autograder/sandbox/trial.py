"""Run a few cells in a sandbox and say what came of it."""

from dataclasses import dataclass

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from traitlets.config import Config

from .managers import SandboxKernelManager


@dataclass(frozen=True)
class Outcome:
    """What cells printed, the last exception's name, whether the kernel died, which limit ended it."""

    text: str
    error: str | None
    died: bool
    stopped_because: str | None


async def try_inside(*cells: str, folder: str | None = None, timeout: int = 30, **limits: int) -> Outcome:
    """Run the cells in a new sandbox with these limits, on a copy of the folder."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(
        notebook,
        kernel_manager_class=SandboxKernelManager,
        config=Config({"SandboxProvisioner": limits}),
        resources={"metadata": {"path": folder}} if folder else {},
        timeout=timeout,
        allow_errors=True,
        shutdown_kernel="immediate",
    )
    manager = client.create_kernel_manager()
    await client.async_start_new_kernel()
    died, error = False, None
    try:
        await client.async_execute()
    except DeadKernelError:
        died = True
    except Exception as problem:  # a hand-in may send messages that nbclient stumbles over
        error = type(problem).__name__
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    errors = [output.ename for output in outputs if output.output_type == "error"]
    return Outcome(
        text="".join(output.text for output in outputs if output.output_type == "stream" and output.name == "stdout"),
        error=error or (errors[-1] if errors else None),
        died=died,
        stopped_because=manager.provisioner.stopped_because,
    )
