"""JupyterLab for a learner: it serves the folder of the work and nothing beside it, and has no tools of instructors."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

INSTRUCTORS = ("create-assignment", "formgrader", "course-list")  # nbgrader's extensions of JupyterLab
SERVER = ("formgrader", "course_list")  # and of its server
VALIDATE = "c.ExecutePreprocessor.timeout = 120  # seconds a cell, for the button Validate\n"


def run_lab(folder: Path, first: str, options: Sequence[str]) -> int:
    """Run JupyterLab on a learner's folder, opened on the lesson `first`, until it ends; returns its exit code."""
    with tempfile.TemporaryDirectory(prefix="gradlab-settings-") as settings:
        write_settings(Path(settings))
        return serve(folder, first, options, settings)


def serve(folder: Path, first: str, options: Sequence[str], settings: str = "") -> int:
    """Run JupyterLab on a folder with settings besides the user's own, until it ends; returns its exit code."""
    opened = [f"--LabApp.default_url=/lab/tree/{first}"] if (folder / first).exists() else []
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.resolve()}", *opened]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # containers; Jupyter refuses otherwise
    paths = filter(None, (settings, os.environ.get("JUPYTER_CONFIG_PATH", "")))
    environment = os.environ | {"JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}
    try:
        return subprocess.run([*command, *options], cwd=folder, env=environment).returncode
    except KeyboardInterrupt:  # Ctrl-C, which Jupyter has been told, too
        return 0


def write_settings(folder: Path) -> None:
    """Settings that turn off what only instructors use."""
    turn_off_instructors_tools(folder)
    (folder / "nbgrader_config.py").write_text(f"c = get_config()\n{VALIDATE}")


def turn_off_instructors_tools(folder: Path) -> None:
    """Write into a folder of Jupyter's settings that learners' servers lack what only instructors use."""
    page = {"disabledExtensions": {f"@jupyter/nbgrader:{name}": True for name in INSTRUCTORS}}
    off = {"ServerApp": {"jpserver_extensions": {f"nbgrader.server_extensions.{name}": False for name in SERVER}}}
    for settings, name in ((page, "labconfig/page_config.d"), (off, "jupyter_server_config.d")):
        path = folder / name / "nbgrader_of_learners.json"  # read after nbgrader's own `nbgrader.json`
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), encoding="utf-8")
