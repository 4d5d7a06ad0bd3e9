"""Printed outputs for narrow screens: lines of text wrap, and of rows with a name the name may stand above its numbers."""

import re

from bs4 import BeautifulSoup, Tag

FITS = 46  # letters in a line of an output on a telephone, 390 px wide
_GAP = re.compile(r" {2,}")
_NUMBER = re.compile(r"[-−]?[\d.,]+(e[-+]?\d+)?")
_LONG = 32  # letters without a gap in a row: text, no column of numbers


def fold(pre: Tag, page: BeautifulSoup) -> None:
    """Mark the lines of one output, where it is plain text: what it says stays the same, letter by letter."""
    text = pre.get_text()
    if any(child.get_text() for child in pre.find_all(True)) or len(text.splitlines()) == 0:
        return  # it has colours of its own
    lines = text.splitlines(keepends=True)
    pre.clear()
    letters = 0  # of the longest line in columns: the style sheet has smaller letters for these
    for rows in _runs(lines):
        column = _names_end(rows)
        if column is None:
            for line in rows:
                pre.append(page.new_tag("span", attrs={"class": "text-line"}, string=line))
        elif _are_numbers([row[:column] for row in rows[1:]]):
            pre.append("".join(rows))  # the first column is a number: it is seen without more ado
            letters = max(letters, *(len(row.rstrip()) for row in rows))
        else:
            letters = max(letters, _fold_table(pre, page, rows, column))
    if letters:
        pre["style"] = f"--letters: {letters}"


def _fold_table(pre: Tag, page: BeautifulSoup, rows: list[str], column: int) -> int:
    """Mark the rows of a table; returns the letters of its longest line on a narrow screen."""
    text = any(len(part) > _LONG for row in rows for part in _GAP.split(row[column:].strip()))
    width = max(len(row.rstrip()) for row in rows)
    kind = "row" + " wide" * (width > FITS) + " has-text" * text
    for row in rows:
        line = page.new_tag("span", attrs={"class": kind})
        line.append(page.new_tag("span", attrs={"class": "name"}, string=row[:column]))
        line.append(page.new_tag("span", attrs={"class": "numbers"}, string=row[column:]))
        pre.append(line)
    if text:
        return 0  # it wraps
    return max(len(row[column:].rstrip()) for row in rows) + 2 if width > FITS else width


def _runs(lines: list[str]) -> list[list[str]]:
    """The lines, those together that stand in columns together."""
    runs: list[list[str]] = []
    for line in lines:
        if runs and _names_end([*runs[-1], line]) is not None:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _names_end(rows: list[str]) -> int | None:
    """The column where the names of these rows are over, two spaces or more before what follows; None if there is none."""
    if len(rows) < 2:
        return None
    width = max(len(row.rstrip()) for row in rows)
    empty = [all(row.rstrip().ljust(width)[k] == " " for row in rows) for k in range(width)]
    for k in range(1, width - 1):
        if not (empty[k - 1] and empty[k]) or empty[k + 1]:
            continue
        named = all(row[:k].strip() for row in rows[1:])  # the first may be a heading that leaves the names without one
        if named and all(row[k:].strip() for row in rows):
            return k + 1
    return None


def _are_numbers(names: list[str]) -> bool:
    return all(_NUMBER.fullmatch(name.strip()) for name in names)
