"""The house figure style: one palette with line styles, and figures that can be read without seeing them."""

import re
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from html import escape
from typing import Any
from urllib.parse import quote

import matplotlib as mpl
from cycler import cycler
from matplotlib.figure import Figure

from gradlab.explore.svg import Picture, Tracer

# Okabe and Ito (2008), "Color Universal Design": told apart by people with any common colour blindness.
PALETTE = {
    "blue": "#0072b2",
    "vermillion": "#d55e00",
    "green": "#009e73",
    "purple": "#cc79a7",
    "orange": "#e69f00",
    "sky": "#56b4e9",
    "black": "#000000",
}
# Colour never stands alone: the n-th colour of a plot always comes with the n-th line style.
LINE_STYLES = ["-", "--", "-.", ":", (0, (8, 2)), (0, (3, 1, 1, 1, 1, 1)), (0, (1, 1))]

_FLEX = re.compile(r' style="(flex:[^"]*)"')

STYLE: dict[Any, Any] = {
    "axes.prop_cycle": cycler(color=list(PALETTE.values())) + cycler(linestyle=LINE_STYLES),
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "figure.constrained_layout.use": True,
    "figure.figsize": (5.6, 3.8),  # as wide as letters of 11 points can be read on a phone
    "font.size": 12,
    "grid.alpha": 0.35,
    "image.cmap": "cividis",
    "legend.edgecolor": "none",
    "legend.framealpha": 0.8,  # a curve that comes by is seen, and the words are read
    "legend.fontsize": 11,
    "lines.linewidth": 2.0,
    "lines.markersize": 7,
    "mathtext.fontset": "dejavusans",
    "svg.fonttype": "path",
    "svg.hashsalt": "gradlab",
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
}


def use_style() -> None:
    """Draw every later figure in the house style: the colours of `PALETTE`, each with its line style."""
    mpl.rcParams.update(STYLE)


def style() -> AbstractContextManager:
    """The house style for the length of a `with` block."""
    return mpl.rc_context(STYLE)


def show(figure: Figure, alt: str) -> None:
    """Show a figure as an SVG that a screen reader can tell, and close it.

    `alt` is what a listener hears in place of the picture: what is drawn, and what to see in it. It is also
    the output in a terminal. JupyterLab drops the alt text of an image output, hence HTML with an `<img
    alt="…">`, which is kept in a notebook that is not trusted too.

    Raises ValueError if `alt` is empty, TypeError if `figure` is no matplotlib figure.
    """
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import display

    if not isinstance(figure, Figure):
        raise TypeError(f"show() draws a matplotlib Figure, and got {type(figure).__name__}: pass the figure itself.")
    if not alt.strip():
        raise ValueError("This figure has no alt text: say in a sentence what is drawn and what to see in it.")
    with mpl.rc_context({"svg.hashsalt": "gradlab", "svg.fonttype": "path"}):
        picture = Tracer().trace(figure)
    close(figure)
    html = f'<style>{STILL_STYLE}</style><figure class="gradlab-figure" tabindex="0" data-lm-suppress-shortcuts="true">{images(picture, alt)}</figure>'
    if InteractiveShell.initialized():
        display({"text/html": html, "text/plain": f"[figure] {alt}"}, raw=True)
    else:
        print(f"[figure] {alt}")


# A dark page says so in its own way: JupyterLab, Furo (the site), the reader's system.
STILL_STYLE = (
    ".gradlab-figure{display:flex;flex-wrap:wrap;margin:0;max-width:48em;overflow:auto hidden;color-scheme:light}"
    ".gradlab-figure img{height:auto}"
    "body[data-jp-theme-light=false] .gradlab-figure,body[data-theme=dark] .gradlab-figure{color-scheme:dark}"
    "@media(prefers-color-scheme:dark){body[data-theme=auto] .gradlab-figure{color-scheme:dark}}"
)


def images(picture: Picture, alt: str) -> str:
    """The panels of a picture as `<img>` elements, side by side where there is room; the first has the words."""
    shown = []
    for k, panel in enumerate(picture.svgs()):
        style = _FLEX.search(panel)
        words = escape(alt) if k == 0 else ""
        shown.append(f'<img alt="{words}" src="{svg_uri(panel)}" style="{style[1] if style else ""}">')
    return "".join(shown)


def svg(figure: Figure) -> str:
    """The figure as SVG: the same text on every run, light on dark where the page around it is dark.

    It uses the figure up: do not draw it again.
    """
    with mpl.rc_context({"svg.hashsalt": "gradlab", "svg.fonttype": "path"}):
        return Tracer().trace(figure, whole=True).svgs()[0]


def svg_uri(text: str) -> str:
    """An SVG text as the address of an `<img>`, to stand between double quotes."""
    return "data:image/svg+xml," + quote(text, safe=" !$'()*+,-./:;=?@[]^_`{|}~")


@contextmanager
def closed_on_error() -> Generator[None, None, None]:
    """Close the figures that a `with` block opened and did not finish, or the inline backend would show them."""
    import matplotlib.pyplot as plt

    before = set(plt.get_fignums())
    try:
        yield
    except BaseException:  # also an interrupt
        for number in set(plt.get_fignums()) - before:
            plt.close(number)
        raise


def close(figure: Figure) -> None:
    """Close a figure that pyplot may know of, so that no inline backend shows it a second time."""
    import matplotlib.pyplot as plt

    plt.close(figure)
