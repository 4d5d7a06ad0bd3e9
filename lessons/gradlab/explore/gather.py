"""Gathers the figures of a lesson from the modules of a package."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules


def gather_figures(package: str, folders: Iterable[str]) -> dict[str, Callable[..., None]]:
    """Each module of a package that defines a function of its own name → that function.

    The package binds them over its modules, `globals().update(gather_figures(__name__, __path__))`, so that
    `explorers.kink(…)` calls `kink` of `explorers/kink.py`. A module without such a function holds helpers of several
    figures, and stays a module.
    """
    modules = {name: import_module(f"{package}.{name}") for _, name, _ in iter_modules(folders)}
    return {name: getattr(module, name) for name, module in modules.items() if callable(getattr(module, name, None))}
