"""Reads the predictions that stand in a notebook's text; nothing is executed."""

import ast
import math
import operator
from collections.abc import Callable, Iterable, Iterator

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
}
FUNCTIONS: dict[str, Callable[[float], float]] = {"float": float, "int": math.trunc, "abs": abs, "round": round}
FUNCTIONS |= {
    f"math.{name}": getattr(math, name) for name in ("sqrt", "sin", "cos", "tan", "exp", "log", "log2", "log10")
}
LISTS = ("np.array", "numpy.array", "torch.tensor")
LONGEST_CELL = 4000  # characters; a cell that holds a prediction holds little else


class NoLiteral(ValueError):
    """Something that only running the cell would tell."""


def typed_predictions(cells: Iterable[str]) -> dict[str, tuple[object, ...]]:
    """Name → what was typed, for every call of `predict` in the code of these cells; the last one of a name counts.

    Calls that were left as they are (`...`), and those with something else than literals, are left out.
    """
    found: dict[str, tuple[object, ...]] = {}
    for text in cells:
        for name, arguments in _calls(text):
            found.pop(name, None)
            try:
                values = tuple(_value(each) for each in arguments)
            except (ValueError, TypeError, ArithmeticError, RecursionError):  # NoLiteral is a ValueError
                continue
            if values and not any(each is ... for each in values):
                found[name] = values
    return found


def _calls(text: str) -> Iterator[tuple[str, list[ast.expr]]]:
    """The calls predict("name", …) of a cell."""
    if "predict(" not in text or len(text) > LONGEST_CELL:
        return
    lines = ["pass" if line.startswith(("%", "!")) else line for line in text.splitlines()]
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "predict" and node.args:
            name, *arguments = node.args
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value, arguments


def _value(node: ast.expr) -> object:
    """The value of a literal, of lists of them, and of sums, products, powers and common functions of numbers."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return tuple(_value(each) for each in elements)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(_value(operand))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _number(_value(operand))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_number(_value(left)), _number(_value(right)))
        case ast.Attribute(value=ast.Name(id="math" | "np" | "torch"), attr="inf" | "nan" | "pi" as attribute):
            return getattr(math, attribute)
        case ast.Call(func=func, args=[argument], keywords=[]):
            name, value = ast.unparse(func), _value(argument)
            if name in LISTS:
                return value
            if name == "float" and isinstance(value, str):
                return float(value)
            if name in FUNCTIONS:
                return FUNCTIONS[name](_number(value))
    raise NoLiteral


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise NoLiteral
    return float(value)
