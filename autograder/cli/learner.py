"""Commands for learners: open the lessons."""

import os
import subprocess
import sys

import typer

from autograder.cli.shared import app


@app.command()
def lab() -> None:
    """Open JupyterLab on the lessons."""
    from autograder.notebooks.places import ROOT, lesson_path

    first = lesson_path("00-start-here").relative_to(ROOT)
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}"]
    command += [f"--ServerApp.preferred_dir={ROOT / 'lessons'}", f"--LabApp.default_url=/lab/tree/{first.as_posix()}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # containers; Jupyter refuses otherwise
    raise typer.Exit(subprocess.run(command, cwd=ROOT).returncode)
