"""`explore`: the one call that turns a computation and a figure into something to play with."""

from typing import Any

from IPython import get_ipython

from gradlab.explore.controls import Control
from gradlab.explore.explorer import Alt, Compute, Draw, Explorer
from gradlab.explore.page import html, plain
from gradlab.explore.progress import Progress


def explore(compute: Compute, draw: Draw, *, alt: Alt, **controls: Control) -> None:
    """Show a figure whose controls move it at once, with a kernel and without one.

    `compute(**values)` returns the data for one value of each control; it is pure: the same values, the same
    data. `draw(data)` returns a new matplotlib Figure, in the house style; set its limits, so that axes stand
    still, and give what moves a `gid`, which names it in the page. `alt(data)` says in a sentence or two what
    the figure shows there; the values of the controls are put before it. Each keyword is a `slider`,
    `log_slider`, `choice` or `toggle`, in the order in which the reader meets them.

    The page gets a record of up to 128 positions (`gradlab.explore.record.recorded_positions`) that plays in
    any browser without Python; the kernel, while there is one, draws every other position. With `compute`
    slower than 100 ms wrap it: `explore(cached(compute), …)`.

    Raises TypeError if the controls are not the parameters of `compute`, if `draw` returns no Figure or `alt`
    no text. An exception of `compute` or `draw` at the start position is raised; elsewhere the page shows its
    message.
    """
    explorer = Explorer(compute, draw, alt, controls)
    progress = Progress(len(explorer.positions))
    for _ in explorer.recording():
        progress.step()
    link = _link()
    session = link.add(explorer) if link else ""
    progress.finish(html(explorer, session), plain(explorer))


def _link() -> Any:
    """The way to the page, if this process is a kernel."""
    if not hasattr(get_ipython(), "kernel"):
        return None
    from gradlab.explore.link import link  # anywidget is slow to import, and only a kernel needs it

    return link()
