"""Feedback pages: the marked notebook as a page that opens offline and shows what the grader found."""

import re
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config

from autograder.marking.cells import TEST, grade_id
from autograder.marking.replay import PLAYED, put_in
from autograder.marking.sanitise import at_most

SECONDS_A_PAGE = 20.0  # for what a hand-in put out; honest pages need less than one

# nbgrader's template loads it from the network, come what may; our formulas are MathML.
MATHJAX = re.compile(r"<!-- Load mathjax -->.*?<!-- End of mathjax configuration -->", re.DOTALL)
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n.*?^### END HIDDEN TESTS\n?", re.MULTILINE | re.DOTALL)


class HideTests(NbGraderPreprocessor):
    """Takes the hidden part out of test cells; a learner's own cell with such a marker is none of its business."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int) -> tuple[NotebookNode, dict]:
        if (grade_id(cell) or "").startswith(TEST):
            cell.source = HIDDEN.sub("", cell.source)
        return cell, resources


class FeedbackExporter(HTMLExporter):
    """nbgrader's feedback page, to be opened without a network: no script, formulas as MathML."""

    def from_notebook_node(self, nb: NotebookNode, resources: dict | None = None, **options: Any) -> tuple[str, dict]:
        with at_most(SECONDS_A_PAGE):
            page, resources = super().from_notebook_node(nb, resources, **options)
        page = MATHJAX.sub("", page, count=1)
        return put_in(page, resources.get(PLAYED, {})), resources

    @property
    def default_config(self) -> Config:
        c = super().default_config
        c.NbConvertBase.display_data_priority = [
            "text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain",
        ]
        return c
