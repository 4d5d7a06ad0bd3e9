"""Notebooks on disk: an empty one, the same bytes for the same notebook, and files that are written whole or not at all."""

import errno
import json
import os
import tempfile
import warnings
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.notebooks.system_errors import sentence_of


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


def read_file(path: Path) -> bytes:
    """What a file holds. Raises ValueError with a sentence for what is no regular file, and for what cannot be read.

    A pipe is not opened: that would wait for ever.
    """
    try:
        if path.is_file():
            return path.read_bytes()
        what = "a folder" if path.is_dir() else "a link to nothing" if path.is_symlink() else "no regular file"
    except OSError as error:
        raise ValueError(sentence_of(error)) from None
    raise ValueError(f"{path} is {what}, and was left as it is. Rename it, or move it away.")


def read_notebook(path: Path) -> NotebookNode:
    """The notebook in a file. Raises ValueError with a sentence if it is none, or cannot be read."""
    content = read_file(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of cells with one id, which count all the same
        return parse(content, str(path))


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file so that after a crash there is the old one or the new one.

    Raises IsADirectoryError for a folder; an OSError names this file, and not one that was written aside.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write_aside(path, data, mode)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _write_aside(path: Path, data: bytes, mode: int) -> None:
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
