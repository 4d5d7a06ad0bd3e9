"""A JupyterLab for tests, and the few things a test does with it in a real browser."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import nbformat
from playwright.sync_api import Page

from tests.autograder.work.servers import free_ports

ARTEFACTS = Path(__file__).parents[1] / "artefacts"
SECONDS = 60  # how long a test waits before it says that something does not happen


@dataclass(frozen=True)
class Lab:
    """A running server: where it listens and the folder that it serves."""

    url: str
    token: str
    root: Path

    def add(self, notebook: Path, name: str | None = None) -> str:
        """Copy a notebook into the served folder; returns the address that opens it."""
        target = self.root / (name or notebook.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(notebook, target)
        return self.address(target)

    def write(self, name: str, cells: Sequence[str]) -> str:
        """Write a notebook of these code cells into the served folder; returns the address that opens it."""
        target = self.root / name
        nbformat.write(notebook(cells), target)
        return self.address(target)

    def address(self, notebook: Path) -> str:
        """The address that opens a notebook of the served folder."""
        return f"{self.url}/lab/tree/{quote(str(notebook.relative_to(self.root)))}?token={self.token}&reset"


def notebook(cells: Sequence[str]) -> nbformat.NotebookNode:
    """A notebook with these code cells."""
    node = nbformat.v4.new_notebook()
    node.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    node.cells = [nbformat.v4.new_code_cell(source, id=f"cell-{k}") for k, source in enumerate(cells)]
    return node


@contextmanager
def running_lab(folder: Path) -> Iterator[Lab]:
    """A JupyterLab on a free port of this machine alone, with settings of its own; stopped at the end."""
    root = folder / "root"
    root.mkdir(parents=True)
    (port,) = free_ports(1)
    token = "for-tests-only"
    home = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    home |= {name: str(folder / name.lower()) for name in ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")}
    _keep_quiet(Path(home["JUPYTERLAB_SETTINGS_DIR"]))
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += ["--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    command += [f"--ServerApp.root_dir={root}", "--LabApp.expose_app_in_browser=True"]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | home)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/api/status?token={token}", server, folder / "server.log")
        yield Lab(url, token, root)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _keep_quiet(settings: Path) -> None:
    """No question about news over the pictures."""
    plugin = settings / "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    plugin.parent.mkdir(parents=True)
    plugin.write_text('{"fetchNews": "false", "checkForUpdates": false}')


def _wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


def open_notebook(page: Page, address: str) -> None:
    """Open a notebook and wait for its kernel: the indicator says idle before there is one."""
    page.goto(address)
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context", timeout=SECONDS * 1000)
    page.evaluate(
        """async () => {
            await window.jupyterapp.restored;
            const { context, sessionContext } = window.jupyterapp.shell.currentWidget;
            await context.ready;
            await sessionContext.ready;
            await sessionContext.session.kernel.info;
        }"""
    )


def run_all(page: Page) -> None:
    """Run all cells of the open notebook; returns when the last has run."""
    page.evaluate("async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells'); }")


def screenshot(page: Page, name: str) -> Path:
    """Keep a picture of the page among the test artefacts, which are there to be looked at."""
    ARTEFACTS.mkdir(exist_ok=True)
    path = ARTEFACTS / f"{name}.png"
    page.screenshot(path=path)
    return path
