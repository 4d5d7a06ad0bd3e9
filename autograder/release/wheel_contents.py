"""A hook of hatchling: what a wheel holds beside the packages, so that an installed edition has what a clone has."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BESIDE = ("solutions", "assets", "pyproject.toml", "constraints.txt", "environment.yml", "LICENSE", "README.md")


class WheelContents(BuildHookInterface):
    """Adds the lessons' notebooks, and of an instructor's edition the sources, in the folder that the project names."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the wheel is written; an editable installation has the clone itself."""
        if version == "editable":
            return
        root, edition = Path(self.root), self.config["edition"]
        found = [path for path in root.glob("lessons/[0-9]*/*.ipynb") if ".yours-" not in path.name]
        found += [root / name for name in ("lessons/start.ipynb", *BESIDE) if (root / name).exists()]
        build_data["force_include"] |= {str(path): f"{edition}/{path.relative_to(root).as_posix()}" for path in found}
