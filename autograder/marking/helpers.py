"""What an answer consists of: its cell, and what other cells define for it."""

import ast
import dis
from collections.abc import Iterable, Iterator
from types import CodeType

Definitions = dict[
    str, tuple[list[str], ast.stmt]
]  # name → the cell's lines and the statement that binds it; of two the last


def with_helpers(code: list[str], places: Iterable[int]) -> list[str]:
    """The text of each answer, behind those top-level statements of earlier cells that its functions refer to.

    `code` is the notebook's cells in order, `places` says which of them are answers. Exercises that ask for a way of
    writing are judged by this text; a helper in another cell is part of the writing.
    """
    definitions = [dict(_definitions(_python(cell))) for cell in code]
    return [_with_helpers(code[place], definitions[place], definitions[:place]) for place in places]


def _with_helpers(answer: str, own: Definitions, earlier: list[Definitions]) -> str:
    defined = {name: found for definitions in earlier for name, found in definitions.items() if name not in own}
    helpers: dict[str, None] = {}  # in order, each once
    wanted = list(_globals(answer, {"LOAD_GLOBAL"}))
    while wanted:
        found = defined.pop(wanted.pop(), None)
        text = "\n".join(found[0][found[1].lineno - 1 : found[1].end_lineno]) if found else None
        if text is not None and text not in helpers:
            helpers[text] = None
            wanted += _globals(text, {"LOAD_GLOBAL", "LOAD_NAME"})
    return "\n".join([*reversed(helpers), answer])


def _definitions(cell: str) -> Iterator[tuple[str, tuple[list[str], ast.stmt]]]:
    """Each name that a cell binds at its top level, and where."""
    try:
        statements = ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    lines = cell.split("\n")  # ast.get_source_segment would split the cell again for each statement
    for statement in statements:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            names = [statement.name]
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            names = [alias.asname or alias.name.split(".")[0] for alias in statement.names]
        else:
            names = [
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            ]
        yield from ((name, (lines, statement)) for name in names)


def _globals(source: str, operations: set[str]) -> Iterator[str]:
    """Names that a piece of program, and the functions in it, take from the notebook."""
    try:
        waiting = [compile(_python(source), "<cell>", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    while waiting:
        code = waiting.pop()
        yield from (each.argval for each in dis.get_instructions(code) if each.opname in operations)
        waiting += [each for each in code.co_consts if isinstance(each, CodeType)]


def _python(cell: str) -> str:
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in cell.splitlines())
