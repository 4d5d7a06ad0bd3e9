"""nbgrader's settings, in one place: which of our preprocessors stand where."""

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, GetGrades
from traitlets.config import Config

from autograder.marking.by_nbgrader import HandInExporter
from autograder.marking.feedback import FeedbackExporter, HideTests
from autograder.marking.formgrader import make_safe
from autograder.marking.replay import PlayExplorers
from autograder.marking.sanitise import clean_markdown, in_its_row
from autograder.notebooks.settings import shared_settings

SECONDS_A_CELL = 120
PREPROCESSORS = (
    "autograder.marking.execute.ExamineWhileExecuting",
    "autograder.marking.outputs.BoundOutput",
    "nbgrader.preprocessors.LimitOutput",
)
"""What runs a hand-in and bounds what it put out, on all paths. By name: the first brings torch, which only marking needs."""
SAVE_VERDICTS = "autograder.marking.scoring.SaveVerdicts"


def marking() -> Config:
    """The settings for building, marking and feedback."""
    make_safe()
    c = shared_settings()
    c.Autograde.exporter_class = HandInExporter
    c.Autograde.sanitize_preprocessors = [CheckCellMetadata]  # the exporter has read, run and bounded the hand-in
    c.Autograde.autograde_preprocessors = [SAVE_VERDICTS, AssignLatePenalties, CheckCellMetadata]
    c.GenerateFeedback.exporter_class = FeedbackExporter
    c.GenerateFeedback.preprocessors = [HideTests, PlayExplorers, GetGrades, CSSHTMLHeaderPreprocessor]
    c.HTMLExporter.sanitize_html = True  # feedback pages, and what the Formgrader shows
    c.HTMLExporter.filters = {"clean_html": in_its_row, "markdown2html": clean_markdown}
    c.ExecutePreprocessor.timeout = SECONDS_A_CELL
    c.ExamineWhileExecuting.timeout = SECONDS_A_CELL
    return c
