"""Records kept on disk, so that a figure that was drawn once need not be drawn again.

joblib.Memory could not do this: it looks at the source of the function itself, and would find an old picture after an
edit of a function that it calls.
"""

import ast
import gzip
import json
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from os import getpid
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

FOLDER = user_cache_path("gradlab") / "explorers"
MOST_FILES = 200
OUTSIDE = ("torch", "numpy", "scipy", "matplotlib")


def record_key(functions: Iterable[Callable[..., Any]], controls: Iterable[object]) -> str | None:
    """A name for what these functions draw at the positions of these controls; None where no file holds their code.

    It depends on the code of the functions' modules and of all modules of the same package that these import, on the
    engine, on the versions of what draws, and on the controls.
    """
    names = {function.__module__ for function in functions}
    files = [_files_behind(name) for name in (*sorted(names), "gradlab.explore.explorer")]
    if not all(files):
        return None
    digest = sha256(f"{sys.version} {[version(name) for name in OUTSIDE]} {list(map(repr, controls))}".encode())
    for path in sorted(set().union(*files)):
        digest.update(_digest(path))
    functions_called = "-".join(sorted(f"{name.rpartition('.')[2]}" for name in names))
    return f"{functions_called}-{digest.hexdigest()[:24]}"


def load(key: str) -> dict[str, Any] | None:
    """The tables of the record kept under this name, or None."""
    try:
        return json.loads(gzip.decompress((FOLDER / f"{key}.json.gz").read_bytes()))
    except (OSError, EOFError, ValueError, zlib.error):
        return None


def save(key: str, tables: dict[str, Any]) -> None:
    """Keep the tables of a record; does nothing where no file can be written. The oldest of 200 files make room."""
    path = FOLDER / f"{key}.json.gz"
    part = path.with_suffix(f".{getpid()}")
    with suppress(OSError):
        FOLDER.mkdir(parents=True, exist_ok=True)
        part.write_bytes(gzip.compress(json.dumps(tables, ensure_ascii=False).encode(), mtime=0))
        part.replace(path)  # whole or not at all, also with two notebooks at work
        kept = sorted(FOLDER.glob("*.json.gz"), key=lambda file: file.stat().st_mtime)
        for old in kept[:-MOST_FILES]:
            old.unlink()


@cache
def _files_behind(module: str) -> frozenset[Path]:
    """The file of a module and those of its own package's modules that it imports, directly or not."""
    waiting, found = [module], {}
    while waiting:
        name = waiting.pop()
        if name not in found and (path := _file(name)):
            found[name] = path
            waiting += [each for each in _imports(path) if each.split(".")[0] in (module.split(".")[0], "gradlab")]
    return frozenset(found.values())


def _file(module: str) -> Path | None:
    try:
        spec = find_spec(module)
    except (ImportError, ValueError, AttributeError):  # no module: a function's name, or what a notebook defined
        return None
    return Path(spec.origin) if spec and spec.has_location and spec.origin else None


@cache
def _digest(path: Path) -> bytes:
    return sha256(path.read_bytes()).digest()


@cache
def _imports(path: Path) -> tuple[str, ...]:
    return tuple(_imported_names(path))


def _imported_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
