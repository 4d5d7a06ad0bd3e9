"""Archives as learning platforms and people make them, for the tests of collecting."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

from tests.autograder.desk.hand_ins import filled, solved

LESSON, NOTEBOOK, OTHER = "00-start-here", "start_here", "01-soft-thresholding"
NOON = (2026, 3, 1, 12, 0, 0)


def notebook(text: str = "", lesson: str = LESSON) -> bytes:
    """A solved notebook, another one for another text."""
    made = filled(lesson, solved(lesson))
    made.metadata["text"] = text
    return json.dumps(made).encode()


def zip_bytes(members: dict[str, bytes], date: tuple = NOON) -> bytes:
    """A zip file of these members."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, date), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def zipped(path: Path, members: dict[str, bytes], date: tuple = NOON) -> Path:
    """The same as a file."""
    path.write_bytes(zip_bytes(members, date))
    return path


MEMBER, IN_THE_LIST, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
"""What the header of a zip file's member, its line in the list and the end of the list begin with."""


def forged(data: bytes, *fields: tuple[bytes, int, bytes]) -> bytes:
    """The zip file with other bytes in its last headers: (what it begins with, how far behind that, the bytes)."""
    made = bytearray(data)
    for signature, place, field in fields:
        start = made.rfind(signature) + place
        made[start : start + len(field)] = field
    return bytes(made)


def without_the_flag(data: bytes) -> bytes:
    """The zip file with names in UTF-8 that do not say so, as Finder writes them."""
    made = bytearray(data)
    for signature, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = made.find(signature)
        while start >= 0:
            made[start + place + 1] &= ~0x08 & 0xFF
            start = made.find(signature, start + 4)
    return bytes(made)


def with_nameless(data: bytes, count: int) -> bytes:
    """The zip file with so many more lines in its list, of members without a name."""
    at = data.rfind(END)
    lines = IN_THE_LIST + bytes(42)
    size, start = (int.from_bytes(data[at + place : at + place + 4], "little") for place in (12, 16))
    field = (size + len(lines) * count).to_bytes(4, "little") + start.to_bytes(4, "little")
    return data[:at] + lines * count + data[at : at + 12] + field + data[at + 20 :]
