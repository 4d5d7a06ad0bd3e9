"""Says how far a recording is, in the place where the explorer will stand."""

from html import escape
from time import monotonic
from typing import Any

from IPython import get_ipython
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display


class Progress:
    """A bar that shows itself only where a recording takes longer than a reader waits without wondering."""

    def __init__(self, steps: int) -> None:
        self._steps, self._done = steps, 0
        self._kernel = hasattr(get_ipython(), "kernel")
        self._shown = monotonic() + 0.5
        self._handle: Any = None

    def step(self) -> None:
        """One position is drawn."""
        self._done += 1
        if not self._kernel or monotonic() < self._shown or self._done == self._steps:
            return
        self._shown = monotonic() + 0.25
        text = f"Drawing position {self._done} of {self._steps}"
        bar = f'<label>{escape(text)} <progress max="{self._steps}" value="{self._done}"></progress></label>'
        self._display({"text/html": bar, "text/plain": text})

    def finish(self, html: str, plain: str) -> None:
        """Put the explorer in the place of the bar; where nothing can show it, print its line."""
        if InteractiveShell.initialized():
            self._display({"text/html": html, "text/plain": plain})
        else:
            print(plain)

    def _display(self, bundle: dict[str, str]) -> None:
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)
