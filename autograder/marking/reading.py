"""Read a hand-in that may be anything: a notebook, a broken one, or no notebook at all."""

import json
import os
import re
import stat
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.notebooks.files import empty

LARGEST_FILE = 20 * 2**20  # bytes
LARGEST_OLD_FILE = 2**20  # of a format that is read by nbformat, which takes its time over many cells
MOST_CELLS = 2000
MOST_CODE = 2**18  # characters of all code cells together: the grader itself parses them
PICTURE = re.compile(r"image/(png|jpeg|gif|webp|svg\+xml)")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
NO_LANGUAGE = re.compile(r"[^a-z0-9+#. -]+")
"""What stands in no language's name: a remark says that name, to the grader and to platforms, and obeys nothing in it."""


def read_hand_in(path: Path) -> tuple[NotebookNode, str]:
    """The notebook and a sentence for its author; an empty notebook and the reason where the file cannot be read."""
    try:
        content = _content(path)
        if len(content) > LARGEST_FILE:
            return (
                empty(),
                f"The file is larger than {LARGEST_FILE // 2**20} MB. Clear the outputs, save, hand in again.",
            )
        data = json.loads(content.decode(json.detect_encoding(content)))
    except (OSError, UnicodeError):
        return empty(), "The file is not a text file, so it is not a notebook. Hand in the .ipynb file itself."
    except (ValueError, RecursionError) as error:  # also a number with too many digits
        return (
            empty(),
            f"The file is not a whole notebook: {error}. It may have been cut off on the way; hand it in again.",
        )
    if not isinstance(data, dict) or not isinstance(data.get("cells", data.get("worksheets")), list):
        return empty(), "The file holds no cells, so it is not a notebook. Hand in the .ipynb file that you worked in."
    if isinstance(data.get("worksheets"), list):
        return _upgraded(data if len(content) <= LARGEST_OLD_FILE else {})
    return _made_of(data["cells"], _language(data))


def _made_of(raw: list, language: str = "") -> tuple[NotebookNode, str]:
    """The notebook of the cells that can be marked, and what was odd about it."""
    notebook = empty()
    notebook.cells, dropped = _cells(raw)
    trouble = f"{dropped} cells were damaged, or more than a notebook may hold, and left out." if dropped else ""
    if language not in ("python", ""):
        trouble += f" The notebook names the language {language}; it was marked with Python."
    return notebook, trouble.strip()


def _cells(raw: list) -> tuple[list[NotebookNode], int]:
    """The cells that can be marked, and how many others there are."""
    cells, room = [], MOST_CODE
    for each in raw[:MOST_CELLS]:
        cell = plain_cell(each)
        size = len(cell.source) if cell is not None and cell.cell_type == "code" else 0
        if cell is not None and size <= room:
            cells.append(cell)
            room -= size
    return cells, len(raw) - len(cells)


def _content(path: Path) -> bytes:
    """What the file holds, to one byte beyond what is read; OSError for a link (to another's work), a pipe, a device."""
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OSError("not a regular file")
        return file.read(LARGEST_FILE + 1)


def whole_text(text: str) -> str:
    """The text with a question mark for each half of a character (JSON can spell one): it cannot be stored or sent."""
    return text.encode("utf-8", "replace").decode("utf-8")


def plain_cell(raw: Any) -> NotebookNode | None:
    """Type, source and grade_id of a cell; nothing else of it is believed. None for what is no cell."""
    if not isinstance(raw, dict) or raw.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = raw.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    make = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "raw": nbformat.v4.new_raw_cell,
    }
    cell = make[raw["cell_type"]](whole_text(source))
    metadata = raw.get("metadata")
    known = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    if isinstance(known, dict) and isinstance(known.get("grade_id"), str):
        cell.metadata["nbgrader"] = {"grade_id": whole_text(known["grade_id"])}
    if cell.cell_type == "markdown" and _attachments(raw):
        cell["attachments"] = _attachments(raw)
    return cell


def _attachments(raw: dict) -> dict:
    """Pictures pasted into a text answer."""
    found = raw.get("attachments")
    kept = {
        whole_text(name): {kind: data for kind, data in bundle.items() if PICTURE.fullmatch(kind) and is_base64(data)}
        for name, bundle in (found.items() if isinstance(found, dict) else ())
        if isinstance(bundle, dict)
    }
    return {name: bundle for name, bundle in kept.items() if bundle}


def is_base64(data: Any) -> bool:
    """Whether this can stand in a data address and be nothing else."""
    return isinstance(data, str) and BASE64.fullmatch(data) is not None


def _language(data: dict) -> str:
    metadata = data.get("metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = spec.get("language", "") if isinstance(spec, dict) else ""
    return NO_LANGUAGE.sub("?", language.lower()[:40]) if isinstance(language, str) else ""


def _upgraded(data: dict) -> tuple[NotebookNode, str]:
    try:
        old = nbformat.convert(nbformat.from_dict(data), 4)
    except Exception:
        return (
            empty(),
            "The notebook has an old format that cannot be read. Open it in JupyterLab, save it, hand in again.",
        )
    return _made_of(old.cells)
