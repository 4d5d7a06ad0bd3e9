"""`explore`: the one call that turns a computation and a figure into something to play with."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from gradlab import EXAM_SOCKET
from gradlab.explore import record_store
from gradlab.explore.controls import Control
from gradlab.explore.explorer import Alt, Compute, Draw, Explorer
from gradlab.explore.idle import idle_work
from gradlab.explore.page import html, plain
from gradlab.explore.record import Position

_instead_of_page: ContextVar[Callable[[Explorer], None] | None] = ContextVar("instead_of_page", default=None)


@contextmanager
def instead_of_page(take: Callable[[Explorer], None]) -> Generator[None, None, None]:
    """Give each explorer to `take` and show none, in a `with` block: so the build gets those that it records."""
    token = _instead_of_page.set(take)
    try:
        yield
    finally:
        _instead_of_page.reset(token)


class Interrupted(KeyboardInterrupt):
    """The reader stopped the cell: one line says so, and no traceback through files that are not theirs."""

    def _render_traceback_(self) -> list[str]:
        return ["Interrupted. Run this cell again for the whole figure."]


def explore(compute: Compute, draw: Draw, *, alt: Alt, **controls: Control) -> None:
    """Show a figure whose controls move it at once, with a kernel and without one.

    `compute(**values)` returns the data for one value of each control; it is pure: the same values, the same
    data. `draw(data)` returns a new matplotlib Figure, in the house style; set its limits, so that axes stand
    still, and give what moves a `gid`, which names it in the page. `alt(data)` says in a sentence or two what
    the figure shows there; the values of the controls are put before it. Each keyword is a `slider`,
    `log_slider`, `choice` or `toggle`, in the order in which the reader meets them.

    The first picture is there as soon as it is drawn. A record of up to 400 positions
    (`gradlab.explore.record.recorded_positions`), which plays in any browser without Python, joins the page when the
    kernel has had the time to make it, or before the cell ends where nobody sits in front of it. The kernel, while
    there is one, draws every other position. Records are kept on disk; those of a built lesson came with it.

    Raises TypeError if the controls are not the parameters of `compute`, if `draw` returns no Figure or `alt`
    no text. An exception of `compute` or `draw` at the start position is raised; elsewhere the page shows its
    message.
    """
    try:
        _explore(compute, draw, alt, controls)
    except KeyboardInterrupt:
        raise Interrupted from None


def _explore(compute: Compute, draw: Draw, alt: Alt, controls: dict[str, Control]) -> None:
    explorer = Explorer(compute, draw, alt, controls)
    if take := _instead_of_page.get():
        take(explorer)
        return
    start_only = EXAM_SOCKET in os.environ  # while a hand-in is marked the start is enough
    if explorer.places and not start_only and (kept := record_store.load(explorer.places)):
        explorer.take(kept)
    explorer.show(explorer.start)
    kernel = hasattr(get_ipython(), "kernel")
    link = _link() if kernel else None
    output = Output(explorer, link.add(explorer) if link else "")
    if not kernel or explorer.complete or start_only:
        return
    if _someone_reads(link):
        idle_work().add(_record_aside(explorer, output, link))
        return
    try:
        for _ in explorer.recording():
            pass
    finally:  # an interrupted cell leaves what it has
        output.update()


class Output:
    """An explorer's place in the page."""

    def __init__(self, explorer: Explorer, session: str) -> None:
        self._explorer, self._session, self._handle = explorer, session, None
        if InteractiveShell.initialized():
            self._handle = display(self._bundle(), raw=True, display_id=True)
        else:
            print(plain(explorer))

    def update(self) -> None:
        """Put the record, as far as it is made, in the place of the one before."""
        if self._handle:
            self._handle.update(self._bundle(), raw=True)

    def _bundle(self) -> dict[str, str]:
        return {"text/html": html(self._explorer, self._session), "text/plain": plain(self._explorer)}


def _record_aside(explorer: Explorer, output: Output, link: Any) -> Iterator[Position]:
    yield from explorer.recording()
    link.offer(explorer, output.update)


def _link() -> Any:
    """The way to the page."""
    from gradlab.explore.link import link  # anywidget is slow to import, and only a kernel needs it

    return link()


def _someone_reads(link: Any) -> bool:
    """Is this the kernel of a page? Jupyter servers name the notebook to the kernels that they start for one."""
    return link.met or "JPY_SESSION_NAME" in os.environ
