"""HTML from hand-ins, without anything that runs, loads, or covers the page; for feedback pages and the Formgrader.

It is rebuilt from what is allowed (`autograder.marking.allowed`), after it has been parsed as a browser parses it.
"""

import re
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape

import nh3
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from autograder.marking.allowed import link, value_of
from autograder.marking.allowed_elements import ATTRIBUTES, EVERYWHERE, TAGS
from autograder.marking.flat import flattened
from autograder.marking.reading import whole_text
from autograder.notebooks.mathml import MathMLRenderer
from autograder.notebooks.strangers_texts import with_few_signs

LONGEST_TEXT = 50_000
"""Characters of a text cell without its pictures; the time to render some texts grows with the square."""
LONGEST_HTML = 2_000_000
AMPERSAND = "\ufdd0"
"""Stands for each & in the parser, whose time grows with the square of their number; no text has this character."""
CODE = frozenset({"python", "python3", "py", "py3", "ipython", "ipython3", "pycon"})
EMBEDDED = re.compile(r"data:image/[\w.+-]+;base64,[A-Za-z0-9+/=]*+")

_plain: ContextVar[bool] = ContextVar("plain", default=False)
_own_host: ContextVar[str] = ContextVar("own_host", default="")


@contextmanager
def shown(*, plain: bool = False, own_host: str = "") -> Generator[None]:
    """For one page: with `plain`, all markup is shown as it is written; `own_host` serves the page, and no link leads there."""
    before = _plain.set(plain), _own_host.set(own_host)
    try:
        yield
    finally:
        _plain.reset(before[0])
        _own_host.reset(before[1])


def _attribute(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("a", "href"):
        return link(value, _own_host.get())
    return value_of(tag, name, value)


_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes={tag: set(names | EVERYWHERE) for tag, names in ATTRIBUTES.items()},
    attribute_filter=_attribute,
    url_schemes={"https", "http", "mailto", "data"},
    url_relative="deny",
)


def _as_text(source: str) -> str:
    return f"<pre>{escape(with_few_signs(source))}</pre>"


def clean_html(html: str | bytes) -> str:
    """The HTML with text, tables, pictures and links left, and nothing live: no script, handler, frame, form, style sheet."""
    text = html.decode(errors="replace") if isinstance(html, bytes) else whole_text(str(html))
    if _plain.get() or len(text) > LONGEST_HTML:
        return _as_text(text)
    flat = flattened(text.replace(AMPERSAND, ""), _own_host.get()).replace("&amp;", AMPERSAND)
    return _cleaner.clean(flat).replace(AMPERSAND, "&amp;")


def in_its_row(html: str | bytes) -> str:
    """The same, as a row of the page: nothing of it is drawn over the rows above and below."""
    return f'<div class="gradlab-row">{clean_html(html)}</div>'


class HandInRenderer(MathMLRenderer):
    """Markdown of a hand-in. Python is shown in colours; to read other languages may take time without bound."""

    def block_code(self, code: str, info: str | None = None) -> str:
        """Code between fences, or indented."""
        words = (info or "").lower().split()
        return super().block_code(code, info if words and words[0] in CODE else None)


@pass_context
def clean_markdown(context: Context, source: str) -> str:
    """Markdown as nbconvert renders it, then cleaned; nbgrader's templates clean neither text cells nor comments."""
    if _plain.get() or len(EMBEDDED.sub("", source)) > LONGEST_TEXT:
        return _as_text(source)
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = HandInRenderer(escape=False, attachments=attachments, embed_images=False, exclude_anchor_links=True)
    try:
        return clean_html(MarkdownWithMath(renderer=renderer).render(source))
    except Exception:  # a picture that is not there, nesting without end: its author's page is to appear all the same
        return _as_text(source)
