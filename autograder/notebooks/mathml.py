"""LaTeX to MathML when a page is built: no network, no script, and screen readers read it."""

import re
from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING
from unicodedata import lookup
from xml.etree import ElementTree

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
        element = convert(_without_aligned(latex.strip()), display="block" if block else "inline")
    except (NoAvailableTokensError, IndexError, KeyError, ValueError) as error:
        raise MathError(f"this formula cannot be read: {latex} ({type(error).__name__})") from None
    element = _own_letters(_aligned_cells(_tall_braces(element)))
    return element.replace("<math ", f'<math alttext="{escape(latex.strip(), quote=True)}" ', 1)


# What browsers leave out of MathML: letters by `mathvariant`, columns by `columnalign`, and, where the machine has no
# font for mathematics, brackets that grow. So letters are written as themselves, columns and braces are styled.
ALPHABETS = {
    "double-struck": "DOUBLE-STRUCK",
    "script": "SCRIPT",
    "fraktur": "FRAKTUR",
    "bold": "BOLD",
    "sans-serif": "SANS-SERIF",
    "monospace": "MONOSPACE",
}
_VARIANT = re.compile(r'<(m[ino])([^>]*?) mathvariant="([\w-]+)"([^>]*)>([A-Za-z])</\1>')
_BRACE = re.compile(r'<mo stretchy="true" fence="true" form="(prefix|postfix)">([^<]*)</mo>(?=(<mtable>.*?</mtable>)?)')
MOST_ROWS = 40  # that a brace is made as tall as: it must not reach over the page
MATHML = "http://www.w3.org/1998/Math/MathML"
ElementTree.register_namespace("", MATHML)
_SYMBOL = re.compile(r"<m[ino][ >].*?</m[ino]>")
_CELL = re.compile(r'<mtd columnalign="(left|right)">')
_ALIGNED = re.compile(r"\\begin\{(aligned|align\*?|split)\}(.*?)\\end\{\1\}", re.DOTALL)


def _own_letters(element: str) -> str:
    """Letters of other alphabets as characters of their own: 𝕄 is not M."""

    def letter(match: re.Match[str]) -> str:
        tag, before, variant, after, char = match.groups()
        name = f"{ALPHABETS.get(variant)} {'CAPITAL' if char.isupper() else 'SMALL'} {char.upper()}"
        for written in (f"MATHEMATICAL {name}", name):  # some letters, such as ℝ, are older than the alphabets
            with suppress(KeyError):
                return f"<{tag}{before}{after}>{lookup(written)}</{tag}>"
        return match[0]

    return _VARIANT.sub(letter, element)


def _tall_braces(element: str) -> str:
    """A brace before a table, as tall as the table: the letter itself, stretched."""

    def tall(match: re.Match[str]) -> str:
        rows = min((match[3] or "").count("<mtr>"), MOST_ROWS)
        if rows < 2:
            return match[0]
        style = f"transform:scale(1,{1.15 * rows:.3g});display:inline-block"
        return f'<mo stretchy="false" fence="true" form="{match[1]}" style="{style}">{match[2]}</mo>'

    return _BRACE.sub(tall, element)


def _aligned_cells(element: str) -> str:
    """Columns that stand left or right, as a style."""
    return _CELL.sub(lambda match: f'<mtd style="text-align:{match[1]}">', element)


def _without_aligned(latex: str) -> str:
    """`aligned` as the table that it is; the converter does not know it."""
    return _ALIGNED.sub(lambda match: rf"\begin{{array}}{{{'rl' * 6}}}{match[2]}\end{{array}}", latex)


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


LONG = 14  # symbols in a line that a telephone may have no room for
RELATIONS = set("=<>≤≥≠≈∈⊂⊆→↦⇒⇔")


def long_formula(element: str) -> str:
    """A long formula in a line, in parts: where it does not fit, a line may end before a relation or between numbers.

    It stays one <math>, and the parts stay on its baseline. A part that does not fit, or a browser that does not wrap
    them, scrolls.
    """
    math = ElementTree.fromstring(element)
    (row,) = math
    parts: list[list[ElementTree.Element]] = [[]]
    children = list(row)
    for before, child, after in zip([None, *children], children, [*children[1:], None]):
        number_follows = _text(child) in ("−", "-") and after is not None and after.tag == f"{{{MATHML}}}mn"
        if _text(child) in RELATIONS and parts[-1]:
            child.set("form", "infix")  # the first of a part would lose its space
            parts.append([])
        elif before is not None and _text(before) == "," and (child.tag == f"{{{MATHML}}}mn" or number_follows):
            parts.append([])
        parts[-1].append(child)
        row.remove(child)
    for part in parts:
        ElementTree.SubElement(row, f"{{{MATHML}}}mrow").extend(part)
    return f'<span class="long-formula" tabindex="0">{ElementTree.tostring(math, "unicode")}</span>'


def _text(element: ElementTree.Element) -> str:
    return (element.text or "").strip() if element.tag == f"{{{MATHML}}}mo" else ""


def _inline(translator: "HTML5Translator", node: "nodes.math") -> None:
    from docutils import nodes

    element = mathml(node.astext())
    if len(_SYMBOL.findall(element)) >= LONG:
        element = long_formula(element)
    translator.body.append(element)
    raise nodes.SkipNode


def _block(translator: "HTML5Translator", node: "nodes.math_block") -> None:
    from docutils import nodes

    translator.body.append(f'<div class="math">{mathml(node.astext(), block=True)}</div>')
    raise nodes.SkipNode


def setup(app: "Sphinx") -> dict:
    """Sphinx extension: the math renderer called "mathml"."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
