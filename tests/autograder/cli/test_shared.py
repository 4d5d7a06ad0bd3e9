"""What strangers chose, names for instance, is shown and not obeyed."""

import io
from pathlib import Path

import pytest
from rich.table import Table

from autograder.cli.mark_tables import show_marks
from autograder.cli.shared import PlainConsole
from autograder.desk.grade.marks import Mark

NAMES = ["[bold]x[/]", "[/]", "[link=file:///etc/passwd]x[/link]", ":smile:", "[red", "\\[bold]", "[bold]x[-1]"]


def shown(what: object) -> str:
    console = PlainConsole(file=io.StringIO(), width=200)
    console.print(what)
    return console.file.getvalue()


def table_of(name: str) -> Table:
    table = Table("student")
    table.add_row(name)
    return table


@pytest.mark.parametrize("name", NAMES)
def test_markup_of_a_name_is_text(name):
    assert name in shown(name) and name in shown(table_of(name))
    console = PlainConsole(file=io.StringIO(), width=200)
    verdicts = {"gradient": {"outcome": "wrong", "misconception": name}}
    show_marks(
        console,
        [Mark(name, 1, 2, False, verdicts, (f"Its language is {name}.",)), Mark(name, 0, 0, False, {}, failure=name)],
        Path("logs"),
    )
    assert console.file.getvalue().count(name) == 5


@pytest.mark.parametrize("name", ["\x1b[2Jgone", "\x1b]0;title\x07", "a\rb", "\x9b31m", "\u202egnp.exe", "\x00"])
def test_terminal_obeys_no_name(name):
    for text in (shown(name), shown(table_of(name))):
        assert "\N{REPLACEMENT CHARACTER}" in text
        assert all(letter.isprintable() or letter == "\n" for letter in text)


def test_lines_and_tabs_stay():
    assert shown("a\nb") == "a\nb\n"
