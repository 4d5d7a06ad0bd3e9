"""Notebooks, outputs, archives, names, messages and programs at random, and what must hold of each."""

import contextlib
import io
import json
import os
import socket
import struct
import tempfile
import unicodedata
import zipfile
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import nbformat

from autograder.desk.collect.archives import Unreadable, files_of
from autograder.desk.collect.notebooks import read_content
from autograder.desk.collect.platforms import Layout
from autograder.desk.course.folder import CourseError
from autograder.desk.course.names import identifier, shown_name
from autograder.marking.outputs import bounded
from autograder.marking.reading import read_hand_in
from autograder.marking.restore import restored
from autograder.marking.source_cell import SourceCell
from autograder.notebooks.cells import grade_id
from autograder.notebooks.places import lesson_path
from autograder.notebooks.timestamp import TIMESTAMP, time_handed_in
from gradlab.exercises.writing import bound_names_of, names_used, text_of
from gradlab.probe import Probe, ProbeError
from gradlab.probe.plain import NotPlain
from gradlab.probe.wire import receive_sized

LESSON = "00-start-here"
SCALARS = [
    None,
    True,
    0,
    -1,
    1e308,
    float("nan"),
    10**30,
    "",
    "x",
    "\ud800",
    "\0",
    "<b>",
    "cells",
    "code",
    "markdown",
    "gradient",
    [],
    {},
    ["a", 1],
]
KEYS = ["cells", "cell_type", "source", "metadata", "nbgrader", "grade_id", "outputs", "output_type", "data", "text", "text/html", "image/png", "name",
        "attachments", "a.png", "worksheets", "kernelspec", "language", "traceback", "execution_count", "nbformat", "id", "\ud800", ""]  # fmt: skip
TEXTS = ["def gradient(f, x):\n    return x\n", "check(gradient)", "import torch", "%time x", "!ls", "f?", "%%bash\nls", "a = !ls", "\f", "raise", "'''", "(",
         "0x" + "f" * 5000, "getattr(x, 0x" + "f" * 5000 + ")", "from gradlab import (probe", "-" * 300 + "1", "(" * 300, "lambda: " * 90 + "0", "\0", "é", "x=1;" * 50,
         "class A:\n def f(self):\n  self.x = 1", "# coding: rot13", "if 1:\n\tx\n        y", "f'{x!r:{y}}'", "\\\n", "async def f(): await g", "match x:\n case _: pass"]  # fmt: skip
NAME_PARTS = ["Jane", "Doe", "_", "-", "/", "\\", "..", ".", " ", "LATE", "7", "666", "9" * 25, "assignsubmission", "file", "onlinetext", "start_here", ".ipynb", ".zip",
              "é", "e\u0301", "\u202e", "\x1b]0;x\x07", "<img src=x onerror=y>", "&lt;", '"', "'", "\n", "\0", "\ud800", "anon", "__MACOSX", "名", "\u200d", "x" * 130, "COM1", ":"]  # fmt: skip


def some_json(random: Random, depth: int = 0) -> Any:
    """Anything that JSON can hold, with the keys of notebooks."""
    kind = random.random()
    if depth > 5 or kind < 0.4:
        return random.choice([*SCALARS, *TEXTS])
    if kind < 0.65:
        return [some_json(random, depth + 1) for _ in range(random.randint(0, 4))]
    return {random.choice(KEYS): some_json(random, depth + 1) for _ in range(random.randint(0, 5))}


@cache
def _lesson() -> str:
    return lesson_path(LESSON).read_text()


@cache
def _source() -> list[SourceCell]:
    cells = [cell for cell in nbformat.reads(_lesson(), as_version=4).cells if grade_id(cell)]
    return [
        SourceCell(grade_id(cell) or "", cell.cell_type, cell.source, bool(cell.metadata.nbgrader.grade), bool(cell.metadata.nbgrader.solution), 1.0, None)
        for cell in cells
    ]  # fmt: skip


def _changed(random: Random, data: bytes, most: int = 6) -> bytes:
    """The bytes with some of them changed, doubled, or cut out."""
    changed = bytearray(data)
    for _ in range(random.randint(0, most)):
        at = random.randrange(len(changed) + 1)
        act = random.randrange(4)
        if act == 0:
            changed[at:at] = random.randbytes(random.randint(1, 4))
        elif act == 1:
            del changed[at : at + random.randint(1, 40)]
        elif act == 2 and at < len(changed):
            changed[at] = random.randrange(256)
        else:
            changed[at:at] = changed[at // 2 : at // 2 + random.randint(1, 40)]
    return bytes(changed[: len(data) + 4000])


def some_notebook(random: Random) -> bytes:
    """A file that is nearly a notebook."""
    if random.random() < 0.2:
        return _changed(random, _lesson().encode()[: random.randint(0, 20_000)])
    if random.random() < 0.3:
        return json.dumps(some_json(random)).encode("utf-8", "replace")
    cells = []
    for _ in range(random.randint(0, 6)):
        cell: Any = {
            "cell_type": random.choice(["code", "markdown", "raw", "code"]),
            "source": random.choice(TEXTS),
            "metadata": {},
        }
        if random.random() < 0.5:
            cell["metadata"] = {
                "nbgrader": {"grade_id": random.choice(["gradient", "test-gradient", "chain_vjp", "x"])}
            }
        if random.random() < 0.4:
            cell[random.choice(KEYS)] = some_json(random, 3)
        cells.append(cell)
    return json.dumps({"cells": cells, random.choice(KEYS): some_json(random, 3)} | {"cells": cells}).encode()


def check_notebook(data: bytes) -> None:
    """It is read, or there is a sentence; what is to run is a whole notebook with each of the lesson's cells once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.ipynb")
        path.write_bytes(data)
        notebook, trouble = read_hand_in(path)
    assert trouble or notebook.cells or b"cells" in data
    made, remarks = restored(notebook, _source())
    names = [name for cell in made.cells if (name := grade_id(cell))]
    assert sorted(names) == sorted({cell.name for cell in _source()})
    nbformat.writes(made).encode()
    assert all(isinstance(remark, str) for remark in remarks)


def some_outputs(random: Random) -> list:
    """Outputs, or what a hand-in sends in their place."""
    made = []
    for _ in range(random.randint(0, 4)):
        output: Any = {"output_type": random.choice(["stream", "error", "display_data", "execute_result", "x"])}
        for _ in range(random.randint(0, 5)):
            output[random.choice([*KEYS, "ename", "evalue"])] = some_json(random, 3)
        made.append(output)
    return made


def check_outputs(outputs: list) -> None:
    """What is kept is what a notebook may hold, and can be written."""
    kept = bounded([nbformat.from_dict(output) for output in outputs])
    cell = nbformat.v4.new_code_cell("x", outputs=kept)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()


def some_name(random: Random) -> str:
    """A name that a platform, or a student, may have given."""
    return "".join(random.choices(NAME_PARTS, k=random.randint(0, 7)))


def check_name(name: str) -> None:
    """An id is safe as a folder, a shown name in a page and a terminal."""
    made, shown = identifier(name), shown_name(name)
    assert made not in (".", "..") and not set(made) & set("/\\\0<>&\"'\n\x1b") and len(made.encode("utf-8")) <= 255
    assert not set(shown) & set("<>&\"'") and not any(unicodedata.category(c)[0] == "C" for c in shown)
    layout = Layout.of([name, name + "/a", "b_1_2_c"], LESSON)
    owner = layout.owner(name, LESSON)
    assert owner is None or len(owner.number) <= 20


def _some_content(random: Random) -> bytes:
    """What may lie in an upload: a notebook, a page that holds one, a time, another zip file, or bytes that look like one."""
    kind = random.randrange(6)
    if kind == 0:
        pieces = random.choices(
            ["&quot;", "<", ">", "&#", "9" * random.choice([1, 5000]), ";", "{", "[", '"cells"', "é"], k=40
        )
        return "".join(["&quot;", *pieces]).encode()
    if kind == 1:
        pieces = random.choices(
            [*"0123456789-:+. TZ", "UTC", "am", "m", "h", "nan", "e", "9" * 30, "Jan", "\x00", "٣"], k=9
        )
        return "".join(pieces).encode()
    if kind == 2:
        return some_archive(random)
    return some_notebook(random)[:400] if kind < 5 else b"PK\x03\x04" + random.randbytes(20)


def some_archive(random: Random) -> bytes:
    """A zip file of odd names and contents, a little damaged."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for _ in range(random.randint(0, 4)):
            name = some_name(random).replace("\ud800", "?") + random.choice(["", ".zip"]) or "x"
            data = _some_content(random)
            information = zipfile.ZipInfo(name, (random.choice([1980, 2026, 2107]), 1, 1, 0, 0, 0))
            information.external_attr = random.choice([0, 0o120777 << 16, 0o010644 << 16, 0x10])
            archive.writestr(information, data, random.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
    return made.getvalue() if random.random() < 0.3 else _changed(random, made.getvalue(), 3)


def check_archive(data: bytes) -> None:
    """Each file is read or refused, and its path leads nowhere else."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "all.zip")
        path.write_bytes(data)
        try:
            files = files_of(path)
        except CourseError:
            return
        layout = Layout.of([file.path for file in files], LESSON)
        for file in files:
            layout.owner(file.path, LESSON)
            try:
                content = file.read()
            except Unreadable:
                continue
            assert len(read_content((content, file.name)).reason) < 200
            with contextlib.suppress(ValueError):
                time_handed_in({TIMESTAMP: content[:200]})
        assert os.listdir(folder) == ["all.zip"]


def some_message(random: Random) -> bytes:
    """Bytes on the exam's wire: a length, a head, a body, each of them perhaps wrong."""
    kinds = [
        some_json(random),
        {"seen": some_json(random)},
        {"seen": {"value": _plain(random)}},
        {"bytes": [0, random.choice([0, 5, 10**9, -1])]},
    ]
    head = json.dumps(random.choice(kinds)).encode()
    body = random.randbytes(random.choice([0, 8, 64]))
    lengths = struct.pack(
        "!II", random.choice([len(head), len(head), 0, 2**31]), random.choice([len(body), len(body), 2**31])
    )
    return _changed(random, lengths + head + body, random.choice([0, 0, 2]))


def _plain(random: Random) -> dict:
    return {
        "tensor": random.choice(["float64", "int8", "bool", "x", 3]),
        "shape": random.choice(
            [[], [1], [8], [-1], [2**40], random.choices([0, 1, 2, 2**22], k=4), ["x"], [1] * 70, None]
        ),
        "data": random.choice([{"bytes": [0, 8]}, {"bytes": [0, 64]}, "x", None]),
        "requires_grad": random.choice([True, 0, "x"]),
        "grad": some_json(random, 4),
    }


def check_message(data: bytes) -> None:
    """It is a message of plain data, or refused as none."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data[:60_000])
        theirs.close()
        try:
            message, _ = receive_sized(ours, 5)
            Probe(lambda request: message.get("seen"))(1)
        except (OSError, NotPlain, ProbeError):
            pass


def some_code(random: Random) -> str:
    """A cell of Python, IPython, or neither."""
    return random.choice(["\n", ";", ""]).join(random.choices(TEXTS, k=random.randint(1, 5)))


def check_code(code: str) -> None:
    """It is looked at without being run, whatever it is."""
    bound_names_of(code)
    names_used(code, "gradient")
    assert len(text_of("gradient", [code, code])) <= 8 * len(code) + 100
