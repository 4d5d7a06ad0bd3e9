"""How an answer is written: the names that its definition uses, for exercises that ask for a way of writing."""

import ast
import re
import textwrap
from collections.abc import Iterator

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def names_used(source: str, name: str) -> frozenset[str]:
    """Names in the definition of `name` and in those top-level definitions of the source that it refers to.

    Attributes and imported parts come with a dot (`.detach`, `.no_grad`), free names without (`np`, `eval`); a
    `getattr` whose name cannot be read off is `getattr(…)`. Comments, texts, local names, cells' other lines and what a
    class of the source itself defines (`def backward`, `self.data = …`) do not count. Where the source is not Python,
    every word in it counts.
    """
    lines = textwrap.dedent(source).splitlines()
    text = "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(re.findall(r"\.?[^\W\d]\w*", text))
    reachable = _reachable(tree, name)
    own = {attribute for node in reachable if isinstance(node, ast.ClassDef) for attribute in _own_attributes(node)}
    return frozenset(used for node in reachable for used in _free(node)) - own


def _reachable(tree: ast.Module, name: str) -> list[ast.stmt]:
    """The top-level statements that bind `name`, or a name that a statement found before takes from outside."""
    found: list[ast.stmt] = []
    names, queue = {name}, [name]
    while queue:
        wanted = queue.pop()
        for node in tree.body:
            if node not in found and wanted in _bound_by(node):
                found.append(node)
                fresh = _free(node) - names
                names |= fresh
                queue += fresh
    return found


def _bound_by(node: ast.stmt) -> set[str]:
    if isinstance(node, DEFINITIONS):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.split(".")[0] for alias in node.names}
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}


def _free(node: ast.stmt) -> set[str]:
    """What a statement uses and does not itself bind in a function; a name that is a parameter or local is nobody else's."""
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
            yield f".{key.value}" if isinstance(key, ast.Constant) else "getattr(…)"
