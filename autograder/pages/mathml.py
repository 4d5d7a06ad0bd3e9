"""LaTeX to MathML when a page is built: no network, no script, and screen readers read it."""

from html import escape

from docutils import nodes
from latex2mathml.converter import convert
from latex2mathml.exceptions import NoAvailableTokensError
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


def _inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def _block(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="math">{mathml(node.astext(), block=True)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict:
    """Sphinx extension: the math renderer called "mathml"."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
