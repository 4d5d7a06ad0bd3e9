"""Records kept on disk, so that a figure that was drawn once need not be drawn again: with the lessons, and by their reader.

joblib.Memory could not do this: it looks at the source of the function itself, and would find an old picture after an
edit of a function that it calls.
"""

import ast
import gzip
import json
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from os import getpid
from pathlib import Path
from typing import Any, NamedTuple

from platformdirs import user_cache_path

from gradlab.explore.controls import Control

FOLDER = user_cache_path("gradlab") / "explorers"
SHIPPED = "records"  # beside the modules of a lesson's explorers
MOST_FILES = 200
OUTSIDE = ("torch", "numpy", "scipy", "matplotlib")
ONLY_NAMES = ("gradlab", "gradlab.explore")  # packages that draw nothing and import everything


class Places(NamedTuple):
    """The two files in which a record may lie: the one that came with its lesson, and the reader's own."""

    shipped: Path
    own: Path


def places_of(functions: Sequence[Callable[..., Any]], controls: Iterable[Control]) -> Places | None:
    """Where the record of what these functions draw at the positions of these controls lies; None where no file holds
    their code.

    The names depend on the code of the functions' modules and of all modules of the same package that these import, on
    the engine and on the controls; that of the reader's own record on the versions of what draws, too. A record that came
    with a lesson lies beside the module of the first function.
    """
    names = [function.__module__ for function in functions]
    files = [_files_behind(name) for name in (*names, "gradlab.explore.explorer")]
    if not all(files):
        return None
    digest = sha256("".join(map(_told, controls)).encode())
    for content in sorted(_digest(path) for path in set[Path]().union(*files)):
        digest.update(content)
    functions_called = "-".join(sorted({name.rpartition(".")[2] for name in names}))
    name = f"{functions_called}-{digest.hexdigest()[:24]}"
    beside = _file(names[0])
    assert beside is not None
    return Places(beside.with_name(SHIPPED) / f"{name}.json.gz", FOLDER / f"{name}-{_versions()}.json.gz")


def load(places: Places) -> dict[str, Any] | None:
    """The tables of the record that lies at one of these places, or None."""
    for path in places:
        with suppress(OSError, EOFError, ValueError, zlib.error):
            return json.loads(gzip.decompress(path.read_bytes()))
    return None


def save(path: Path, tables: dict[str, Any]) -> None:
    """Write the tables of a record. Raises OSError where no file can be written."""
    part = path.with_suffix(f".{getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(gzip.compress(json.dumps(tables, ensure_ascii=False).encode(), mtime=0))
    part.replace(path)  # whole or not at all, also with two notebooks at work


def keep(path: Path, tables: dict[str, Any]) -> None:
    """Write a reader's own record, if that can be done. The oldest of 200 files make room."""
    with suppress(OSError):
        save(path, tables)
        kept = sorted(path.parent.glob("*.json.gz"), key=lambda file: file.stat().st_mtime)
        for old in kept[:-MOST_FILES]:
            old.unlink()


def _told(control: Control) -> str:
    """A control in words, the same on every machine: the last digit of a value may be another there."""
    values = [f"{value:.9g}" if isinstance(value, float) else repr(value) for value in control.values]
    return f"{control.kind} {control.label} {values} {control.texts} {control.start} {control.play} {control.panel}"


@cache
def _versions() -> str:
    """A name for the versions of Python and of what draws."""
    return sha256(f"{sys.version} {[version(name) for name in OUTSIDE]}".encode()).hexdigest()[:8]


@cache
def _files_behind(module: str) -> frozenset[Path]:
    """The file of a module and those of its own package's modules that it imports, directly or not."""
    waiting, found = [module], {}
    while waiting:
        name = waiting.pop()
        if name not in (*found, *ONLY_NAMES) and (path := _file(name)):
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
