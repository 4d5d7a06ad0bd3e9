"""LaTeX to MathML when a page is built: no network, no script, and screen readers read it."""

from html import escape
from typing import TYPE_CHECKING

from latex2mathml.converter import convert
from latex2mathml.exceptions import NoAvailableTokensError
from nbconvert.filters.markdown_mistune import IPythonRenderer

if TYPE_CHECKING:  # only the site needs Sphinx; feedback pages do without
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


class MathError(ValueError):
    """A formula that cannot be turned into MathML; the text names it."""


def mathml(latex: str, *, block: bool = False) -> str:
    """The formula as a <math> element that keeps its LaTeX as an annotation. Raises MathError for what is no LaTeX."""
    try:
        element = convert(latex.strip(), display="block" if block else "inline")
    except (NoAvailableTokensError, IndexError, KeyError, ValueError) as error:
        raise MathError(f"this formula cannot be read: {latex} ({type(error).__name__})") from None
    return element.replace("<math ", f'<math alttext="{escape(latex.strip(), quote=True)}" ', 1)


class MathMLRenderer(IPythonRenderer):
    """nbconvert's Markdown with formulas as MathML; what is no LaTeX stays as it was written."""

    def block_math(self, body: str) -> str:
        """A displayed formula."""
        return self._math(body, f"$${body}$$", block=True)

    def inline_math(self, body: str) -> str:
        """A formula in the line."""
        return self._math(body, f"${body}$", block=False)

    def latex_environment(self, name: str, body: str) -> str:
        """An environment such as align."""
        whole = f"\\begin{{{name}}}{body}\\end{{{name}}}"
        return self._math(whole, whole, block=True)

    def _math(self, latex: str, written: str, *, block: bool) -> str:
        try:
            return mathml(latex, block=block)
        except Exception:  # a learner may write anything between two dollars
            return f"<code>{self.escape_html(written)}</code>"


def _inline(translator: "HTML5Translator", node: "nodes.math") -> None:
    from docutils import nodes

    translator.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def _block(translator: "HTML5Translator", node: "nodes.math_block") -> None:
    from docutils import nodes

    translator.body.append(f'<div class="math">{mathml(node.astext(), block=True)}</div>')
    raise nodes.SkipNode


def setup(app: "Sphinx") -> dict:
    """Sphinx extension: the math renderer called "mathml"."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
