"""Notebooks on disk: an empty one, and the same bytes for the same notebook."""

import json

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
