"""The table of the sources: every statement has a place in a lesson, and the words that it names stand there."""

import re
from typing import NamedTuple

import pytest

from autograder.notebooks.places import ROOT, source_path, written_lessons
from autograder.release.source import read_source

GUIDE = ROOT / "assets" / "guides" / "sources.md"


class Row(NamedTuple):
    """A row of the table: what a source says, what holds, and where the lesson says so."""

    says: str
    holds: str
    lesson: str
    section: str
    words: str


def rows() -> list[Row]:
    lines = [line for line in GUIDE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [Row(*row) for row in cells if row[0] != "it says"]


def sections(lesson: str) -> dict[str, str]:
    """Heading of the second level → everything up to the next one, text and code, white space made one."""
    text = "\n".join(cell.source for cell in read_source(source_path(lesson)).cells)
    pieces = re.split(r"^## (.+?)\s*$", text, flags=re.MULTILINE)
    return {heading: " ".join(body.split()) for heading, body in zip(pieces[1::2], pieces[2::2])}


def test_table_has_rows_of_five_cells():
    assert len(rows()) >= 54
    assert all(row.says and row.holds for row in rows())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.says[:40])
def test_place_of_a_statement_is_in_its_lesson(row):
    if row.lesson == "—":
        assert (row.section, row.words) == ("—", "—") and len(row.holds) > 20, "say why it teaches nothing"
        return
    lesson = next(name for name in written_lessons() if name.startswith(f"{int(row.lesson):02}-"))
    found = sections(lesson)
    assert row.section in found
    assert len(row.words) > 8 and row.words in found[row.section]
