"""Results of slow computations, kept on disk beside the lessons."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from hashlib import sha256
from io import BytesIO
from os import getpid
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import torch

import gradlab

# Beside the lessons, and not in them: what lies in a lesson's folder is handed in with it.
FOLDER = Path(gradlab.__file__).parents[1] / ".explorers"


def cached(compute: Callable[..., Any], folder: Path = FOLDER) -> Callable[..., Any]:
    """`compute`, remembering on disk what it returned for each value of its parameters.

    A result is found again by the code of `compute` and of the functions of its module and of gradlab that it
    calls, by the numbers and texts that these use by name, and by the parameters (numbers, texts, booleans):
    whoever changes one of these gets new results. `compute` returns tensors, numbers and texts, in dicts,
    lists and tuples. Where nothing can be written, it is computed each time.

    Raises TypeError where `compute` returns anything else.
    """
    code = sha256("\n".join(_texts(compute, set())).encode()).hexdigest()

    @wraps(compute)
    def remembered(**values: Any) -> Any:
        key = sha256(f"{code} {torch.__version__} {sorted(values.items())!r}".encode()).hexdigest()
        path = folder / f"{compute.__name__.strip('<>')}-{key[:20]}.pt"
        if path.exists():
            return torch.load(path, weights_only=True)
        data = compute(**values)
        _check(data)
        _write(data, path)
        return data

    return remembered


def _check(data: Any) -> None:
    if isinstance(data, dict):
        data = [*data.keys(), *data.values()]
    if isinstance(data, list | tuple):
        for each in data:
            _check(each)
    elif not isinstance(data, torch.Tensor | int | float | str | None):
        raise TypeError(
            "A cached compute returns tensors, numbers and texts, in dicts, lists and tuples: found "
            f"{type(data).__name__}. Turn a NumPy array into a tensor with torch.as_tensor."
        )


def _write(data: Any, path: Path) -> None:
    content = BytesIO()
    torch.save(data, content)
    part = path.with_suffix(f".{getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content.getvalue())
        part.replace(path)  # whole or not at all, also with two notebooks at work


def _texts(function: Any, seen: set[Any]) -> Iterator[str]:
    """What decides the result: the code, its constants and defaults, and our functions that it calls."""
    function = inspect.unwrap(function)
    if function in seen or not isinstance(function, FunctionType):
        return
    seen.add(function)
    yield repr((function.__defaults__, function.__kwdefaults__))
    names: set[str] = set()
    for code in _codes(function.__code__):
        yield repr((code.co_code, [c for c in code.co_consts if not isinstance(c, CodeType)], code.co_names))
        names |= set(code.co_names)
    used = {name: function.__globals__[name] for name in sorted(names) if name in function.__globals__}
    used |= dict(inspect.getclosurevars(function).nonlocals)
    for name, value in used.items():
        if isinstance(value, int | float | str | tuple):
            yield f"{name}={value!r}"
        elif getattr(value, "__module__", "").split(".")[0] in (function.__module__.split(".")[0], "gradlab"):
            yield from _texts(value, seen)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
