"""What an answer consists of: its cell, and what other cells define for it."""

import ast
import dis
from collections.abc import Iterable, Iterator
from types import CodeType


def with_helpers(code: list[str], places: Iterable[int]) -> list[str]:
    """The text of each answer, behind those top-level statements of earlier cells that its functions refer to.

    `code` is the notebook's cells in order, `places` says which of them are answers. Exercises that ask for a way of
    writing are judged by this text; a helper in another cell is part of the writing.
    """
    definitions = [dict(_definitions(cell)) for cell in code]  # of two of a name the last
    return [_with_helpers(code[place], definitions[place], definitions[:place]) for place in places]


def _with_helpers(answer: str, own: dict[str, str], earlier: list[dict[str, str]]) -> str:
    defined = {name: text for definitions in earlier for name, text in definitions.items() if name not in own}
    helpers: dict[str, None] = {}  # in order, each once
    wanted = list(_globals(answer, {"LOAD_GLOBAL"}))
    while wanted:
        text = defined.pop(wanted.pop(), None)
        if text is not None and text not in helpers:
            helpers[text] = None
            wanted += _globals(text, {"LOAD_GLOBAL", "LOAD_NAME"})
    return "\n".join([*reversed(helpers), answer])


def _definitions(cell: str) -> Iterator[tuple[str, str]]:
    """Each name that a cell binds at its top level, with the statement that binds it; of two the last."""
    cell = _python(cell)
    try:
        statements = ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    lines = cell.splitlines()  # ast.get_source_segment would split the cell again for each statement
    for statement in statements:
        text = "\n".join(lines[statement.lineno - 1 : statement.end_lineno])
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            yield statement.name, text
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield from ((alias.asname or alias.name.split(".")[0], text) for alias in statement.names)
        else:
            stored = (node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
            yield from ((name, text) for name in stored)


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
