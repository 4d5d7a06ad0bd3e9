"""Files of a course, written whole or not at all."""

import os
import shutil
import tempfile
from pathlib import Path

from autograder.notebooks.files import write_whole


def replace_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Put these files in the place of a folder; a crash leaves the old one, none, or the new one, never a mixture."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".", suffix=".part"))
    try:
        for name, data in files.items():
            write_whole(aside / name, data)
        os.chmod(aside, 0o755)
        if folder.exists():
            old = aside.with_suffix(".old")
            folder.rename(old)
            aside.rename(folder)
            shutil.rmtree(old)
        else:
            aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
