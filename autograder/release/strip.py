"""Exercises without what answers them: of each module only what symptoms and inspections need stays."""

import ast
from dataclasses import dataclass, field

Names = set[tuple[str, str]]  # (module, name at its top level)
MADE_BY = ("reference", "cases", "special_cases", "precise_cases", "built_on")  # what recordings stand for
LOOKS = ("symptom", "inspection")
DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


@dataclass
class Module:
    """The statements of a module at its top level, and what they bind."""

    text: str
    statements: list[ast.stmt]
    binds: dict[str, ast.stmt] = field(default_factory=dict)
    references: set[str] = field(default_factory=set)  # names that are the reference

    @classmethod
    def of(cls, text: str) -> "Module":
        """The module of this text, without the statements and decorators for which recordings stand."""
        module = cls(text, [])
        for node in ast.parse(text).body:
            if isinstance(node, ast.Expr) and _asks(node.value, MADE_BY):
                continue
            if isinstance(node, DEFINITIONS):
                module.references |= {node.name for each in node.decorator_list if _asks(each, ("reference",))}
                node.decorator_list = [each for each in node.decorator_list if not _asks(each, MADE_BY)]
            if isinstance(node, ast.Assign) and _asks(node.value, ("reference",)) and isinstance(node.value, ast.Call):
                module.references |= {target.id for target in node.targets if isinstance(target, ast.Name)}
                node.value = node.value.args[0]
            module.statements.append(node)
            module.binds |= dict.fromkeys(_bound(node), node)
        return module

    def roots(self) -> list[ast.stmt]:
        """What a check needs: the exercise itself, its symptoms, its inspections."""
        return [node for node in self.statements if _is_root(node)]


def stripped(modules: dict[str, str], exercises: set[str]) -> tuple[dict[str, str], list[str]]:
    """The modules of exercises without what only references, cases and mistakes need; a module that is not needed is left out.

    `modules` are texts by full name ("gradlab.lessons.NAME.exercises.soft_abs"), `exercises` those that can be checked. Returns
    what stays, and the functions that stay although a reference is one of them or calls them: a symptom or an inspection calls
    them too.
    """
    read = {name: Module.of(text) for name, text in modules.items()}
    kept = _needed([(name, node) for name in exercises for node in read[name].roots()], read)
    answering = _needed(
        [(name, module.binds[each]) for name, module in read.items() for each in module.references], read
    )
    left = [
        f"{name}.{node.name}"
        for name, module in read.items()
        for node in module.statements
        if isinstance(node, DEFINITIONS) and id(node) in kept[name] & answering[name]
    ]
    return {name: _text(module, kept[name]) for name, module in read.items() if kept[name]}, sorted(left)


def _needed(waiting: list[tuple[str, ast.stmt]], read: dict[str, Module]) -> dict[str, set[int]]:
    """By module, these statements and those that they use, directly or not."""
    found: dict[str, set[int]] = {name: set() for name in read}
    while waiting:
        name, node = waiting.pop()
        if id(node) not in found[name]:
            found[name].add(id(node))
            used = [(module, read[module].binds.get(each)) for module, each in _used(node, name, read)]
            waiting += [(module, each) for module, each in used if each is not None]
    return found


def _asks(node: ast.expr, methods: tuple[str, ...]) -> bool:
    """Is this `exercise.METHOD`, or a call of it, for one of these methods?"""
    while isinstance(node, ast.Call):
        node = node.func
    return isinstance(node, ast.Attribute) and node.attr in methods and ast.unparse(node.value) == "exercise"


def _is_root(node: ast.stmt) -> bool:
    if isinstance(node, DEFINITIONS):
        return any(_asks(each, LOOKS) for each in node.decorator_list)
    if isinstance(node, ast.Assign):
        return any(getattr(target, "id", "") == "exercise" for target in node.targets)
    return isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)


def _bound(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [alias.asname or alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, DEFINITIONS):
        return [node.name]
    stored = (each for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))
    return [each.id for each in stored]


def _used(node: ast.stmt, name: str, read: dict[str, Module]) -> Names:
    """The names that a statement uses: in its own module, and in others of these from which it imports."""
    used: Names = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            used.add((name, each.id))
            origin = read[name].binds.get(each.id)
            if isinstance(origin, ast.ImportFrom) and origin.module in read:
                used |= {(origin.module, a.name) for a in origin.names if (a.asname or a.name) == each.id}
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            origin = read[name].binds.get(each.value.id)
            for alias in origin.names if isinstance(origin, ast.ImportFrom) else ():
                module = f"{origin.module}.{alias.name}"
                if (alias.asname or alias.name) == each.value.id and module in read:
                    used.add((module, each.attr))
    return used


def _text(module: Module, kept: set[int]) -> str:
    """What stays of a module; of an import only the names that are used."""
    staying = [node for node in module.statements if id(node) in kept]
    names = {each.id for node in staying for each in ast.walk(node) if isinstance(each, ast.Name)}
    lines = []
    for node in staying:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            node.names = [a for a in node.names if (a.asname or a.name.split(".")[0]) in names]
            if not node.names:
                continue
        lines.append(ast.unparse(node))
    doc = ast.get_docstring(ast.parse(module.text)) or ""
    return f'"""{doc.splitlines()[0] if doc else "Shared by exercises."}"""\n\n' + "\n".join(lines) + "\n"
