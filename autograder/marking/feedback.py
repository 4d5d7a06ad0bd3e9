"""Feedback pages: the marked notebook as a page that opens offline and shows what the grader found."""

import re
from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbformat import NotebookNode
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config

from autograder.marking.formgrader import SECTIONS, drawer
from autograder.marking.pieces import TookTooLong, piece
from autograder.marking.replay import PLAYED, put_in
from autograder.marking.sanitise import shown
from autograder.notebooks.cells import nbgrader_metadata
from autograder.notebooks.files import read_file

SECONDS_FOR_COLOURS = 5.0  # of all cells of a page, each by itself; an honest one needs a hundredth
SECONDS_A_PAGE = 40.0  # honest pages need less than one; one that needs more is drawn again with its markup as text

# nbgrader's template loads it from the network, come what may; our formulas are MathML.
MATHJAX = re.compile(r"<!-- Load mathjax -->.*?<!-- End of mathjax configuration -->", re.DOTALL)
# What nbgrader's template leaves to be said: the language, a phone's width, folds that show that they are folds, links that are seen.
# The page loads nothing: should ever something of a hand-in ask for an address, the browser refuses.
# Bootstrap takes room from what is raised: levels in one another would reach over what stands before. Signs on letters take none.
IN_ITS_PLACE = """<style>
sup, sub { position: static; line-height: inherit; }
sup { vertical-align: super; }
sub { vertical-align: sub; }
.gradlab-row { overflow-y: clip; }
</style>"""
HEAD = (
    """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: blob:; font-src data:; \
style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
summary { display: list-item; cursor: pointer; }
#toc a, div.nbgrader_cell .panel-heading a { text-decoration: underline; }
#toc a { color: #23527c; }
div.nbgrader_cell .panel-heading { height: auto; min-height: 37px; display: flow-root; }
div.nbgrader_cell .panel-heading a { color: #fff; }
div.nbgrader_cell .panel-footer p { white-space: pre-line; }
pre, .highlight pre { white-space: pre-wrap !important; word-break: normal !important; overflow-wrap: anywhere !important; }
td code { overflow-wrap: anywhere; }
.highlight .ow, .highlight .o, .highlight .c1 { color: #4f5b5b; }
@media (max-width: 600px) {
  .container { padding: 0 6px; }
  div.prompt { min-width: 0; text-align: left; }
}
</style>
"""
    + IN_ITS_PLACE
    + "</head>"
)
CONTENTS = re.compile(r'<a href="#(?:test-|comment-)?([^"]*)">(Test cell|Comment|Written response)</a>')
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n.*?^### END HIDDEN TESTS\n?", re.MULTILINE | re.DOTALL)


def in_colours(source: str, language: str | None = None, metadata: dict | None = None) -> str:
    """The code of a cell as markup, in colours where that does not take long: some texts cost the square of their length."""
    try:
        with piece("colouring code", SECONDS_FOR_COLOURS):
            return Highlight2HTML(pygments_lexer="ipython3")(source, language, metadata)
    except TookTooLong:
        return f'<div class="highlight hl-ipython3"><pre>{escape(source)}</pre></div>'


def drawn_in_time(draw: Callable[[], tuple[str, dict]], own_host: str = "") -> tuple[str, dict]:
    """The page; with the hand-in's markup as text where it took too long to draw the last time."""
    try:
        with piece("drawing the page", SECONDS_A_PAGE), shown(own_host=own_host):
            return draw()
    except TookTooLong:
        with piece("drawing the page with its markup as text", SECONDS_A_PAGE), shown(plain=True):
            return draw()


class HideTests(NbGraderPreprocessor):
    """Takes the hidden part out of the lesson's cells; a learner's own cell with such a marker is none of its business."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int) -> tuple[NotebookNode, dict]:
        known = nbgrader_metadata(cell)
        if known and not known.get("solution"):
            cell.source = HIDDEN.sub("", cell.source)
        return cell, resources


class FeedbackExporter(HTMLExporter):
    """nbgrader's feedback page, to be opened without a network: no script, formulas as MathML."""

    def from_filename(self, filename: str, resources: dict | None = None, **options: Any) -> tuple[str, dict]:
        """For `nbgrader generate_feedback`, which would draw in its own process: the page, drawn in one that can be killed."""
        converter: Any = self.parent
        config = {name: self.config[name] for name in SECTIONS if name in self.config}
        given = dict(resources or {})
        drawn = drawer().run(_draw, (filename, given, config, converter.preprocessors))
        page, kept, reason = drawn or ("", {}, "its process had to be ended, twice")
        if reason:
            raise NbGraderException(f"The page of {filename} could not be drawn: {reason}.")
        return page, given | kept

    def from_notebook_node(self, nb: NotebookNode, resources: dict | None = None, **options: Any) -> tuple[str, dict]:
        filters: Any = self.filters
        self.filters = {**filters, "highlight_code": in_colours}
        draw = partial(super().from_notebook_node, nb, resources, **options)
        page, resources = drawn_in_time(draw)
        page = MATHJAX.sub("", page, count=1)
        page = page.replace("<html>", '<html lang="en">', 1).replace("</head>", HEAD, 1)
        page = CONTENTS.sub(lambda link: link[0].replace(link[2], f"{link[2]}: {link[1]}"), page)
        return put_in(page, resources.get(PLAYED, {})), resources

    @property
    def default_config(self) -> Config:
        c = Config(super().default_config)
        del c.NbConvertBase["display_data_priority"]  # nbgrader's preprocessors complain of it
        c.DataTypeFilter.display_data_priority = [
            "text/html",
            "image/svg+xml",
            "image/png",
            "image/jpeg",
            "text/markdown",
            "text/plain",
        ]
        return c


def _draw(task: tuple[str, dict, dict, list[type]]) -> tuple[str, dict, str]:
    """The page of a marked notebook, what nbgrader needs to write it, and why there is no page; "" if there is one."""
    filename, resources, config, preprocessors = task
    exporter = FeedbackExporter(config=Config(config))
    for preprocessor in preprocessors:
        exporter.register_preprocessor(preprocessor, enabled=True)
    resources["metadata"] = {"name": Path(filename).stem, "path": str(Path(filename).parent)}
    try:
        notebook = nbformat.reads(read_file(Path(filename)).decode(), as_version=4)
        page, kept = exporter.from_notebook_node(notebook, resources)
    except Exception as error:  # of one hand-in, whatever it is
        return "", {}, f"{type(error).__name__}: {error}"
    return page, {name: kept[name] for name in ("metadata", "output_extension", "outputs") if name in kept}, ""
