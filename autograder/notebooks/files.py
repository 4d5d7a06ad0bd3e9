"""Notebooks on disk: an empty one, the same bytes for the same notebook, and files that are written whole or not at all."""

import errno
import json
import os
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode


def empty() -> NotebookNode:
    """A notebook without cells, with the only kernel that lessons and hand-ins run on."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook.metadata.language_info = {"name": "python"}
    return notebook


def write_bytes(notebook: NotebookNode) -> bytes:
    """The notebook file: the same bytes for the same notebook, on every machine."""
    return (nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n").encode("utf-8").replace(b"\r\n", b"\n")


def parse(content: bytes, name: str) -> NotebookNode:
    """The notebook in a file's bytes. Raises ValueError with a sentence if it is none."""
    try:
        return nbformat.reads(content.decode(json.detect_encoding(content)), as_version=4)
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError, nbformat.ValidationError):
        raise ValueError(f"{name} is not a whole notebook; restore it or copy the lesson anew.") from None


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file so that after a crash there is the old one or the new one. Raises IsADirectoryError for a folder."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        os.chmod(aside, mode)
        os.replace(aside, path)
    except BaseException:
        os.unlink(aside)
        raise
