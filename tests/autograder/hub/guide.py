"""What the instructor's guide says of a JupyterHub: its blocks of commands and of settings."""

import re

from autograder.notebooks.places import ROOT

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(kind: str, guide: str = "instructor", heading: str = "## On a JupyterHub") -> list[list[str]]:
    """The lines of each block of this kind, `sh` or `python`, below a heading."""
    text = (ROOT / "assets" / "guides" / f"{guide}.md").read_text(encoding="utf-8")
    section = text.split(f"\n{heading}\n")[1].split("\n## ")[0]
    return [block.splitlines() for found, block in BLOCK.findall(section) if found == kind]
