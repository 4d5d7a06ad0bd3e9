"""How an answer is written: its text with its helpers, and the names that it uses, for exercises that ask for a way of writing."""

import ast
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager

MAGIC = re.compile(r"^(\s*+)([\w.,\s]*+=\s*+)?+(?:[%!,;/?].*|[^#'\"?]*+\?{1,2}\s*$)")
MOST_WORK = 60_000
"""Characters times lines of IPython's own; IPython reads the cell anew for each of them. Beyond, such a line becomes `None`."""
LONGEST_LINE = 1000
"""Characters, where a cell has lines of IPython's own: the time in which it looks for a `?` grows with the square of a line."""
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Statement:
    """A statement at the top level of a cell, its text, and its place in the order in which cells ran."""

    node: ast.stmt
    text: str
    place: int
    cell: int
    line: int


def text_of(name: str, cells: Iterable[str]) -> str:
    """The text of an answer: the statements that bind its name last, and those that it refers to, in their order.

    `cells` are the code cells up to the check, in the order in which they ran. What is no Python, did not run.
    """
    written: dict[tuple[int, int], str] = {}  # a line once, however many statements stand on it
    for statement in _reachable(name, cells):
        written |= {(statement.cell, at): line for at, line in enumerate(statement.text.split("\n"), statement.line)}
    return "\n".join(written.values())


def names_used(source: str, name: str) -> frozenset[str]:
    """The names in the definition of `name` and in those statements of the source that it refers to.

    Attributes and imported parts come with a dot (`.detach`, `.no_grad`), free names without (`np`, `eval`); a
    `getattr` whose name cannot be read off is `getattr(…)`. Comments, texts, local names, other statements and what a
    class of the source itself defines (`def backward`, `self.data = …`) do not count.
    """
    nodes = [statement.node for statement in _reachable(name, [source])]
    own = {attribute for node in nodes if isinstance(node, ast.ClassDef) for attribute in _own_attributes(node)}
    return frozenset(used for node in nodes for used in _free(node)) - own


def python_text(cell: str) -> str:
    """A cell as Python: IPython's own lines (`%time`, `!ls`, `f?`) become calls, a cell magic gives way to its body."""
    lines = cell.split("\n")
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        lines[first] = ""
    text = "\n".join(lines).replace("\f", " ")
    if _is_python(text):
        return text
    magics = sum(bool(MAGIC.search(line)) for line in text.split("\n"))
    longest = max(map(len, text.split("\n")))
    if len(text) * magics > MOST_WORK or longest > LONGEST_LINE:
        return "\n".join(MAGIC.sub(r"\1\2None", line) for line in text.split("\n"))
    try:
        return _transformed(text, 2 * magics + 10)
    except SyntaxError:
        return cell


def fault_in(cell: str) -> str:
    """The reason why a cell is no Python, or nothing."""
    try:
        ast.parse(python_text(cell))
    except SyntaxError as error:
        return f"{error.msg} in line {error.lineno}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error)
    return ""


def seems_to_define(name: str, cell: str) -> bool:
    """Does a cell define this name, as far as its text shows, which may be no Python?"""
    binding = rf"^(?:def|class)\s+{re.escape(name)}\b|^{re.escape(name)}\s*(?::[^=\n]*)?=[^=]"
    return re.search(binding, cell, re.MULTILINE) is not None


def _transformed(text: str, times: int) -> str:
    """What IPython makes of a cell, by the steps of its `transform_cell`, of which some texts want five hundred."""
    manager = TransformerManager()
    lines = (text if text.endswith("\n") else f"{text}\n").splitlines(keepends=True)
    for transform in (*manager.cleanup_transforms, *manager.line_transforms):
        lines = transform(lines)
    for _ in range(times):
        changed, lines = manager.do_one_token_transform(lines)
        if not changed:
            break
    return "".join(lines)


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _reachable(name: str, cells: Iterable[str]) -> list[Statement]:
    """The statements that bind a name and, step by step, all names that these take from outside.

    A function finds a name as it was bound last, any other statement as it was bound before.
    """
    statements = list(_statements(cells))
    bindings: dict[str, list[int]] = defaultdict(list)
    for statement in statements:
        for bound in _bound_by(statement.node):
            bindings[bound].append(statement.place)
    found: dict[int, Statement] = {}
    waiting = [(name, len(statements))]
    seen = set(waiting)
    while waiting:
        wanted, before = waiting.pop()
        places = bindings.get(wanted, [])
        at = bisect_left(places, before) - 1
        if at < 0:
            continue
        statement = statements[places[at]]
        if statement.place in found:
            continue
        found[statement.place] = statement
        late = isinstance(statement.node, DEFINITIONS)
        for used in _free(statement.node):
            step = (used, len(statements) if late and used != wanted else statement.place)
            if step not in seen:
                seen.add(step)
                waiting.append(step)
    return [found[place] for place in sorted(found)]


def _statements(cells: Iterable[str]) -> Iterator[Statement]:
    place = 0
    for number, cell in enumerate(cells):
        text = python_text(cell)
        try:
            body = ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        lines = text.split("\n")
        for node in body:
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
            yield Statement(node, "\n".join(lines[first - 1 : node.end_lineno]), place, number, first)
            place += 1


def bound_names_of(cell: str) -> set[str]:
    """The names that a cell binds at its top level; none where it is no Python."""
    try:
        return {name for node in ast.parse(python_text(cell)).body for name in _bound_by(node)}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()


def _bound_by(node: ast.stmt) -> set[str]:
    if isinstance(node, DEFINITIONS):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.split(".")[0] for alias in node.names}
    bound = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    return bound | {each.name for each in ast.walk(node) if isinstance(each, DEFINITIONS)}


def _free(node: ast.stmt) -> set[str]:
    """What a statement uses and does not itself bind in a function: a parameter or a local name is nobody else's."""
    return set(_used(node)) - (set(_bound_inside(node)) if isinstance(node, DEFINITIONS) else set())


def _bound_inside(node: ast.stmt) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.arg):
            yield each.arg
        elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id
        elif isinstance(each, DEFINITIONS):
            yield each.name


def _own_attributes(node: ast.ClassDef) -> Iterator[str]:
    """The methods that a class defines and the attributes that it gives to `self`, with a dot."""
    yield from (f".{each.name}" for each in node.body if isinstance(each, ast.FunctionDef))
    for each in ast.walk(node):
        if (
            isinstance(each, ast.Attribute)
            and isinstance(each.ctx, ast.Store)
            and getattr(each.value, "id", "") == "self"
        ):
            yield f".{each.attr}"


def _used(node: ast.stmt) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute):
            yield f".{each.attr}"
        elif isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, (ast.Import, ast.ImportFrom)):
            paths = [alias.name for alias in each.names] + [getattr(each, "module", None) or ""]
            yield from (f".{part}" for path in paths for part in path.split(".") if part)
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in ("getattr", "setattr"):
            key = each.args[1] if len(each.args) > 1 else None
            yield f".{key.value}" if isinstance(key, ast.Constant) and isinstance(key.value, str) else "getattr(…)"
