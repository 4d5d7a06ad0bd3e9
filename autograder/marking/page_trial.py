"""The self-test of pages: a hostile notebook is drawn as pages are, and tried in a browser, where there is one."""

import contextlib
import os
import re
import shutil
import socket
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.marking.configuration import marking
from autograder.marking.feedback import MATHJAX

PROMISE = "A page of a hand-in runs nothing, asks nobody, covers nothing, and leads to no page of the server."
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HACK = "document.documentElement.dataset.hacked=1"
ATTACKS = (
    "<script>{hack}</script><img src=x onerror={hack}><details open ontoggle={hack}>",
    '<iframe srcdoc="<script>parent.{hack}</script>"></iframe><object data="{call}"></object><embed src="{call}">',
    '<svg onload="{hack}"><use href="{call}#a"/><rect fill="url({call}#a)" width="9" height="9"/><foreignObject><p onload="{hack}"></foreignObject></svg>',
    '<p style="background:url({call})">a</p><p style="background:\\75rl({call})">a</p><style>@import "{call}";</style><link rel="stylesheet" href="{call}">',
    '<img src="{call}"><video poster="{call}"></video><base href="{call}"><meta http-equiv="refresh" content="0;url={call}">',
    '<div class="navbar-fixed-top modal-backdrop full-credit" style="position:fixed;inset:0;z-index:9">cover</div>',
    '<math><mpadded height="0" width="0"><mspace height="1500px" width="1500px" style="background:#fff"></mspace></mpadded></math>',
    '<a href="http:/formgrader?path=x">a</a><a href="/formgrader">b</a><a href="javascript:{hack}">c</a><a href="http://localhost/x">d</a>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={hack}&gt;">',
)
LIVE = re.compile(r"<(?:script|iframe|object|embed|base|form)\b|\son\w+\s*=", re.IGNORECASE)
COVERS = re.compile(r"position:\s*fixed|full-credit|navbar-fixed|<mpadded|href=\"(?:/|http:/[^/])", re.IGNORECASE)


def page_finding() -> tuple[str, bool, str]:
    """The promise, whether it held, and what was seen."""
    with _listener() as (address, calls):
        notebook = _hostile(address)
        body, _ = HTMLExporter(config=marking(), template_name="basic").from_notebook_node(notebook)
        tags = "".join(re.findall(r"<[^<>]*>", body))
        found = [match.group() for match in LIVE.finditer(re.sub(r'"[^"]*"', '""', tags))]
        found += [match.group() for match in COVERS.finditer(tags)]
        page, _ = HTMLExporter(config=marking(), template_name="classic").from_notebook_node(notebook)
        tried = _in_a_browser(MATHJAX.sub("", page, count=1))
        found += tried or []
        found += ["the browser asked for an address"] if calls else []
    said = "tried in a browser, harmless" if tried is not None else "harmless as written; no browser here to try it in"
    return PROMISE, not found, "; ".join(found) or said


def _hostile(address: str) -> NotebookNode:
    attacks = [attack.replace("{hack}", HACK).replace("{call}", address) for attack in ATTACKS]
    outputs = [new_output("display_data", {"text/html": attack}) for attack in attacks]
    outputs += [new_output("display_data", {"text/markdown": attack}) for attack in attacks]
    return new_notebook(cells=[*map(new_markdown_cell, attacks), new_code_cell("x", outputs=outputs)])


@contextmanager
def _listener() -> Generator[tuple[str, list[bytes]]]:
    """An address of this machine, and who has asked for it."""
    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    calls.append(b"asked")
                    connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/seen", calls


def _in_a_browser(page: str) -> list[str] | None:
    """What is wrong with the page when a browser shows it; None where there is no browser."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ModuleNotFoundError:
        return None
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        path = Path(folder, "page.html")
        path.write_text(page)
        try:
            chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
            # The page is our own; a browser's own sandbox does not start for root.
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        except Error:
            return None
        shown = browser.new_page()
        shown.goto(path.as_uri())
        shown.wait_for_timeout(500)
        wrong = ["a script ran"] if shown.evaluate("document.documentElement.dataset.hacked ?? null") else []
        fixed = "[...document.querySelectorAll('*')].some(node => getComputedStyle(node).position === 'fixed')"
        wrong += ["something covers the page"] if shown.evaluate(fixed) else []
        browser.close()
        return wrong
