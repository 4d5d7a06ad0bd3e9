"""HTML from hand-ins, without anything that runs, loads, or covers the page; for feedback pages and the Formgrader."""

import re
import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape

import nh3
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from autograder.notebooks.mathml import MathMLRenderer

SHAPES = {"svg", "g", "path", "title", "desc", "text", "line", "circle", "rect", "polyline", "polygon"}
FORMULAS = {
    "math",
    "semantics",
    "mrow",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "mspace",
    "mfrac",
    "msqrt",
    "mroot",
    "mstyle",
    "mpadded",
    "mphantom",
    "menclose",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mmultiscripts",
    "mtable",
    "mtr",
    "mtd",
}
TAGS = nh3.ALLOWED_TAGS | SHAPES | FORMULAS
EVERYWHERE = {"class", "style", "role", "title", "lang", "dir", "aria-label", "aria-hidden"}
DRAWN = {
    "viewBox",
    "width",
    "height",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "d",
    "points",
    "transform",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "opacity",
    "font-size",
    "text-anchor",
}
SPACED = {
    "stretchy",
    "fence",
    "form",
    "lspace",
    "rspace",
    "width",
    "height",
    "mathvariant",
    "accent",
    "linethickness",
    "columnalign",
    "displaystyle",
    "scriptlevel",
    "minsize",
    "maxsize",
}
ATTRIBUTES = {
    **{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items() if tag != "a"},
    **dict.fromkeys(SHAPES, DRAWN),
    **dict.fromkeys(FORMULAS, SPACED),
    "math": {"display", "alttext"},
    "*": EVERYWHERE,
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "th": {"scope", "colspan", "rowspan"},
    "details": {"open"},
}
STYLES = {
    "background",
    "background-color",
    "border",
    "border-left",
    "border-collapse",
    "color",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "line-height",
    "margin",
    "max-width",
    "padding",
    "text-align",
    "vertical-align",
    "white-space",
}  # none that moves an element out of its place
LONGEST_TEXT = (
    50_000  # characters of a text cell without its pictures; the time to render some texts grows with the square
)
EMBEDDED = re.compile(r"data:image/[\w.+-]+;base64,[A-Za-z0-9+/=]*")
FETCHES = re.compile(r"url|image|\\\\", re.IGNORECASE)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """A picture is in the page or nowhere: one from the network would tell who reads the page, and when."""
    start = {"img": "data:image/", "a": ("https:", "http:", "mailto:")}.get(tag, "")
    if name in ("src", "href") and not value.strip().lower().startswith(start):
        return None
    return None if name == "style" and FETCHES.search(value) else value


_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    attribute_filter=_attribute,
    filter_style_properties=STYLES,
    url_schemes={"https", "http", "mailto", "data"},
    url_relative="deny",  # in the Formgrader it would lead to files that the hand-in brought along
)


_patience: ContextVar[float] = ContextVar("patience", default=float("inf"))


@contextmanager
def at_most(seconds: float) -> Generator[None]:
    """Clean for so many seconds, and show as plain text what comes then: markup may take for ever, and others wait."""
    before = _patience.set(time.process_time() + seconds)
    try:
        yield
    finally:
        _patience.reset(before)


def _as_text(source: str) -> str:
    return f"<pre>{escape(source)}</pre>"


def clean_html(html: str) -> str:
    """The HTML with text, tables, pictures and links left, and nothing live: no script, handler, frame, form, style sheet."""
    return _as_text(str(html)) if time.process_time() > _patience.get() else _cleaner.clean(str(html))


@pass_context
def clean_markdown(context: Context, source: str) -> str:
    """Markdown as nbconvert renders it, then cleaned; nbgrader's templates clean neither text cells nor comments."""
    if time.process_time() > _patience.get() or len(EMBEDDED.sub("", source)) > LONGEST_TEXT:
        return _as_text(source)
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = MathMLRenderer(escape=False, attachments=attachments, embed_images=False, exclude_anchor_links=True)
    try:
        return clean_html(MarkdownWithMath(renderer=renderer).render(source))
    except Exception:  # a picture that is not there, nesting without end: its author's page is to appear all the same
        return _as_text(source)
