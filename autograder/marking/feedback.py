"""Feedback pages: the marked notebook as a page that opens offline and shows what the grader found."""

from nbconvert.exporters import HTMLExporter
from traitlets.config import Config


class FeedbackExporter(HTMLExporter):
    """nbgrader's feedback page; explorers appear as their record, not as a widget that needs a kernel."""

    @property
    def default_config(self) -> Config:
        c = super().default_config
        c.NbConvertBase.display_data_priority = [
            "text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain",
        ]
        return c
