"""The Formgrader's pages of hand-ins: drawn in a process that can be killed, and nothing else of a hand-in served or obeyed.

nbgrader has no extension point for its handlers. They are replaced in the Jupyter server that has loaded them, and nowhere else.
"""

import asyncio
import os
import sys
from contextlib import suppress
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from traitlets.config import Config

from autograder.marking.aside import Aside
from autograder.marking.by_nbgrader import time_in

# The page needs its own server's scripts and styles; whatever a hand-in may have brought along, the browser asks nobody else.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}
SECTIONS = ("HTMLExporter", "TemplateExporter", "Exporter", "NbConvertBase")
TOO_SLOW = "This page could not be drawn in time. The marked notebook lies at {path}; open it in JupyterLab, untrusted."
ELSEWHERE = (
    "This Formgrader is that of the folder in which the server was started; settings are read from nowhere else. "
    "To mark another course, start JupyterLab in its folder."
)


@cache
def drawer() -> Aside:
    """The process that draws pages; not that which marks, so that a page need not wait for a mark."""
    return Aside()


def draw(task: tuple[str, dict[str, Any], Any, str]) -> str:
    """The page of a marked notebook; called in the process beside the server."""
    from nbconvert.exporters import HTMLExporter

    from autograder.marking.feedback import IN_ITS_PLACE, MATHJAX, drawn_in_time, in_colours

    filename, resources, config, own_host = task
    # nbgrader's template puts names and ids of students into the page as they are.
    resources = {name: escape(value) if isinstance(value, str) else value for name, value in resources.items()}
    exporter = HTMLExporter(config=Config(config))
    exporter.filters = {**exporter.filters, "highlight_code": in_colours}
    page, _ = drawn_in_time(lambda: exporter.from_filename(filename, resources=resources), own_host)
    page = page.replace("</head>", f"{IN_ITS_PLACE}</head>", 1)
    return MATHJAX.sub("", page, count=1)  # formulas are MathML; it would obey commands within them, such as \href


def too_slow(path: str) -> str:
    """What stands in the place of a page that could not be drawn; folders are called as students like."""
    return TOO_SLOW.format(path=escape(path))


def make_safe() -> None:
    """Replace three handlers and the reading of times, where this process is a server that has nbgrader's."""
    handlers: Any = sys.modules.get("nbgrader.server_extensions.formgrader.handlers")
    formgrader: Any = sys.modules.get("nbgrader.server_extensions.formgrader.formgrader")
    if handlers is None or formgrader is None or hasattr(handlers.SubmissionHandler, "gradlab"):
        return
    from nbgrader.apps.api import NbGraderAPI
    from tornado import web

    class Page:
        """In the place of nbgrader's exporter: what the handler would write is drawn later."""

        def __init__(self, config: Any):
            self.config = {name: config[name] for name in SECTIONS if name in config}

        def from_filename(self, filename: str, resources: dict[str, Any]) -> tuple["Waiting", None]:
            return Waiting(filename, resources, self.config), None

    class Waiting:
        def __init__(self, *task: Any):
            self.task = task

    stock_page, stock_settings = handlers.SubmissionHandler.get, handlers.FormgraderHandler.get
    stock_file = handlers.SubmissionFilesHandler.get

    async def page(self: Any, submission_id: str) -> None:
        asked: list[Waiting] = []
        write = self.write

        def noting(what: Any) -> None:
            asked.append(what) if isinstance(what, Waiting) else write(what)

        self.write = noting
        try:
            stock_page(self, submission_id)
        finally:
            self.write = write
        self.set_header("Content-Security-Policy", POLICY)
        for waiting in asked:
            task = (*waiting.task, self.request.host_name)
            html = await asyncio.to_thread(drawer().run, draw, task)
            self.write(html or too_slow(waiting.task[1]["notebook_path"]))

    def picture(self: Any, path: str, *rest: Any, **options: Any) -> Any:
        if Path(path).suffix.lower() not in TYPES:
            raise web.HTTPError(404, "Nothing of a hand-in is served but its pictures.")
        return stock_file(self, path, *rest, **options)

    def picture_headers(self: Any, path: str) -> None:
        self.set_header("Content-Type", TYPES[Path(path).suffix.lower()])
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", "default-src 'none'; sandbox")

    def settings(self: Any) -> Any:
        path = self.get_argument("path", "")
        ours = {os.getcwd(), self.settings["nbgrader_formgrader"].root_dir}
        if path and os.path.realpath(path) not in {os.path.realpath(each) for each in ours}:
            raise web.HTTPError(403, ELSEWHERE)
        return stock_settings(self)

    def submitted(self: Any, assignment_id: str, student_id: str) -> datetime | None:
        """When a hand-in was handed in; what cannot be read must not keep the others from their list."""
        folder = self.coursedir.format_path(self.coursedir.submitted_directory, student_id, assignment_id)
        with suppress(ValueError):
            return time_in(folder)
        return None

    NbGraderAPI.get_submitted_timestamp = submitted
    formgrader.HTMLExporter = Page
    handlers.SubmissionHandler.get = page
    handlers.SubmissionHandler.gradlab = True
    handlers.SubmissionFilesHandler.get = picture
    handlers.SubmissionFilesHandler.set_extra_headers = picture_headers
    handlers.FormgraderHandler.get = settings
